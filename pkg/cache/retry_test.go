package cache

import (
	"errors"
	"testing"
	"time"

	clocktesting "k8s.io/utils/clock/testing"
)

func TestRetryWithDeadline(t *testing.T) {
	again, never := errors.New("again"), errors.New("never")
	type step struct {
		after time.Duration
		err   error
		want  bool
	}
	for name, c := range map[string]struct {
		most, gap time.Duration
		steps     []step
	}{
		"nothing has happened":           {time.Minute, time.Hour, []step{{0, nil, false}}},
		"an error that is not retryable": {time.Minute, time.Hour, []step{{0, never, false}}},
		"until the deadline, which counts from the first error": {10 * time.Second, time.Hour, []step{
			{0, again, true}, {5 * time.Second, again, true}, {5 * time.Second, again, true}, {1, again, false},
		}},
		"after the deadline was reported, a new series begins": {10 * time.Second, time.Hour, []step{
			{0, again, true}, {11 * time.Second, again, false}, {0, nil, false}, {0, again, true}, {10 * time.Second, again, true},
		}},
		"errors that are rare are series of their own": {10 * time.Second, time.Minute, []step{
			{0, again, true}, {time.Minute, again, true}, {time.Minute, again, true},
		}},
		"errors that are not rare enough are not": {90 * time.Second, time.Minute, []step{
			{0, again, true}, {50 * time.Second, again, true}, {50 * time.Second, again, false},
		}},
		"other outcomes change nothing": {10 * time.Second, time.Minute, []step{
			{0, again, true}, {0, nil, true}, {9 * time.Second, never, true}, {2 * time.Second, never, false}, {0, never, false},
		}},
		"no retries": {0, time.Minute, []step{{0, again, false}, {0, again, false}}},
	} {
		t.Run(name, func(t *testing.T) {
			clock := clocktesting.NewFakeClock(time.Now())
			r := NewRetryWithDeadline(c.most, c.gap, func(err error) bool { return err == again }, clock)
			for i, s := range c.steps {
				clock.Step(s.after)
				r.After(s.err)
				if got := r.ShouldRetry(); got != s.want {
					t.Errorf("step %d: ShouldRetry = %v, want %v", i, got, s.want)
				}
			}
		})
	}
}
