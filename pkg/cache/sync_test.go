package cache

import (
	"context"
	"errors"
	"reflect"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	corev1 "k8s.io/api/core/v1"
)

func TestWaitFor(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		first, second := make(chan struct{}), make(chan struct{})
		checkers := []DoneChecker{activity{"first", first}, activity{"second", second}}
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		close(second)
		start := time.Now()
		if WaitFor(ctx, "a test", checkers...) || time.Since(start) != time.Second {
			t.Errorf("WaitFor returned early or true, after %v", time.Since(start))
		}
		close(first)
		if !WaitFor(ctx, "", checkers...) {
			t.Error("WaitFor = false although all is done: that the context has ended too must not matter")
		}
		if !WaitFor(t.Context(), "nothing") {
			t.Error("WaitFor nothing = false")
		}
	})
}

func TestWaitForCacheSync(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var synced atomic.Bool
		always := func() bool { return true }
		stop := make(chan struct{})
		time.AfterFunc(time.Second, func() { synced.Store(true) })
		if !WaitForCacheSync(stop, always, synced.Load) {
			t.Error("WaitForCacheSync = false")
		}
		if !WaitForNamedCacheSync("test", stop, synced.Load) || !WaitForNamedCacheSyncWithContext(t.Context(), synced.Load) {
			t.Error("WaitForNamedCacheSync = false")
		}
		close(stop)
		if WaitForCacheSync(stop, func() bool { return false }) || WaitForNamedCacheSync("test", stop, func() bool { return false }) {
			t.Error("WaitForCacheSync = true after it was stopped")
		}
	})
}

func TestSyncResultAsError(t *testing.T) {
	reason := errors.New("too slow")
	result := SyncResult{Err: reason, Synced: map[reflect.Type]bool{
		reflect.TypeFor[*corev1.Secret](): false, reflect.TypeFor[*corev1.ConfigMap](): false, reflect.TypeFor[*corev1.Pod](): true,
	}}
	err := result.AsError()
	if !errors.Is(err, reason) || !strings.Contains(err.Error(), "*v1.ConfigMap, *v1.Secret have not synced") {
		t.Errorf("error = %v", err)
	}
	if err := (SyncResult{}).AsError(); err != nil {
		t.Errorf("error = %v although all have synced", err)
	}
}

func TestInformerNames(t *testing.T) {
	defer ResetInformerNamesForTesting()
	if _, err := NewInformerName(""); err == nil {
		t.Error("an empty name was accepted")
	}
	n, err := NewInformerName("test")
	must(t, err)
	if _, err := NewInformerName("test"); err == nil || !strings.Contains(err.Error(), `"test" is in use`) {
		t.Errorf("error = %v", err)
	}
	first, second := n.WithResource(configMaps), n.WithResource(configMaps)
	if !first.Reserved() || second.Reserved() || first.Name() != "test" || first.GroupVersionResource() != configMaps {
		t.Errorf("first %v, second %v", first, second)
	}
	n.Release()
	if first.Reserved() || (InformerNameAndResource{}).Reserved() || (InformerNameAndResource{}).Name() != "" {
		t.Error("reserved after Release, or without a name")
	}
	again, err := NewInformerName("test")
	must(t, err)
	n.Release() // must not release the new owner's name
	if _, err := NewInformerName(again.Name()); err == nil {
		t.Error("the old owner released the new owner's name")
	}
}
