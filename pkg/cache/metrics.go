package cache

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
// only for identities that are reserved when the informer is made, and once for each. The name of an informer may be
// released while it still runs: from then on its metrics are told nothing. They may ask Reserved of the identity to find
// that out, and need not.
//
// One that is also an InformerStateMetricsProvider is asked for the metrics of that, too.
type InformerMetricsProvider interface {
	// NewQueuedItemMetric is how many entries wait to be processed. An informer tells it before and after each batch; a
	// list is one entry.
	NewQueuedItemMetric(id InformerNameAndResource) GaugeMetric
	// NewProcessingLatencyMetric is how long it takes to process what was popped at once, in seconds. For an informer that
	// is all changes that wait: until the cache has them and they are queued for all handlers. It waits for no handler;
	// how far handlers are behind, an InformerStateMetricsProvider is told.
	NewProcessingLatencyMetric(id InformerNameAndResource) HistogramMetric
	// NewStoreResourceVersionMetric is the resource version that the store has reached. One that is no number is not
	// told.
	NewStoreResourceVersionMetric(id InformerNameAndResource) GaugeMetric
}

// InformerStateMetricsProvider makes metrics of how informers fare: of what InformerStatus tells, and of the size of the
// cache. An InformerMetricsProvider may be one as well; informers look for that when they are made.
//
// An informer looks at itself every ten seconds while it runs, and once more when it has ended; all but the bytes cost next
// to nothing. So a gauge is up to ten seconds old, and a counter catches up by as many calls of Inc. Nothing is counted
// where objects pass.
type InformerStateMetricsProvider interface {
	// NewStoredObjectsMetric is how many objects the cache has.
	NewStoredObjectsMetric(id InformerNameAndResource) GaugeMetric
	// NewStoredBytesMetric is an estimate of how many bytes the cache holds, objects and indexes; see
	// ObservedInformer.Size. It is taken every minute.
	NewStoredBytesMetric(id InformerNameAndResource) GaugeMetric
	// NewQuarantinedObjectsMetric is how many objects of the server could not be decoded: if it is not zero, the cache is
	// incomplete.
	NewQuarantinedObjectsMetric(id InformerNameAndResource) GaugeMetric
	// NewHandlerBacklogMetric is how many notifications wait for the handler that is most behind, and
	// NewHandlerDelayMetric for how many seconds the oldest notification of all handlers has waited. Handlers have no names
	// that would stay the same, so there is no metric for each.
	NewHandlerBacklogMetric(id InformerNameAndResource) GaugeMetric
	NewHandlerDelayMetric(id InformerNameAndResource) GaugeMetric
	// NewSilenceMetric is for how many seconds the server has sent nothing, or since the informer runs if it never has. A
	// bookmark comes about every minute; with much more than that, the cache may be stale.
	NewSilenceMetric(id InformerNameAndResource) GaugeMetric

	// NewRelistsMetric is how many complete lists the cache has taken after the first: each was to repair something.
	NewRelistsMetric(id InformerNameAndResource) CounterMetric
	// NewWatchRestartsMetric is how many watches were opened after the first. A server ends each after five to ten minutes.
	NewWatchRestartsMetric(id InformerNameAndResource) CounterMetric
	// NewAuditDifferencesMetric is how many objects audits have found to differ from the server (InformerTuning.Audit).
	NewAuditDifferencesMetric(id InformerNameAndResource) CounterMetric
	// NewDroppedEventsMetric is how many events were dropped since the cache had a newer state of the object.
	NewDroppedEventsMetric(id InformerNameAndResource) CounterMetric
	// NewHandlerPanicsMetric is how often handlers have panicked.
	NewHandlerPanicsMetric(id InformerNameAndResource) CounterMetric
}

// MetricsProvider makes the metrics of reflectors, those of informers included. It is asked once for each reflector, by its
// name: that of ReflectorOptions, or for an informer the one in InformerStatus. Several reflectors may have one name.
// Durations are in seconds.
type MetricsProvider interface {
	// NewListsMetric is how many complete lists the store has taken, NewListDurationMetric how long they took, from the
	// first request on, NewItemsInListMetric how many objects they brought.
	NewListsMetric(name string) CounterMetric
	NewListDurationMetric(name string) SummaryMetric
	NewItemsInListMetric(name string) SummaryMetric

	// NewWatchesMetric is how often a watch began, NewShortWatchesMetric how often the server ended it within a second
	// without an event, NewWatchDurationMetric how long it lasted, NewItemsInWatchMetric how many events it brought,
	// bookmarks included. A watch that begins with the collection is a watch and a list: the collection counts for the list.
	NewWatchesMetric(name string) CounterMetric
	NewShortWatchesMetric(name string) CounterMetric
	NewWatchDurationMetric(name string) SummaryMetric
	NewItemsInWatchMetric(name string) SummaryMetric

	// NewLastResourceVersionMetric is the resource version that the reflector has reached. One that is no number is not
	// told.
	NewLastResourceVersionMetric(name string) GaugeMetric
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

// SetReflectorMetricsProvider sets who makes the metrics of reflectors that are made from now on. That of an informer is
// made when the informer runs.
func SetReflectorMetricsProvider(metricsProvider MetricsProvider) {
	defaultProviders.mu.Lock()
	defer defaultProviders.mu.Unlock()
	defaultProviders.reflector = metricsProvider
}
