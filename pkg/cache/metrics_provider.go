package cache

import (
	"strconv"
	"sync"
)

// defaultProviders are who makes metrics where no options say so. They are global because the two functions that set them
// are: a program registers its metrics system once, and the informers of libraries, whose options it does not see, are to
// be measured too. Nothing else reads or writes them, and a provider that is given in options wins.
var defaultProviders struct {
	mu        sync.Mutex // guards what follows
	informer  InformerMetricsProvider
	reflector MetricsProvider
}

// providerOf returns who makes the metrics of an informer: the provider of its options, else the default one, or nil. For an
// identity that is not reserved there is none: its metrics would be those of several informers.
func providerOf(id InformerNameAndResource, provider InformerMetricsProvider) InformerMetricsProvider {
	if !id.Reserved() {
		return nil
	}
	if provider != nil {
		return provider
	}
	defaultProviders.mu.Lock()
	defer defaultProviders.mu.Unlock()
	return defaultProviders.informer
}

// informerMetrics are the metrics of one informer, queue or store. They are told nothing once the name was released.
type informerMetrics struct {
	id       InformerNameAndResource
	provider InformerMetricsProvider // nil: nobody makes them
}

func metricsOf(id InformerNameAndResource, provider InformerMetricsProvider) informerMetrics {
	return informerMetrics{id, providerOf(id, provider)}
}

// none says that nobody wants to be told.
func (m informerMetrics) none() bool { return m.provider == nil }

// queued is the length of the queue.
func (m informerMetrics) queued() GaugeMetric {
	if m.none() {
		return discard{}
	}
	return reservedGauge{m.id, m.provider.NewQueuedItemMetric(m.id)}
}

// latency is how long it takes to process.
func (m informerMetrics) latency() HistogramMetric {
	if m.none() {
		return discard{}
	}
	return reservedHistogram{m.id, m.provider.NewProcessingLatencyMetric(m.id)}
}

// version is the resource version of the store. There must be a provider.
func (m informerMetrics) version() GaugeMetric {
	return reservedGauge{m.id, m.provider.NewStoreResourceVersionMetric(m.id)}
}

// reservedGauge and reservedHistogram are metrics of an identity while it is reserved.
type reservedGauge struct {
	id     InformerNameAndResource
	metric GaugeMetric
}

func (m reservedGauge) Set(value float64) {
	if m.id.Reserved() {
		m.metric.Set(value)
	}
}

type reservedHistogram struct {
	id     InformerNameAndResource
	metric HistogramMetric
}

func (m reservedHistogram) Observe(value float64) {
	if m.id.Reserved() {
		m.metric.Observe(value)
	}
}

// discard is a metric that nobody wants.
type discard struct{}

func (discard) Set(float64)     {}
func (discard) Observe(float64) {}

// setVersion tells a gauge a resource version, if it is a number.
func setVersion(gauge GaugeMetric, version string) {
	if number, err := strconv.ParseUint(version, 10, 64); err == nil {
		gauge.Set(float64(number))
	}
}

// versionMetric tells a gauge which resource version a store has reached that has many writers. A nil one tells nobody.
type versionMetric struct {
	mu    sync.Mutex // held to read the version and to tell it, so that of two writers the one that is later has the last word
	gauge GaugeMetric
}

// newVersionMetric returns the metric of a store, nil if nobody wants it.
func newVersionMetric(id InformerNameAndResource, provider InformerMetricsProvider) *versionMetric {
	metrics := metricsOf(id, provider)
	if metrics.none() {
		return nil
	}
	return &versionMetric{gauge: metrics.version()}
}

// update tells the version.
func (m *versionMetric) update(version func() string) {
	if m == nil {
		return
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	setVersion(m.gauge, version())
}
