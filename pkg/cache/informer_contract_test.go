package cache

import (
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	utilruntime "k8s.io/apimachinery/pkg/util/runtime"
)

func TestContractC1CacheFollowsTheServer(t *testing.T) {
	contract(t, 0, []string{"a", "b"}, func(r *rig) {
		logs := r.logs()
		r.start()
		r.told(logs, "add a true", "add b true")
		r.server.set("c", "1")
		r.server.set("a", "2")
		r.server.remove("b")
		r.told(logs, "add c=1 false", "update a a=2", "delete b")
		r.stores()
		r.requests(`list "0"`, "watch")
		if got := r.LastSyncResourceVersion(); got != "105" {
			r.Errorf("LastSyncResourceVersion = %q, want 105", got)
		}
		if got := r.GetStore().LastStoreSyncResourceVersion(); got != "105" {
			r.Errorf("LastStoreSyncResourceVersion = %q, want 105", got)
		}
	})
}

func TestContractC2ADeletedAndNewObjectWhileAwayIsOneUpdate(t *testing.T) {
	contract(t, 0, []string{"a"}, func(r *rig) {
		logs := r.logs()
		r.start()
		r.told(logs, "add a true")
		r.server.hangUp(errors.New("down"))
		r.server.remove("a")
		r.server.set("a", "new")
		r.server.compact()
		r.server.hangUp(nil)
		time.Sleep(5 * time.Minute)
		r.told(logs, "update a a=new")
		r.stores()
	})
}

func TestContractC3StoreAndIndexAreThereBeforeTheNotification(t *testing.T) {
	contract(t, 0, nil, func(r *rig) {
		err := r.AddTypedIndexers(TypedIndexers[*corev1.ConfigMap]{"value": func(cm *corev1.ConfigMap) ([]string, error) {
			return []string{cm.Data["value"]}, nil
		}})
		if err != nil {
			r.Fatal(err)
		}
		calls := 0
		_, err = r.AddTypedEventHandler(TypedResourceEventHandlerFuncs[*corev1.ConfigMap]{
			AddFunc: func(cm *corev1.ConfigMap) {
				calls++
				found, err := r.GetTypedIndexer().ByTypedIndex("value", "1")
				if err != nil || len(found) != 1 || found[0] != cm {
					r.Errorf("ByTypedIndex in OnAdd = %v, %v", found, err)
				}
			},
			DeleteFunc: func(obj DeletedObject[*corev1.ConfigMap]) {
				calls++
				if _, exists, _ := r.GetStore().GetByKey(obj.GetKey()); exists {
					r.Error("the object is still there in OnDelete")
				}
			},
		})
		if err != nil {
			r.Fatal(err)
		}
		r.start()
		r.server.set("a", "1")
		synctest.Wait()
		r.server.remove("a")
		synctest.Wait()
		if calls != 2 {
			r.Errorf("%d calls, want 2", calls)
		}
	})
}

func TestContractC3ABlockedHandlerHoldsUpNobody(t *testing.T) {
	contract(t, 0, []string{"a"}, func(r *rig) {
		release := make(chan struct{})
		if _, err := r.AddEventHandler(ResourceEventHandlerFuncs{AddFunc: func(interface{}) { <-release }}); err != nil {
			r.Fatal(err)
		}
		logs := r.logs()
		r.start()
		r.server.set("b", "")
		r.told(logs, "add a true", "add b false")
		r.stores()
		close(release)
	})
}

func TestContractC4LateHandlerGetsTheCacheAndThenEveryChange(t *testing.T) {
	contract(t, 0, []string{"a"}, func(r *rig) {
		r.start()
		logs := r.logs()
		r.server.set("a", "1")
		r.told(logs, "add a true", "update a a=1")
	})
}

func TestContractC5DeletionSeenOnlyByAListIsATombstoneOnce(t *testing.T) {
	contract(t, 0, []string{"a", "b"}, func(r *rig) {
		logs := r.logs()
		r.start()
		r.told(logs, "add a true", "add b true")
		r.server.hangUp(errors.New("down"))
		r.server.remove("b")
		r.server.compact()
		r.server.hangUp(nil)
		time.Sleep(5 * time.Minute)
		r.told(logs, "update a a", "unknown ns/b b")
		r.stores()
		r.server.hangUp(nil)
		r.server.compact()
		time.Sleep(5 * time.Minute)
		r.told(logs)
	})
}

func TestContractC6ResyncTellsTheCacheAgainAndAsksNobody(t *testing.T) {
	contract(t, time.Minute, []string{"a"}, func(r *rig) {
		logs := r.logs()
		never := &eventLog{}
		if _, err := r.AddEventHandlerWithResyncPeriod(untypedLog{never}, 0); err != nil {
			r.Fatal(err)
		}
		r.start()
		r.told(logs, "add a true")
		r.server.takeRequests()
		time.Sleep(2*time.Minute + time.Second)
		r.told(logs, "update a a", "update a a")
		if diff := cmp.Diff([]string{"add a true"}, never.take()); diff != "" {
			r.Errorf("the handler without resyncs was told (-want +got):\n%s", diff)
		}
		r.requests()
	})
}

func TestContractC7SyncedMeansListedAndForAHandlerHandled(t *testing.T) {
	contract(t, 0, []string{"a"}, func(r *rig) {
		release := make(chan struct{})
		slow, err := r.AddEventHandler(ResourceEventHandlerFuncs{AddFunc: func(interface{}) { <-release }})
		if err != nil {
			r.Fatal(err)
		}
		r.server.hangUp(errors.New("down"))
		r.start()
		if r.HasSynced() || slow.HasSynced() {
			r.Error("synced without a list")
		}
		r.server.hangUp(nil)
		if !WaitFor(r.Context(), "", r.HasSyncedChecker()) {
			r.Error("did not sync")
		}
		synctest.Wait()
		if !r.HasSynced() || slow.HasSynced() {
			r.Errorf("informer synced %v, handler %v; want true, false", r.HasSynced(), slow.HasSynced())
		}
		close(release)
		if !WaitFor(r.Context(), "", slow.HasSyncedChecker()) || !slow.HasSynced() {
			r.Error("handler did not sync")
		}
	})
}

func TestContractC8RemovedHandlerIsNotCalledAfterShutDown(t *testing.T) {
	contract(t, 0, []string{"a"}, func(r *rig) {
		release := make(chan struct{})
		running := false
		handle, err := r.AddEventHandler(ResourceEventHandlerFuncs{
			AddFunc:    func(interface{}) { running = true; <-release; running = false },
			UpdateFunc: func(_, _ interface{}) { r.Error("called after it was removed") },
		})
		if err != nil {
			r.Fatal(err)
		}
		logs := r.logs()
		r.start()
		r.server.set("a", "1")
		synctest.Wait()
		if err := r.RemoveEventHandler(handle); err != nil || !running {
			r.Errorf("RemoveEventHandler = %v; it must not wait (running: %v)", err, running)
		}
		go func() {
			time.Sleep(time.Second)
			close(release)
		}()
		if err := ShutDownEventHandler(r, handle); err != nil || running {
			r.Errorf("ShutDownEventHandler = %v; it must wait (running: %v)", err, running)
		}
		if err := r.RemoveEventHandler(handle); err != nil {
			r.Errorf("second RemoveEventHandler = %v", err)
		}
		r.server.set("a", "2")
		r.told(logs, "add a true", "update a a=1", "update a=1 a=2")
	})
}

func TestContractC9PanicOfOneHandlerLeavesTheOthers(t *testing.T) {
	utilruntime.ReallyCrash = false
	defer func() { utilruntime.ReallyCrash = true }()
	contract(t, 0, []string{"a"}, func(r *rig) {
		if _, err := r.AddEventHandler(ResourceEventHandlerFuncs{AddFunc: func(interface{}) { panic("handler broke") }}); err != nil {
			r.Fatal(err)
		}
		logs := r.logs()
		r.start()
		r.server.set("b", "")
		r.told(logs, "add a true", "add b false")
	})
}
