package apiserver

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"sync"
	"syscall"
	"time"
)

// errPortTaken is wrapped by the error of a process that could not listen.
var errPortTaken = errors.New("another process took the port")

// process is a started etcd or kube-apiserver.
type process struct {
	name    string
	logFile string
	cmd     *exec.Cmd
	done    chan struct{} // closed when the process has ended and err is set
	err     error         // how it ended; read only after done
}

// startProcess starts binary with its output appended to logFile, and copied to tee
// when that is not nil. The caller must see to the process's end with kill.
func startProcess(name, binary string, args []string, logFile string, tee io.Writer) (*process, error) {
	log, err := os.OpenFile(logFile, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, fmt.Errorf("open the log of %s: %w", name, err)
	}
	cmd := exec.Command(binary, args...)
	cmd.SysProcAttr = childAttributes()
	cmd.Stdout = log
	if tee != nil {
		cmd.Stdout = io.MultiWriter(log, tee)
	}
	cmd.Stderr = cmd.Stdout
	p := &process{name: name, logFile: logFile, cmd: cmd, done: make(chan struct{})}
	started := make(chan error)
	go func() {
		// The kernel ends the child when the thread that forked it ends
		// (childAttributes), so the thread is held for the child's life.
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		defer log.Close()
		err := cmd.Start()
		started <- err
		if err != nil {
			return
		}
		p.err = cmd.Wait()
		close(p.done)
	}()
	if err := <-started; err != nil {
		return nil, fmt.Errorf("start %s: %w", name, err)
	}
	return p, nil
}

// await calls ready until it returns nil. It fails with the last lines of the log
// when the process ends, when timeout has passed, and when ctx ends.
func (p *process) await(ctx context.Context, timeout time.Duration, ready func(context.Context) error) error {
	ctx, cancel := context.WithTimeoutCause(ctx, timeout, fmt.Errorf("not ready within %v", timeout))
	defer cancel()
	tick := time.NewTicker(100 * time.Millisecond)
	defer tick.Stop()
	for {
		attempt, cancel := context.WithTimeout(ctx, 5*time.Second)
		err := ready(attempt)
		cancel()
		if err == nil {
			return nil
		}
		select {
		case <-p.done:
			return p.ended()
		case <-ctx.Done():
			return fmt.Errorf("%s: %w (its last answer: %v)\n%s", p.name, context.Cause(ctx), err, p.logTail())
		case <-tick.C:
		}
	}
}

// ended describes a process that was not to end.
func (p *process) ended() error {
	tail := p.logTail()
	if strings.Contains(tail, "address already in use") {
		return fmt.Errorf("%s ended (%v): %w\n%s", p.name, p.err, errPortTaken, tail)
	}
	return fmt.Errorf("%s ended before it was ready (%v)\n%s", p.name, p.err, tail)
}

// running reports whether the process has not ended yet.
func (p *process) running() bool {
	select {
	case <-p.done:
		return false
	default:
		return true
	}
}

// terminate asks the process to end and waits for it. When ctx ends first, the
// process is killed and the error says so.
func (p *process) terminate(ctx context.Context) error {
	// It fails only when the process has ended already.
	_ = p.cmd.Process.Signal(syscall.SIGTERM)
	select {
	case <-p.done:
		return nil
	case <-ctx.Done():
		p.kill()
		return fmt.Errorf("%s did not end after SIGTERM and was killed: %w", p.name, context.Cause(ctx))
	}
}

// kill ends the process at once and returns when it is gone.
func (p *process) kill() {
	_ = p.cmd.Process.Kill() // fails only when the process has ended already
	<-p.done
}

// logTail returns a heading and the last lines of the process's log.
func (p *process) logTail() string {
	const maxLines, maxBytes = 20, 16 << 10
	text, err := readEnd(p.logFile, maxBytes)
	if err != nil {
		return fmt.Sprintf("its log cannot be read: %v", err)
	}
	if strings.TrimSpace(text) == "" {
		return "its log is empty"
	}
	return "the last lines of its log:\n" + lastLines(text, maxLines)
}

// readEnd returns the last max bytes of a file.
func readEnd(path string, max int64) (string, error) {
	f, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return "", err
	}
	if info.Size() > max {
		if _, err := f.Seek(-max, io.SeekEnd); err != nil {
			return "", err
		}
	}
	text, err := io.ReadAll(f)
	return string(text), err
}

// lastLines returns the last n lines of text, each indented.
func lastLines(text string, n int) string {
	lines := strings.Split(strings.TrimRight(text, "\n"), "\n")
	lines = lines[max(0, len(lines)-n):]
	return "\t" + strings.Join(lines, "\n\t")
}

// lockedWriter serializes the writes of several processes.
type lockedWriter struct {
	mu sync.Mutex // guards w
	w  io.Writer
}

func (l *lockedWriter) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.w.Write(b)
}
