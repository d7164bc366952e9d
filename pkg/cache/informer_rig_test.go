package cache

import (
	"context"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
)

var configMaps = schema.GroupVersionResource{Version: "v1", Resource: "configmaps"}

type configMapInformer = TypedSharedIndexInformer[*corev1.ConfigMap]

// makes are the ways to an informer that all tests of the contract run with.
var makes = map[string]func(s *fakeServer, resync time.Duration) configMapInformer{
	"typed": func(s *fakeServer, resync time.Duration) configMapInformer {
		return NewClientInformer(s, configMaps, &corev1.ConfigMap{}, ClientInformerOptions{ResyncPeriod: resync})
	},
	"untyped": func(s *fakeServer, resync time.Duration) configMapInformer {
		return NewTypedSharedIndexInformer[*corev1.ConfigMap](NewSharedIndexInformer(s.listWatch(), &corev1.ConfigMap{}, resync, Indexers{}))
	},
}

// rig is an informer of a fake server under fake time.
type rig struct {
	testing.TB
	configMapInformer
	server *fakeServer
	cancel context.CancelFunc
	done   chan struct{}
}

// contract runs a test of the informer contract with each make of informer.
func contract(t *testing.T, resync time.Duration, names []string, test func(*rig)) {
	for name, make := range makes {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				server := newFakeServer(names...)
				r := &rig{TB: t, server: server, configMapInformer: make(server, resync)}
				test(r)
				r.stop()
				synctest.Wait()
				if len(server.watches) != 0 {
					t.Errorf("%d watches were not stopped", len(server.watches))
				}
			})
		})
	}
}

// start runs the informer and waits until it has synced.
func (r *rig) start() {
	ctx, cancel := context.WithCancel(r.Context())
	r.cancel, r.done = cancel, make(chan struct{})
	go func() {
		defer close(r.done)
		r.RunWithContext(ctx)
	}()
	synctest.Wait()
}

// stop stops the informer, if it runs, and waits for its end.
func (r *rig) stop() {
	if r.cancel != nil {
		r.cancel()
		<-r.done
	}
}

// logs adds a typed and an untyped handler.
func (r *rig) logs() [2]*eventLog {
	r.Helper()
	logs := [2]*eventLog{{}, {}}
	_, err1 := r.AddEventHandler(untypedLog{logs[0]})
	_, err2 := r.AddTypedEventHandler(typedLog{logs[1]})
	if err1 != nil || err2 != nil {
		r.Fatal(err1, err2)
	}
	return logs
}

// told checks what both handlers were told since the last call.
func (r *rig) told(logs [2]*eventLog, want ...string) {
	r.Helper()
	synctest.Wait()
	for _, l := range logs {
		if diff := cmp.Diff(want, l.take()); diff != "" {
			r.Errorf("handler was told (-want +got):\n%s", diff)
		}
	}
}

// stores checks that the cache is what the server has.
func (r *rig) stores() {
	r.Helper()
	synctest.Wait()
	want := []string{}
	for _, cm := range r.server.objects {
		want = append(want, show(cm)+"@"+cm.ResourceVersion)
	}
	got := []string{}
	for _, obj := range r.GetStore().List() {
		got = append(got, show(obj)+"@"+obj.(*corev1.ConfigMap).ResourceVersion)
	}
	slices.Sort(want)
	slices.Sort(got)
	if diff := cmp.Diff(want, got); diff != "" {
		r.Errorf("cache differs from the server (-server +cache):\n%s", diff)
	}
}

func (r *rig) requests(want ...string) {
	r.Helper()
	if diff := cmp.Diff(want, r.server.takeRequests()); diff != "" {
		r.Errorf("requests (-want +got):\n%s", diff)
	}
}
