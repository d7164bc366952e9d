package cache

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/watch"
)

// observed is the informer of a rig with what it tells of itself.
func (r *rig) observed() ObservedInformer {
	r.Helper()
	informer, err := Observe(r.configMapInformer)
	if err != nil {
		r.Fatal(err)
	}
	return informer
}

var errForbidden = apierrors.NewForbidden(schema.GroupResource{Resource: "configmaps"}, "", errors.New("not for you"))

func TestStatusFollowsTheLifeOfAnInformer(t *testing.T) {
	contract(t, 0, []string{"a", "b"}, func(r *rig) {
		informer := r.observed()
		if s := informer.Status(); s.State != InformerNotStarted || s.Synced || s.Name != "*v1.ConfigMap" {
			r.Errorf("before the start: %+v", s)
		}
		r.server.hangUp(errForbidden)
		r.start()
		time.Sleep(time.Minute)
		s := informer.Status()
		if s.State != InformerBackingOff || s.Synced || s.Failures < 3 || s.LastError.Stage != StageList || !apierrors.IsForbidden(s.LastError) || s.LastError.RetryIn == 0 {
			r.Errorf("while the server refuses: %+v", s)
		}
		if err := HealthCheck(HealthOptions{}, r.configMapInformer)(&http.Request{}); !apierrors.IsForbidden(err) {
			r.Errorf("health = %v", err)
		}

		r.server.hangUp(nil)
		time.Sleep(2 * time.Minute)
		r.server.set("a", "1")
		synctest.Wait()
		s = informer.Status()
		if s.State != InformerWatching || !s.Synced || s.Failures != 0 || s.Lists != 1 || s.Objects != 2 || s.Version != "103" || s.Heard.IsZero() || s.Since.IsZero() {
			r.Errorf("while all is well: %+v", s)
		}
		if err := HealthCheck(HealthOptions{}, r.configMapInformer)(&http.Request{}); err != nil {
			r.Errorf("health = %v", err)
		}
		if size := informer.Size(); size < 1000 || size > 100_000 {
			r.Errorf("two small objects are estimated at %d bytes", size)
		}
		r.stop()
		if s := informer.Status(); s.State != InformerStopped || s.Objects != 2 {
			r.Errorf("after the end: %+v", s)
		}
	})
}

func TestHandlersBehindAreSeen(t *testing.T) {
	contract(t, 0, []string{"a", "b", "c"}, func(r *rig) {
		release := make(chan struct{})
		_, err := r.AddEventHandler(ResourceEventHandlerFuncs{AddFunc: func(interface{}) { <-release }})
		must(r, err)
		r.start()
		time.Sleep(time.Minute)
		s := r.observed().Status()
		if s.HandlerBacklog != 3 || s.HandlerDelay != time.Minute || s.Backlog != 0 {
			r.Errorf("status = %+v", s)
		}
		if err := s.Check(time.Now(), HealthOptions{HandlerDelay: time.Second}); err == nil {
			r.Error("healthy")
		}
		close(release)
		synctest.Wait()
		if s := r.observed().Status(); s.HandlerBacklog != 0 || s.HandlerDelay != 0 {
			r.Errorf("status = %+v", s)
		}
	})
}

func TestWaitForSyncSaysWhyNot(t *testing.T) {
	contract(t, 0, []string{"a"}, func(r *rig) {
		r.server.hangUp(errForbidden)
		r.start()
		ctx, cancel := context.WithTimeout(r.Context(), time.Minute)
		defer cancel()
		idle := newConfigMapInformer(r.server, 0)
		err := WaitForSync(ctx, r.configMapInformer, idle)
		if !apierrors.IsForbidden(err) || !errors.Is(err, context.DeadlineExceeded) {
			r.Fatalf("error = %v", err)
		}
		for _, want := range []string{"*v1.ConfigMap has not synced (backing off): ", "not for you", "has not synced (not started): context deadline exceeded"} {
			if !strings.Contains(err.Error(), want) {
				r.Errorf("error = %v, want one with %q", err, want)
			}
		}
		r.server.hangUp(nil)
		if err := WaitForSync(r.Context(), r.configMapInformer); err != nil {
			r.Error(err)
		}
		ended, end := context.WithCancel(r.Context())
		end()
		if err := WaitForSync(ended, r.configMapInformer); err != nil {
			r.Errorf("synced, and the context is done: %v", err)
		}
	})
}

func TestErrorsOfAllKindsAreHeard(t *testing.T) {
	contract(t, 0, nil, func(r *rig) {
		must(r, r.AddIndexers(Indexers{"broken": func(interface{}) ([]string, error) { return nil, errors.New("no index") }}))
		_, err := r.AddEventHandlerWithOptions(ResourceEventHandlerFuncs{AddFunc: func(interface{}) { panic("bad handler") }}, HandlerOptions{OnPanic: PanicSkip})
		must(r, err)
		r.start()
		heard := r.observed().Errors(r.Context())
		r.server.set("a", "")
		synctest.Wait()
		status := apierrors.NewInternalError(errors.New("storage is broken")).Status()
		r.server.inject(errorEvent(&status))
		synctest.Wait()
		r.stop() // and with it the loop below
		stages := map[Stage]string{}
		for err := range heard {
			if err.Informer != "*v1.ConfigMap" || err.Time.IsZero() {
				r.Errorf("error without its origin: %+v", err)
			}
			stages[err.Stage] = err.Error()
		}
		for stage, want := range map[Stage]string{
			StageIndex:   `informer *v1.ConfigMap: index of "ns/a": `,
			StageHandler: `informer *v1.ConfigMap: handler of "ns/a": `,
			StageWatch:   "storage is broken",
		} {
			if !strings.Contains(stages[stage], want) {
				r.Errorf("%s: heard %q, want %q", stage, stages[stage], want)
			}
		}
	})
}

// Row 27: an event that is older than what the cache has is not applied, and nothing but a list can tell what it stands for. A
// deletion was lost until the next one.
func TestDroppedEventsMakeAnInformerList(t *testing.T) {
	contract(t, 0, []string{"a", "b"}, func(r *rig) {
		old := r.server.objects["a"].DeepCopy()
		old.ResourceVersion = "300"
		r.server.objects["a"].ResourceVersion = "500" // the list is of version 102
		logs := r.logs()
		r.start()
		r.told(logs, "add a true", "add b true")
		delete(r.server.objects, "a")
		r.server.version = 300
		r.server.inject(watch.Event{Type: watch.Deleted, Object: old})
		r.told(logs)
		if s := r.observed().Status(); s.Dropped != 1 || s.State != InformerBackingOff {
			r.Errorf("status %+v", s)
		}
		time.Sleep(time.Minute)
		r.told(logs, "update b b", "unknown ns/a a")
		r.stores()
		if s := r.observed().Status(); s.Lists != 2 || s.State != InformerWatching {
			r.Errorf("status %+v", s)
		}
	})
}

func TestWaitForVersionReadsYourWrites(t *testing.T) {
	contract(t, 0, []string{"a"}, func(r *rig) {
		informer := r.observed()
		r.start()
		written := &corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{Namespace: "ns", Name: "a", ResourceVersion: "102"}}
		ctx, cancel := context.WithTimeout(r.Context(), time.Minute)
		defer cancel()
		if err := informer.WaitForVersion(ctx, written); !errors.Is(err, context.DeadlineExceeded) {
			r.Errorf("before it has come: %v", err)
		}
		done := make(chan error)
		go func() { done <- informer.WaitForVersion(r.Context(), written) }()
		synctest.Wait()
		r.server.set("a", "1") // 102
		if err := <-done; err != nil {
			r.Error(err)
		}
		if obj, _, _ := r.GetStore().GetByKey("ns/a"); show(obj) != "a=1" {
			r.Errorf("the cache has %v", obj)
		}
		written.ResourceVersion = "later"
		if err := informer.WaitForVersion(r.Context(), written); err == nil {
			r.Error("a version that is none was reached")
		}
		written.ResourceVersion = "999"
		go func() { done <- informer.WaitForVersion(r.Context(), written) }()
		synctest.Wait()
		r.stop()
		if err := <-done; !errors.Is(err, ErrInformerStopped) {
			r.Errorf("after the end: %v", err)
		}
	})
}

func TestForeignInformerCannotBeObserved(t *testing.T) {
	foreign := struct{ SharedIndexInformer }{newConfigMapInformer(newFakeServer(), 0)}
	if _, err := Observe(foreign); err == nil || !strings.Contains(err.Error(), "not of this package") {
		t.Errorf("error = %v", err)
	}
	if err := HealthCheck(HealthOptions{}, foreign)(&http.Request{}); err == nil {
		t.Error("healthy")
	}
}

// R21: what a watch has lost, an audit finds and repairs.
func TestAuditRepairsWhatTheWatchHasLost(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := newFakeServer("a", "b")
		informer := NewClientInformer(server, configMaps, &corev1.ConfigMap{}, ClientInformerOptions{Tuning: InformerTuning{Audit: time.Hour}})
		r := &rig{TB: t, server: server, configMapInformer: informer}
		heard := r.observed().Errors(t.Context())
		r.start()
		server.mu.Lock()
		delete(server.objects, "b") // and nobody is told
		server.version++
		server.mu.Unlock()
		time.Sleep(3 * time.Hour)
		r.stores()
		if s := r.observed().Status(); s.Differences != 1 || s.Lists != 2 {
			t.Errorf("status = %+v", s)
		}
		r.stop()
		found := 0
		for err := range heard {
			if err.Stage == StageAudit && strings.Contains(err.Error(), "ns/b") {
				found++
			}
		}
		if found != 1 {
			t.Errorf("reported %d times", found)
		}
	})
}

func errorEvent(status *metav1.Status) watch.Event {
	return watch.Event{Type: watch.Error, Object: status}
}
