package cache

import (
	"time"

	"github.com/kubewright/kubewright/pkg/cache/internal/reflector"
)

// reflectorMetrics are the metrics of one reflector, and what its core tells them.
type reflectorMetrics struct {
	lists, watches, shortWatches CounterMetric
	listTime, watchTime          SummaryMetric
	listItems, watchItems        SummaryMetric
	version                      GaugeMetric
}

// newReflectorMetrics returns the metrics of the reflector with this name; nil if nobody makes any.
func newReflectorMetrics(name string) reflector.Metrics {
	defaultProviders.mu.Lock()
	provider := defaultProviders.reflector
	defaultProviders.mu.Unlock()
	if provider == nil {
		return nil
	}
	return &reflectorMetrics{
		lists:        provider.NewListsMetric(name),
		listTime:     provider.NewListDurationMetric(name),
		listItems:    provider.NewItemsInListMetric(name),
		watches:      provider.NewWatchesMetric(name),
		shortWatches: provider.NewShortWatchesMetric(name),
		watchTime:    provider.NewWatchDurationMetric(name),
		watchItems:   provider.NewItemsInWatchMetric(name),
		version:      provider.NewLastResourceVersionMetric(name),
	}
}

func (m *reflectorMetrics) Listed(took time.Duration, objects int) {
	m.lists.Inc()
	m.listTime.Observe(took.Seconds())
	m.listItems.Observe(float64(objects))
}

func (m *reflectorMetrics) WatchOpened() { m.watches.Inc() }

func (m *reflectorMetrics) WatchEnded(lasted time.Duration, events int, short bool) {
	if short {
		m.shortWatches.Inc()
	}
	m.watchTime.Observe(lasted.Seconds())
	m.watchItems.Observe(float64(events))
}

func (m *reflectorMetrics) Reached(version string) { setVersion(m.version, version) }
