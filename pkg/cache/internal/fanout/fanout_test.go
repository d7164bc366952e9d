package fanout

import (
	"fmt"
	"iter"
	"maps"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"
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

func numbers(pairs ...int) iter.Seq2[string, int] {
	m := map[string]int{}
	for _, p := range pairs {
		m[fmt.Sprint(p)] = p
	}
	return maps.All(m)
}

// join adds a handler when there are these objects.
func join(t testing.TB, f *Fanout[int], handler Handler[int], options Options, initial ...int) *Registration[int] {
	r := NewRegistration(handler, options, Hooks[int]{})
	f.Join(t.Context(), r, time.Now(), Additions(numbers(initial...)))
	return r
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
		join(t, &f, h.handle, Options{})
		f.Distribute(time.Now(), []Notification[int]{{Kind: Add, Key: "a", New: 1}, {Kind: Update, Key: "a", Old: 1, New: 2}})
		f.Distribute(time.Now(), []Notification[int]{{Kind: Delete, Key: "a", Old: 2, New: 3}, {Kind: DeleteUnknown, Key: "b", Old: 9, New: 9}})
		h.check(t, "add a 0>1", "update a 1>2", "delete a 2>3", "unknown b 9>9")
		f.Stop()
	})
}

func TestLateHandlerGetsInitialAdditionsThenEachChangeOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var f Fanout[int]
		f.Synced(time.Now())
		f.Distribute(time.Now(), adds(0, 3))
		var h recorder
		r := join(t, &f, h.handle, Options{}, 7)
		f.Distribute(time.Now(), adds(8, 9))
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
		r := join(t, &f, func(Notification[int]) { <-release }, Options{})
		f.Distribute(time.Now(), []Notification[int]{{Kind: InitialAdd, Key: "a"}})
		f.Synced(time.Now())
		f.Synced(time.Now())
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
		blocked := join(t, &f, func(Notification[int]) { <-release }, Options{})
		join(t, &f, h.handle, Options{})
		f.Distribute(time.Now(), adds(0, 1))
		synctest.Wait()
		f.Distribute(time.Now(), adds(1, 3))
		h.check(t, "add k 0>0", "add k 0>1", "add k 0>2")
		if got, _ := blocked.Backlog(); got != 3 {
			t.Errorf("backlog = %d, want 3 with the one that is being handled", got)
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
		r := join(t, &f, func(Notification[int]) { calls++; <-release }, Options{}, 1, 2, 3)
		synctest.Wait()
		r.Stop()
		r.Stop()
		f.Forget()
		f.Distribute(time.Now(), adds(0, 5))
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
		r = NewRegistration(func(Notification[int]) { calls++; r.Stop() }, Options{}, Hooks[int]{})
		f.Join(t.Context(), r, time.Now(), Additions(numbers(1, 2, 3)))
		<-r.Done()
		if calls != 1 {
			t.Errorf("handler was called %d times after it stopped itself, want once", calls)
		}
	})
}

func TestRegistrationStoppedBeforeJoinNeverRuns(t *testing.T) {
	var f Fanout[int]
	r := NewRegistration(func(Notification[int]) { t.Error("handler was called") }, Options{}, Hooks[int]{})
	r.Stop()
	<-r.Done()
	f.Join(t.Context(), r, time.Now(), Additions(numbers(1)))
	f.Distribute(time.Now(), adds(0, 1))
	f.Stop()
}

func TestResyncTellsOnlyThoseWhosePeriodIsOver(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var f Fanout[int]
		var often, seldom, never recorder
		join(t, &f, often.handle, Options{Resync: time.Minute})
		join(t, &f, seldom.handle, Options{Resync: 2 * time.Minute})
		join(t, &f, never.handle, Options{})
		f.Resync(time.Now(), numbers(1))
		often.check(t)
		for range 2 {
			time.Sleep(time.Minute)
			f.Resync(time.Now(), numbers(1))
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
		r := join(t, &f, func(Notification[int]) { <-release }, Options{Resync: time.Minute}, 1)
		synctest.Wait()
		for range 5 {
			time.Sleep(time.Minute)
			f.Resync(time.Now(), numbers(1))
		}
		if got, _ := r.Backlog(); got != 2 {
			t.Errorf("backlog = %d, want the addition and one update", got)
		}
		close(release)
		f.Stop()
	})
}
