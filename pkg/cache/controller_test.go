package cache

import (
	"context"
	"errors"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
)

func appendBang(obj interface{}) (interface{}, error) {
	obj.(*corev1.ConfigMap).Data["value"] += "!"
	return obj, nil
}

// Every constructor of a store and its controller.
func TestInformersOfOneHandler(t *testing.T) {
	example, byNamespace := &corev1.ConfigMap{}, Indexers{NamespaceIndex: MetaNamespaceIndexFunc}
	for name, c := range map[string]struct {
		make func(lw ListerWatcher, h ResourceEventHandler) (Store, Controller)
		want []string
	}{
		"NewInformerWithOptions": {func(lw ListerWatcher, h ResourceEventHandler) (Store, Controller) {
			return NewInformerWithOptions(InformerOptions{ListerWatcher: lw, ObjectType: example, Handler: h, ResyncPeriod: time.Minute})
		}, []string{"add a true", "update a a"}},
		"NewInformer": {func(lw ListerWatcher, h ResourceEventHandler) (Store, Controller) {
			return NewInformer(lw, example, 0, h)
		}, []string{"add a true"}},
		"NewIndexerInformer": {func(lw ListerWatcher, h ResourceEventHandler) (Store, Controller) {
			indexer, controller := NewIndexerInformer(lw, example, time.Minute, h, byNamespace)
			return indexer, controller
		}, []string{"add a true", "update a a"}},
		"NewTransformingInformer": {func(lw ListerWatcher, h ResourceEventHandler) (Store, Controller) {
			return NewTransformingInformer(lw, example, 0, h, appendBang)
		}, []string{"add a=! true"}},
		"NewTransformingIndexerInformer": {func(lw ListerWatcher, h ResourceEventHandler) (Store, Controller) {
			indexer, controller := NewTransformingIndexerInformer(lw, example, 0, h, byNamespace, appendBang)
			return indexer, controller
		}, []string{"add a=! true"}},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				server, l := newFakeServer("a"), &eventLog{}
				store, controller := c.make(server.listWatch(), untypedLog{l})
				if controller.HasSynced() || controller.LastSyncResourceVersion() != "" {
					t.Error("synced before it ran")
				}
				ctx, cancel := context.WithCancel(t.Context())
				var run sync.WaitGroup
				run.Go(func() { controller.Run(ctx.Done()) })
				if !WaitFor(ctx, "", controller.HasSyncedChecker()) || !controller.HasSynced() {
					t.Error("did not sync")
				}
				time.Sleep(time.Minute + time.Second)
				if diff := cmp.Diff(c.want, l.take()); diff != "" {
					t.Errorf("handler was told (-want +got):\n%s", diff)
				}
				if _, exists, _ := store.GetByKey("ns/a"); !exists || controller.LastSyncResourceVersion() != "101" {
					t.Errorf("exists %v at %q", exists, controller.LastSyncResourceVersion())
				}
				cancel()
				run.Wait()
			})
		})
	}
}

// A program that drives a DeltaFIFO by itself.
func TestControllerOfAQueue(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server, l := newFakeServer("a", "b"), &eventLog{}
		store := NewStore(MetaNamespaceKeyFunc)
		fifo := NewDeltaFIFOWithOptions(DeltaFIFOOptions{KnownObjects: store, EmitDeltaTypeReplaced: true})
		var reported []error
		controller := New(&Config{
			Queue:            fifo,
			ListerWatcher:    server.listWatch(),
			ObjectType:       &corev1.ConfigMap{},
			FullResyncPeriod: time.Hour,
			Process: func(obj interface{}, isInInitialList bool) error {
				newest := obj.(Deltas).Newest()
				if unknown, ok := newest.Object.(DeletedFinalStateUnknown); ok {
					l.add("%s %s %v", newest.Type, unknown.Key, isInInitialList)
					return store.Delete(unknown)
				}
				l.add("%s %s %v", newest.Type, show(newest.Object), isInInitialList)
				return errors.Join(store.Update(newest.Object), errors.New("logged, not fatal"))
			},
			WatchErrorHandlerWithContext: func(_ context.Context, _ *Reflector, err error) { reported = append(reported, err) },
		})
		ctx, cancel := context.WithCancel(t.Context())
		var run sync.WaitGroup
		run.Go(func() { controller.RunWithContext(ctx) })
		if !WaitFor(ctx, "", controller.HasSyncedChecker()) || !controller.HasSynced() {
			t.Error("did not sync")
		}
		server.set("c", "")
		synctest.Wait()
		server.hangUp(errors.New("down"))
		server.remove("b")
		server.compact()
		server.hangUp(nil)
		time.Sleep(time.Minute)
		want := []string{"Replaced a true", "Replaced b true", "Added c false", "Replaced a false", "Replaced c false", "Deleted ns/b false"}
		if diff := cmp.Diff(want, l.take()); diff != "" {
			t.Errorf("processed (-want +got):\n%s", diff)
		}
		if len(reported) == 0 || controller.LastSyncResourceVersion() != "104" {
			t.Errorf("reported %v, version %q", reported, controller.LastSyncResourceVersion())
		}
		time.Sleep(time.Hour)
		if diff := cmp.Diff([]string{"Sync a false", "Sync c false"}, sorted(l.take())); diff != "" {
			t.Errorf("processed by the resync (-want +got):\n%s", diff)
		}
		cancel()
		run.Wait()
		controller.Run(nil) // reports, and returns
	})
}

// A program that drives a RealFIFO by itself, in batches where they are possible.
func TestControllerProcessesBatches(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server, l := newFakeServer("a", "b"), &eventLog{}
		store := NewStore(MetaNamespaceKeyFunc)
		apply := func(deltas []Delta) error {
			txns := make([]Transaction, len(deltas))
			for i, d := range deltas {
				txns[i] = Transaction{d.Object, TransactionTypeUpdate}
				if d.Type == Deleted {
					txns[i].Type = TransactionTypeDelete
				}
			}
			if err := store.(TransactionStore).Transaction(txns...); err != nil {
				return err
			}
			return nil
		}
		controller := New(&Config{
			Queue:         NewRealFIFO(MetaNamespaceKeyFunc, store, nil),
			ListerWatcher: server.listWatch(),
			Process: func(obj interface{}, isInInitialList bool) error {
				l.add("one %s %v", obj.(Deltas)[0].Type, isInInitialList)
				return apply(obj.(Deltas))
			},
			ProcessBatch: func(deltas []Delta, isInInitialList bool) error {
				l.add("%d %s %v", len(deltas), deltas[0].Type, isInInitialList)
				return apply(deltas)
			},
			WatchErrorHandler: func(_ *Reflector, err error) { t.Error(err) },
		})
		ctx, cancel := context.WithCancel(t.Context())
		var run sync.WaitGroup
		run.Go(func() { controller.RunWithContext(ctx) })
		synctest.Wait()
		server.set("c", "")
		synctest.Wait()
		server.remove("a")
		synctest.Wait()
		if diff := cmp.Diff([]string{"2 Replaced true", "one Added false", "one Deleted false"}, l.take()); diff != "" {
			t.Errorf("processed (-want +got):\n%s", diff)
		}
		if diff := cmp.Diff([]string{"ns/b", "ns/c"}, sorted(store.ListKeys())); diff != "" {
			t.Errorf("store has (-want +got):\n%s", diff)
		}
		cancel()
		run.Wait()
	})
}
