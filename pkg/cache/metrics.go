package cache

import (
	"strconv"
	"sync"
)

// What metrics are told to is given by an adapter to some metrics system. Metrics are called from many goroutines, also by
// queues that are locked meanwhile: they must be safe for concurrent use, must not block, and must not use what they
// measure.

// GaugeMetric is a value that goes up and down.
type GaugeMetric interface {
	Set(float64)
}

// CounterMetric is a value that only goes up.
type CounterMetric interface {
	Inc()
}

// SummaryMetric observes single values.
type SummaryMetric interface {
	Observe(float64)
}

// HistogramMetric observes single values and sorts them into buckets.
type HistogramMetric interface {
	Observe(float64)
}

// InformerMetricsProvider makes the metrics of informers, and of queues and stores that are used without one. It is asked
// only for identities that are reserved when the informer is made; the metrics should ask Reserved of the identity before
// each update, because the name of an informer may be released while it still runs.
type InformerMetricsProvider interface {
	// NewQueuedItemMetric is how many entries wait to be processed.
	NewQueuedItemMetric(id InformerNameAndResource) GaugeMetric
	// NewProcessingLatencyMetric is how long it takes to process what was popped at once, in seconds.
	NewProcessingLatencyMetric(id InformerNameAndResource) HistogramMetric
	// NewStoreResourceVersionMetric is the resource version that the store has reached. One that is no number is not
	// told.
	NewStoreResourceVersionMetric(id InformerNameAndResource) GaugeMetric
}

// MetricsProvider makes the metrics of reflectors. Durations are in seconds.
type MetricsProvider interface {
	// NewListsMetric is how often was listed, NewListDurationMetric how long it took, NewItemsInListMetric how many
	// objects it brought.
	NewListsMetric(name string) CounterMetric
	NewListDurationMetric(name string) SummaryMetric
	NewItemsInListMetric(name string) SummaryMetric

	// NewWatchesMetric is how often a watch began, NewShortWatchesMetric how often it ended within a second without an
	// event, NewWatchDurationMetric how long it lasted, NewItemsInWatchMetric how many events it brought.
	NewWatchesMetric(name string) CounterMetric
	NewShortWatchesMetric(name string) CounterMetric
	NewWatchDurationMetric(name string) SummaryMetric
	NewItemsInWatchMetric(name string) SummaryMetric

	// NewLastResourceVersionMetric is the resource version that the reflector has reached.
	NewLastResourceVersionMetric(name string) GaugeMetric
}

// defaultProviders are who makes metrics where no options say so. They are global because the two functions that set them
// are: a program registers its metrics system once, and the informers of libraries, whose options it does not see, are to
// be measured too. Nothing else reads or writes them, and a provider that is given in options wins.
var defaultProviders struct {
	mu        sync.Mutex // guards what follows
	informer  InformerMetricsProvider
	reflector MetricsProvider
}

// SetInformerMetricsProvider sets who makes the metrics of informers, queues and stores that are made from now on and have
// no provider in their options. Only the first call has an effect.
func SetInformerMetricsProvider(metricsProvider InformerMetricsProvider) {
	defaultProviders.mu.Lock()
	defer defaultProviders.mu.Unlock()
	if defaultProviders.informer == nil {
		defaultProviders.informer = metricsProvider
	}
}

// SetReflectorMetricsProvider sets who makes the metrics of reflectors that are made from now on.
func SetReflectorMetricsProvider(metricsProvider MetricsProvider) {
	defaultProviders.mu.Lock()
	defer defaultProviders.mu.Unlock()
	defaultProviders.reflector = metricsProvider
}

// metricsOf returns who makes the metrics of an informer: the provider of its options, else the default one. For an
// identity that is not reserved, metrics would be those of several informers, and are discarded.
func metricsOf(id InformerNameAndResource, provider InformerMetricsProvider) InformerMetricsProvider {
	if !id.Reserved() {
		return noMetrics{}
	}
	if provider != nil {
		return provider
	}
	defaultProviders.mu.Lock()
	defer defaultProviders.mu.Unlock()
	if defaultProviders.informer != nil {
		return defaultProviders.informer
	}
	return noMetrics{}
}

// reflectorMetrics returns who makes the metrics of reflectors.
func reflectorMetrics() MetricsProvider {
	defaultProviders.mu.Lock()
	defer defaultProviders.mu.Unlock()
	if defaultProviders.reflector != nil {
		return defaultProviders.reflector
	}
	return noMetrics{}
}

// noMetrics makes metrics that discard everything.
type noMetrics struct{}

func (noMetrics) NewQueuedItemMetric(InformerNameAndResource) GaugeMetric { return discard{} }
func (noMetrics) NewProcessingLatencyMetric(InformerNameAndResource) HistogramMetric {
	return discard{}
}
func (noMetrics) NewStoreResourceVersionMetric(InformerNameAndResource) GaugeMetric { return discard{} }
func (noMetrics) NewListsMetric(string) CounterMetric                               { return discard{} }
func (noMetrics) NewListDurationMetric(string) SummaryMetric                        { return discard{} }
func (noMetrics) NewItemsInListMetric(string) SummaryMetric                         { return discard{} }
func (noMetrics) NewWatchesMetric(string) CounterMetric                             { return discard{} }
func (noMetrics) NewShortWatchesMetric(string) CounterMetric                        { return discard{} }
func (noMetrics) NewWatchDurationMetric(string) SummaryMetric                       { return discard{} }
func (noMetrics) NewItemsInWatchMetric(string) SummaryMetric                        { return discard{} }
func (noMetrics) NewLastResourceVersionMetric(string) GaugeMetric                   { return discard{} }

type discard struct{}

func (discard) Set(float64)     {}
func (discard) Inc()            {}
func (discard) Observe(float64) {}

// versionMetric tells a gauge which resource version a store has reached. A nil one tells nobody.
type versionMetric struct {
	mu    sync.Mutex // held to read the version and to tell it, so that of two writers the one that is later has the last word
	gauge GaugeMetric
}

// newVersionMetric returns the metric of a store, nil if it would be discarded.
func newVersionMetric(id InformerNameAndResource, provider InformerMetricsProvider) *versionMetric {
	gauge := metricsOf(id, provider).NewStoreResourceVersionMetric(id)
	if gauge == (discard{}) {
		return nil
	}
	return &versionMetric{gauge: gauge}
}

// update tells the version.
func (m *versionMetric) update(version func() string) {
	if m == nil {
		return
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if number, err := strconv.ParseUint(version(), 10, 64); err == nil {
		m.gauge.Set(float64(number))
	}
}
