package cache

import (
	"github.com/kubewright/kubewright/pkg/cache/internal/store"
)

// TransformFunc changes an object before anyone else sees it, for example to drop fields that nobody needs. It may
// modify the object it is given and return it. It is called exactly once for each object that is decoded, never for a
// tombstone, and on the way of every event: it should be fast. An object for which it returns an error, or panics, is left
// out by informers and reflectors, and reported, until it changes: see InformerStatus.Quarantined.
type TransformFunc func(interface{}) (interface{}, error)

// StoreOption is an option of NewStore and NewIndexer.
type StoreOption = func(*cache)

// cache is the configuration that a StoreOption changes.
type cache struct {
	transform TransformFunc
	metric    *versionMetric
}

// WithTransformer applies a transform to what is added to the store.
func WithTransformer(transformer TransformFunc) StoreOption {
	return func(c *cache) { c.transform = transformer }
}

// WithStoreMetrics tells the metric of the provider which resource version the store has reached. A nil provider is that of
// SetInformerMetricsProvider; an identifier that is not reserved has no metrics.
func WithStoreMetrics(identifier InformerNameAndResource, metrics InformerMetricsProvider) StoreOption {
	return func(c *cache) { c.metric = newVersionMetric(identifier, metrics) }
}

// NewStore returns an empty Store. It is also a TransactionStore.
func NewStore(keyFunc KeyFunc, opts ...StoreOption) Store {
	return NewIndexer(keyFunc, Indexers{}, opts...)
}

// NewIndexer returns an empty Indexer. Objects that an index function fails for are logged. It is also a TransactionStore.
func NewIndexer(keyFunc KeyFunc, indexers Indexers, opts ...StoreOption) Indexer {
	var config cache
	for _, opt := range opts {
		opt(&config)
	}
	return &indexer[any]{
		Store:     newStore[any](indexers),
		key:       func(obj any) (string, error) { return keyFunc(obj) },
		transform: config.transform,
		metric:    config.metric,
	}
}

// newStore returns an empty store of Ts that logs what it cannot index.
func newStore[T any](indexers Indexers) *store.Store[T] {
	return store.New(storeOptions[T](indexers))
}

func storeOptions[T any](indexers Indexers) store.Options[T] {
	return store.Options[T]{Indexes: storeIndexes[T](indexers), OnIndexError: logIndexError}
}
