package cache

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	utilruntime "k8s.io/apimachinery/pkg/util/runtime"
	"k8s.io/apimachinery/pkg/watch"
)

func TestTransformRunsOncePerDecodedObjectAndNeverOnTombstones(t *testing.T) {
	contract(t, time.Minute, []string{"a", "b"}, func(r *rig) {
		seen := map[*corev1.ConfigMap]int{}
		err := r.SetTransform(func(obj interface{}) (interface{}, error) {
			cm := obj.(*corev1.ConfigMap) // a tombstone would panic
			if seen[cm]++; seen[cm] > 1 {
				r.Errorf("transformed %s twice", cm.Name)
			}
			cm.Data["value"] += "!"
			return cm, nil
		})
		if err != nil {
			r.Fatal(err)
		}
		logs := r.logs()
		r.start()
		r.told(logs, "add a=! true", "add b=! true")
		r.server.set("a", "1")
		r.told(logs, "update a=! a=1!")
		r.server.remove("a")
		r.told(logs, "delete a=1!")
		r.server.hangUp(errors.New("down"))
		r.server.remove("b")
		r.server.compact()
		r.server.hangUp(nil)
		time.Sleep(30 * time.Second)
		r.told(logs, "unknown ns/b b=!")
	})
}

// R8: an object that the transform refuses is left out until it changes, and holds up no other.
func TestTransformThatFailsIsReportedAndLeavesTheObjectOut(t *testing.T) {
	contract(t, 0, []string{"a", "b"}, func(r *rig) {
		var works atomic.Bool
		var reported []error
		err1 := r.SetTransform(func(obj interface{}) (interface{}, error) {
			if !works.Load() && obj.(*corev1.ConfigMap).Name == "a" {
				return nil, errors.New("not today")
			}
			return obj, nil
		})
		err2 := r.SetWatchErrorHandlerWithContext(func(_ context.Context, _ *Reflector, err error) { reported = append(reported, err) })
		if err1 != nil || err2 != nil {
			r.Fatal(err1, err2)
		}
		logs := r.logs()
		r.start()
		r.told(logs, "add b true")
		if len(reported) != 1 || !strings.Contains(reported[0].Error(), "object ns/a ") || !strings.HasSuffix(reported[0].Error(), "transform: not today") {
			r.Errorf("reported %v", reported)
		}
		works.Store(true)
		time.Sleep(time.Minute)
		r.server.set("a", "1")
		r.told(logs, "add a=1 false")
		r.stores()
	})
}

// Row 38: a transform that panics is as one that returns an error. The reflector's goroutine did not recover, and the process
// ended.
func TestTransformThatPanicsLeavesTheObjectOut(t *testing.T) {
	contract(t, 0, []string{"a", "b"}, func(r *rig) {
		var works atomic.Bool
		var nowhere map[string]string
		must(r, r.SetTransform(func(obj interface{}) (interface{}, error) {
			if !works.Load() && obj.(*corev1.ConfigMap).Name == "a" {
				nowhere["a"] = "to be written"
			}
			return obj, nil
		}))
		logs := r.logs()
		r.start()
		r.server.set("a", "1")
		r.server.set("b", "1")
		r.told(logs, "add b true", "update b b=1")
		status := r.observed().Status()
		if len(status.Quarantined) != 1 || status.Quarantined[0].Name != "a" || status.Quarantined[0].Version != "103" || status.Lists != 1 {
			r.Fatalf("status %+v", status)
		}
		err := status.Quarantined[0].Err.Error()
		if !strings.HasPrefix(err, "panic: assignment to entry in nil map") || !strings.Contains(err, "shared_informer_test.go") {
			r.Errorf("error of the quarantine is %s, want the panic and where it was", err)
		}
		works.Store(true)
		r.server.set("a", "2")
		r.told(logs, "add a=2 false")
		r.stores()
	})
}

// An object that the transform makes into one without a key failed every list.
func TestTransformToAnObjectWithoutAKeyLeavesItOut(t *testing.T) {
	for name, result := range map[string]any{"no object": "text", "a nil pointer": (*corev1.ConfigMap)(nil), "nothing": nil} {
		t.Run(name, func(t *testing.T) {
			contract(t, 0, []string{"a", "b"}, func(r *rig) {
				must(r, r.SetTransform(func(obj interface{}) (interface{}, error) {
					if obj.(*corev1.ConfigMap).Name == "a" {
						return result, nil
					}
					return obj, nil
				}))
				logs := r.logs()
				r.start()
				r.told(logs, "add b true")
				if left := r.observed().Status().Quarantined; len(left) != 1 || left[0].Name != "a" {
					r.Errorf("quarantined %+v", left)
				}
			})
		})
	}
}

func TestTypedInformerRefusesATransformToAnotherType(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := &rig{TB: t, server: newFakeServer("a")}
		r.configMapInformer = makes["typed"](r.server, 0)
		var reported error
		err1 := r.SetTransform(func(interface{}) (interface{}, error) { return "text", nil })
		err2 := r.SetWatchErrorHandler(func(_ *Reflector, err error) { reported = err })
		if err1 != nil || err2 != nil {
			t.Fatal(err1, err2)
		}
		r.start()
		if reported == nil || !strings.Contains(reported.Error(), "transform: object is a string where *v1.ConfigMap is expected") {
			t.Errorf("reported %v", reported)
		}
		r.stop()
	})
}

func TestWhatMustBeSetBeforeTheStartIsRefusedAfterIt(t *testing.T) {
	contract(t, 0, nil, func(r *rig) {
		r.start()
		for _, err := range []error{
			r.SetTransform(func(obj interface{}) (interface{}, error) { return obj, nil }),
			r.SetWatchErrorHandler(func(*Reflector, error) {}),
			r.SetWatchErrorHandlerWithContext(func(context.Context, *Reflector, error) {}),
		} {
			if err == nil || !strings.Contains(err.Error(), "has already started") {
				r.Errorf("error = %v", err)
			}
		}
	})
}

func TestSecondRunReturnsAndReports(t *testing.T) {
	contract(t, 0, []string{"a"}, func(r *rig) {
		var reported []error
		defer func(handlers []utilruntime.ErrorHandler) { utilruntime.ErrorHandlers = handlers }(utilruntime.ErrorHandlers)
		utilruntime.ErrorHandlers = []utilruntime.ErrorHandler{func(_ context.Context, err error, _ string, _ ...interface{}) {
			reported = append(reported, err)
		}}
		logs := r.logs()
		r.start()
		r.RunWithContext(r.Context())
		r.Run(nil)
		if len(reported) != 2 {
			r.Errorf("reported %v, want two errors", reported)
		}
		r.told(logs, "add a true")
		r.requests(`list "0"`, "watch")
	})
}

func TestStoppedInformerRefusesHandlers(t *testing.T) {
	contract(t, 0, nil, func(r *rig) {
		if r.IsStopped() {
			r.Error("stopped before it ran")
		}
		r.start()
		r.stop()
		_, err := r.AddEventHandler(ResourceEventHandlerFuncs{})
		if !r.IsStopped() || err == nil || !strings.Contains(err.Error(), "has stopped") {
			r.Errorf("stopped %v, AddEventHandler = %v", r.IsStopped(), err)
		}
	})
}

func TestForeignRegistrationIsRefused(t *testing.T) {
	contract(t, 0, nil, func(r *rig) {
		other := NewSharedInformer(r.server.listWatch(), &corev1.ConfigMap{}, 0)
		handle, err := other.AddEventHandler(ResourceEventHandlerFuncs{})
		if err != nil {
			r.Fatal(err)
		}
		if err := r.RemoveEventHandler(handle); err == nil {
			r.Error("removed a handler of another informer")
		}
		if err := ShutDownEventHandler(r, handle); err == nil {
			r.Error("shut down a handler of another informer")
		}
	})
}

func TestMoreThanOneHandlerOptionsAreRefused(t *testing.T) {
	contract(t, 0, nil, func(r *rig) {
		_, err := r.AddTypedEventHandler(typedLog{&eventLog{}}, HandlerOptions{}, HandlerOptions{})
		if err == nil || !strings.Contains(err.Error(), "at most one") {
			r.Errorf("error = %v", err)
		}
	})
}

func TestNilHandlerIsRefused(t *testing.T) {
	contract(t, 0, nil, func(r *rig) {
		_, untyped := r.AddEventHandler(nil)
		_, typed := r.AddTypedEventHandler(nil)
		if untyped == nil || typed == nil {
			r.Errorf("errors = %v, %v", untyped, typed)
		}
	})
}

func TestIndexersMayBeAddedWhileRunning(t *testing.T) {
	contract(t, 0, []string{"a"}, func(r *rig) {
		r.start()
		r.server.set("b", "1")
		synctest.Wait()
		if err := r.AddIndexers(Indexers{NamespaceIndex: MetaNamespaceIndexFunc}); err != nil {
			r.Fatal(err)
		}
		if err := r.AddIndexers(Indexers{NamespaceIndex: MetaNamespaceIndexFunc}); err == nil {
			r.Error("the same index was added twice")
		}
		r.server.set("c", "")
		synctest.Wait()
		keys, err := r.GetIndexer().IndexKeys(NamespaceIndex, "ns")
		if err != nil || len(keys) != 3 {
			r.Errorf("keys = %v, %v; want three", keys, err)
		}
		found, err := r.GetTypedIndexer().TypedIndex(NamespaceIndex, &corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{Namespace: "ns"}})
		if err != nil || len(found) != 3 {
			r.Errorf("found = %v, %v; want three", found, err)
		}
	})
}

func TestHandlersComeAndGoWhileTheServerIsBusy(t *testing.T) {
	for name, make := range makes {
		t.Run(name, func(t *testing.T) {
			server := newFakeServer("a")
			informer := make(server, time.Second)
			ctx, cancel := context.WithCancel(t.Context())
			var run, wg sync.WaitGroup
			run.Go(func() { informer.RunWithContext(ctx) })
			for range 100 {
				wg.Go(func() {
					for range 5 {
						handle, err := informer.AddEventHandler(untypedLog{&eventLog{}})
						if err != nil {
							t.Error(err)
							return
						}
						if err := ShutDownEventHandler(informer, handle); err != nil {
							t.Error(err)
						}
					}
				})
			}
			for i := range 500 {
				server.set(fmt.Sprint(i%10), fmt.Sprint(i))
			}
			wg.Wait()
			cancel()
			run.Wait()
		})
	}
}

func TestManyObjects(t *testing.T) {
	const many = 50_000
	server := newFakeServer()
	for i := range many {
		name := fmt.Sprint(i)
		server.objects[name] = &corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{Namespace: "ns", Name: name, ResourceVersion: "1"}}
	}
	informer := NewClientInformer(server, configMaps, &corev1.ConfigMap{}, ClientInformerOptions{Indexers: Indexers{NamespaceIndex: MetaNamespaceIndexFunc}})
	seen := 0
	handle, err := informer.AddEventHandler(ResourceEventHandlerFuncs{AddFunc: func(interface{}) { seen++ }})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	var run sync.WaitGroup
	run.Go(func() { informer.RunWithContext(ctx) })
	if !WaitFor(ctx, "", handle.HasSyncedChecker()) || seen != many {
		t.Errorf("handler saw %d objects, want %d", seen, many)
	}
	objects, err := NewResourceIndexer[*corev1.ConfigMap](informer.GetIndexer(), configMaps.GroupResource()).List(everything)
	if err != nil || len(objects) != many {
		t.Errorf("lister has %d objects, %v", len(objects), err)
	}
	cancel()
	run.Wait()
}

func BenchmarkEvents(b *testing.B) {
	for name, make := range makes {
		b.Run(name, func(b *testing.B) {
			server := newFakeServer("a")
			informer := make(server, 0)
			var told sync.WaitGroup
			told.Add(1)
			_, err := informer.AddTypedEventHandler(TypedResourceEventHandlerFuncs[*corev1.ConfigMap]{
				AddFunc:    func(*corev1.ConfigMap) { told.Done() },
				UpdateFunc: func(_, _ *corev1.ConfigMap) { told.Done() },
			})
			if err != nil {
				b.Fatal(err)
			}
			ctx, cancel := context.WithCancel(b.Context())
			var run sync.WaitGroup
			run.Go(func() { informer.RunWithContext(ctx) })
			told.Wait()
			WaitForCacheSync(ctx.Done(), func() bool { return len(server.takeRequests()) == 0 })
			const batch = 1000
			for b.Loop() {
				told.Add(batch)
				for range batch {
					server.inject(watch.Event{Type: watch.Modified, Object: server.objects["a"]})
				}
				told.Wait()
			}
			b.ReportMetric(float64(b.N*batch)/b.Elapsed().Seconds(), "objects/sec")
			cancel()
			run.Wait()
		})
	}
}
