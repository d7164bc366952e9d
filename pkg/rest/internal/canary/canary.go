// Package canary finds secrets that leak. Tests put Secret wherever a credential can be; Run searches for it in all that the
// test run has logged, and in what else it is given.
//
//	tests ── Secret as token, password, key, ... ──▶ code under test ── klog, metrics, panics ──▶ Run: is it in there?
package canary

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"sync"

	"k8s.io/klog/v2"
	"k8s.io/klog/v2/textlogger"
)

// Secret must not show up anywhere.
const Secret = "canary-5e3d9"

// Forms returns the ways in which Secret could be written: as it is, in hex, and as the bytes that fmt prints.
func Forms() []string {
	hex := fmt.Sprintf("%x", Secret)
	return []string{Secret, hex, strings.ToUpper(hex), strings.Trim(fmt.Sprintf("%d", []byte(Secret)), "[]")}
}

// In returns the lines of text that show Secret in any form.
func In(text string) []string {
	var bad []string
	for line := range strings.SplitSeq(text, "\n") {
		for _, form := range Forms() {
			if strings.Contains(line, form) {
				bad = append(bad, line)
				break
			}
		}
	}
	return bad
}

// Run runs the tests of m and returns their exit code, or 1 if Secret is in a line that was logged through klog, at any
// verbosity, or in what others return afterwards. It complains to w. The log is not printed.
func Run(m interface{ Run() int }, w io.Writer, others ...func() []string) int {
	log := &recorder{}
	everything := textlogger.NewConfig(textlogger.Verbosity(10), textlogger.Output(log))
	klog.SetLoggerWithOptions(textlogger.NewLogger(everything), klog.ContextualLogger(true))
	code := m.Run()
	const last = "The log was recorded to its end"
	klog.Background().V(10).Info(last)
	lines := In(log.String())
	for _, other := range others {
		lines = append(lines, In(strings.Join(other(), "\n"))...)
	}
	if !strings.Contains(log.String(), last) {
		lines = append(lines, "(perhaps: a test has replaced klog's logger, so that not everything was searched)")
	}
	for _, line := range lines {
		fmt.Fprintf(w, "a secret shows: %s\n", line)
		code = max(code, 1)
	}
	return code
}

// recorder keeps what is logged. It is safe for concurrent use.
type recorder struct {
	mu  sync.Mutex // guards log
	log bytes.Buffer
}

func (r *recorder) Write(p []byte) (int, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.log.Write(p)
}

func (r *recorder) String() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.log.String()
}
