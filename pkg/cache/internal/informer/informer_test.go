package informer

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"runtime"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/apimachinery/pkg/watch"

	"github.com/kubewright/kubewright/pkg/cache/internal/fanout"
	"github.com/kubewright/kubewright/pkg/cache/internal/reflector"
	"github.com/kubewright/kubewright/pkg/cache/internal/store"
)

func TestChangesReachStoreAndHandlerInOrder(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r, l := started(t, Options[object]{})
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
		r, l := started(t, Options[object]{})
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
		r, l := started(t, Options[object]{})
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
		r, l := started(t, Options[object]{})
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
		r, l := started(t, Options[object]{})
		r.replace(t, "1", "a@1", "b@1", "a@2")
		l.check(t, "initial a@2", "initial b@1")
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

// C4, P7: handlers that join between two changes share their additions, and others do not.
func TestHandlersThatJoinInOneBatch(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		i := New(Options[object]{Key: key, Identity: identity})
		w := writer[object]{Informer: i}
		var logs [4]log
		joins := func(l *log) entry[object] {
			return entry[object]{join: fanout.NewRegistration(l.handle, fanout.Options{}, i.hooks)}
		}
		writes := func(o object) entry[object] {
			k, identity := o.split()
			return entry[object]{delta: delta[object]{change: written, key: k, object: o, version: identity.Version}}
		}
		w.work(t.Context(), []entry[object]{
			joins(&logs[0]), writes("a@1"), joins(&logs[1]), joins(&logs[2]), writes("a@2"), joins(&logs[3]),
		})
		logs[0].check(t, "add a@1", "update a@1 a@2")
		logs[1].check(t, "initial a@1", "update a@1 a@2")
		logs[2].check(t, "initial a@1", "update a@1 a@2")
		logs[3].check(t, "initial a@2")
		w.handlers.Stop()
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
	for _, queue := range []fanout.Queue{fanout.Unbounded(), fanout.Coalescing()} {
		synctest.Test(t, func(t *testing.T) {
			r, l := newRig(0), &log{}
			var self *fanout.Registration[object]
			var err error
			self, err = r.Join(func(n fanout.Notification[object]) {
				if n.New != "a@1" {
					t.Errorf("told of %v after it left", n)
				}
				r.Store().List()
				r.Stats()
				r.Quarantine()
				self.Backlog()
				r.Content(func(string, types.UID, string) {})
				if err := r.WaitVersion(t.Context(), "a", "1"); err != nil {
					t.Error(err)
				}
				if err := r.Store().AddIndexes(map[string]store.IndexFunc[object]{"key": func(o object) ([]string, error) {
					k, err := key(o)
					return []string{k}, err
				}}); err != nil {
					t.Error(err)
				}
				if objects, err := r.Store().ByIndex("key", "a"); err != nil || len(objects) != 1 {
					t.Errorf("ByIndex = %v, %v", objects, err)
				}
				if _, err := r.Join(l.handle, fanout.Options{}); err != nil {
					t.Error(err)
				}
				r.Leave(self)
				r.stop()
			}, fanout.Options{Queue: queue})
			if err != nil {
				t.Fatal(err)
			}
			r.start(t)
			r.replace(t, "1", "a@1")
			r.apply(t, watch.Added, "b@2")
			<-r.done
		})
	}
}

// A handler that calls t.FailNow, say, ends its registration, and nothing else.
func TestHandlerEndsItsGoroutine(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r, l := newRig(0), &log{}
		registration, err := r.Join(func(fanout.Notification[object]) { runtime.Goexit() }, fanout.Options{})
		if err != nil {
			t.Fatal(err)
		}
		join(t, r, l)
		r.start(t)
		r.replace(t, "1", "a@1")
		<-registration.Done()
		r.apply(t, watch.Added, "b@2")
		l.check(t, "initial a@1", "add b@2")
		if !errors.Is(registration.Err(), fanout.ErrGoexit) || len(r.errs) != 1 || r.Stats().Handlers.Handlers != 1 {
			t.Errorf("Err = %v, reported %v, stats %+v", registration.Err(), r.errs, r.Stats())
		}
		r.end()
	})
}

// Run has ended when the last handler has, also one that left while it ran.
func TestRunWaitsForHandlersThatLeft(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(0)
		release := make(chan struct{})
		registration, err := r.Join(func(fanout.Notification[object]) { <-release }, fanout.Options{})
		if err != nil {
			t.Fatal(err)
		}
		r.start(t)
		r.replace(t, "1", "a@1")
		synctest.Wait()
		r.Leave(registration)
		synctest.Wait()
		r.stop()
		synctest.Wait()
		select {
		case <-r.done:
			t.Error("Run has returned while a handler runs")
		default:
		}
		close(release)
		<-r.done
	})
}
