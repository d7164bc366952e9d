package reflector

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/apimachinery/pkg/watch"
)

// audited is a script whose sink keeps what it is given, "name" at the version of the event or of the list, and whose
// server can be asked what it has. Its watches send what is pending, and a bookmark every minute, and last as long as
// asked.
type audited struct {
	*script
	fails error         // of the audit's list
	takes time.Duration // the audit's list
	onAsk func()        // is called when an audit has read what the server has

	mu      sync.Mutex // guards what follows
	asked   int        // audits
	server  map[string]string
	listed  string          // the version of the server
	pending []Event[string] // to be sent by the watch
	breaks  error           // of the watch
	lags    bool            // the sink keeps its version to itself
	has     map[string]string
	version string
}

func (a *audited) Replace(list List[string]) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.has, a.version = map[string]string{}, list.Version
	for _, object := range list.Objects {
		a.has[object] = list.Version
	}
	return a.script.Replace(list)
}

func (a *audited) Apply(e Event[string]) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	switch {
	case e.Poison != nil, e.Type == watch.Bookmark:
	case e.Type == watch.Deleted:
		delete(a.has, e.Object)
	default:
		a.has[e.Object] = e.Version
	}
	a.version = e.Version
	return a.script.Apply(e)
}

func (a *audited) Version() string {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.lags {
		return ""
	}
	return a.version
}

func (a *audited) Content(each func(key string, uid types.UID, version string)) {
	a.mu.Lock()
	has := maps.Clone(a.has)
	a.mu.Unlock()
	for key, version := range has {
		each(key, types.UID(key), version)
	}
}

func (a *audited) Versions(ctx context.Context, each func(key string, uid types.UID, version string)) (string, error) {
	a.mu.Lock()
	a.asked++
	server, version := maps.Clone(a.server), a.listed
	a.mu.Unlock()
	if a.onAsk != nil {
		a.onAsk()
	}
	select {
	case <-time.After(a.takes):
	case <-ctx.Done():
		return "", ctx.Err()
	}
	for key, version := range server {
		each(key, types.UID(key), version)
	}
	return version, a.fails
}

// Watch opens a watch of what is pending.
func (a *audited) Watch(context.Context, metav1.ListOptions) (Stream[string], error) {
	return &auditedStream{a: a, ends: time.Now().Add(5 * time.Minute)}, nil
}

type auditedStream struct {
	a     *audited
	ends  time.Time
	ticks int
}

func (s *auditedStream) Next(ctx context.Context) (Event[string], error) {
	for time.Now().Before(s.ends) {
		if event, ok, err := s.next(); ok || err != nil {
			return event, err
		}
		select {
		case <-time.After(time.Second):
			s.ticks++
		case <-ctx.Done():
			return Event[string]{}, context.Cause(ctx)
		}
	}
	return Event[string]{}, io.EOF
}

func (s *auditedStream) next() (event Event[string], ok bool, err error) {
	s.a.mu.Lock()
	defer s.a.mu.Unlock()
	switch {
	case s.a.breaks != nil:
		return event, false, s.a.breaks
	case len(s.a.pending) > 0:
		event = s.a.pending[0]
		s.a.pending = s.a.pending[1:]
		return event, true, nil
	case s.ticks >= 60 && !s.a.lags:
		s.ticks = 0
		return bookmark(s.a.listed), true, nil
	}
	return event, false, nil
}

func (s *auditedStream) Stop() {}

// set changes what the server has.
func (a *audited) set(set func()) {
	a.mu.Lock()
	defer a.mu.Unlock()
	set()
}

// audit runs a reflector for a time with an audit about every hour, from half an hour on.
func (a *audited) audit(t *testing.T, d time.Duration) State {
	t.Helper()
	a.t = t
	ctx, cancel := context.WithTimeout(t.Context(), d)
	defer cancel()
	var mu sync.Mutex
	r := New[string](a, a, Options{
		Audit: Audit{Interval: time.Hour, Source: a, Content: a},
		OnError: func(_ context.Context, failure Failure) {
			mu.Lock()
			defer mu.Unlock()
			a.errs = append(a.errs, failure)
		},
	})
	r.Run(ctx)
	return r.State()
}

// R21, rows 26 and 27: changes that the server has lost on the way are found, reported, and repaired by a list of the
// newest version.
func TestAuditFindsWhatNoWatchCan(t *testing.T) {
	for name, c := range map[string]struct {
		first  []string // listed at version 5
		events []Event[string]
		server map[string]string
		want   []Difference
	}{
		"nothing":          {[]string{"a", "b"}, nil, map[string]string{"a": "5", "b": "5"}, nil},
		"lost addition":    {[]string{"a"}, nil, map[string]string{"a": "5", "b": "7"}, []Difference{{"b", "7", ""}}},
		"lost change":      {[]string{"a", "b"}, nil, map[string]string{"a": "5", "b": "7"}, []Difference{{"b", "7", "5"}}},
		"lost deletion":    {[]string{"a", "b"}, nil, map[string]string{"a": "5"}, []Difference{{"b", "", "5"}}},
		"everything":       {[]string{"a", "b", "c"}, []Event[string]{added("d", "6")}, map[string]string{"b": "8", "d": "6", "e": "7"}, []Difference{{"a", "", "5"}, {"b", "8", "5"}, {"c", "", "5"}, {"e", "7", ""}}},
		"what is poisoned": {[]string{"a", "!b"}, []Event[string]{event(watch.Modified, "!a", "7")}, map[string]string{"a": "7", "b": "5"}, nil},
		"poisoned before":  {[]string{"a", "!b"}, nil, map[string]string{"a": "5", "b": "8"}, []Difference{{"b", "8", ""}}},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				a := &audited{script: &script{}, server: c.server, listed: "9", pending: c.events}
				a.lists = append(a.lists, page("5", "", c.first...))
				a.lists = append(a.lists, func(options metav1.ListOptions, each func(Item[string]) error) (Page, error) {
					if options.ResourceVersion != "" {
						t.Errorf("repaired by a list at %q, want the newest version", options.ResourceVersion)
					}
					a.mu.Lock() // from now on all is of one version
					defer a.mu.Unlock()
					for key := range a.server {
						a.server[key] = "9"
						_ = each(Item[string]{Object: key})
					}
					return Page{Version: "9"}, nil
				})
				var asked time.Time
				a.onAsk = func() { asked = time.Now(); a.onAsk = nil }
				state := a.audit(t, 5*time.Hour)
				var found []Difference
				for _, failure := range a.errs {
					if failure.Stage != StageAudit {
						continue
					}
					var e *DifferenceError
					if !errors.As(failure, &e) || found != nil {
						t.Fatalf("reported %v", a.errs)
					}
					found = e.Differences
					if took := failure.Time.Sub(asked); took > 2*time.Minute {
						t.Errorf("compared after %v, want as soon as a bookmark tells that all has come", took)
					}
				}
				if diff := cmp.Diff(c.want, found); diff != "" {
					t.Errorf("differences (-want +got):\n%s", diff)
				}
				lists := 1
				if len(c.want) > 0 {
					lists = 2
				}
				if len(a.errs) > 2 { // what is poisoned is one
					t.Errorf("reported %v", a.errs)
				}
				if state.Differences != len(c.want) || state.Lists != lists || a.asked < 3 || a.asked > 9 {
					t.Errorf("%d differences, %d lists, %d audits", state.Differences, state.Lists, a.asked)
				}
			})
		})
	}
}

// What moves while an audit is under way is no difference, whether the audit has seen it or not.
func TestAuditAllowsForWhatMoves(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := &audited{script: &script{}, server: map[string]string{"a": "5", "b": "5", "c": "5"}, listed: "9"}
		a.lists = append(a.lists, page("5", "", "a", "b", "c"))
		a.takes = 2 * time.Minute
		round := 0
		a.onAsk = func() { // the answer has all as it was before
			a.set(func() {
				round += 10
				at := func(i int) string { return fmt.Sprint(round + i) }
				a.pending = append(a.pending, event(watch.Modified, "b", at(1)), added("fresh"+at(2), at(2)))
				a.server["b"], a.server["fresh"+at(2)], a.listed = at(1), at(2), at(3)
				if old := "fresh" + fmt.Sprint(round-8); a.server[old] != "" {
					delete(a.server, old)
					a.pending = append(a.pending, event(watch.Deleted, old, at(3)))
				}
			})
		}
		state := a.audit(t, 20*time.Hour)
		reported(t, a.errs)
		if state.Lists != 1 || state.Differences != 0 || a.asked < 10 {
			t.Errorf("%d lists, %d differences, %d audits", state.Lists, state.Differences, a.asked)
		}
	})
}

// If neither sink nor server tell how far they are, a watch that was open for some minutes must have brought it all.
func TestAuditWaitsUntilTheSinkHasCaughtUp(t *testing.T) {
	for name, c := range map[string]struct {
		late  time.Duration
		found int
	}{"in time": {2 * time.Minute, 0}, "never": {24 * time.Hour, 1}} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				a := &audited{script: &script{}, server: map[string]string{"a": "7"}, listed: "9", lags: true}
				a.lists = append(a.lists, page("5", "", "a"), page("7", "", "a"))
				a.onAsk = func() {
					time.AfterFunc(c.late, func() {
						a.set(func() { a.pending = append(a.pending, event(watch.Modified, "a", "7")) })
					})
					a.onAsk = nil
				}
				state := a.audit(t, 110*time.Minute)
				if state.Differences != c.found || a.asked == 0 || a.has["a"] != "7" || len(a.errs) != c.found {
					t.Errorf("%d differences, %d audits, the sink has %v, reported %v", state.Differences, a.asked, a.has, a.errs)
				}
			})
		})
	}
}

// A list repairs what an audit could find, so the audit ends; and while there is no watch there is none.
func TestAuditEndsWithTheWatch(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := &audited{script: &script{}, server: map[string]string{"b": "7"}, listed: "9", takes: time.Minute}
		a.lists = append(a.lists, page("5", "", "a"))
		a.onAsk = func() { a.set(func() { a.breaks = Lost(errBroken) }) }
		for range 1000 {
			a.lists = append(a.lists, listError(errBroken))
		}
		a.audit(t, 5*time.Hour)
		if a.asked != 1 {
			t.Errorf("%d audits, want one", a.asked)
		}
		for _, failure := range a.errs {
			if failure.Stage == StageAudit {
				t.Errorf("reported %v", failure)
			}
		}
	})
}

func TestAuditThatFailsIsReported(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := &audited{script: &script{}, fails: errBroken}
		a.lists = append(a.lists, page("5", "", "a"))
		state := a.audit(t, 100*time.Minute)
		if len(a.errs) != a.asked || a.asked == 0 || a.errs[0].Stage != StageAudit || !errors.Is(a.errs[0], errBroken) || a.errs[0].Attempt != 0 {
			t.Errorf("%d audits, reported %v", a.asked, a.errs)
		}
		if state.Lists != 1 {
			t.Errorf("%d lists", state.Lists)
		}
	})
}

func TestDifferenceErrorNamesTheFirst(t *testing.T) {
	err := &DifferenceError{Total: 7}
	for i := range 7 {
		err.Differences = append(err.Differences, Difference{Key: fmt.Sprint("ns/", i), Server: "7"})
	}
	const want = `7 objects are not what the server has: ns/0 is "", not "7", ns/1 is "", not "7", ns/2 is "", not "7", ns/3 is "", not "7", ns/4 is "", not "7", ...`
	if err.Error() != want {
		t.Errorf("error = %q", err)
	}
}

func TestMetadataListerReadsAllPages(t *testing.T) {
	var asked []string
	pages := map[string]*metav1.PartialObjectMetadataList{
		"":  {ListMeta: metav1.ListMeta{ResourceVersion: "9", Continue: "x"}},
		"x": {ListMeta: metav1.ListMeta{ResourceVersion: "9"}},
	}
	for token, names := range map[string][]string{"": {"a", "b"}, "x": {"c"}} {
		for _, name := range names {
			pages[token].Items = append(pages[token].Items, metav1.PartialObjectMetadata{ObjectMeta: metav1.ObjectMeta{
				Namespace: "ns", Name: name, UID: types.UID(name), ResourceVersion: "7"}})
		}
	}
	list := MetadataLister(func(_ context.Context, options metav1.ListOptions) (*metav1.PartialObjectMetadataList, error) {
		asked = append(asked, fmt.Sprintf("%q %d %q", options.ResourceVersion, options.Limit, options.Continue))
		if pages[options.Continue] == nil {
			return nil, errExpired
		}
		return pages[options.Continue], nil
	})
	var got []string
	version, err := list.Versions(t.Context(), func(key string, uid types.UID, version string) {
		got = append(got, fmt.Sprint(key, " ", uid, " ", version))
	})
	if version != "9" || err != nil {
		t.Errorf("version %q, error %v", version, err)
	}
	if diff := cmp.Diff([]string{"ns/a a 7", "ns/b b 7", "ns/c c 7"}, got); diff != "" {
		t.Errorf("objects (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{`"" 500 ""`, `"" 500 "x"`}, asked); diff != "" {
		t.Errorf("requests (-want +got):\n%s", diff)
	}

	each := func(string, types.UID, string) {}
	pages["x"].ResourceVersion = "10"
	if _, err := list.Versions(t.Context(), each); !errors.Is(err, errPaging) {
		t.Errorf("pages of two snapshots: error = %v", err)
	}
	delete(pages, "x")
	if _, err := list.Versions(t.Context(), each); err == nil || err.Error() != "page 2: "+errExpired.Error() {
		t.Errorf("expired page: error = %v", err)
	}
}
