package cache

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/watch"
)

// Metrics of a reflector carry its name. The provider that was set last counts.
func TestReflectorTellsItsMetrics(t *testing.T) {
	defer SetReflectorMetricsProvider(nil)
	synctest.Test(t, func(t *testing.T) {
		server := newFakeServer("a", "b", "c")
		store := &notedStore{eventLog: &eventLog{}}
		slow := listWatchOf(server, func(opts *metav1.ListOptions) {
			if opts.TimeoutSeconds == nil { // a list
				time.Sleep(3 * time.Second)
			}
		})
		newReflector := func(name string) *Reflector {
			return NewReflectorWithOptions(ToListWatcherWithWatchListSemantics(slow, server), &corev1.ConfigMap{}, store, ReflectorOptions{Name: name})
		}
		before := newReflector("early")
		first, l := &metricsLog{}, &metricsLog{}
		SetReflectorMetricsProvider(first)
		SetReflectorMetricsProvider(l)
		r := newReflector("late")
		SetReflectorMetricsProvider(nil)
		runReflector(t, before, func() {})
		runReflector(t, r, func() {
			time.Sleep(3 * time.Second)
			synctest.Wait()
			server.set("a", "1")
			server.inject(watch.Event{Type: watch.Bookmark, Object: at(&corev1.ConfigMap{}, "200")})
			time.Sleep(time.Minute)
			server.hangUp(nil) // after two events
			time.Sleep(time.Minute)
			server.hangUp(nil) // after none
			time.Sleep(10 * time.Second)
			synctest.Wait()
		})
		for metric, want := range map[string][]string{
			"lists": {"+1"}, "list time": {"3"}, "list items": {"3"},
			"reached": {"103", "104", "200"},
		} {
			if diff := cmp.Diff(want, l.of("late "+metric)); diff != "" {
				t.Errorf("%s: told (-want +got):\n%s", metric, diff)
			}
		}
		if times := l.of("late watch time"); len(times) != 3 || times[0] != "60" {
			t.Errorf("watches lasted %v", times)
		}
		if diff := cmp.Diff([]string{"2", "0", "0"}, l.of("late watch items")); diff != "" || l.last("late watches") != "3" || l.last("late short watches") != "" {
			t.Errorf("%s watches, %s short, events (-want +got):\n%s", l.last("late watches"), l.last("late short watches"), diff)
		}
		if told := first.take(); told != nil {
			t.Errorf("the provider before was told %v", told)
		}
	})
}

func TestShortWatchesAreMeasured(t *testing.T) {
	defer SetReflectorMetricsProvider(nil)
	synctest.Test(t, func(t *testing.T) {
		l := &metricsLog{}
		SetReflectorMetricsProvider(l)
		server := newFakeServer()
		r := NewNamedReflector("r", server.listWatch(), &corev1.ConfigMap{}, NewStore(MetaNamespaceKeyFunc), 0)
		runReflector(t, r, func() {
			server.hangUp(nil)
			time.Sleep(time.Minute)
		})
		l.check(t, map[string]string{"r watches": "2", "r short watches": "1"})
	})
}

// The reflector of an informer is called what the informer is called, with a name or without one.
func TestReflectorOfAnInformerTellsItsMetrics(t *testing.T) {
	defer SetReflectorMetricsProvider(nil)
	synctest.Test(t, func(t *testing.T) {
		l := &metricsLog{}
		SetReflectorMetricsProvider(l)
		name, err := NewInformerName("test")
		must(t, err)
		defer name.Release()
		server := newFakeServer("a")
		for _, informer := range []SharedIndexInformer{
			measuredMakes["typed"](server, measuredOptions{name: name}),
			newConfigMapInformer(server, 0),
		} {
			ctx, cancel := context.WithCancel(t.Context())
			go func() { synctest.Wait(); cancel() }()
			informer.RunWithContext(ctx)
			observed, err := Observe(informer)
			must(t, err)
			name := observed.Status().Name
			l.check(t, map[string]string{name + " lists": "1", name + " watches": "1", name + " reached": "101"})
		}
	})
}
