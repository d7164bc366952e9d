package cache_test

import (
	"context"
	"fmt"
	"sync"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/kubewright/kubewright/pkg/cache"
)

// registry stands for a metrics system, with values by name and labels.
type registry struct {
	mu     sync.Mutex // guards values
	values map[string]float64
}

func (r *registry) metric(name string, id cache.InformerNameAndResource) metric {
	return metric{r, fmt.Sprintf("%s{informer=%q,resource=%q}", name, id.Name(), id.GroupVersionResource().Resource)}
}

// metric is a gauge, a counter, or a histogram that only counts.
type metric struct {
	registry *registry
	name     string
}

func (m metric) Set(value float64) {
	m.registry.mu.Lock()
	defer m.registry.mu.Unlock()
	m.registry.values[m.name] = value
}

func (m metric) Inc() {
	m.registry.mu.Lock()
	defer m.registry.mu.Unlock()
	m.registry.values[m.name]++
}

func (m metric) Observe(float64) { m.Inc() }

// adapter makes the metrics of a registry. It is an InformerMetricsProvider, as for client-go, and also an
// InformerStateMetricsProvider.
type adapter struct{ *registry }

func (a adapter) NewQueuedItemMetric(id cache.InformerNameAndResource) cache.GaugeMetric {
	return a.metric("queue_length", id)
}
func (a adapter) NewProcessingLatencyMetric(id cache.InformerNameAndResource) cache.HistogramMetric {
	return a.metric("processing_seconds", id)
}
func (a adapter) NewStoreResourceVersionMetric(id cache.InformerNameAndResource) cache.GaugeMetric {
	return a.metric("resource_version", id)
}
func (a adapter) NewStoredObjectsMetric(id cache.InformerNameAndResource) cache.GaugeMetric {
	return a.metric("objects", id)
}
func (a adapter) NewStoredBytesMetric(id cache.InformerNameAndResource) cache.GaugeMetric {
	return a.metric("bytes", id)
}
func (a adapter) NewQuarantinedObjectsMetric(id cache.InformerNameAndResource) cache.GaugeMetric {
	return a.metric("quarantined_objects", id)
}
func (a adapter) NewHandlerBacklogMetric(id cache.InformerNameAndResource) cache.GaugeMetric {
	return a.metric("handler_backlog", id)
}
func (a adapter) NewHandlerDelayMetric(id cache.InformerNameAndResource) cache.GaugeMetric {
	return a.metric("handler_delay_seconds", id)
}
func (a adapter) NewSilenceMetric(id cache.InformerNameAndResource) cache.GaugeMetric {
	return a.metric("silence_seconds", id)
}
func (a adapter) NewRelistsMetric(id cache.InformerNameAndResource) cache.CounterMetric {
	return a.metric("relists_total", id)
}
func (a adapter) NewWatchRestartsMetric(id cache.InformerNameAndResource) cache.CounterMetric {
	return a.metric("watch_restarts_total", id)
}
func (a adapter) NewAuditDifferencesMetric(id cache.InformerNameAndResource) cache.CounterMetric {
	return a.metric("audit_differences_total", id)
}
func (a adapter) NewDroppedEventsMetric(id cache.InformerNameAndResource) cache.CounterMetric {
	return a.metric("dropped_events_total", id)
}
func (a adapter) NewHandlerPanicsMetric(id cache.InformerNameAndResource) cache.CounterMetric {
	return a.metric("handler_panics_total", id)
}

var (
	_ cache.InformerMetricsProvider      = adapter{}
	_ cache.InformerStateMetricsProvider = adapter{}
)

// An adapter connects informers with a metrics system. It is given to single informers, as here, or by
// SetInformerMetricsProvider to all that a program makes. Informers have metrics if they have a name: a factory has the
// option WithInformerName.
func ExampleInformerMetricsProvider() {
	metrics := adapter{&registry{values: map[string]float64{}}}
	name, err := cache.NewInformerName("controller")
	if err != nil {
		panic(err)
	}
	defer name.Release()
	resource := schema.GroupVersionResource{Version: "v1", Resource: "configmaps"}
	informer := cache.NewClientInformer(configMapClient{}, resource, &corev1.ConfigMap{}, cache.ClientInformerOptions{
		InformerName:            name,
		InformerMetricsProvider: metrics,
	})

	ctx, cancel := context.WithCancel(context.Background())
	stopped := make(chan struct{})
	go func() {
		defer close(stopped)
		informer.RunWithContext(ctx)
	}()
	cache.WaitFor(ctx, "", informer.HasSyncedChecker())
	cancel()
	<-stopped

	for _, name := range []string{"objects", "quarantined_objects", "handler_backlog", "queue_length", "processing_seconds"} {
		name += `{informer="controller",resource="configmaps"}`
		fmt.Println(name, metrics.values[name])
	}
	// Output:
	// objects{informer="controller",resource="configmaps"} 1
	// quarantined_objects{informer="controller",resource="configmaps"} 0
	// handler_backlog{informer="controller",resource="configmaps"} 0
	// queue_length{informer="controller",resource="configmaps"} 0
	// processing_seconds{informer="controller",resource="configmaps"} 1
}
