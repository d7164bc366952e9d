package cache

import (
	"context"
	"time"

	"github.com/kubewright/kubewright/pkg/cache/internal/informer"
)

// writerMetrics are what the engine of an informer tells of each batch; nothing if nobody wants to know.
func writerMetrics(metrics informerMetrics) informer.Metrics {
	if metrics.none() {
		return informer.Metrics{}
	}
	queued, latency, version := metrics.queued(), metrics.latency(), metrics.version()
	return informer.Metrics{
		QueueDepth: func(depth int) { queued.Set(float64(depth)) },
		Processing: func(took time.Duration) { latency.Observe(took.Seconds()) },
		Version:    func(reached string) { setVersion(version, reached) },
	}
}

const (
	// stateLook is how often an informer looks at itself for the metrics of its state, and sizeLooks how many looks there
	// are to one at its size, which takes milliseconds.
	stateLook = 10 * time.Second
	sizeLooks = 6
)

// stateMetrics are the metrics of the state of one informer.
type stateMetrics struct {
	id InformerNameAndResource

	objects, bytes, quarantined GaugeMetric
	backlog, delay, silence     GaugeMetric

	relists, restarts, differences, dropped, panics total
}

// newStateMetrics returns the metrics of the state of an informer; nil if nobody makes any.
func newStateMetrics(metrics informerMetrics) *stateMetrics {
	provider, ok := metrics.provider.(InformerStateMetricsProvider)
	if !ok {
		return nil
	}
	id := metrics.id
	return &stateMetrics{
		id:          id,
		objects:     provider.NewStoredObjectsMetric(id),
		bytes:       provider.NewStoredBytesMetric(id),
		quarantined: provider.NewQuarantinedObjectsMetric(id),
		backlog:     provider.NewHandlerBacklogMetric(id),
		delay:       provider.NewHandlerDelayMetric(id),
		silence:     provider.NewSilenceMetric(id),
		relists:     total{metric: provider.NewRelistsMetric(id)},
		restarts:    total{metric: provider.NewWatchRestartsMetric(id)},
		differences: total{metric: provider.NewAuditDifferencesMetric(id)},
		dropped:     total{metric: provider.NewDroppedEventsMetric(id)},
		panics:      total{metric: provider.NewHandlerPanicsMetric(id)},
	}
}

// measurable is an informer of any type.
type measurable interface {
	Status() InformerStatus
	Size() int64
}

// start begins to look at an informer, and returns how to end that, with a last look. A nil stateMetrics does nothing.
func (m *stateMetrics) start(ctx context.Context, observed measurable) (stop func()) {
	if m == nil {
		return func() {}
	}
	began := time.Now()
	end := background(ctx, func(ctx context.Context) { m.run(ctx, observed, began) })
	return func() {
		end()
		m.look(observed, began)
		m.lookAtSize(observed)
	}
}

// run looks until ctx is done, or the name is released, which is for ever.
func (m *stateMetrics) run(ctx context.Context, observed measurable, began time.Time) {
	ticker := time.NewTicker(stateLook)
	defer ticker.Stop()
	for looks := 0; m.id.Reserved(); looks++ {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
		m.look(observed, began)
		if looks%sizeLooks == 0 {
			m.lookAtSize(observed)
		}
	}
}

func (m *stateMetrics) look(observed measurable, began time.Time) {
	status := observed.Status()
	if !m.id.Reserved() {
		return
	}
	heard := status.Heard
	if heard.IsZero() {
		heard = began
	}
	m.objects.Set(float64(status.Objects))
	m.quarantined.Set(float64(len(status.Quarantined) + status.QuarantinedMore))
	m.backlog.Set(float64(status.HandlerBacklog))
	m.delay.Set(status.HandlerDelay.Seconds())
	m.silence.Set(time.Since(heard).Seconds())
	m.relists.reach(status.Lists - 1)
	m.restarts.reach(status.Watches - 1)
	m.differences.reach(status.Differences)
	m.dropped.reach(status.Dropped)
	m.panics.reach(status.Panics)
}

func (m *stateMetrics) lookAtSize(observed measurable) {
	size := observed.Size()
	if m.id.Reserved() {
		m.bytes.Set(float64(size))
	}
}

// total is a counter that follows a number.
type total struct {
	metric CounterMetric
	told   int
}

func (t *total) reach(number int) {
	for ; t.told < number; t.told++ {
		t.metric.Inc()
	}
}
