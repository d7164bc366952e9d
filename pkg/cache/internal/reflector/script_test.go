package reflector

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/watch"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// Objects of tests are strings: a name or, for one of several states of an object, name=state.
func keyOf(object string) Key {
	name, _, _ := strings.Cut(object, "=")
	return Key{Name: name}
}

type (
	lister  = func(options metav1.ListOptions, each func(Item[string]) error) (Page, error)
	watcher = func(ctx context.Context) (Stream[string], error)
)

// script is a source and a sink that answers from a list of steps and records all calls, in order. When the steps are
// used up, lists wait for their context, and watches are open and silent.
type script struct {
	t       *testing.T
	streams bool // lists are streamed
	lists   []lister
	watches []watcher        // plain ones and streamed lists
	refuse  map[string]error // sink errors by object, each once
	options Options
	as      sourceAndSink // stands before the script, if it is set

	calls []string
	times []time.Time
	errs  []Failure
	asked time.Duration // how long the last watch was to last
	open  int           // streams not stopped
}

type sourceAndSink interface {
	Source[string]
	Sink[string]
}

func (s *script) record(format string, args ...any) {
	s.calls = append(s.calls, fmt.Sprintf(format, args...))
	s.times = append(s.times, time.Now())
}

func (s *script) StreamsLists() bool { return s.streams }

func (s *script) Key(object string) Key { return keyOf(object) }

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
	verb := "watch"
	if options.SendInitialEvents != nil {
		verb = "stream"
		if !*options.SendInitialEvents || options.ResourceVersionMatch != metav1.ResourceVersionMatchNotOlderThan {
			s.t.Errorf("options of a streamed list = %+v", options)
		}
	} else if options.ResourceVersionMatch != "" {
		s.t.Errorf("options of a watch = %+v", options)
	}
	s.record("%s rv=%q", verb, options.ResourceVersion)
	if !options.AllowWatchBookmarks || *options.TimeoutSeconds < 300 || *options.TimeoutSeconds >= 600 {
		s.t.Errorf("watch options = %+v, want bookmarks and a timeout of 5 to 10 minutes", options)
	}
	s.asked = time.Duration(*options.TimeoutSeconds) * time.Second
	if len(s.watches) == 0 {
		s.open++
		return &stream{script: s}, nil
	}
	next := s.watches[0]
	s.watches = s.watches[1:]
	return next(ctx)
}

func (s *script) Apply(e Event[string]) error {
	what := e.Object
	switch {
	case e.Type == watch.Bookmark:
		what = e.Version
	case e.Poison != nil:
		what = "poison " + e.Poison.Name
	}
	s.record("%s %s", e.Type, what)
	err := s.refuse[e.Object]
	delete(s.refuse, e.Object)
	return err
}

func (s *script) Replace(list List[string]) error {
	objects := list.Objects
	for _, p := range list.Poisoned {
		objects = append(objects, "poison "+p.Name)
	}
	s.record("replace %s [%s]", list.Version, strings.Join(objects, " "))
	err := s.refuse["list"]
	delete(s.refuse, "list")
	return err
}

// stream sends events, each after a pause, and then, after it lasted, an error; without an error it stays silent.
type stream struct {
	script  *script
	pause   time.Duration
	lasts   time.Duration
	events  []Event[string]
	err     error
	stopped bool
}

func (s *stream) Next(ctx context.Context) (Event[string], error) {
	if len(s.events) > 0 {
		e := s.events[0]
		s.events = s.events[1:]
		return e, s.wait(ctx, s.pause)
	}
	if s.err == nil {
		<-ctx.Done()
		return Event[string]{}, context.Cause(ctx)
	}
	if err := s.wait(ctx, s.lasts); err != nil {
		return Event[string]{}, err
	}
	return Event[string]{}, s.err
}

func (s *stream) wait(ctx context.Context, d time.Duration) error {
	if d == 0 {
		return nil
	}
	select {
	case <-time.After(d):
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

func (s *stream) Stop() {
	if !s.stopped {
		s.stopped = true
		s.script.open--
	}
}

// page is a page of objects, of which those that begin with ! are poisoned.
func page(version, token string, objects ...string) lister {
	return func(_ metav1.ListOptions, each func(Item[string]) error) (Page, error) {
		for _, o := range objects {
			if err := each(itemOf(o, version)); err != nil {
				return Page{}, err
			}
		}
		return Page{Version: version, Continue: token}, nil
	}
}

func itemOf(object, version string) Item[string] {
	if name, poisoned := strings.CutPrefix(object, "!"); poisoned {
		return Item[string]{Poison: &Poison{Name: name, Version: version, Err: errBroken}}
	}
	return Item[string]{Object: object}
}

func listError(err error, objects ...string) lister {
	return func(_ metav1.ListOptions, each func(Item[string]) error) (Page, error) {
		for _, o := range objects {
			_ = each(itemOf(o, "1"))
		}
		return Page{}, err
	}
}

// sends is a watch of these events that ends with err after a minute.
func (s *script) sends(err error, events ...Event[string]) watcher {
	return s.sendsFor(time.Minute, err, events...)
}

// sendsFor is a watch of these events that ends with err after a time.
func (s *script) sendsFor(lasts time.Duration, err error, events ...Event[string]) watcher {
	return func(context.Context) (Stream[string], error) {
		s.open++
		return &stream{script: s, lasts: lasts, events: events, err: err}, nil
	}
}

func refuses(err error) watcher {
	return func(context.Context) (Stream[string], error) { return nil, err }
}

func event(kind watch.EventType, object, version string) Event[string] {
	item := itemOf(object, version)
	return Event[string]{Type: kind, Object: item.Object, Poison: item.Poison, Version: version}
}

func added(object, version string) Event[string] { return event(watch.Added, object, version) }

func bookmark(version string) Event[string] { return event(watch.Bookmark, "", version) }

// end is the bookmark at the end of a streamed list.
func end(version string) Event[string] {
	e := bookmark(version)
	e.InitialEnd = true
	return e
}

// reflector is one that works on the script.
func (s *script) reflector() *Reflector[string] {
	options := s.options
	options.OnError = func(_ context.Context, failure Failure) { s.errs = append(s.errs, failure) }
	as := s.as
	if as == nil {
		as = s
	}
	return New[string](as, as, options)
}

// runFor lets a reflector work on the script for some fake time.
func (s *script) runFor(t *testing.T, d time.Duration) *Reflector[string] {
	t.Helper()
	s.t = t
	ctx, cancel := context.WithTimeout(t.Context(), d)
	defer cancel()
	r := s.reflector()
	r.Run(ctx)
	if got := r.State().Phase; got != Stopped {
		t.Errorf("phase after Run = %v", got)
	}
	if s.open != 0 {
		t.Errorf("%d streams were not stopped", s.open)
	}
	return r
}

// run lets a reflector work on the script for four minutes of fake time and compares the calls with want. It returns
// what was reported.
func (s *script) run(t *testing.T, want ...string) []Failure {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		s.runFor(t, 4*time.Minute)
		s.called(t, want...)
	})
	return s.errs
}

func (s *script) called(t *testing.T, want ...string) {
	t.Helper()
	if diff := cmp.Diff(want, s.calls); diff != "" {
		t.Errorf("calls (-want +got):\n%s", diff)
	}
}

// reported checks stages and errors of what was reported.
func reported(t *testing.T, got []Failure, want ...Failure) {
	t.Helper()
	if len(got) != len(want) {
		t.Errorf("reported %d failures, want %d; the first are %v", len(got), len(want), got[:min(5, len(got))])
		return
	}
	for i, w := range want {
		if got[i].Stage != w.Stage || !errors.Is(got[i], w.Err) {
			t.Errorf("failure %d is %q, want %q", i, got[i], w)
		}
	}
}
