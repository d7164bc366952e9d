package reflector

import (
	"context"
	"errors"
	"io"
	"testing"
	"testing/synctest"
	"time"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/watch"
)

// Row 1, R4.
func TestListsThenWatchesThenResumesWithoutListing(t *testing.T) {
	s := &script{}
	s.lists = append(s.lists, page("5", "", "a", "b"))
	s.watches = append(s.watches,
		s.sends(io.EOF, added("c", "6"), event(watch.Modified, "a", "7"), event(watch.Deleted, "b", "8"), bookmark("9")),
		s.sends(errors.New("connection reset"), added("d", "10")),
		refuses(context.DeadlineExceeded))
	errs := s.run(t,
		`list rv="0" limit=500 continue=""`, "replace 5 [a b]",
		`watch rv="5"`, "ADDED c", "MODIFIED a", "DELETED b", "BOOKMARK 9",
		`watch rv="9"`, "ADDED d",
		`watch rv="10"`, `watch rv="10"`)
	if len(errs) != 2 || errs[0].Error() != "watch: connection reset" || !errors.Is(errs[1], context.DeadlineExceeded) {
		t.Errorf("reported %v, want the broken connections only", errs)
	}
}

// Rows 2 and 3: 410 in the stream or at connect, exactly one list, not older than what was seen.
func TestExpiredWatchListsOnce(t *testing.T) {
	for name, second := range map[string]func(*script) watcher{
		"at connect": func(*script) watcher { return refuses(errExpired) },
		"in stream":  func(s *script) watcher { return s.sends(Lost(errExpired)) },
	} {
		t.Run(name, func(t *testing.T) {
			s := &script{}
			s.lists = append(s.lists, page("5", "", "a"), page("20", "", "a"))
			s.watches = append(s.watches, s.sends(io.EOF, added("b", "6")), second(s))
			s.run(t,
				`list rv="0" limit=500 continue=""`, "replace 5 [a]",
				`watch rv="5"`, "ADDED b",
				`watch rv="6"`,
				`list rv="6" limit=0 continue=""`, "replace 20 [a]",
				`watch rv="20"`)
		})
	}
}

// R6, R7, row 12: what the sink cannot take, or the server does not explain, is listed again, and the version does not
// move past it.
func TestUnknownChangeListsAgain(t *testing.T) {
	for name, c := range map[string]struct {
		watch func(*script) watcher
		stage Stage
	}{
		"not taken": {func(s *script) watcher {
			s.refuse = map[string]error{"bad": errors.New("no key")}
			return s.sends(nil, added("good", "6"), added("bad", "7"))
		}, StageApply},
		"internal error": {func(s *script) watcher {
			return s.sends(Lost(apierrors.NewInternalError(errBroken)), added("good", "6"))
		}, StageEvent},
		"older than what was seen": {func(s *script) watcher {
			return s.sends(nil, added("good", "6"), added("old", "5"))
		}, StageEvent},
		"older bookmark": {func(s *script) watcher {
			return s.sends(nil, added("good", "6"), bookmark("5"))
		}, StageEvent},
	} {
		t.Run(name, func(t *testing.T) {
			s := &script{}
			s.lists = append(s.lists, page("5", ""), page("7", "", "bad"))
			s.watches = append(s.watches, c.watch(s))
			want := []string{`list rv="0" limit=500 continue=""`, "replace 5 []", `watch rv="5"`, "ADDED good"}
			if c.stage == StageApply {
				want = append(want, "ADDED bad")
			}
			errs := s.run(t, append(want, `list rv="6" limit=0 continue=""`, "replace 7 [bad]", `watch rv="7"`)...)
			reported(t, errs, Failure{Stage: c.stage, Err: ErrLost})
		})
	}
}

// Many objects can have been deleted in one version, by an expired lease; and versions that are not numbers have no
// order.
func TestEventsOfTheSameOrAnUnknownVersionAreApplied(t *testing.T) {
	s := &script{}
	s.lists = append(s.lists, page("5", "", "a", "b"))
	s.watches = append(s.watches, s.sends(nil, event(watch.Deleted, "a", "6"), event(watch.Deleted, "b", "6"), added("c", "x"), added("d", "1"), added("e", "")))
	errs := s.run(t, `list rv="0" limit=500 continue=""`, "replace 5 [a b]",
		`watch rv="5"`, "DELETED a", "DELETED b", "ADDED c", "ADDED d", "ADDED e")
	reported(t, errs)
}

// R5, row 14: a change that is lost each time does not make a hot loop.
func TestRecurringLossBacksOffMoreAndMore(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &script{}
		for range 1000 {
			s.lists = append(s.lists, page("5", ""))
			s.watches = append(s.watches, s.sendsFor(time.Millisecond, Lost(errBroken)))
		}
		s.runFor(t, 10*time.Minute)
		if lists := len(s.calls) / 3; lists < 10 || lists > 25 {
			t.Errorf("%d lists in ten minutes", lists)
		}
		for _, failure := range s.errs[6:] {
			if failure.RetryIn < 30*time.Second {
				t.Errorf("attempt %d is made again after %v", failure.Attempt, failure.RetryIn)
			}
		}
	})
}

func TestVeryShortWatchBacksOff(t *testing.T) {
	s := &script{}
	s.lists = append(s.lists, page("5", ""))
	for range 3 {
		s.watches = append(s.watches, s.sendsFor(0, io.EOF))
	}
	errs := s.run(t, `list rv="0" limit=500 continue=""`, "replace 5 []",
		`watch rv="5"`, `watch rv="5"`, `watch rv="5"`, `watch rv="5"`)
	short := Failure{Stage: StageWatch, Err: ErrShortWatch}
	reported(t, errs, short, short, short)
	for i, least := range []time.Duration{800 * time.Millisecond, 1600 * time.Millisecond, 3200 * time.Millisecond} {
		if got := s.times[3+i].Sub(s.times[2+i]); got < least || got > 2*least || errs[i].Attempt != i+1 || errs[i].RetryIn != got {
			t.Errorf("wait %d = %v, want between %v and twice that, and as reported: %+v", i, got, least, errs[i])
		}
	}
}

// R5: a watch that is closed before its time is opened again soon, but not by everyone at once; one that has lasted as
// long as was asked for, at once.
func TestClosedWatchIsOpenedAgain(t *testing.T) {
	for name, c := range map[string]struct {
		lasts       time.Duration // zero is as asked
		least, most time.Duration // of the mean wait
	}{
		"as asked":          {0, 0, 0},
		"early":             {time.Minute, 300 * time.Millisecond, 700 * time.Millisecond},
		"always in seconds": {2 * time.Second, 8 * time.Second, 24 * time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := &script{}
				s.lists = append(s.lists, page("5", ""))
				const watches = 80
				var waits time.Duration
				var closed time.Time
				for i := range watches {
					s.watches = append(s.watches, func(context.Context) (Stream[string], error) {
						if i > 0 {
							waits += time.Since(closed)
						}
						s.open++
						lasts := c.lasts
						if lasts == 0 {
							lasts = s.asked
						}
						closed = time.Now().Add(lasts)
						return &stream{script: s, lasts: lasts, err: io.EOF}, nil
					})
				}
				s.watches = append(s.watches, refuses(errBroken))
				r := s.reflector()
				s.t = t
				if err := r.RunOnce(t.Context()); !errors.Is(err, errBroken) {
					t.Errorf("ended by %v", err)
				}
				if mean := waits / (watches - 1); mean < c.least || mean > c.most {
					t.Errorf("mean wait = %v, want %v to %v", mean, c.least, c.most)
				}
			})
		})
	}
}

// R5: no retry edge is without a wait, and none waits longer than the cap and its jitter.
func TestEveryFailureIsFollowedByAWait(t *testing.T) {
	for name, fail := range map[string]error{
		"refused": errBroken, "expired": errExpired, "too many": errThrottled, "too large": errTooLarge, "wrong": errWrong, "forbidden": errForbidden,
	} {
		for _, streams := range []bool{false, true} {
			t.Run(name, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					s := &script{streams: streams}
					for range 100 {
						s.lists = append(s.lists, listError(fail))
						s.watches = append(s.watches, refuses(fail))
					}
					s.runFor(t, 10*time.Minute)
					at := s.times
					if streams && (name == "wrong" || name == "forbidden") {
						at = at[1:] // a refusal to stream is followed by a list at once, once
					}
					for i := 1; i < len(at); i++ {
						if wait := at[i].Sub(at[i-1]); wait < 800*time.Millisecond || wait > time.Minute {
							t.Errorf("wait %d = %v", i, wait)
						}
					}
					if n := len(s.calls); n < 10 || n > 30 {
						t.Errorf("%d requests in ten minutes of failures, want a bounded number", n)
					}
				})
			})
		}
	}
}

// R5: a server that wants to be left alone is not asked for a list.
func TestThrottledWatchDoesNotList(t *testing.T) {
	s := &script{}
	s.lists = append(s.lists, page("5", ""))
	s.watches = append(s.watches, refuses(apierrors.NewTooManyRequests("later", 20)), s.sends(errThrottled), refuses(errThrottled))
	s.run(t, `list rv="0" limit=500 continue=""`, "replace 5 []",
		`watch rv="5"`, `watch rv="5"`, `watch rv="5"`, `watch rv="5"`)
	if wait := s.times[3].Sub(s.times[2]); wait < 20*time.Second || wait > 21*time.Second {
		t.Errorf("waited %v where the server asked for 20 seconds", wait)
	}
}

// R13, row 21: a server that neither sends anything nor ends the watch is given up.
func TestSilentServerIsLeftAtTheDeadline(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &script{}
		s.lists = append(s.lists, page("5", ""))
		s.runFor(t, 11*time.Minute+20*time.Second)
		if len(s.errs) == 0 || !errors.Is(s.errs[0], errSilent) {
			t.Errorf("reported %v, want the silence", s.errs)
		}
		if s.calls[len(s.calls)-1] != `watch rv="5"` || len(s.calls) < 4 {
			t.Errorf("calls = %v, want the watch to be resumed", s.calls)
		}
	})
}

func TestServerThatDoesNotAnswerAWatchIsLeft(t *testing.T) {
	s := &script{}
	s.lists = append(s.lists, page("5", ""))
	s.watches = append(s.watches, func(ctx context.Context) (Stream[string], error) {
		<-ctx.Done()
		return nil, ctx.Err()
	})
	errs := s.run(t, `list rv="0" limit=500 continue=""`, "replace 5 []", `watch rv="5"`, `watch rv="5"`)
	reported(t, errs, Failure{Stage: StageWatch, Err: errNoAnswer})
}

// R17, R18, row 40: whatever the reflector waits for, the end of its context ends the wait, and leaves nothing open.
func TestStopsAtOnceInEveryPhase(t *testing.T) {
	waits := func(ctx context.Context) (Stream[string], error) { <-ctx.Done(); return nil, ctx.Err() }
	for name, prepare := range map[string]func(*script){
		"listing":          func(s *script) {},
		"backing off":      func(s *script) { s.lists = append(s.lists, listError(errBroken)) },
		"connecting":       func(s *script) { s.lists, s.watches = append(s.lists, page("5", "")), append(s.watches, waits) },
		"watching":         func(s *script) { s.lists = append(s.lists, page("5", "")) },
		"opening a stream": func(s *script) { s.streams, s.watches = true, append(s.watches, waits) },
		"streaming":        func(s *script) { s.streams, s.watches = true, append(s.watches, s.sends(nil, added("a", "5"))) },
		"after a stream":   func(s *script) { s.streams, s.watches = true, append(s.watches, s.sends(nil, end("5"))) },
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := &script{t: t}
				prepare(s)
				ctx, cancel := context.WithCancel(t.Context())
				done := make(chan struct{})
				go func() {
					defer close(done)
					New[string](s, s, Options{}).Run(ctx)
				}()
				synctest.Wait()
				start := time.Now()
				cancel()
				<-done
				if took := time.Since(start); took != 0 {
					t.Errorf("took %v to stop", took)
				}
				if s.open != 0 {
					t.Error("a stream was not stopped")
				}
			})
		})
	}
}
