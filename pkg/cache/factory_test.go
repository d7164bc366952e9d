package cache

import (
	"context"
	"errors"
	"reflect"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// newConfigMapInformer is what generated code passes to InformerFor.
func newConfigMapInformer(server *fakeServer, resync time.Duration) SharedIndexInformer {
	return NewClientInformer(server, configMaps, &corev1.ConfigMap{}, ClientInformerOptions{ResyncPeriod: resync})
}

func TestFactorySharesStartsAndStopsInformers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := newFakeServer("a")
		f := NewInformerFactory(server, InformerFactoryOptions{})
		informer := f.InformerFor(&corev1.ConfigMap{}, newConfigMapInformer)
		if f.InformerFor(&corev1.ConfigMap{}, nil) != informer {
			t.Error("a second informer for the same type")
		}
		ctx, cancel := context.WithCancel(t.Context())
		if got := f.WaitForCacheSync(ctx.Done()); len(got) != 0 {
			t.Errorf("synced without a start: %v", got)
		}
		f.Start(ctx.Done())
		f.StartWithContext(ctx)
		result := f.WaitForCacheSyncWithContext(ctx)
		if err := result.AsError(); err != nil || !result.Synced[reflect.TypeFor[*corev1.ConfigMap]()] {
			t.Errorf("result = %v", result)
		}

		late := f.InformerFor(&corev1.Secret{}, newConfigMapInformer)
		f.StartWithContext(ctx)
		if !f.WaitForCacheSync(ctx.Done())[reflect.TypeFor[*corev1.Secret]()] {
			t.Error("an informer that was made after Start was not started by the next one")
		}
		cancel()
		f.Shutdown()
		if !informer.IsStopped() || !late.IsStopped() {
			t.Error("Shutdown returned before the informers had ended")
		}
		after := f.InformerFor(&corev1.Pod{}, newConfigMapInformer)
		f.StartWithContext(t.Context())
		synctest.Wait()
		if len(server.watches) != 0 || after.HasSynced() {
			t.Error("started after Shutdown")
		}
	})
}

func TestFactorySaysWhatHasNotSynced(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := newFakeServer()
		server.hangUp(errors.New("down"))
		f := NewInformerFactory(server, InformerFactoryOptions{})
		f.InformerFor(&corev1.ConfigMap{}, newConfigMapInformer)
		ctx, cancel := context.WithTimeoutCause(t.Context(), time.Minute, errors.New("a minute is enough"))
		defer cancel()
		f.StartWithContext(ctx)
		err := f.WaitForCacheSyncWithContext(ctx).AsError()
		if err == nil || !strings.Contains(err.Error(), "*v1.ConfigMap have not synced") || !strings.Contains(err.Error(), "a minute is enough") {
			t.Errorf("error = %v", err)
		}
		f.Shutdown()
	})
}

func TestFactoryOptions(t *testing.T) {
	defer ResetInformerNamesForTesting()
	name, err := NewInformerName("factory")
	must(t, err)
	tweaked := false
	f := NewInformerFactory(newFakeServer(), InformerFactoryOptions{
		DefaultResync:    time.Hour,
		CustomResync:     map[metav1.Object]time.Duration{&corev1.Secret{}: time.Minute},
		Namespace:        "ns",
		TweakListOptions: func(*metav1.ListOptions) { tweaked = true },
		InformerName:     name,
	})
	f.TweakListOptions()(nil)
	if f.Namespace() != "ns" || !tweaked || f.InformerName() != name {
		t.Errorf("namespace %q, tweaked %v, name %v", f.Namespace(), tweaked, f.InformerName())
	}
	resyncs := map[string]time.Duration{}
	f.InformerFor(&corev1.ConfigMap{}, func(s *fakeServer, resync time.Duration) SharedIndexInformer {
		resyncs["default"] = resync
		return newConfigMapInformer(s, resync)
	})
	f.InformerFor(&corev1.Secret{}, func(s *fakeServer, resync time.Duration) SharedIndexInformer {
		resyncs["custom"] = resync
		return newConfigMapInformer(s, resync)
	})
	if resyncs["default"] != time.Hour || resyncs["custom"] != time.Minute {
		t.Errorf("resync periods %v", resyncs)
	}
}

// P11: the factory's transform does not replace an informer's own.
func TestFactoryTransform(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := NewInformerFactory(newFakeServer("a"), InformerFactoryOptions{Transform: appendBang})
		common := f.InformerFor(&corev1.ConfigMap{}, newConfigMapInformer)
		own := f.InformerFor(&corev1.Secret{}, func(s *fakeServer, resync time.Duration) SharedIndexInformer {
			informer := newConfigMapInformer(s, resync)
			must(t, informer.SetTransform(func(obj interface{}) (interface{}, error) { return obj, nil }))
			return informer
		})
		ctx, cancel := context.WithCancel(t.Context())
		f.StartWithContext(ctx)
		synctest.Wait()
		if got := show(common.GetStore().List()[0]); got != "a=!" {
			t.Errorf("without a transform of its own: %s, want a=!", got)
		}
		if got := show(own.GetStore().List()[0]); got != "a" {
			t.Errorf("with a transform of its own: %s, want a", got)
		}
		cancel()
		f.Shutdown()
	})
}

func TestClientInformerTweaksOptionsAndKnowsItsName(t *testing.T) {
	defer ResetInformerNamesForTesting()
	name, err := NewInformerName("mine")
	must(t, err)
	synctest.Test(t, func(t *testing.T) {
		server := newFakeServer()
		informer := NewClientInformer(server, configMaps, &corev1.ConfigMap{}, ClientInformerOptions{
			Indexers:         Indexers{NamespaceIndex: MetaNamespaceIndexFunc},
			InformerName:     name,
			TweakListOptions: func(o *metav1.ListOptions) { o.ResourceVersion = "100" },
		})
		if got := informer.HasSyncedChecker().Name(); got != "cache of mine//v1, Resource=configmaps" {
			t.Errorf("name = %q", got)
		}
		if informer.GetIndexer().GetIndexers()[NamespaceIndex] == nil {
			t.Error("the index is missing")
		}
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan struct{})
		go func() { defer close(done); informer.RunWithContext(ctx) }()
		synctest.Wait()
		if got := server.takeRequests(); len(got) == 0 || got[0] != `list "100"` {
			t.Errorf("requests = %v, want tweaked options", got)
		}
		cancel()
		<-done
	})
}
