package cache

import (
	"context"
	"errors"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/util/wait"
	"k8s.io/apimachinery/pkg/watch"
)

// notedStore is a ReflectorStore that notes what it is told.
type notedStore struct {
	*eventLog
	version atomic.Value
}

func (s *notedStore) Add(obj interface{}) error    { s.add("add %s", show(obj)); return nil }
func (s *notedStore) Update(obj interface{}) error { s.add("update %s", show(obj)); return nil }
func (s *notedStore) Delete(obj interface{}) error { s.add("delete %s", show(obj)); return nil }
func (s *notedStore) Resync() error                { s.add("resync"); return errors.New("resync failed") }
func (s *notedStore) Bookmark(rv string) error     { s.add("bookmark %s", rv); return nil }
func (s *notedStore) Replace(list []interface{}, rv string) error {
	s.add("replace %d at %s", len(list), rv)
	return nil
}
func (s *notedStore) UpdateResourceVersion(rv string) { s.version.Store(rv) }

// runReflector runs a reflector while test does something.
func runReflector(t *testing.T, r *Reflector, test func()) {
	ctx, cancel := context.WithCancel(t.Context())
	var run sync.WaitGroup
	run.Go(func() { r.RunWithContext(ctx) })
	synctest.Wait()
	test()
	cancel()
	run.Wait()
}

func TestReflectorFeedsAStore(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server, store := newFakeServer("a"), &notedStore{eventLog: &eventLog{}}
		r := NewNamedReflector("test", server.listWatch(), &corev1.ConfigMap{}, store, 0)
		if r.Name() != "test" || r.TypeDescription() != "*v1.ConfigMap" || r.LastSyncResourceVersion() != "" {
			t.Errorf("name %q, type %q, version %q", r.Name(), r.TypeDescription(), r.LastSyncResourceVersion())
		}
		runReflector(t, r, func() {
			server.set("b", "")
			server.set("b", "1")
			server.remove("b")
			server.inject(watch.Event{Type: watch.Bookmark, Object: at(&corev1.ConfigMap{}, "200")})
			synctest.Wait()
			want := []string{"replace 1 at 101", "add b", "update b=1", "delete b=1", "bookmark 200"}
			if diff := cmp.Diff(want, store.take()); diff != "" {
				t.Errorf("store was told (-want +got):\n%s", diff)
			}
			if r.LastSyncResourceVersion() != "200" || store.version.Load() != "200" {
				t.Errorf("version %q, store was told %q", r.LastSyncResourceVersion(), store.version.Load())
			}
		})
	})
}

func TestReflectorFeedsAnIndexer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := newFakeServer("a")
		indexer, r := NewNamespaceKeyedIndexerAndReflector(server.listWatch(), &corev1.ConfigMap{}, 0)
		if !strings.Contains(r.Name(), "reflector_test.go:") {
			t.Errorf("name = %q, want the caller's file and line", r.Name())
		}
		runReflector(t, r, func() {
			server.inject(watch.Event{Type: watch.Bookmark, Object: at(&corev1.ConfigMap{}, "200")})
			synctest.Wait()
			keys, err := indexer.IndexKeys(NamespaceIndex, "ns")
			if len(keys) != 1 || err != nil || indexer.LastStoreSyncResourceVersion() != "200" {
				t.Errorf("keys %v, %v at %q", keys, err, indexer.LastStoreSyncResourceVersion())
			}
		})
	})
}

func TestReflectorResyncsItsStore(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server, store := newFakeServer(), &notedStore{eventLog: &eventLog{}}
		var should atomic.Bool
		should.Store(true)
		r := NewReflector(server.listWatch(), &corev1.ConfigMap{}, store, time.Minute)
		r.ShouldResync = should.Load
		runReflector(t, r, func() {
			time.Sleep(150 * time.Second)
			should.Store(false)
			time.Sleep(150 * time.Second)
			synctest.Wait()
			if diff := cmp.Diff([]string{"replace 0 at 100", "resync", "resync"}, store.take()); diff != "" {
				t.Errorf("store was told (-want +got):\n%s", diff)
			}
		})
	})
}

func TestReflectorRefusesOtherTypes(t *testing.T) {
	kind := func(kind string) *unstructured.Unstructured {
		u := &unstructured.Unstructured{}
		u.SetGroupVersionKind(schema.GroupVersionKind{Group: "g", Version: "v1", Kind: kind})
		return u
	}
	for name, c := range map[string]struct {
		expected, got any
		want          string
	}{
		"same type":          {&corev1.ConfigMap{}, &corev1.ConfigMap{}, ""},
		"anything":           {nil, &corev1.Secret{}, ""},
		"another type":       {&corev1.ConfigMap{}, &corev1.Secret{}, "object is a *v1.Secret where *v1.ConfigMap is expected"},
		"same kind":          {kind("A"), kind("A"), ""},
		"another kind":       {kind("A"), kind("B"), "object is a g/v1, Kind=B where g/v1, Kind=A is expected"},
		"any kind":           {&unstructured.Unstructured{}, kind("B"), ""},
		"unstructured wants": {kind("A"), &corev1.Secret{}, "object is a *v1.Secret where *unstructured.Unstructured is expected"},
	} {
		_, err := expect(c.expected)(c.got.(runtime.Object))
		if (c.want == "") != (err == nil) || err != nil && err.Error() != c.want {
			t.Errorf("%s: error = %v, want %q", name, err, c.want)
		}
	}
	for want, example := range map[string]any{"<unspecified>": nil, "g/v1, Kind=A": kind("A"), "*unstructured.Unstructured": &unstructured.Unstructured{}} {
		if got := describe(example); got != want {
			t.Errorf("describe(%v) = %q, want %q", example, got, want)
		}
	}
}

func TestListAndWatchEndsAtTheFirstError(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server, store := newFakeServer("a"), &notedStore{eventLog: &eventLog{}}
		r := NewReflectorWithOptions(server.listWatch(), &corev1.ConfigMap{}, store, ReflectorOptions{Name: "test", ResyncPeriod: time.Minute})
		down := errors.New("connection refused")
		server.hangUp(down)
		if err := r.ListAndWatchWithContext(t.Context()); !errors.Is(err, down) || !strings.Contains(err.Error(), "*v1.ConfigMap: list:") {
			t.Errorf("ListAndWatch without a list = %v", err)
		}
		server.hangUp(nil)
		var reported error
		r.onWatchError = func(_ context.Context, _ *Reflector, err error) { reported = err }
		time.AfterFunc(time.Millisecond, func() { server.hangUp(nil) })
		if err := r.ListAndWatch(t.Context().Done()); err != nil {
			t.Errorf("ListAndWatch that has watched = %v, want nil", err)
		}
		var short *VeryShortWatchError
		if !errors.As(reported, &short) || short.Name != "test" || !strings.Contains(short.Error(), "very short watch: test") {
			t.Errorf("reported %v, want a VeryShortWatchError", reported)
		}
	})
}

func TestReflectorOptionsReachTheCore(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := newFakeServer()
		server.hangUp(errors.New("down"))
		var limits []int64
		lw := &ListWatch{
			ListWithContextFunc: func(ctx context.Context, options metav1.ListOptions) (runtime.Object, error) {
				limits = append(limits, options.Limit)
				return server.List(ctx, options)
			},
			WatchFuncWithContext: server.Watch,
		}
		r := NewReflectorWithOptions(ToListWatcherWithWatchListSemantics(lw, server), &corev1.ConfigMap{}, NewStore(MetaNamespaceKeyFunc), ReflectorOptions{
			Backoff:         &wait.Backoff{Duration: time.Hour},
			MinWatchTimeout: time.Hour,
		})
		r.WatchListPageSize = 7
		runReflector(t, r, func() {
			time.Sleep(150 * time.Minute)
			synctest.Wait()
			if diff := cmp.Diff([]int64{7, 7, 7}, limits); diff != "" {
				t.Errorf("limits of the lists (-want +got):\n%s", diff)
			}
		})
	})
}
