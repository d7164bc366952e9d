package storage

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestAWatchYieldsWhatHappenedAfterItsRevision(t *testing.T) {
	s := New(Options{})
	put(t, s, key("a", "x"), "1")                         // 2
	put(t, s, key("b", "y"), "1")                         // 3
	put(t, s, Key{Resource: widgets, Name: "other"}, "1") // 4
	put(t, s, key("a", "x"), "2")                         // 5
	remove(t, s, key("b", "y"))                           // 6
	all := []string{"- > a/x=1@2", "- > b/y=1@3", "a/x=1@2 > a/x=2@5", "b/y=1@3 > -"}
	for _, tt := range []struct {
		namespace string
		from      int64
		want      []string
	}{
		{"", 1, all},
		{"", 2, all[1:]},
		{"", 3, all[2:]},
		{"", 4, all[2:]},
		{"", 5, all[3:]},
		{"", 6, []string{}},
		{"a", 1, []string{all[0], all[2]}},
		{"b", 1, []string{all[1], all[3]}},
		{"c", 1, []string{}},
	} {
		w := watch(t, s, tt.namespace, tt.from)
		if diff := cmp.Diff(tt.want, drain(t, w)); diff != "" {
			t.Errorf("namespace %q from %d (-want +got):\n%s", tt.namespace, tt.from, diff)
		}
		if got := w.Progress(); got != 6 {
			t.Errorf("namespace %q from %d: Progress() = %d at the end, want 6", tt.namespace, tt.from, got)
		}
	}
}

func TestAWatchOfTheFutureWaitsForIt(t *testing.T) {
	s := New(Options{})
	w := watch(t, s, "", 3)
	put(t, s, key("a", "x"), "1")
	put(t, s, key("a", "x"), "2")
	if got := drain(t, w); len(got) != 0 {
		t.Errorf("events %v, want none up to revision 3", got)
	}
	compact(t, s, 3) // takes nothing away that it wants
	put(t, s, key("a", "x"), "3")
	if diff := cmp.Diff([]string{"a/x=2@3 > a/x=3@4"}, drain(t, w)); diff != "" {
		t.Errorf("events (-want +got):\n%s", diff)
	}
}

func TestNextBlocksUntilSomethingHappens(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := New(Options{})
		w := watch(t, s, "a", 1)
		got := make(chan string, 1)
		go func() {
			e, err := w.Next(t.Context())
			if err != nil {
				t.Error(err)
			}
			got <- change(e)
		}()
		synctest.Wait()
		put(t, s, key("b", "x"), "1") // wakes it for nothing
		put(t, s, Key{Resource: widgets, Namespace: "a", Name: "x"}, "1")
		synctest.Wait()
		select {
		case e := <-got:
			t.Fatalf("Next returned %s", e)
		default:
		}
		put(t, s, key("a", "x"), "1")
		if e := <-got; e != "- > a/x=1@4" {
			t.Errorf("Next returned %s", e)
		}
	})
}

func TestNextEndsWithItsContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := New(Options{})
		w := watch(t, s, "", 1)
		ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
		defer cancel()
		start := time.Now()
		if _, err := w.Next(ctx); err != context.DeadlineExceeded || time.Since(start) != time.Hour {
			t.Errorf("error = %v after %v, want that of the context after an hour", err, time.Since(start))
		}
		put(t, s, key("a", "x"), "1")
		if _, err := w.Next(ctx); err != context.DeadlineExceeded {
			t.Errorf("error = %v, want that of the context even if there is an event", err)
		}
		if e, err := w.Next(t.Context()); err != nil || change(e) != "- > a/x=1@2" {
			t.Errorf("Next with another context = %s, %v, want the event", change(e), err)
		}
	})
}

func TestNextEndsWithStopCloseAndReset(t *testing.T) {
	for name, end := range map[string]func(*Store, *Watch){
		"stop":  func(_ *Store, w *Watch) { w.Stop(); w.Stop() },
		"close": func(s *Store, _ *Watch) { s.Close() },
		"reset": func(s *Store, _ *Watch) { _ = s.Reset(s.Revision()) },
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := New(Options{})
				put(t, s, key("a", "x"), "1")
				waiting, behind := watch(t, s, "", 2), watch(t, s, "", 1)
				ended := make(chan error)
				go func() {
					_, err := waiting.Next(t.Context())
					ended <- err
				}()
				synctest.Wait()
				end(s, waiting)
				if err := <-ended; err != ErrClosed {
					t.Errorf("the waiting Next: %v, want ErrClosed", err)
				}
				if _, err := waiting.Next(t.Context()); err != ErrClosed {
					t.Errorf("the Next after it: %v, want ErrClosed", err)
				}
				if got := waiting.Progress(); got != 2 {
					t.Errorf("Progress() = %d, want 2 as before", got)
				}
				if name == "stop" {
					if got := drain(t, behind); len(got) != 1 {
						t.Errorf("another watch got %v, want its event", got)
					}
				} else if _, err := behind.Next(t.Context()); err != ErrClosed {
					t.Errorf("a watch that is behind: %v, want ErrClosed", err)
				}
			})
		})
	}
}

func TestTheChannelOfTryNextIsClosedByTheNextChange(t *testing.T) {
	s := New(Options{})
	w := watch(t, s, "", 1)
	_, wait, err := w.TryNext()
	if err != nil || wait == nil {
		t.Fatalf("TryNext() = %v, %v, want a channel", wait, err)
	}
	put(t, s, Key{Resource: widgets, Name: "other"}, "1")
	select {
	case <-wait:
		t.Error("a change of another resource woke the watch")
	default:
	}
	put(t, s, key("a", "x"), "1")
	<-wait
	if got := drain(t, w); len(got) != 1 {
		t.Errorf("events %v, want one", got)
	}
}

func TestProgressPromisesNeitherTooMuchNorTooLittle(t *testing.T) {
	s := New(Options{})
	w := watch(t, s, "a", 1)
	progress := func(want int64) {
		t.Helper()
		if got := w.Progress(); got != want {
			t.Errorf("Progress() = %d, want %d", got, want)
		}
	}
	progress(1)
	put(t, s, key("b", "x"), "1")                         // 2
	put(t, s, Key{Resource: widgets, Name: "other"}, "1") // 3
	progress(3)                                           // nothing for this watch
	put(t, s, key("b", "x"), "2")                         // 4
	put(t, s, key("a", "x"), "1")                         // 5
	put(t, s, key("b", "x"), "3")                         // 6
	put(t, s, key("a", "x"), "2")                         // 7
	put(t, s, key("b", "x"), "4")                         // 8
	progress(4)                                           // all before the first that it has not returned
	for _, want := range []int64{6, 8} {
		if e, err := w.Next(t.Context()); err != nil || e.Key != key("a", "x") {
			t.Fatalf("Next() = %v, %v", e, err)
		}
		progress(want)
	}
	w.Stop()
	put(t, s, key("a", "x"), "3")
	progress(8)

	future := watch(t, s, "", 100)
	if got := future.Progress(); got != 100 {
		t.Errorf("Progress() = %d, want 100 as the watch has begun there", got)
	}
}

func TestASlowWatchHoldsUpNobody(t *testing.T) {
	s := New(Options{KeepEvents: 10})
	slow, quick := watch(t, s, "", 1), watch(t, s, "", 1)
	for i := range int64(100) {
		put(t, s, key("a", "x"), "1")
		if e, err := quick.Next(t.Context()); err != nil || e.Revision != i+2 {
			t.Fatalf("Next() = %v, %v, want revision %d", e, err, i+2)
		}
	}
	_, err := slow.Next(t.Context())
	wantCompacted(t, err, 1, 91)
	if _, again := slow.Next(t.Context()); !errors.Is(again, ErrCompacted) {
		t.Errorf("Next() = %v, want ErrCompacted for ever", again)
	}
	if got := slow.Progress(); got != 1 {
		t.Errorf("Progress() = %d, want 1 as before", got)
	}
}
