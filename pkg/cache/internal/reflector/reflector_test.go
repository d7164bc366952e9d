package reflector

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/watch"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// script is a source and a sink that answers from a list of steps and records all calls, in order.
type script struct {
	t       *testing.T
	lists   []func(options metav1.ListOptions, each func(Item[string]) error) (Page, error)
	watches []func(ctx context.Context) (Stream[string], error)
	refuse  map[string]error // sink errors by object, each once

	calls []string
	times []time.Time
	open  int // streams not stopped
}

func (s *script) record(format string, args ...any) {
	s.calls = append(s.calls, fmt.Sprintf(format, args...))
	s.times = append(s.times, time.Now())
}

func (s *script) List(ctx context.Context, options metav1.ListOptions, each func(Item[string]) error) (Page, error) {
	s.record("list rv=%q limit=%d continue=%q", options.ResourceVersion, options.Limit, options.Continue)
	if len(s.lists) == 0 {
		<-ctx.Done()
		return Page{}, ctx.Err()
	}
	next := s.lists[0]
	s.lists = s.lists[1:]
	return next(options, each)
}

func (s *script) Watch(ctx context.Context, options metav1.ListOptions) (Stream[string], error) {
	s.record("watch rv=%q", options.ResourceVersion)
	if !options.AllowWatchBookmarks || *options.TimeoutSeconds < 300 || *options.TimeoutSeconds >= 600 {
		s.t.Errorf("watch options = %+v, want bookmarks and a timeout of 5 to 10 minutes", options)
	}
	if len(s.watches) == 0 {
		s.open++
		return &stream{script: s}, nil
	}
	next := s.watches[0]
	s.watches = s.watches[1:]
	return next(ctx)
}

func (s *script) Apply(e Event[string]) error {
	s.record("%s %s", e.Type, e.Object+e.bookmark())
	err := s.refuse[e.Object]
	delete(s.refuse, e.Object)
	return err
}

func (e Event[T]) bookmark() string {
	if e.Type == watch.Bookmark {
		return e.Version
	}
	return ""
}

func (s *script) StreamsLists() bool { return false }

func (s *script) Replace(list List[string]) error {
	s.record("replace %s [%s]", list.Version, strings.Join(list.Objects, " "))
	err := s.refuse["list"]
	delete(s.refuse, "list")
	return err
}

// stream sends events after a while, and then an error; without an error it stays silent.
type stream struct {
	script  *script
	lasts   time.Duration
	events  []Event[string]
	err     error
	stopped bool
}

func (s *stream) Next(ctx context.Context) (Event[string], error) {
	if len(s.events) > 0 {
		e := s.events[0]
		s.events = s.events[1:]
		return e, nil
	}
	if s.err == nil {
		<-ctx.Done()
		return Event[string]{}, context.Cause(ctx)
	}
	time.Sleep(s.lasts)
	return Event[string]{}, s.err
}

func (s *stream) Stop() {
	if !s.stopped {
		s.stopped = true
		s.script.open--
	}
}

func page(version, token string, objects ...string) func(metav1.ListOptions, func(Item[string]) error) (Page, error) {
	return func(_ metav1.ListOptions, each func(Item[string]) error) (Page, error) {
		for _, o := range objects {
			if err := each(Item[string]{Object: o}); err != nil {
				return Page{}, err
			}
		}
		return Page{Version: version, Continue: token}, nil
	}
}

func listError(err error, objects ...string) func(metav1.ListOptions, func(Item[string]) error) (Page, error) {
	return func(_ metav1.ListOptions, each func(Item[string]) error) (Page, error) {
		for _, o := range objects {
			_ = each(Item[string]{Object: o})
		}
		return Page{}, err
	}
}

// sends is a watch of these events that ends with err after a minute.
func (s *script) sends(err error, events ...Event[string]) func(context.Context) (Stream[string], error) {
	return func(context.Context) (Stream[string], error) {
		s.open++
		return &stream{script: s, lasts: time.Minute, events: events, err: err}, nil
	}
}

func refuses(err error) func(context.Context) (Stream[string], error) {
	return func(context.Context) (Stream[string], error) { return nil, err }
}

func event(kind watch.EventType, object, version string) Event[string] {
	return Event[string]{Type: kind, Object: object, Version: version}
}

// run lets a reflector work on the script for four minutes of fake time and compares the calls with want.
func (s *script) run(t *testing.T, want ...string) (errs []error) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		s.t = t
		ctx, cancel := context.WithTimeout(t.Context(), 4*time.Minute)
		defer cancel()
		r := New[string](s, s, Options{OnError: func(_ context.Context, err error) { errs = append(errs, err) }})
		r.Run(ctx)
		if got := r.State().Phase; got != Stopped {
			t.Errorf("phase after Run = %v", got)
		}
		if s.open != 0 {
			t.Errorf("%d streams were not stopped", s.open)
		}
		if diff := cmp.Diff(want, s.calls); diff != "" {
			t.Errorf("calls (-want +got):\n%s", diff)
		}
	})
	return errs
}

func TestListsThenWatchesThenResumesWithoutListing(t *testing.T) {
	s := &script{}
	s.lists = append(s.lists, page("5", "", "a", "b"))
	s.watches = append(s.watches,
		s.sends(io.EOF, event(watch.Added, "c", "6"), event(watch.Modified, "a", "7"), event(watch.Deleted, "b", "8"), event(watch.Bookmark, "", "9")),
		s.sends(errors.New("connection reset"), event(watch.Added, "d", "10")))
	errs := s.run(t,
		`list rv="0" limit=500 continue=""`, "replace 5 [a b]",
		`watch rv="5"`, "ADDED c", "MODIFIED a", "DELETED b", "BOOKMARK 9",
		`watch rv="9"`, "ADDED d",
		`watch rv="10"`)
	if len(errs) != 1 || !strings.Contains(errs[0].Error(), "connection reset") {
		t.Errorf("reported %v, want the broken connection only", errs)
	}
}

func TestPagesAreCollectedAndReplacedAtOnce(t *testing.T) {
	s := &script{}
	s.lists = append(s.lists, page("5", "x", "a"), listError(errBroken, "half"), page("5", "y", "b"), page("5", "", "c"))
	s.run(t,
		`list rv="0" limit=500 continue=""`,
		`list rv="" limit=500 continue="x"`,
		`list rv="" limit=500 continue="x"`,
		`list rv="" limit=500 continue="y"`,
		"replace 5 [a b c]", `watch rv="5"`)
}

func TestExpiredTokenBeginsAnewWithoutTheOldPages(t *testing.T) {
	s := &script{}
	s.lists = append(s.lists, page("5", "x", "old"), listError(errExpired), page("6", "", "new"))
	s.run(t,
		`list rv="0" limit=500 continue=""`, `list rv="" limit=500 continue="x"`,
		`list rv="" limit=500 continue=""`, "replace 6 [new]", `watch rv="6"`)
}

// 410 in the stream or at connect: exactly one list, not older than what was seen.
func TestExpiredWatchListsOnce(t *testing.T) {
	for name, second := range map[string]func(*script) func(context.Context) (Stream[string], error){
		"at connect": func(*script) func(context.Context) (Stream[string], error) { return refuses(errExpired) },
		"in stream":  func(s *script) func(context.Context) (Stream[string], error) { return s.sends(Lost(errExpired)) },
	} {
		t.Run(name, func(t *testing.T) {
			s := &script{}
			s.lists = append(s.lists, page("5", "", "a"), page("20", "", "a"))
			s.watches = append(s.watches, s.sends(io.EOF, event(watch.Added, "b", "6")), second(s))
			s.run(t,
				`list rv="0" limit=500 continue=""`, "replace 5 [a]",
				`watch rv="5"`, "ADDED b",
				`watch rv="6"`,
				`list rv="6" limit=0 continue=""`, "replace 20 [a]",
				`watch rv="20"`)
		})
	}
}

func TestVersionTooLargeListsTheNewest(t *testing.T) {
	s := &script{}
	s.lists = append(s.lists, page("50", ""), listError(errTooLarge), page("3", "", "a"))
	s.watches = append(s.watches, s.sends(Lost(errBroken), event(watch.Bookmark, "", "51")))
	s.run(t,
		`list rv="0" limit=500 continue=""`, "replace 50 []", `watch rv="50"`, "BOOKMARK 51",
		`list rv="51" limit=0 continue=""`,
		`list rv="" limit=500 continue=""`, "replace 3 [a]", `watch rv="3"`)
}

// R6, R7: what the sink cannot take is listed again, and the version does not move past it.
func TestEventThatIsNotTakenListsAgain(t *testing.T) {
	s := &script{refuse: map[string]error{"bad": errors.New("no key")}}
	s.lists = append(s.lists, page("5", ""), page("7", "", "bad"))
	s.watches = append(s.watches, s.sends(nil, event(watch.Added, "good", "6"), event(watch.Added, "bad", "7")))
	errs := s.run(t,
		`list rv="0" limit=500 continue=""`, "replace 5 []", `watch rv="5"`, "ADDED good", "ADDED bad",
		`list rv="6" limit=0 continue=""`, "replace 7 [bad]", `watch rv="7"`)
	if len(errs) != 1 || !errors.Is(errs[0], ErrLost) {
		t.Errorf("reported %v, want a lost change", errs)
	}
}

func TestListThatIsNotTakenIsListedAgain(t *testing.T) {
	s := &script{refuse: map[string]error{"list": errors.New("no")}}
	s.lists = append(s.lists, page("5", "", "a"), page("6", "", "a"))
	s.run(t,
		`list rv="0" limit=500 continue=""`, "replace 5 [a]",
		`list rv="0" limit=500 continue=""`, "replace 6 [a]", `watch rv="6"`)
}

func TestVeryShortWatchBacksOff(t *testing.T) {
	s := &script{}
	s.lists = append(s.lists, page("5", ""))
	for range 3 {
		s.watches = append(s.watches, func(context.Context) (Stream[string], error) {
			s.open++
			return &stream{script: s, err: io.EOF}, nil
		})
	}
	errs := s.run(t, `list rv="0" limit=500 continue=""`, "replace 5 []",
		`watch rv="5"`, `watch rv="5"`, `watch rv="5"`, `watch rv="5"`)
	for _, err := range errs {
		if !errors.Is(err, ErrShortWatch) {
			t.Errorf("reported %v, want ErrShortWatch", err)
		}
	}
	for i, least := range []time.Duration{800 * time.Millisecond, 1600 * time.Millisecond, 3200 * time.Millisecond} {
		if got := s.times[3+i].Sub(s.times[2+i]); got < least || got > 2*least {
			t.Errorf("wait %d = %v, want between %v and twice that", i, got, least)
		}
	}
}

// R5: no retry edge is without a wait, and none waits longer than the cap and its jitter.
func TestEveryFailureIsFollowedByAWait(t *testing.T) {
	for name, fail := range map[string]error{"refused": errBroken, "expired": errExpired, "too many": apierrors.NewTooManyRequests("later", 1), "too large": errTooLarge} {
		t.Run(name, func(t *testing.T) {
			s := &script{}
			for range 100 {
				s.lists = append(s.lists, listError(fail))
			}
			synctest.Test(t, func(t *testing.T) {
				s.t = t
				ctx, cancel := context.WithTimeout(t.Context(), 10*time.Minute)
				defer cancel()
				New[string](s, s, Options{}).Run(ctx)
				for i := 1; i < len(s.times); i++ {
					if wait := s.times[i].Sub(s.times[i-1]); wait < 800*time.Millisecond || wait > time.Minute {
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

// R13: a server that neither sends anything nor ends the watch is given up.
func TestSilentServerIsLeftAtTheDeadline(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &script{t: t}
		s.lists = append(s.lists, page("5", ""))
		var errs []error
		ctx, cancel := context.WithTimeout(t.Context(), 11*time.Minute+20*time.Second)
		defer cancel()
		New[string](s, s, Options{OnError: func(_ context.Context, err error) { errs = append(errs, err) }}).Run(ctx)
		if len(errs) == 0 || !errors.Is(errs[0], errSilent) {
			t.Errorf("reported %v, want the silence", errs)
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
	if len(errs) != 1 || !errors.Is(errs[0], errNoAnswer) {
		t.Errorf("reported %v, want that there was no answer", errs)
	}
}

// R18: whatever the reflector waits for, the end of its context ends the wait.
func TestStopsAtOnceInEveryPhase(t *testing.T) {
	for name, prepare := range map[string]func(*script){
		"listing":     func(s *script) {},
		"backing off": func(s *script) { s.lists = append(s.lists, listError(errBroken)) },
		"connecting": func(s *script) {
			s.lists = append(s.lists, page("5", ""))
			s.watches = append(s.watches, func(ctx context.Context) (Stream[string], error) { <-ctx.Done(); return nil, ctx.Err() })
		},
		"watching": func(s *script) { s.lists = append(s.lists, page("5", "")) },
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

func TestRunOnceReturnsTheFirstErrorAndBeginsAnewWithAList(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &script{t: t}
		s.lists = append(s.lists, page("5", ""), page("6", ""))
		s.watches = append(s.watches, refuses(errBroken))
		r := New[string](s, s, Options{})
		if err := r.RunOnce(t.Context()); !errors.Is(err, errBroken) {
			t.Errorf("RunOnce = %v, want %v", err, errBroken)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if err := r.RunOnce(ctx); err != nil {
			t.Errorf("RunOnce that was cancelled = %v, want nil", err)
		}
		want := []string{`list rv="0" limit=500 continue=""`, "replace 5 []", `watch rv="5"`,
			`list rv="5" limit=0 continue=""`, "replace 6 []", `watch rv="6"`}
		if diff := cmp.Diff(want, s.calls); diff != "" {
			t.Errorf("calls (-want +got):\n%s", diff)
		}
	})
}

func TestPageSize(t *testing.T) {
	for _, c := range []struct {
		size int64
		at   string
		want int64
	}{{0, "0", 500}, {0, "", 500}, {0, "7", 0}, {20, "7", 20}, {-1, "0", 0}} {
		r := New[string](nil, nil, Options{PageSize: c.size})
		if got := r.limit(c.at); got != c.want {
			t.Errorf("page size %d, version %q: limit = %d, want %d", c.size, c.at, got, c.want)
		}
	}
}
