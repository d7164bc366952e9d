package canary

import (
	"fmt"
	"io"
	"strings"
	"sync"
)

// Seen is for what people may see and Main does not know of, such as the logger in a context and the metrics of a test: what is
// written to it is searched. A line is written at once. It is safe for concurrent use.
var Seen io.Writer = &searcher{}

// searcher keeps the lines that show Secret, and which logs were searched to their end.
type searcher struct {
	mu    sync.Mutex // guards lines, ended
	lines []string
	ended string
}

// lastPrefix begins the last line of a log.
const lastPrefix = "This is the last line of "

func lastOf(log string) string { return lastPrefix + log + "." }

func (s *searcher) Write(p []byte) (int, error) {
	text := string(p)
	bad := In(text)
	last := strings.Contains(text, lastPrefix)
	if len(bad) > 0 || last {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.lines = append(s.lines, bad...)
		if last {
			s.ended += text
		}
	}
	return len(p), nil
}

// end returns the lines that show Secret and begins anew. It says which of the logs did not come to their end here.
func (s *searcher) end(logs ...string) []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	lines := s.lines
	for _, log := range logs {
		if !strings.Contains(s.ended, lastOf(log)) {
			lines = append(lines, fmt.Sprintf("(perhaps: a test has replaced the logger of %s, so that not everything was searched)", log))
		}
	}
	s.lines, s.ended = nil, ""
	return lines
}
