package cache

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	corev1 "k8s.io/api/core/v1"
)

// leasing is a factory of one informer, as generated code offers it.
func leasing(server *fakeServer) (*InformerFactory[*fakeServer], func() SharedIndexInformer) {
	f := NewInformerFactory(server, InformerFactoryOptions{})
	return f, func() SharedIndexInformer { return f.InformerFor(&corev1.ConfigMap{}, newConfigMapInformer) }
}

func acquire(ctx context.Context, t *testing.T, f *InformerFactory[*fakeServer], informer func() SharedIndexInformer) *InformerLease {
	t.Helper()
	lease, err := f.Acquire(ctx, informer)
	must(t, err)
	if !WaitFor(ctx, "", lease.Informer().HasSyncedChecker()) {
		t.Fatal("not synced")
	}
	return lease
}

func TestLastLeaseStopsTheInformer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := newFakeServer("a")
		f, informer := leasing(server)
		first, second := acquire(t.Context(), t, f, informer), acquire(t.Context(), t, f, informer)
		if first.Informer() != second.Informer() {
			t.Fatal("two informers for one type")
		}
		first.Release()
		first.Release()
		synctest.Wait()
		if second.Informer().IsStopped() || len(server.watches) != 1 {
			t.Fatal("stopped while somebody holds it")
		}
		second.Release()
		<-second.Ended()
		if !second.Informer().IsStopped() || len(server.watches) != 0 {
			t.Error("still there without a lease")
		}

		again := acquire(t.Context(), t, f, informer) // the resource has come back
		if again.Informer() == first.Informer() {
			t.Error("an informer that has stopped was handed out")
		}
		again.Release()
		f.Shutdown()
	})
}

func TestLeaseEndsWithItsContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f, informer := leasing(newFakeServer("a"))
		ctx, cancel := context.WithCancel(t.Context())
		short := acquire(ctx, t, f, informer)
		long := acquire(t.Context(), t, f, informer)
		cancel() // of the context that the informer was first acquired with
		synctest.Wait()
		if long.Informer().IsStopped() {
			t.Error("stopped while somebody holds it")
		}
		if _, err := f.Acquire(ctx, informer); !errors.Is(err, context.Canceled) {
			t.Errorf("acquired with a context that is done: %v", err)
		}
		long.Release()
		<-short.Ended()
		f.Shutdown()
	})
}

func TestInformerThatTheFactoryStartedOutlivesLeases(t *testing.T) {
	for _, startedFirst := range []bool{true, false} {
		synctest.Test(t, func(t *testing.T) {
			f, informer := leasing(newFakeServer("a"))
			ctx, cancel := context.WithCancel(t.Context())
			start := func() {
				informer()
				f.StartWithContext(ctx)
			}
			if startedFirst {
				start()
			}
			lease := acquire(t.Context(), t, f, informer)
			if !startedFirst {
				start()
			}
			lease.Release()
			synctest.Wait()
			if informer().IsStopped() || informer() != lease.Informer() {
				t.Errorf("started first: %v: the lease took the factory's informer along", startedFirst)
			}
			cancel()
			f.Shutdown()
			if !informer().IsStopped() || informer() != lease.Informer() {
				t.Errorf("started first: %v: after the start's context, stopped %v", startedFirst, informer().IsStopped())
			}
		})
	}
}

func TestWhatCannotBeAcquired(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f, informer := leasing(newFakeServer("a"))
		foreign := newConfigMapInformer(newFakeServer(), 0)
		if _, err := f.Acquire(t.Context(), func() SharedIndexInformer { return foreign }); err == nil || !strings.Contains(err.Error(), "none of this factory") {
			t.Errorf("informer of somebody else: %v", err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		informer()
		f.StartWithContext(ctx)
		cancel()
		f.Shutdown()
		if _, err := f.Acquire(t.Context(), informer); !errors.Is(err, ErrFactoryShutDown) {
			t.Errorf("after Shutdown: %v", err)
		}

		f, informer = leasing(newFakeServer("a"))
		ctx, cancel = context.WithCancel(t.Context())
		informer()
		f.StartWithContext(ctx)
		cancel()
		synctest.Wait()
		if _, err := f.Acquire(t.Context(), informer); err == nil || !strings.Contains(err.Error(), "it has stopped") {
			t.Errorf("informer that has stopped: %v", err)
		}
		f.Shutdown()
	})
}

func TestLeasesComeAndGoAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := newFakeServer("a")
		f, informer := leasing(server)
		var wg sync.WaitGroup
		for i := range 20 {
			wg.Go(func() {
				for range 20 {
					lease := acquire(t.Context(), t, f, informer)
					if got := lease.Informer().GetStore().ListKeys(); len(got) != 1 {
						t.Errorf("the cache of a leased informer has %v", got)
					}
					time.Sleep(time.Duration(i) * time.Millisecond)
					lease.Release()
				}
			})
		}
		wg.Wait()
		f.Shutdown()
		if len(server.watches) != 0 {
			t.Errorf("%d watches are left open", len(server.watches))
		}
	})
}
