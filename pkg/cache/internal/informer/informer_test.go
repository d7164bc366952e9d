package informer

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"
	"k8s.io/apimachinery/pkg/watch"

	"github.com/kubewright/kubewright/pkg/cache/internal/fanout"
	"github.com/kubewright/kubewright/pkg/cache/internal/reflector"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// object has a key and a revision, written "key@revision".
type object string

func key(o object) (string, error) {
	k, _, found := strings.Cut(string(o), "@")
	if !found {
		return "", fmt.Errorf("%q has no key", o)
	}
	return k, nil
}

// rig is an informer whose test is its reflector.
type rig struct {
	*Informer[object]
	sink reflector.Sink[object]
	stop context.CancelFunc
	done chan struct{}
}

func newRig(resync time.Duration) *rig {
	return &rig{Informer: New(Options[object]{Key: key, Resync: resync})}
}

// start runs the informer; it must be stopped.
func (r *rig) start(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	r.stop, r.done = cancel, make(chan struct{})
	ready := make(chan struct{})
	go func() {
		defer close(r.done)
		err := r.Run(ctx, func(ctx context.Context, sink reflector.Sink[object]) {
			r.sink = sink
			close(ready)
			<-ctx.Done()
		})
		if err != nil {
			t.Error(err)
		}
	}()
	<-ready
}

func (r *rig) end() {
	r.stop()
	<-r.done
}

func (r *rig) apply(t *testing.T, kind watch.EventType, o object) {
	t.Helper()
	_, version, _ := strings.Cut(string(o), "@")
	if err := r.sink.Apply(reflector.Event[object]{Type: kind, Object: o, Version: version}); err != nil {
		t.Error(err)
	}
}

func (r *rig) replace(t *testing.T, version string, objects ...object) {
	t.Helper()
	if err := r.sink.Replace(reflector.List[object]{Objects: objects, Version: version}); err != nil {
		t.Error(err)
	}
}

// log is a handler that remembers what it was told.
type log struct {
	mu    sync.Mutex // guards lines
	lines []string
}

func (l *log) handle(n fanout.Notification[object]) {
	l.mu.Lock()
	defer l.mu.Unlock()
	switch n.Kind {
	case fanout.Add:
		l.lines = append(l.lines, "add "+string(n.New))
	case fanout.InitialAdd:
		l.lines = append(l.lines, "initial "+string(n.New))
	case fanout.Update:
		l.lines = append(l.lines, "update "+string(n.Old)+" "+string(n.New))
	case fanout.Delete:
		l.lines = append(l.lines, "delete "+string(n.Old))
	case fanout.DeleteUnknown:
		l.lines = append(l.lines, "unknown "+n.Key+" "+string(n.Old))
	}
}

func (l *log) take() []string {
	synctest.Wait()
	l.mu.Lock()
	defer l.mu.Unlock()
	lines := l.lines
	l.lines = nil
	return lines
}

func (l *log) check(t *testing.T, want ...string) {
	t.Helper()
	if diff := cmp.Diff(want, l.take()); diff != "" {
		t.Errorf("handler was told (-want +got):\n%s", diff)
	}
}

func join(t *testing.T, r *rig, l *log) *fanout.Registration[object] {
	t.Helper()
	registration, err := r.Join(l.handle, fanout.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return registration
}

func TestChangesReachStoreAndHandlerInOrder(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r, l := newRig(0), &log{}
		join(t, r, l)
		r.start(t)
		r.replace(t, "1", "a@1")
		r.apply(t, watch.Added, "b@2")
		r.apply(t, watch.Modified, "a@3")
		r.apply(t, watch.Deleted, "b@4")
		l.check(t, "initial a@1", "add b@2", "update a@1 a@3", "delete b@4")
		if got := r.Store().List(); !slices.Equal(got, []object{"a@3"}) || r.Store().Version() != "4" {
			t.Errorf("store = %v at %q", got, r.Store().Version())
		}
		if err := r.sink.Apply(reflector.Event[object]{Type: watch.Bookmark, Version: "9"}); err != nil {
			t.Error(err)
		}
		l.check(t)
		if got := r.Store().Version(); got != "9" {
			t.Errorf("version after a bookmark = %q, want 9", got)
		}
		r.end()
	})
}

func TestWhatTheStoreDecidesNotTheEvent(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r, l := newRig(0), &log{}
		join(t, r, l)
		r.start(t)
		r.replace(t, "1", "a@1")
		r.apply(t, watch.Added, "a@2")    // already there
		r.apply(t, watch.Modified, "b@3") // not there yet
		r.apply(t, watch.Deleted, "c@4")  // never there
		l.check(t, "initial a@1", "update a@1 a@2", "add b@3")
		r.end()
	})
}

// P1, P2: a list that comes while changes wait is compared with the store as it is after them.
func TestReplaceSeesQueueAndStore(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r, l := newRig(0), &log{}
		join(t, r, l)
		r.start(t)
		r.replace(t, "1", "stays@1", "deleted@1", "gone@1")
		l.take()
		// All of this is queued before the writer sees any of it.
		r.apply(t, watch.Deleted, "deleted@2")
		r.apply(t, watch.Added, "queued@3")
		r.replace(t, "4", "stays@1", "deleted@4")
		told := l.take()
		slices.Sort(told[4:]) // the order of tombstones is not defined
		want := []string{"delete deleted@2", "add queued@3", "update stays@1 stays@1", "add deleted@4",
			"unknown gone gone@1", "unknown queued queued@3"}
		if diff := cmp.Diff(want, told); diff != "" {
			t.Errorf("handler was told (-want +got):\n%s", diff)
		}
		r.end()
	})
}

func TestTombstonesAreToldOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r, l := newRig(0), &log{}
		join(t, r, l)
		r.start(t)
		r.replace(t, "1", "a@1")
		r.replace(t, "2")
		r.replace(t, "3")
		r.apply(t, watch.Deleted, "a@4")
		l.check(t, "initial a@1", "unknown a a@1")
		r.end()
	})
}

func TestListWithTheSameKeyTwice(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r, l := newRig(0), &log{}
		join(t, r, l)
		r.start(t)
		r.replace(t, "1", "a@1", "b@1", "a@2")
		l.check(t, "initial b@1", "initial a@2")
		r.end()
	})
}

// C7: synced means that the first list is in the store; a handler is synced when it has seen it.
func TestSyncedAfterTheFirstList(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(0)
		release := make(chan struct{})
		registration, err := r.Join(func(fanout.Notification[object]) { <-release }, fanout.Options{})
		if err != nil {
			t.Fatal(err)
		}
		r.start(t)
		synctest.Wait()
		select {
		case <-r.Synced():
			t.Error("synced before the first list")
		default:
		}
		r.replace(t, "1", "a@1")
		<-r.Synced()
		synctest.Wait()
		select {
		case <-registration.Synced():
			t.Error("the handler is synced while it handles its first object")
		default:
		}
		close(release)
		<-registration.Synced()
		r.end()
	})
}

func TestObjectWithoutKeyIsRefused(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(0)
		r.start(t)
		for _, err := range []error{
			r.sink.Replace(reflector.List[object]{Objects: []object{"a@1", "broken"}, Version: "1"}),
			r.sink.Apply(reflector.Event[object]{Type: watch.Added, Object: "broken"}),
			r.sink.Apply(reflector.Event[object]{Type: "MOVED", Object: "a@1"}),
		} {
			if err == nil {
				t.Error("the sink took what it cannot store")
			}
		}
		r.end()
	})
}

// C4, P7: a handler that joins in the middle of a burst sees each object once and then every change.
func TestHandlersThatJoinDuringABurstMissNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(0)
		r.start(t)
		r.replace(t, "0")
		random := rand.New(rand.NewPCG(1, 2))
		var logs []*log
		for i := range 2000 {
			r.apply(t, watch.Modified, object(fmt.Sprintf("%d@%d", random.IntN(20), i)))
			if i%100 == 50 {
				l := &log{}
				join(t, r, l)
				logs = append(logs, l)
			}
			if i%37 == 0 {
				synctest.Wait()
			}
		}
		for i, l := range logs {
			last := map[string]string{}
			for _, line := range l.take() {
				words := strings.Fields(line)
				current := words[len(words)-1]
				k, _ := key(object(current))
				switch before, known := last[k]; {
				case words[0] == "update" && (!known || before != words[1]):
					t.Errorf("handler %d: %q after %q", i, line, before)
				case words[0] != "update" && known:
					t.Errorf("handler %d: %q but it knew %q", i, line, before)
				}
				last[k] = current
			}
			for _, o := range r.Store().List() {
				k, _ := key(o)
				if last[k] != string(o) {
					t.Errorf("handler %d: last of %s is %q, the store has %q", i, k, last[k], o)
				}
			}
		}
		r.end()
	})
}

// C8: Leave does not wait; Done does, and after it the handler is not called.
func TestLeaveDuringABurst(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r, stays := newRig(0), &log{}
		join(t, r, stays)
		left := false
		registration, err := r.Join(func(fanout.Notification[object]) {
			if left {
				t.Error("called after Done")
			}
			time.Sleep(time.Millisecond)
		}, fanout.Options{})
		if err != nil {
			t.Fatal(err)
		}
		r.start(t)
		r.replace(t, "0")
		for i := range 500 {
			r.apply(t, watch.Modified, object(fmt.Sprintf("a@%d", i)))
			if i == 250 {
				time.Sleep(10 * time.Millisecond)
				r.Leave(registration)
				r.Leave(registration)
				<-registration.Done()
				left = true
			}
		}
		if got := len(stays.take()); got != 500 {
			t.Errorf("the other handler was told of %d changes, want 500", got)
		}
		r.end()
	})
}

// C6: a resync tells those who asked, of the objects in the store, and asks nobody.
func TestResync(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(time.Minute)
		var often, late, never log
		if _, err := r.Join(often.handle, fanout.Options{Resync: 20 * time.Second}); err != nil {
			t.Fatal(err)
		}
		if _, err := r.Join(never.handle, fanout.Options{}); err != nil {
			t.Fatal(err)
		}
		r.start(t)
		r.replace(t, "1", "a@1")
		often.check(t, "initial a@1")
		never.check(t, "initial a@1")
		// A handler that comes late is looked at every 20 s as well: 30 s become 40.
		if _, err := r.Join(late.handle, fanout.Options{Resync: 30 * time.Second}); err != nil {
			t.Fatal(err)
		}
		late.check(t, "initial a@1")
		time.Sleep(time.Minute + time.Second)
		often.check(t, "update a@1 a@1", "update a@1 a@1", "update a@1 a@1")
		late.check(t, "update a@1 a@1")
		never.check(t)
		r.end()
	})
}

func TestNoResyncUnlessTheInformerDoesAny(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r, l := newRig(0), &log{}
		if _, err := r.Join(l.handle, fanout.Options{Resync: time.Second}); err != nil {
			t.Fatal(err)
		}
		r.start(t)
		r.replace(t, "1", "a@1")
		time.Sleep(time.Hour)
		l.check(t, "initial a@1")
		r.end()
	})
}

func TestResyncCheckIsAtMostEverySecond(t *testing.T) {
	for _, c := range []struct{ informer, handler, want time.Duration }{
		{0, time.Second, 0},
		{time.Minute, 0, time.Minute},
		{time.Minute, 10 * time.Second, 10 * time.Second},
		{time.Minute, time.Millisecond, time.Second},
		{time.Second, time.Hour, time.Second},
	} {
		i := New(Options[object]{Key: key, Resync: c.informer})
		i.fastestResync = c.handler
		if got := i.resyncCheck(); got != c.want {
			t.Errorf("informer %v, handler %v: check every %v, want %v", c.informer, c.handler, got, c.want)
		}
	}
}

func TestStoppedInformerTakesNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r, l := newRig(0), &log{}
		registration := join(t, r, l)
		r.start(t)
		r.end()
		if !r.Stopped() {
			t.Error("not stopped")
		}
		if _, err := r.Join(l.handle, fanout.Options{}); !errors.Is(err, ErrStopped) {
			t.Errorf("Join = %v, want ErrStopped", err)
		}
		if err := r.sink.Replace(reflector.List[object]{Version: "1"}); !errors.Is(err, ErrStopped) {
			t.Errorf("Replace = %v, want ErrStopped", err)
		}
		r.Leave(registration)
		<-registration.Done()
		if err := r.Run(t.Context(), nil); !errors.Is(err, ErrStarted) {
			t.Errorf("second Run = %v, want ErrStarted", err)
		}
	})
}

func TestHandlerThatLeavesAnInformerThatNeverRan(t *testing.T) {
	r, l := newRig(0), &log{}
	registration := join(t, r, l)
	r.Leave(registration)
	<-registration.Done()
}

// Handlers may do with the informer what they like (fault matrix, row 36).
func TestHandlerUsesTheInformer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r, l := newRig(0), &log{}
		var self *fanout.Registration[object]
		var err error
		self, err = r.Join(func(n fanout.Notification[object]) {
			if n.New != "a@1" {
				t.Errorf("told of %v after it left", n)
			}
			r.Store().List()
			if _, err := r.Join(l.handle, fanout.Options{}); err != nil {
				t.Error(err)
			}
			r.Leave(self)
			r.stop()
		}, fanout.Options{})
		if err != nil {
			t.Fatal(err)
		}
		r.start(t)
		r.replace(t, "1", "a@1")
		r.apply(t, watch.Added, "b@2")
		<-r.done
	})
}
