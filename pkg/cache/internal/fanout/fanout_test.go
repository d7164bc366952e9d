package fanout

import (
	"fmt"
	"maps"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"
	utilruntime "k8s.io/apimachinery/pkg/util/runtime"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// recorder is a handler that remembers what it was told.
type recorder struct {
	mu   sync.Mutex // guards told
	told []string
}

func (r *recorder) handle(n Notification[int]) {
	r.mu.Lock()
	defer r.mu.Unlock()
	names := map[Kind]string{Add: "add", InitialAdd: "initial", Update: "update", Delete: "delete", DeleteUnknown: "unknown"}
	r.told = append(r.told, fmt.Sprintf("%s %s %d>%d", names[n.Kind], n.Key, n.Old, n.New))
}

func (r *recorder) check(t *testing.T, want ...string) {
	t.Helper()
	synctest.Wait()
	r.mu.Lock()
	defer r.mu.Unlock()
	if diff := cmp.Diff(want, r.told); diff != "" {
		t.Errorf("handler was told (-want +got):\n%s", diff)
	}
}

func objects(pairs ...int) func(func(string, int) bool) {
	m := map[string]int{}
	for _, p := range pairs {
		m[fmt.Sprint(p)] = p
	}
	return maps.All(m)
}

func isClosed(c <-chan struct{}) bool {
	select {
	case <-c:
		return true
	default:
		return false
	}
}

func adds(from, to int) (notifications []Notification[int]) {
	for i := from; i < to; i++ {
		notifications = append(notifications, Notification[int]{Kind: Add, Key: "k", New: i})
	}
	return notifications
}

func TestHandlerIsToldInOrder(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var f Fanout[int]
		var h recorder
		f.Join(t.Context(), NewRegistration(h.handle, Options{}), time.Now(), objects())
		f.Distribute([]Notification[int]{{Kind: Add, Key: "a", New: 1}, {Kind: Update, Key: "a", Old: 1, New: 2}})
		f.Distribute([]Notification[int]{{Kind: Delete, Key: "a", Old: 2}, {Kind: DeleteUnknown, Key: "b", Old: 9}})
		h.check(t, "add a 0>1", "update a 1>2", "delete a 2>0", "unknown b 9>0")
		f.Stop()
	})
}

func TestLateHandlerGetsInitialAdditionsThenEachChangeOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var f Fanout[int]
		f.Synced()
		f.Distribute(adds(0, 3))
		var h recorder
		r := NewRegistration(h.handle, Options{})
		f.Join(t.Context(), r, time.Now(), objects(7))
		f.Distribute(adds(8, 9))
		h.check(t, "initial 7 0>7", "add k 0>8")
		if !isClosed(r.Synced()) {
			t.Error("registration is not synced")
		}
		f.Stop()
	})
}

func TestRegistrationIsSyncedOnlyAfterItsInitialAdditions(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var f Fanout[int]
		release := make(chan struct{})
		r := NewRegistration(func(Notification[int]) { <-release }, Options{})
		f.Join(t.Context(), r, time.Now(), objects())
		f.Distribute([]Notification[int]{{Kind: InitialAdd, Key: "a"}})
		f.Synced()
		f.Synced()
		synctest.Wait()
		if isClosed(r.Synced()) {
			t.Error("synced while the handler is in its initial addition")
		}
		close(release)
		<-r.Synced()
		f.Stop()
	})
}

func TestBlockedHandlerDoesNotHoldUpOthers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var f Fanout[int]
		var h recorder
		release := make(chan struct{})
		blocked := NewRegistration(func(Notification[int]) { <-release }, Options{})
		f.Join(t.Context(), blocked, time.Now(), objects())
		f.Join(t.Context(), NewRegistration(h.handle, Options{}), time.Now(), objects())
		f.Distribute(adds(0, 1))
		synctest.Wait()
		f.Distribute(adds(1, 3))
		h.check(t, "add k 0>0", "add k 0>1", "add k 0>2")
		if got := blocked.Backlog(); got != 2 {
			t.Errorf("backlog = %d, want 2", got)
		}
		close(release)
		f.Stop()
	})
}

func TestStopDropsWhatIsQueuedAndWaitsForTheRunningCall(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var f Fanout[int]
		release := make(chan struct{})
		calls := 0
		r := NewRegistration(func(Notification[int]) { calls++; <-release }, Options{})
		f.Join(t.Context(), r, time.Now(), objects(1, 2, 3))
		synctest.Wait()
		r.Stop()
		r.Stop()
		f.Leave(r)
		f.Distribute(adds(0, 5))
		synctest.Wait()
		if isClosed(r.Done()) {
			t.Error("done while the handler runs")
		}
		close(release)
		<-r.Done()
		if calls != 1 {
			t.Errorf("handler was called %d times, want once", calls)
		}
	})
}

func TestHandlerMayStopItself(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var f Fanout[int]
		var r *Registration[int]
		calls := 0
		r = NewRegistration(func(Notification[int]) { calls++; r.Stop() }, Options{})
		f.Join(t.Context(), r, time.Now(), objects(1, 2, 3))
		<-r.Done()
		if calls != 1 {
			t.Errorf("handler was called %d times after it stopped itself, want once", calls)
		}
	})
}

func TestRegistrationStoppedBeforeJoinNeverRuns(t *testing.T) {
	var f Fanout[int]
	r := NewRegistration(func(Notification[int]) { t.Error("handler was called") }, Options{})
	r.Stop()
	<-r.Done()
	f.Join(t.Context(), r, time.Now(), objects(1))
	f.Distribute(adds(0, 1))
	f.Stop()
}

func TestResyncTellsOnlyThoseWhosePeriodIsOver(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var f Fanout[int]
		var often, seldom, never recorder
		f.Join(t.Context(), NewRegistration(often.handle, Options{Resync: time.Minute}), time.Now(), objects())
		f.Join(t.Context(), NewRegistration(seldom.handle, Options{Resync: 2 * time.Minute}), time.Now(), objects())
		f.Join(t.Context(), NewRegistration(never.handle, Options{}), time.Now(), objects())
		f.Resync(time.Now(), objects(1))
		often.check(t)
		for range 2 {
			time.Sleep(time.Minute)
			f.Resync(time.Now(), objects(1))
			synctest.Wait()
		}
		often.check(t, "update 1 1>1", "update 1 1>1")
		seldom.check(t, "update 1 1>1")
		never.check(t)
		f.Stop()
	})
}

func TestResyncsDoNotPileUpBehindABlockedHandler(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var f Fanout[int]
		release := make(chan struct{})
		r := NewRegistration(func(Notification[int]) { <-release }, Options{Resync: time.Minute})
		f.Join(t.Context(), r, time.Now(), objects(1))
		synctest.Wait()
		for range 5 {
			time.Sleep(time.Minute)
			f.Resync(time.Now(), objects(1))
		}
		if got := r.Backlog(); got != 2 { // one update and its end
			t.Errorf("backlog = %d, want the 2 of one resync", got)
		}
		close(release)
		f.Stop()
	})
}

// C9: by default a panic crashes the process, that is, it leaves the handler's goroutine.
func TestPanicCrashesByDefault(t *testing.T) {
	r := NewRegistration(func(Notification[int]) { panic("handler broke") }, Options{})
	defer func() {
		if p := recover(); p != "handler broke" {
			t.Errorf("recovered %v, want the handler's panic", p)
		}
	}()
	r.deliver(t.Context(), Notification[int]{Kind: Add})
	t.Error("the panic did not leave deliver")
}

// C9: with ReallyCrash off a panic costs the one notification.
func TestPanicIsIsolatedIfCrashingIsOff(t *testing.T) {
	utilruntime.ReallyCrash = false
	defer func() { utilruntime.ReallyCrash = true }()
	synctest.Test(t, func(t *testing.T) {
		var f Fanout[int]
		var h recorder
		f.Join(t.Context(), NewRegistration(func(n Notification[int]) {
			if n.New == 1 {
				panic("handler broke")
			}
			h.handle(n)
		}, Options{}), time.Now(), objects())
		f.Distribute(adds(0, 3))
		h.check(t, "add k 0>0", "add k 0>2")
		f.Stop()
	})
}

func BenchmarkDistribute(b *testing.B) {
	var f Fanout[int]
	var handled sync.WaitGroup
	for range 3 {
		f.Join(b.Context(), NewRegistration(func(Notification[int]) { handled.Done() }, Options{}), time.Now(), objects())
	}
	batch := adds(0, 100)
	for b.Loop() {
		handled.Add(3 * len(batch))
		f.Distribute(batch)
		handled.Wait()
	}
	b.ReportMetric(float64(b.N*len(batch)*3)/b.Elapsed().Seconds(), "notifications/sec")
	f.Stop()
}
