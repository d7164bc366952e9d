package reflector

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"
)

// What a sink has lost is listed, also if there is no watch at the moment, but not twice.
func TestListAgain(t *testing.T) {
	for when, c := range map[string]struct {
		after time.Duration
		want  []string // after the watch
	}{
		"watching":    {30 * time.Second, []string{`list rv="5" limit=0 continue=""`, "replace 6 [a]", `watch rv="6"`}},
		"backing off": {60*time.Second + 100*time.Millisecond, []string{`watch rv="5"`, `list rv="5" limit=0 continue=""`, "replace 6 [a]", `watch rv="6"`}},
	} {
		t.Run(when, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := &script{}
				s.lists = append(s.lists, page("5", "", "a"), page("6", "", "a"))
				s.watches = append(s.watches, s.sends(errBroken))
				lost := errors.New("lost behind the sink")
				r := s.reflector()
				time.AfterFunc(c.after, func() { r.ListAgain(lost) })
				ctx, cancel := context.WithTimeout(t.Context(), 3*time.Minute)
				defer cancel()
				s.t = t
				r.Run(ctx)
				s.called(t, append([]string{`list rv="0" limit=500 continue=""`, "replace 5 [a]", `watch rv="5"`}, c.want...)...)
				if last := s.errs[len(s.errs)-1]; !errors.Is(last, ErrLost) || !errors.Is(last, lost) || last.Stage != StageEvent {
					t.Errorf("reported %+v", last)
				}
			})
		})
	}
}
