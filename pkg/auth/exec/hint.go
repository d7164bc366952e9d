package exec

import (
	"errors"
	"fmt"
	"os/exec"
	"sync"
	"time"
)

const (
	maxHintBytes = 2 << 10 // of what a configuration says for people
	hintsPerHour = 10
)

// missingError says that the command of a plugin is not there.
type missingError struct {
	command string
	reason  error
}

func (e *missingError) Error() string {
	text := fmt.Sprintf("exec plugin %q is not installed, or cannot be run", e.command)
	if reason := (*exec.Error)(nil); errors.As(e.reason, &reason) {
		text += ": " + reason.Err.Error()
	}
	return text
}

// hints adds the install hint of a plugin to errors: to a few, not to each of the thousands that a program which goes on
// without its plugin may log.
type hints struct {
	text string

	mu    sync.Mutex              // guards what follows
	shown [hintsPerHour]time.Time // when the last ones were
	next  int                     // the oldest of shown
}

// explain returns err with the hint if that is of use and was not shown too often in the last hour.
func (h *hints) explain(err error) error {
	if missing := (*missingError)(nil); h.text == "" || !errors.As(err, &missing) || !h.take(time.Now()) {
		return err
	}
	return fmt.Errorf("%w\n\n%s", err, h.text)
}

func (h *hints) take(now time.Time) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	if now.Sub(h.shown[h.next]) < time.Hour {
		return false
	}
	h.shown[h.next] = now
	h.next = (h.next + 1) % hintsPerHour
	return true
}
