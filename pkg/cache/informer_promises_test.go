package cache

import (
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
)

// The promises C1 to C9 in more detail than informer_contract_test.go, and under changes and failures at random.

// delivery is one call of a handler: the version it was told, that of the object before it, or the end of the object.
type delivery struct {
	name    string
	before  int // of an update
	version int // 0: the object is gone
}

// recorder is a handler that keeps what it was told, and notices calls that overlap.
type recorder struct {
	testing.TB
	running    atomic.Bool
	deliveries []delivery
}

func (h *recorder) call(name string, before, version int) {
	if h.running.Swap(true) {
		h.Error("two calls of one handler overlap")
	}
	time.Sleep(time.Millisecond)
	h.deliveries = append(h.deliveries, delivery{name, before, version})
	h.running.Store(false)
}

func (h *recorder) OnAdd(obj interface{}, _ bool) {
	cm := obj.(*corev1.ConfigMap)
	h.call(cm.Name, 0, versionOf(cm))
}

func (h *recorder) OnUpdate(oldObj, newObj interface{}) {
	cm := newObj.(*corev1.ConfigMap)
	h.call(cm.Name, versionOf(oldObj.(*corev1.ConfigMap)), versionOf(cm))
}

func (h *recorder) OnDelete(obj interface{}) {
	if unknown, ok := obj.(DeletedFinalStateUnknown); ok {
		obj = unknown.Obj
	}
	h.call(obj.(*corev1.ConfigMap).Name, 0, 0)
}

func versionOf(cm *corev1.ConfigMap) int {
	version, err := strconv.Atoi(cm.ResourceVersion)
	if err != nil {
		panic(err)
	}
	return version
}

// check checks what the handler was told against the grammar of one object, Add (Update)* Delete, against the states that
// the server has had, and against what the server has in the end.
func (h *recorder) check(history map[string][]int, end map[string]*corev1.ConfigMap) {
	h.Helper()
	now := map[string]int{}  // the state that the handler knows, by name
	last := map[string]int{} // the newest state that it ever knew
	for i, d := range h.deliveries {
		before, exists := now[d.name]
		switch {
		case d.version == 0 && !exists:
			h.Errorf("call %d deletes %s, which the handler does not know", i, d.name)
		case d.version == 0:
			delete(now, d.name)
			continue
		case exists && d.before != before:
			h.Errorf("call %d of %s: the state before is %d, the handler knows %d", i, d.name, d.before, before)
		case !exists && d.before != 0:
			h.Errorf("call %d updates %s, which the handler does not know", i, d.name)
		case d.version < last[d.name]:
			h.Errorf("call %d of %s: from version %d back to %d", i, d.name, last[d.name], d.version)
		case !slices.Contains(history[d.name], d.version):
			h.Errorf("call %d of %s: version %d never was", i, d.name, d.version)
		}
		now[d.name], last[d.name] = d.version, d.version
	}
	want := map[string]int{}
	for name, cm := range end {
		want[name] = versionOf(cm)
	}
	if diff := cmp.Diff(want, now); diff != "" {
		h.Errorf("what the handler knows in the end differs from the server (-server +handler):\n%s", diff)
	}
}

// turmoil lets a server change, hang up, be down, and forget its history, at random, and returns all states of each object.
func turmoil(r *rig, random *rand.Rand, steps int, also func()) map[string][]int {
	history := map[string][]int{}
	note := func() {
		for name, cm := range r.server.objects {
			if version := versionOf(cm); !slices.Contains(history[name], version) {
				history[name] = append(history[name], version)
			}
		}
	}
	note()
	for range steps {
		name := fmt.Sprint("o", random.IntN(5))
		switch random.IntN(10) {
		default:
			r.server.set(name, fmt.Sprint(random.IntN(100)))
		case 0, 1, 2:
			if _, exists := r.server.objects[name]; exists {
				r.server.remove(name)
			}
		case 3:
			r.server.hangUp(nil)
		case 4:
			r.server.hangUp(errors.New("down"))
		case 5:
			r.server.compact()
		}
		note()
		also()
		time.Sleep(time.Duration(random.Int64N(int64(10 * time.Second))))
	}
	r.server.hangUp(nil)
	time.Sleep(5 * time.Minute)
	synctest.Wait()
	return history
}

func TestContractC1C2C4HandlersFollowTheServerThroughTurmoil(t *testing.T) {
	for seed := range uint64(10) {
		contract(t, time.Minute, []string{"o0", "o1"}, func(r *rig) {
			random := rand.New(rand.NewPCG(seed, 1))
			var handlers []*recorder
			join := func() {
				h := &recorder{TB: r}
				if _, err := r.AddEventHandlerWithResyncPeriod(h, 0); err != nil {
					r.Fatal(err)
				}
				handlers = append(handlers, h)
			}
			join()
			r.start()
			history := turmoil(r, random, 100, func() {
				if random.IntN(10) == 0 { // late
					join()
				}
			})
			r.stores()
			for _, h := range handlers {
				h.check(history, r.server.objects)
			}
		})
	}
}

func TestContractC1ARemovedObjectIsRemovedAsSoonAsTheServerCanBeAsked(t *testing.T) {
	contract(t, 0, []string{"a", "b"}, func(r *rig) {
		r.start()
		r.server.hangUp(errors.New("down"))
		r.server.remove("a")
		r.server.compact()
		time.Sleep(24 * time.Hour)
		if got := r.GetStore().ListKeys(); len(got) != 2 {
			r.Errorf("without a server the cache has %v; it must keep what it knows", got)
		}
		r.server.hangUp(nil)
		time.Sleep(2 * time.Minute)
		r.stores()
	})
}

func TestContractC3CallsOfOneHandlerDoNotOverlapAndAreInOrder(t *testing.T) {
	contract(t, time.Second, []string{"a"}, func(r *rig) {
		h := &recorder{TB: r}
		if _, err := r.AddEventHandler(h); err != nil {
			r.Fatal(err)
		}
		r.start()
		versions := map[string][]int{"a": {versionOf(r.server.objects["a"])}}
		for i := range 100 {
			r.server.set("a", fmt.Sprint(i))
			versions["a"] = append(versions["a"], versionOf(r.server.objects["a"]))
		}
		time.Sleep(10 * time.Second)
		r.stop()
		h.check(versions, r.server.objects)
		if len(h.deliveries) < 101 {
			r.Errorf("%d calls for 101 states and some resyncs", len(h.deliveries))
		}
	})
}

func TestContractC4AHandlerThatIsAddedByAHandlerSeesEverything(t *testing.T) {
	contract(t, 0, []string{"a", "b"}, func(r *rig) {
		inner := &eventLog{}
		var once sync.Once
		_, err := r.AddEventHandler(ResourceEventHandlerFuncs{AddFunc: func(interface{}) {
			once.Do(func() {
				if _, err := r.AddEventHandler(untypedLog{inner}); err != nil {
					r.Error(err)
				}
			})
		}})
		if err != nil {
			r.Fatal(err)
		}
		r.start()
		r.server.set("c", "")
		synctest.Wait()
		got := inner.take()
		if diff := cmp.Diff([]string{"add a true", "add b true", "add c false"}, sorted(got)); diff != "" {
			r.Errorf("the inner handler was told (-want +got):\n%s", diff)
		}
	})
}

func TestContractC5ADeletionHasTheLastStateAndTheVersionAtWhichItIsGone(t *testing.T) {
	contract(t, 0, []string{"a"}, func(r *rig) {
		var deleted *corev1.ConfigMap
		_, err := r.AddEventHandler(ResourceEventHandlerFuncs{DeleteFunc: func(obj interface{}) { deleted = obj.(*corev1.ConfigMap) }})
		if err != nil {
			r.Fatal(err)
		}
		r.start()
		r.server.set("a", "last")
		r.server.remove("a")
		synctest.Wait()
		if deleted == nil || deleted.Data["value"] != "last" || deleted.ResourceVersion != strconv.Itoa(r.server.version) {
			r.Errorf("OnDelete was told %v; want the last state at version %d", deleted, r.server.version)
		}
	})
}

func TestContractC5ATombstonePassesAFilterByItsLastState(t *testing.T) {
	contract(t, 0, []string{"a", "b"}, func(r *rig) {
		r.server.set("a", "red")
		l := &eventLog{}
		_, err := r.AddEventHandler(FilteringResourceEventHandler{Handler: untypedLog{l}, FilterFunc: func(obj interface{}) bool {
			if unknown, ok := obj.(DeletedFinalStateUnknown); ok {
				obj = unknown.Obj
			}
			return obj.(*corev1.ConfigMap).Data["value"] == "red"
		}})
		if err != nil {
			r.Fatal(err)
		}
		r.start()
		r.server.hangUp(errors.New("down"))
		r.server.remove("a")
		r.server.remove("b")
		r.server.compact()
		r.server.hangUp(nil)
		time.Sleep(5 * time.Minute)
		synctest.Wait()
		if diff := cmp.Diff([]string{"add a=red true", "unknown ns/a a=red"}, l.take()); diff != "" {
			r.Errorf("handler was told (-want +got):\n%s", diff)
		}
	})
}

func TestContractC6AResyncShowsTheSameObjectAndRepairsNothing(t *testing.T) {
	contract(t, time.Minute, []string{"a", "b"}, func(r *rig) {
		resyncs := 0
		_, err := r.AddEventHandler(ResourceEventHandlerFuncs{UpdateFunc: func(oldObj, newObj interface{}) {
			resyncs++
			if oldObj != newObj || newObj.(*corev1.ConfigMap).Name != "a" {
				r.Errorf("a resync showed %v, then %v", oldObj, newObj)
			}
		}})
		if err != nil {
			r.Fatal(err)
		}
		r.start()
		if err := r.GetStore().Delete(r.server.objects["b"]); err != nil { // nobody should
			r.Fatal(err)
		}
		time.Sleep(3*time.Minute + time.Second)
		r.stop()
		if _, exists, _ := r.GetStore().GetByKey("ns/b"); exists || resyncs != 3 {
			r.Errorf("after %d resyncs, want 3: b is back %v", resyncs, exists)
		}
		r.requests(`list "0"`, "watch")
	})
}

func TestContractC7AnEmptyListIsAList(t *testing.T) {
	contract(t, 0, nil, func(r *rig) {
		handle, err := r.AddEventHandler(ResourceEventHandlerFuncs{})
		if err != nil {
			r.Fatal(err)
		}
		r.start()
		if !r.HasSynced() || !handle.HasSynced() {
			r.Errorf("informer synced %v, handler %v; want true, true", r.HasSynced(), handle.HasSynced())
		}
	})
}

func TestContractC7ALateHandlerHasSyncedWhenItHasSeenTheCache(t *testing.T) {
	contract(t, 0, []string{"a", "b"}, func(r *rig) {
		r.start()
		release := make(chan struct{})
		seen := 0
		handle, err := r.AddEventHandler(ResourceEventHandlerFuncs{AddFunc: func(interface{}) { <-release; seen++ }})
		if err != nil {
			r.Fatal(err)
		}
		synctest.Wait()
		if handle.HasSynced() {
			r.Error("synced before it has seen anything")
		}
		release <- struct{}{}
		synctest.Wait()
		if handle.HasSynced() {
			r.Error("synced before it has seen everything")
		}
		close(release)
		if !WaitFor(r.Context(), "", handle.HasSyncedChecker()) || seen != 2 {
			r.Errorf("synced after %d objects, want 2", seen)
		}
	})
}

func TestContractC8AHandlerMayRemoveItself(t *testing.T) {
	contract(t, 0, []string{"a", "b"}, func(r *rig) {
		calls := 0
		var handle ResourceEventHandlerRegistration
		handle, err := r.AddEventHandler(ResourceEventHandlerFuncs{AddFunc: func(interface{}) {
			calls++
			if err := r.RemoveEventHandler(handle); err != nil {
				r.Error(err)
			}
		}})
		if err != nil {
			r.Fatal(err)
		}
		r.start()
		r.server.set("c", "")
		if err := ShutDownEventHandler(r, handle); err != nil || calls != 1 {
			r.Errorf("%d calls, %v; want one call", calls, err)
		}
	})
}

func TestContractC9TheBacklogOfASlowHandlerIsKept(t *testing.T) {
	contract(t, 0, []string{"a"}, func(r *rig) {
		release := make(chan struct{})
		slow := &eventLog{}
		_, err := r.AddEventHandler(ResourceEventHandlerFuncs{
			AddFunc:    func(interface{}) { <-release },
			UpdateFunc: func(_, newObj interface{}) { slow.add("%s", show(newObj)) },
		})
		if err != nil {
			r.Fatal(err)
		}
		logs := r.logs()
		r.start()
		want := []string{}
		for i := range 5000 {
			r.server.set("a", fmt.Sprint(i))
			want = append(want, fmt.Sprint("a=", i))
		}
		synctest.Wait()
		r.stores()
		for _, l := range logs {
			if told := l.take(); len(told) != 5001 {
				r.Errorf("another handler was told %d times, want 5001", len(told))
			}
		}
		close(release)
		synctest.Wait()
		if diff := cmp.Diff(want, slow.take()); diff != "" {
			r.Errorf("the slow handler was told (-want +got):\n%s", diff)
		}
	})
}

// crashVariable makes the test below crash instead of looking at a process that does.
const crashVariable = "KUBEWRIGHT_TEST_CRASH"

func TestContractC9APanicEndsTheProcess(t *testing.T) {
	if os.Getenv(crashVariable) != "" {
		contract(t, 0, []string{"a"}, func(r *rig) {
			_, err := r.AddEventHandler(ResourceEventHandlerFuncs{AddFunc: func(interface{}) { panic("handler broke") }})
			if err != nil {
				r.Fatal(err)
			}
			r.start()
			time.Sleep(time.Hour)
		})
		return
	}
	cmd := exec.Command(os.Args[0], "-test.run=^"+t.Name()+"$/^untyped$")
	cmd.Env = append(os.Environ(), crashVariable+"=1")
	output, err := cmd.CombinedOutput()
	var exit *exec.ExitError
	if !errors.As(err, &exit) || !strings.Contains(string(output), "panic: handler broke") {
		t.Errorf("the process ended with %v:\n%s", err, output)
	}
}

// A checker that accepts everything would find nothing.
func TestTheCheckerOfHandlersFindsViolations(t *testing.T) {
	history := map[string][]int{"a": {1, 2, 3}}
	end := map[string]*corev1.ConfigMap{"a": {}}
	end["a"].ResourceVersion = "3"
	for want, deliveries := range map[string][]delivery{
		"":                                  {{"a", 0, 1}, {"a", 1, 2}, {"a", 0, 0}, {"a", 0, 3}},
		"deletes a":                         {{"a", 0, 0}, {"a", 0, 3}},
		"the state before is 1":             {{"a", 0, 2}, {"a", 1, 3}},
		"updates a":                         {{"a", 1, 3}},
		"from version 2 back to 1":          {{"a", 0, 2}, {"a", 2, 1}, {"a", 1, 3}},
		"version 7 never was":               {{"a", 0, 7}, {"a", 7, 3}},
		"what the handler knows in the end": {{"a", 0, 1}},
	} {
		found := &errorLog{TB: t}
		(&recorder{TB: found, deliveries: deliveries}).check(maps.Clone(history), end)
		if got := strings.Join(found.errors, "\n"); !strings.Contains(got, want) || (want == "") != (got == "") {
			t.Errorf("%v: found %q, want %q", deliveries, got, want)
		}
	}
}

// errorLog keeps the errors of a test instead of failing it.
type errorLog struct {
	testing.TB
	errors []string
}

func (l *errorLog) Helper() {}
func (l *errorLog) Errorf(format string, args ...any) {
	l.errors = append(l.errors, fmt.Sprintf(format, args...))
}
