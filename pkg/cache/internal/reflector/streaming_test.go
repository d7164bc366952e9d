package reflector

import (
	"context"
	"errors"
	"fmt"
	"io"
	"testing"
	"testing/synctest"
	"time"

	"k8s.io/apimachinery/pkg/watch"
)

// KEP-3157: the collection comes over the watch, which goes on.
func TestStreamedListGoesOnAsAWatch(t *testing.T) {
	s := &script{streams: true}
	s.watches = append(s.watches,
		s.sends(io.EOF, added("b", "4"), added("a", "2"), end("5"), event(watch.Modified, "a", "6"), event(watch.Deleted, "b", "7")))
	errs := s.run(t, `stream rv=""`, "replace 5 [b a]", "MODIFIED a", "DELETED b", `watch rv="7"`)
	reported(t, errs)
}

// What changes while the collection is sent comes before its end.
func TestChangesWhileStreamingAreApplied(t *testing.T) {
	s := &script{streams: true}
	s.watches = append(s.watches, s.sends(nil,
		added("a=1", "1"), added("b=1", "2"), added("!c", "3"), added("d=1", "4"), added("e=1", "4"), added("f=1", "4"),
		event(watch.Modified, "a=2", "5"),                    // changes
		event(watch.Deleted, "b=1", "6"),                     // goes
		event(watch.Modified, "c=2", "7"),                    // heals
		event(watch.Modified, "!d", "8"),                     // breaks
		event(watch.Deleted, "e=1", "9"), added("e=2", "10"), // goes and comes again
		added("g=1", "11"), event(watch.Modified, "g=2", "12"), event(watch.Deleted, "g=2", "13"), // comes and goes
		added("h=1", "14"), // comes
		end("15")))
	errs := s.run(t, `stream rv=""`, "replace 15 [f=1 h=1 a=2 c=2 e=2 poison d]")
	reported(t, errs, Failure{Stage: StageDecode, Err: errBroken})
}

// R19, row 25: bookmarks before the end are not the end, whatever they say, and nothing of what came is adopted then.
func TestOnlyTheMarkedBookmarkEndsAStream(t *testing.T) {
	s := &script{streams: true}
	s.watches = append(s.watches,
		s.sends(io.EOF, added("a", "900"), bookmark("901")),
		s.sends(nil, added("a", "2"), bookmark("3"), added("b", "1"), end("5"), end("5"), bookmark("6")))
	errs := s.run(t, `stream rv=""`, `stream rv=""`, "replace 5 [a b]", "BOOKMARK 5", "BOOKMARK 6")
	reported(t, errs, Failure{Stage: StageStream, Err: errCut})
}

// R9, row 25: a server that accepts the request and never comes to the end is asked for pages, and not asked to stream
// again for an hour.
func TestStreamWithoutAnEndFallsBackToPages(t *testing.T) {
	for name, c := range map[string]struct {
		watch func(s *script) watcher
		after time.Duration
	}{
		"silent":         {func(s *script) watcher { return s.sends(nil) }, time.Minute},
		"silent at last": {func(s *script) watcher { return s.sends(nil, added("a", "1"), bookmark("7")) }, time.Minute},
		"without answer": {func(s *script) watcher {
			return func(ctx context.Context) (Stream[string], error) { <-ctx.Done(); return nil, ctx.Err() }
		}, time.Minute},
		"bookmarks only": {func(s *script) watcher { return s.drips(bookmark("5")) }, time.Minute},
		"one by one":     {func(s *script) watcher { return s.drips(added("a", "5")) }, 5 * time.Minute},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := &script{streams: true}
				s.watches = append(s.watches, c.watch(s), s.sends(Lost(errBroken)), s.sends(Lost(errBroken)))
				for range 3 {
					s.lists = append(s.lists, page("5", "", "a"))
				}
				r := s.runFor(t, c.after+4*time.Minute)
				s.called(t, `stream rv=""`,
					`list rv="0" limit=500 continue=""`, "replace 5 [a]", `watch rv="5"`,
					`list rv="5" limit=0 continue=""`, "replace 5 [a]", `watch rv="5"`,
					`list rv="5" limit=0 continue=""`, "replace 5 [a]", `watch rv="5"`)
				if wait := s.times[1].Sub(s.times[0]); wait < c.after || wait > c.after+2*time.Second {
					t.Errorf("asked for pages after %v, want %v", wait, c.after)
				}
				lost := Failure{Stage: StageEvent, Err: ErrLost}
				reported(t, s.errs, Failure{Stage: StageStream, Err: ErrStreamRefused}, lost, lost)
				refused := r.State().Stream.Refused
				if refused == nil || !errors.Is(refused.Err, errStalled) || refused.Time.Sub(s.times[0]) != c.after {
					t.Errorf("remembers %+v", refused)
				}
			})
		})
	}
}

// drips is a stream that sends the same event every 20 seconds.
func (s *script) drips(e Event[string]) watcher {
	return func(context.Context) (Stream[string], error) {
		s.open++
		drip := &stream{script: s, pause: 20 * time.Second}
		for range 100 {
			drip.events = append(drip.events, e)
		}
		return drip, nil
	}
}

func TestStreamsAreTriedAgainAfterAnHour(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &script{streams: true}
		s.lists = append(s.lists, page("5", "", "a"))
		s.watches = append(s.watches, refuses(errNoStreams))
		for range 8 {
			s.watches = append(s.watches, func(context.Context) (Stream[string], error) { return s.sendsFor(s.asked, io.EOF)(nil) })
		}
		s.watches = append(s.watches, s.sendsFor(30*time.Minute, Lost(errBroken)))
		r := s.reflector()
		s.t = t
		ctx, cancel := context.WithTimeout(t.Context(), 59*time.Minute)
		r.Run(ctx)
		cancel()
		if s.calls[0] != `stream rv=""` || s.calls[1] != `list rv="0" limit=500 continue=""` {
			t.Errorf("calls = %v", s.calls)
		}
		if s.times[1] != s.times[0] {
			t.Errorf("fell back after %v, want at once", s.times[1].Sub(s.times[0]))
		}
		// A new run does not ask before its time either.
		s.calls, s.watches, s.lists = nil, nil, append(s.lists, page("6", "", "a"))
		ctx, cancel = context.WithTimeout(t.Context(), 2*time.Minute)
		r.Run(ctx)
		cancel()
		s.called(t, `list rv="5" limit=0 continue=""`, "replace 6 [a]", `watch rv="6"`)

		s.calls, s.watches = nil, append(s.watches, s.sends(nil, added("a", "1"), end("7")))
		ctx, cancel = context.WithTimeout(t.Context(), 2*time.Minute)
		r.Run(ctx)
		cancel()
		s.called(t, `stream rv="6"`, "replace 7 [a]")
		if refused := r.State().Stream.Refused; refused != nil {
			t.Errorf("still remembers %v", refused)
		}
	})
}

func TestRefusedStreamIsNoErrorOfARun(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &script{t: t, streams: true}
		s.lists = append(s.lists, page("5", "", "a"))
		s.watches = append(s.watches, refuses(errNoStreams), refuses(errBroken))
		if err := s.reflector().RunOnce(t.Context()); !errors.Is(err, errBroken) {
			t.Errorf("RunOnce = %v, want the broken watch", err)
		}
		reported(t, s.errs, Failure{Stage: StageStream, Err: ErrStreamRefused})
		if s.errs[0].RetryIn != 0 {
			t.Errorf("goes on in %v, want at once", s.errs[0].RetryIn)
		}
	})
}

// R10: a stream that always breaks is given up in favour of pages; if it never even began, only for this list.
func TestStreamThatKeepsFailingFallsBackToPages(t *testing.T) {
	for name, c := range map[string]struct {
		watch      func(s *script) watcher
		remembered bool
	}{
		"cut":         {func(s *script) watcher { return s.sends(io.EOF, added("half", "1")) }, true},
		"broken":      {func(s *script) watcher { return s.sends(errBroken, added("half", "1")) }, true},
		"undecodable": {func(s *script) watcher { return s.sends(Lost(errBroken), added("half", "1")) }, true},
		"throttled":   {func(s *script) watcher { return refuses(errThrottled) }, false},
		"down":        {func(s *script) watcher { return refuses(errBroken) }, false},
	} {
		t.Run(name, func(t *testing.T) {
			s := &script{streams: true}
			s.watches = append(s.watches, c.watch(s), c.watch(s), c.watch(s), refuses(errExpired))
			s.lists = append(s.lists, listError(errBroken), page("5", "", "a"), page("6", "", "b"))
			want := []string{`stream rv=""`, `stream rv=""`, `stream rv=""`,
				`list rv="0" limit=500 continue=""`, `list rv="0" limit=500 continue=""`, "replace 5 [a]", `watch rv="5"`}
			if c.remembered {
				want = append(want, `list rv="" limit=500 continue=""`, "replace 6 [b]", `watch rv="6"`)
			} else {
				s.watches = append(s.watches, s.sends(nil, added("b", "1"), end("6")))
				want = append(want, `stream rv=""`, "replace 6 [b]")
			}
			synctest.Test(t, func(t *testing.T) {
				s.runFor(t, 6*time.Minute)
				s.called(t, want...)
			})
		})
	}
}

// Who may list and not watch gets the list.
func TestForbiddenWatchFallsBackToPages(t *testing.T) {
	s := &script{streams: true}
	s.watches = append(s.watches, refuses(errForbidden), refuses(errForbidden))
	s.lists = append(s.lists, page("5", "", "a"))
	s.run(t, `stream rv=""`, `list rv="0" limit=500 continue=""`, "replace 5 [a]", `watch rv="5"`, `watch rv="5"`)
}

// Rows 2, 4, 5, 6: a relist that is streamed obeys the same rules of versions.
func TestStreamedRelist(t *testing.T) {
	for name, c := range map[string]struct {
		watch func(s *script) watcher
		want  []string
	}{
		"not older": {func(s *script) watcher { return s.sends(nil, added("a", "3"), end("60")) },
			[]string{`stream rv="51"`, "replace 60 [a]"}},
		"stale": {func(s *script) watcher { return s.sends(nil, added("a", "3"), end("40")) },
			[]string{`stream rv="51"`, `stream rv=""`}},
		"in the future": {func(s *script) watcher { return s.sendsFor(time.Second, Lost(errTooLarge)) },
			[]string{`stream rv="51"`, `stream rv=""`}},
		"expired": {func(s *script) watcher { return refuses(errExpired) },
			[]string{`stream rv="51"`, `stream rv=""`}},
		"not taken": {func(s *script) watcher {
			s.refuse = map[string]error{"list": errBroken}
			return s.sends(nil, added("a", "3"), end("60"))
		}, []string{`stream rv="51"`, "replace 60 [a]", `stream rv="51"`}},
	} {
		t.Run(name, func(t *testing.T) {
			s := &script{streams: true}
			s.watches = append(s.watches, s.sendsFor(time.Second, Lost(errExpired), end("50"), bookmark("51")), func(ctx context.Context) (Stream[string], error) { return c.watch(s)(ctx) })
			synctest.Test(t, func(t *testing.T) {
				s.runFor(t, 50*time.Second)
				s.called(t, append([]string{`stream rv=""`, "replace 50 []", "BOOKMARK 51"}, c.want...)...)
			})
		})
	}
}

func TestStreamsCanBeSwitchedOff(t *testing.T) {
	s := &script{streams: true, options: Options{NoStreams: true}}
	s.lists = append(s.lists, page("5", "", "a"))
	s.run(t, `list rv="0" limit=500 continue=""`, "replace 5 [a]", `watch rv="5"`)
}

// The memory of a stream is that of its objects: what the sink is given is what was gathered, and nothing else is kept as
// long as nothing changes.
func TestStreamGathersWithoutAnIndex(t *testing.T) {
	c := collection[string]{key: keyOf}
	for i := range 1000 {
		c.apply(added(fmt.Sprint(i), "1"))
	}
	if c.place != nil || c.late != nil {
		t.Error("objects are remembered twice")
	}
	first := &c.list.Objects[0]
	if list := c.take(); &list.Objects[0] != first || len(list.Objects) != 1000 || c.size() != 0 {
		t.Errorf("took %d objects, %d are left", len(list.Objects), c.size())
	}
}

func TestStreamShowsItsProgress(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &script{t: t, streams: true}
		s.watches = append(s.watches, func(context.Context) (Stream[string], error) {
			s.open++
			return &stream{script: s, pause: time.Second, events: []Event[string]{added("a", "1"), added("b", "1"), end("5")}}, nil
		})
		r := s.reflector()
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan struct{})
		go func() { defer close(done); r.Run(ctx) }()
		began := time.Now()
		time.Sleep(2500 * time.Millisecond)
		if s := r.State(); s.Phase != Streaming || s.List.Objects != 2 || s.LastSign.Sub(began) != 2*time.Second {
			t.Errorf("state = %+v", s)
		}
		time.Sleep(time.Second)
		if s := r.State(); s.Phase != Watching || s.Lists != 1 || !s.Watched || s.Version != "5" {
			t.Errorf("state = %+v", s)
		}
		cancel()
		<-done
	})
}
