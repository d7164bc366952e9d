package compat

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/kubewright/kubewright/pkg/cache"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/watch"
	upstream "k8s.io/client-go/tools/cache"
)

// collection is a server with the objects a and b, and one watch.
type collection struct{ changes *watch.RaceFreeFakeWatcher }

func newCollection() *collection { return &collection{watch.NewRaceFreeFake()} }

func (c *collection) List(context.Context, metav1.ListOptions) (runtime.Object, error) {
	return &metav1.PartialObjectMetadataList{
		ListMeta: metav1.ListMeta{ResourceVersion: "5"},
		Items:    []metav1.PartialObjectMetadata{*named("a", "3"), *named("b", "4")},
	}, nil
}

func (c *collection) Watch(context.Context, metav1.ListOptions) (watch.Interface, error) {
	return c.changes, nil
}

// IsWatchListSemanticsUnSupported says that watches do not begin with the collection.
func (c *collection) IsWatchListSemanticsUnSupported() bool { return true }

func named(name, version string) *metav1.PartialObjectMetadata {
	return &metav1.PartialObjectMetadata{ObjectMeta: metav1.ObjectMeta{Name: name, ResourceVersion: version}}
}

// notes are what metrics were told. They heed Reserved, as client-go asks of them.
type notes struct {
	mu    sync.Mutex // guards lines
	lines []string
}

func (n *notes) add(format string, args ...any) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.lines = append(n.lines, fmt.Sprintf(format, args...))
}

// told returns the values of a metric, without those that only repeat the one before.
func (n *notes) told(metric string) []string {
	n.mu.Lock()
	defer n.mu.Unlock()
	values := []string{}
	for _, line := range n.lines {
		if value, ok := strings.CutPrefix(line, metric+" "); ok {
			values = append(values, value)
		}
	}
	return slices.Compact(values)
}

// count is how often a metric was told.
func (n *notes) count(metric string) int {
	n.mu.Lock()
	defer n.mu.Unlock()
	count := 0
	for _, line := range n.lines {
		if strings.HasPrefix(line, metric+" ") {
			count++
		}
	}
	return count
}

func (n *notes) take() []string {
	n.mu.Lock()
	defer n.mu.Unlock()
	lines := n.lines
	n.lines = nil
	return lines
}

// noted is a metric of any kind, of an informer if id is set.
type noted struct {
	notes *notes
	id    interface{ Reserved() bool }
	name  string
}

func (m noted) Set(value float64) {
	if m.id == nil || m.id.Reserved() {
		m.notes.add("%s %v", m.name, value)
	}
}
func (m noted) Observe(value float64) { m.Set(value) }
func (m noted) Inc()                  { m.Set(1) }

// identity is an InformerNameAndResource of either make.
type identity interface {
	Name() string
	GroupVersionResource() schema.GroupVersionResource
	Reserved() bool
}

// metric makes the metric of an informer, and notes for whom.
func (n *notes) metric(id identity, name string) noted {
	n.add("asked for %s of %s %s", name, id.Name(), id.GroupVersionResource().Resource)
	return noted{n, id, name}
}

type ourMetrics struct{ *notes }

func (m ourMetrics) NewQueuedItemMetric(id cache.InformerNameAndResource) cache.GaugeMetric {
	return m.metric(id, "queued")
}
func (m ourMetrics) NewProcessingLatencyMetric(id cache.InformerNameAndResource) cache.HistogramMetric {
	return m.metric(id, "latency")
}
func (m ourMetrics) NewStoreResourceVersionMetric(id cache.InformerNameAndResource) cache.GaugeMetric {
	return m.metric(id, "version")
}

type theirMetrics struct{ *notes }

func (m theirMetrics) NewQueuedItemMetric(id upstream.InformerNameAndResource) upstream.GaugeMetric {
	return m.metric(id, "queued")
}
func (m theirMetrics) NewProcessingLatencyMetric(id upstream.InformerNameAndResource) upstream.HistogramMetric {
	return m.metric(id, "latency")
}
func (m theirMetrics) NewStoreResourceVersionMetric(id upstream.InformerNameAndResource) upstream.GaugeMetric {
	return m.metric(id, "version")
}

// measured is an informer of either make with metrics.
type measured struct {
	*collection
	*notes
	run      func(ctx context.Context)
	onUpdate func(func(obj interface{})) error
	release  func() // its name
}

var resource = schema.GroupVersionResource{Group: "example.com", Version: "v1", Resource: "things"}

// identities are which identities an informer has.
var identities = []string{"reserved", "taken", "none"}

func ourInformer(which string) measured {
	m := measured{collection: newCollection(), notes: &notes{}}
	name, err := cache.NewInformerName("compat")
	if err != nil {
		panic(err)
	}
	options := cache.SharedIndexInformerOptions{InformerMetricsProvider: ourMetrics{m.notes}}
	if which == "taken" {
		name.WithResource(resource)
	}
	if which != "none" {
		options.Identifier = name.WithResource(resource)
	}
	lw := cache.ToListWatcherWithWatchListSemantics(&cache.ListWatch{ListWithContextFunc: m.List, WatchFuncWithContext: m.Watch}, m.collection)
	informer := cache.NewSharedIndexInformerWithOptions(lw, &metav1.PartialObjectMetadata{}, options)
	m.run, m.release = informer.RunWithContext, name.Release
	m.onUpdate = func(f func(interface{})) error {
		_, err := informer.AddEventHandler(cache.ResourceEventHandlerFuncs{UpdateFunc: func(_, obj interface{}) { f(obj) }})
		return err
	}
	return m
}

func theirInformer(which string) measured {
	m := measured{collection: newCollection(), notes: &notes{}}
	name, err := upstream.NewInformerName("compat")
	if err != nil {
		panic(err)
	}
	options := upstream.SharedIndexInformerOptions{InformerMetricsProvider: theirMetrics{m.notes}}
	if which == "taken" {
		name.WithResource(resource)
	}
	if which != "none" {
		options.Identifier = name.WithResource(resource)
	}
	lw := upstream.ToListWatcherWithWatchListSemantics(&upstream.ListWatch{ListWithContextFunc: m.List, WatchFuncWithContext: m.Watch}, m.collection)
	informer := upstream.NewSharedIndexInformerWithOptions(lw, &metav1.PartialObjectMetadata{}, options)
	m.run, m.release = informer.RunWithContext, name.Release
	m.onUpdate = func(f func(interface{})) error {
		_, err := informer.AddEventHandler(upstream.ResourceEventHandlerFuncs{UpdateFunc: func(_, obj interface{}) { f(obj) }})
		return err
	}
	return m
}

// during runs an informer while something happens.
func (m measured) during(t *testing.T, happens func()) {
	t.Helper()
	defer m.release()
	ctx, cancel := context.WithCancel(t.Context())
	var running sync.WaitGroup
	running.Go(func() { m.run(ctx) })
	time.Sleep(time.Minute)
	happens()
	cancel()
	running.Wait()
}

// change does something with the collection, and waits until it has come.
func (m measured) change(what func(changes *watch.RaceFreeFakeWatcher)) {
	what(m.changes)
	time.Sleep(time.Second)
}

// The same metrics are asked for the same identities, and told the same versions, as many latencies, and an empty queue in
// the end; nothing for identities that are not reserved, nor after the release.
func TestMetricsOfInformers(t *testing.T) {
	for _, which := range identities {
		t.Run(which, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				type seen struct {
					Asked, Versions, Released []string
					Latencies                 int
					Queued                    string
				}
				see := func(m measured) (s seen) {
					m.during(t, func() {
						m.change(func(w *watch.RaceFreeFakeWatcher) { w.Modify(named("a", "6")) })
						m.change(func(w *watch.RaceFreeFakeWatcher) { w.Add(named("c", "7")) })
						m.change(func(w *watch.RaceFreeFakeWatcher) { w.Delete(named("a", "8")) })
						m.change(func(w *watch.RaceFreeFakeWatcher) { w.Action(watch.Bookmark, named("", "9")) })
						s.Asked = m.told("asked for")
						slices.Sort(s.Asked)
						s.Versions, s.Latencies = m.told("version"), m.count("latency")
						if depths := m.told("queued"); len(depths) > 0 {
							s.Queued = depths[len(depths)-1]
						}
						m.take()
						m.release()
						m.change(func(w *watch.RaceFreeFakeWatcher) { w.Modify(named("c", "10")) })
						s.Released = m.take()
					})
					return s
				}
				ours, theirs := see(ourInformer(which)), see(theirInformer(which))
				if diff := cmp.Diff(theirs, ours); diff != "" {
					t.Errorf("metrics (-client-go +ours):\n%s", diff)
				}
				if told := len(ours.Versions) > 0; told != (which == "reserved") {
					t.Errorf("versions %v", ours.Versions)
				}
			})
		})
	}
}
