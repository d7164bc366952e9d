package reflector

import (
	"context"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// R22, row 33: while the machine slept nobody could tell whether the connection still lives. Within a minute of waking
// the watch is opened again; small corrections of the clock are none of our business, and nothing hangs or spins.
func TestWatchIsVerifiedAfterAJumpOfTheClock(t *testing.T) {
	for name, c := range map[string]struct {
		by      time.Duration
		watches int
	}{
		"correction": {10 * time.Second, 1},
		"slept":      {2 * time.Hour, 2},
		"set back":   {-time.Hour, 2},
		"a year":     {365 * 24 * time.Hour, 2},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := &script{t: t}
				s.lists = append(s.lists, page("5", ""))
				r := s.reflector()
				var jump atomic.Int64
				r.wall = func() time.Time { return time.Now().Add(time.Duration(jump.Load())).Round(0) }
				ctx, cancel := context.WithTimeout(t.Context(), 4*time.Minute)
				defer cancel()
				time.AfterFunc(90*time.Second, func() { jump.Store(int64(c.by)) })
				r.Run(ctx)
				if got := len(s.calls) - 2; got != c.watches {
					t.Fatalf("%d watches, want %d", got, c.watches)
				}
				if c.watches == 1 {
					reported(t, s.errs)
					return
				}
				reported(t, s.errs, Failure{Stage: StageWatch, Err: ErrClockJumped})
				if verified := s.times[3].Sub(s.times[0]); verified > 90*time.Second+clockLook {
					t.Errorf("verified after %v", verified)
				}
			})
		})
	}
}

func TestStoppedClockGuardIsSilent(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var jumps atomic.Int64
		wall := time.Now()
		g := guardClock(func() time.Time { wall = wall.Add(time.Hour); return wall }, func(error) { jumps.Add(1) })
		time.Sleep(150 * time.Second)
		g.stop()
		g.stop()
		g.look() // as if the timer had gone off in this moment
		time.Sleep(time.Hour)
		if jumps.Load() != 2 {
			t.Errorf("told of %d jumps, want 2", jumps.Load())
		}
	})
}
