package cache

import (
	"fmt"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
)

// metricsLog is a provider of all metrics, and remembers what was asked for and told.
type metricsLog struct{ eventLog }

// of returns what a metric was told, in order, and forgets nothing.
func (l *metricsLog) of(name string) []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	values := []string{}
	for _, line := range l.lines {
		if value, ok := strings.CutPrefix(line, name+" "); ok {
			values = append(values, value)
		}
	}
	return values
}

// last is what a metric was told last, and of a counter how often it was told.
func (l *metricsLog) last(name string) string {
	values := l.of(name)
	if len(values) == 0 {
		return ""
	}
	if last := values[len(values)-1]; last != "+1" {
		return last
	}
	return strconv.Itoa(len(values))
}

// check compares what metrics were told last.
func (l *metricsLog) check(t testing.TB, want map[string]string) {
	t.Helper()
	got := map[string]string{}
	for name := range want {
		got[name] = l.last(name)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("metrics were told (-want +got):\n%s", diff)
	}
}

func (l *metricsLog) metric(owner, name string) loggedMetric {
	return loggedMetric{l, owner + " " + name}
}

func (l *metricsLog) NewQueuedItemMetric(id InformerNameAndResource) GaugeMetric {
	return l.metric(id.Name(), "queued")
}
func (l *metricsLog) NewProcessingLatencyMetric(id InformerNameAndResource) HistogramMetric {
	return l.metric(id.Name(), "latency")
}
func (l *metricsLog) NewStoreResourceVersionMetric(id InformerNameAndResource) GaugeMetric {
	return l.metric(id.Name(), "version")
}
func (l *metricsLog) NewStoredObjectsMetric(id InformerNameAndResource) GaugeMetric {
	return l.metric(id.Name(), "objects")
}
func (l *metricsLog) NewStoredBytesMetric(id InformerNameAndResource) GaugeMetric {
	return l.metric(id.Name(), "bytes")
}
func (l *metricsLog) NewQuarantinedObjectsMetric(id InformerNameAndResource) GaugeMetric {
	return l.metric(id.Name(), "quarantined")
}
func (l *metricsLog) NewHandlerBacklogMetric(id InformerNameAndResource) GaugeMetric {
	return l.metric(id.Name(), "backlog")
}
func (l *metricsLog) NewHandlerDelayMetric(id InformerNameAndResource) GaugeMetric {
	return l.metric(id.Name(), "delay")
}
func (l *metricsLog) NewSilenceMetric(id InformerNameAndResource) GaugeMetric {
	return l.metric(id.Name(), "silence")
}
func (l *metricsLog) NewRelistsMetric(id InformerNameAndResource) CounterMetric {
	return l.metric(id.Name(), "relists")
}
func (l *metricsLog) NewWatchRestartsMetric(id InformerNameAndResource) CounterMetric {
	return l.metric(id.Name(), "restarts")
}
func (l *metricsLog) NewAuditDifferencesMetric(id InformerNameAndResource) CounterMetric {
	return l.metric(id.Name(), "differences")
}
func (l *metricsLog) NewDroppedEventsMetric(id InformerNameAndResource) CounterMetric {
	return l.metric(id.Name(), "dropped")
}
func (l *metricsLog) NewHandlerPanicsMetric(id InformerNameAndResource) CounterMetric {
	return l.metric(id.Name(), "panics")
}
func (l *metricsLog) NewListsMetric(name string) CounterMetric { return l.metric(name, "lists") }
func (l *metricsLog) NewListDurationMetric(name string) SummaryMetric {
	return l.metric(name, "list time")
}
func (l *metricsLog) NewItemsInListMetric(name string) SummaryMetric {
	return l.metric(name, "list items")
}
func (l *metricsLog) NewWatchesMetric(name string) CounterMetric { return l.metric(name, "watches") }
func (l *metricsLog) NewShortWatchesMetric(name string) CounterMetric {
	return l.metric(name, "short watches")
}
func (l *metricsLog) NewWatchDurationMetric(name string) SummaryMetric {
	return l.metric(name, "watch time")
}
func (l *metricsLog) NewItemsInWatchMetric(name string) SummaryMetric {
	return l.metric(name, "watch items")
}
func (l *metricsLog) NewLastResourceVersionMetric(name string) GaugeMetric {
	return l.metric(name, "reached")
}

type loggedMetric struct {
	log  *metricsLog
	name string
}

func (m loggedMetric) Inc()              { m.log.add("%s +1", m.name) }
func (m loggedMetric) Set(v float64)     { m.log.add("%s %v", m.name, v) }
func (m loggedMetric) Observe(v float64) { m.log.add("%s %v", m.name, v) }

// identities are one that is reserved, one that is taken, and none.
func identities(t *testing.T) (reserved, taken, none InformerNameAndResource) {
	t.Helper()
	name, err := NewInformerName("test")
	must(t, err)
	t.Cleanup(name.Release)
	return name.WithResource(configMaps), name.WithResource(configMaps), InformerNameAndResource{}
}

func TestRealFIFOMetrics(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		reserved, taken, none := identities(t)
		use := func(id InformerNameAndResource) []string {
			l := &metricsLog{}
			f := NewRealFIFOWithOptions(RealFIFOOptions{KeyFunction: named, AtomicEvents: true, Identifier: id, MetricsProvider: l})
			must(t, f.Add("a=1"), f.Add("b=1"), f.Resync())
			_, err := f.Pop(func(interface{}, bool) error { l.add("processing"); time.Sleep(time.Second); return nil })
			must(t, err, f.PopBatch(nil, func(interface{}, bool) error { return nil }))
			return l.take()
		}
		want := []string{
			"test queued 1", "test queued 2", "test queued 3",
			"test queued 2", "processing", "test latency 1",
			"test queued 1", "test latency 0",
		}
		if diff := cmp.Diff(want, use(reserved)); diff != "" {
			t.Errorf("told (-want +got):\n%s", diff)
		}
		for _, id := range []InformerNameAndResource{taken, none} {
			if diff := cmp.Diff([]string{"processing"}, use(id)); diff != "" {
				t.Errorf("without an identity of its own, told (-want +got):\n%s", diff)
			}
		}
	})
}

// A name that was released may be another's soon.
func TestMetricsOfAReleasedNameAreToldNothing(t *testing.T) {
	name, err := NewInformerName("test")
	must(t, err)
	l := &metricsLog{}
	f := NewRealFIFOWithOptions(RealFIFOOptions{KeyFunction: named, AtomicEvents: true, Identifier: name.WithResource(configMaps), MetricsProvider: l})
	s := NewStore(MetaNamespaceKeyFunc, WithStoreMetrics(name.WithResource(schema.GroupVersionResource{Resource: "stores"}), l))
	must(t, f.Add("a=1"))
	s.Bookmark("5")
	name.Release()
	must(t, f.Add("b=1"))
	_, err = f.Pop(func(interface{}, bool) error { return nil })
	must(t, err)
	s.Bookmark("6")
	if diff := cmp.Diff([]string{"test queued 1", "test version 5"}, l.take()); diff != "" {
		t.Errorf("told (-want +got):\n%s", diff)
	}
}

func TestStoreMetrics(t *testing.T) {
	reserved, taken, none := identities(t)
	object := func(version string) *corev1.ConfigMap { return at(labelled("ns", "a", ""), version) }
	for name, use := range map[string]func(id InformerNameAndResource, l *metricsLog){
		"Store": func(id InformerNameAndResource, l *metricsLog) {
			s := NewStore(MetaNamespaceKeyFunc, WithStoreMetrics(id, l))
			must(t, s.Add(object("1")), s.Update(object("2")), s.Delete(object("3")), s.Replace(nil, "4"))
			s.Bookmark("5")
			s.Bookmark("no number")
		},
		"ThreadSafeStore": func(id InformerNameAndResource, l *metricsLog) {
			s := NewThreadSafeStore(nil, nil, WithThreadSafeStoreMetrics(id, l))
			s.Add("a", object("1"))
			s.Update("a", object("2"))
			s.DeleteWithObject("a", object("3"))
			s.Replace(nil, "4")
			s.Bookmark("5")
			s.Bookmark("no number")
		},
	} {
		l := &metricsLog{}
		use(reserved, l)
		if diff := cmp.Diff([]string{"test version 1", "test version 2", "test version 3", "test version 4", "test version 5"}, l.take()); diff != "" {
			t.Errorf("%s told (-want +got):\n%s", name, diff)
		}
		use(taken, l)
		use(none, l)
		if told := l.take(); told != nil {
			t.Errorf("%s without an identity of its own told %v", name, told)
		}
	}
}

// Of several writers, the one whose version stays has the last word.
func TestStoreMetricsOfManyWriters(t *testing.T) {
	reserved, _, _ := identities(t)
	l := &metricsLog{}
	s := NewStore(MetaNamespaceKeyFunc, WithStoreMetrics(reserved, l))
	var wg sync.WaitGroup
	for i := range 50 {
		wg.Go(func() { s.Bookmark(fmt.Sprint(i + 1)) })
	}
	wg.Wait()
	told := l.take()
	m := &versionMetric{gauge: discard{}}
	m.update(func() string {
		if m.mu.TryLock() {
			t.Error("the version is read without the lock")
		}
		return "7"
	})
	if want := "test version " + s.LastStoreSyncResourceVersion(); told[len(told)-1] != want {
		t.Errorf("the last word was %q, want %q", told[len(told)-1], want)
	}
}

func TestDefaultMetricsProviders(t *testing.T) {
	defer func() { defaultProviders.informer, defaultProviders.reflector = nil, nil }()
	first, second, own := &metricsLog{}, &metricsLog{}, &metricsLog{}
	name, err := NewInformerName("defaults")
	must(t, err)
	defer name.Release()
	add := func(resource string, provider InformerMetricsProvider) {
		id := name.WithResource(schema.GroupVersionResource{Resource: resource})
		f := NewRealFIFOWithOptions(RealFIFOOptions{KeyFunction: named, AtomicEvents: true, Identifier: id, MetricsProvider: provider})
		must(t, f.Add("a=1"))
	}
	add("before", nil)
	SetInformerMetricsProvider(nil)
	SetInformerMetricsProvider(first)
	SetInformerMetricsProvider(second)
	add("after", nil)
	add("own", own)
	want := []string{"defaults queued 1"}
	if diff := cmp.Diff([][]string{want, nil, want}, [][]string{first.take(), second.take(), own.take()}); diff != "" {
		t.Errorf("first, second and own provider were told (-want +got):\n%s", diff)
	}
}
