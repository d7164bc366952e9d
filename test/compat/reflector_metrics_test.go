package compat

import (
	"testing"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"
	"github.com/kubewright/kubewright/pkg/cache"
	"k8s.io/apimachinery/pkg/watch"
	upstream "k8s.io/client-go/tools/cache"
)

func (m ourMetrics) NewListsMetric(string) cache.CounterMetric { return m.of("lists") }
func (m ourMetrics) NewListDurationMetric(string) cache.SummaryMetric {
	return m.of("list time")
}
func (m ourMetrics) NewItemsInListMetric(string) cache.SummaryMetric { return m.of("items") }
func (m ourMetrics) NewWatchesMetric(string) cache.CounterMetric     { return m.of("watches") }
func (m ourMetrics) NewShortWatchesMetric(string) cache.CounterMetric {
	return m.of("short")
}
func (m ourMetrics) NewWatchDurationMetric(string) cache.SummaryMetric {
	return m.of("watch time")
}
func (m ourMetrics) NewItemsInWatchMetric(string) cache.SummaryMetric {
	return m.of("events")
}
func (m ourMetrics) NewLastResourceVersionMetric(string) cache.GaugeMetric {
	return m.of("reached")
}

func (m theirMetrics) NewListsMetric(string) upstream.CounterMetric { return m.of("lists") }
func (m theirMetrics) NewListDurationMetric(string) upstream.SummaryMetric {
	return m.of("list time")
}
func (m theirMetrics) NewItemsInListMetric(string) upstream.SummaryMetric {
	return m.of("items")
}
func (m theirMetrics) NewWatchesMetric(string) upstream.CounterMetric {
	return m.of("watches")
}
func (m theirMetrics) NewShortWatchesMetric(string) upstream.CounterMetric {
	return m.of("short")
}
func (m theirMetrics) NewWatchDurationMetric(string) upstream.SummaryMetric {
	return m.of("watch time")
}
func (m theirMetrics) NewItemsInWatchMetric(string) upstream.SummaryMetric {
	return m.of("events")
}
func (m theirMetrics) NewLastResourceVersionMetric(string) upstream.GaugeMetric {
	return m.of("reached")
}

// of is a metric of a reflector.
func (n *notes) of(metric string) noted { return noted{n, nil, metric} }

// client-go still has the provider of reflectors' metrics, but its reflectors do not use it any more. Ours do.
func TestMetricsOfReflectors(t *testing.T) {
	defer cache.SetReflectorMetricsProvider(nil)
	synctest.Test(t, func(t *testing.T) {
		ours, theirs := &notes{}, &notes{}
		cache.SetReflectorMetricsProvider(ourMetrics{ours})
		upstream.SetReflectorMetricsProvider(theirMetrics{theirs})
		for _, m := range []measured{ourInformer("none"), theirInformer("none")} {
			m.during(t, func() { m.change(func(w *watch.RaceFreeFakeWatcher) { w.Modify(named("a", "6")) }) })
		}
		want := []string{"lists 1", "list time 0", "items 2", "reached 5", "watches 1", "reached 6", "watch time 61", "events 1"}
		if diff := cmp.Diff(want, ours.take()); diff != "" {
			t.Errorf("told (-want +got):\n%s", diff)
		}
		if told := theirs.take(); told != nil {
			t.Errorf("client-go's reflectors tell metrics again, compare them: %v", told)
		}
	})
}
