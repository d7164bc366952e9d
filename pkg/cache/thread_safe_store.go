package cache

import (
	"errors"

	"k8s.io/apimachinery/pkg/util/sets"

	"github.com/kubewright/kubewright/pkg/cache/internal/store"
)

// ThreadSafeStore is an Indexer whose keys are given by the caller.
type ThreadSafeStore interface {
	// Add and Update store an object under a key.
	Add(key string, obj interface{})
	Update(key string, obj interface{})
	// Delete removes what is stored under key. It leaves the resource version of the store as it is; prefer
	// DeleteWithObject.
	Delete(key string)
	// DeleteWithObject removes what is stored under key; the resource version of obj becomes that of the store.
	DeleteWithObject(key string, obj interface{})
	Get(key string) (item interface{}, exists bool)
	List() []interface{}
	ListKeys() []string
	// Replace makes the objects the whole content, as of a resource version.
	Replace(map[string]interface{}, string)
	Index(indexName string, obj interface{}) ([]interface{}, error)
	IndexKeys(indexName, indexedValue string) ([]string, error)
	Bookmark(rv string)
	LastStoreSyncResourceVersion() string
	ListIndexFuncValues(name string) []string
	ByIndex(indexName, indexedValue string) ([]interface{}, error)
	GetIndexers() Indexers
	// AddIndexers adds indexes, at any time.
	AddIndexers(newIndexers Indexers) error
	// Resync does nothing.
	Resync() error
}

// Indices is the type of the second argument of NewThreadSafeStore. Indexes are computed; leave it empty.
type Indices map[string]index

// index is the type of the values of Indices.
type index map[string]sets.Set[string]

// ThreadSafeStoreOption is an option of NewThreadSafeStore.
type ThreadSafeStoreOption = func(*threadSafeMap)

// NewThreadSafeStore returns an empty ThreadSafeStore, which is also a ThreadSafeStoreWithTransaction. indices must be
// empty: they are computed from the objects.
func NewThreadSafeStore(indexers Indexers, indices Indices, opts ...ThreadSafeStoreOption) ThreadSafeStore {
	s := &threadSafeMap{indexer[any]{Store: newStore[any](indexers), key: noKey}}
	for _, opt := range opts {
		opt(s)
	}
	if len(indices) > 0 {
		panic("NewThreadSafeStore: indices must be empty; the store computes them from the objects that are added")
	}
	return s
}

// threadSafeMap is a store with explicit keys; all else is that of indexer.
type threadSafeMap struct {
	indexed indexer[any]
}

func (s *threadSafeMap) store() *store.Store[any] { return s.indexed.Store }

func (s *threadSafeMap) Add(key string, obj interface{})    { s.indexed.write(addition(key, obj)) }
func (s *threadSafeMap) Update(key string, obj interface{}) { s.Add(key, obj) }
func (s *threadSafeMap) Delete(key string)                  { s.store().Delete(key, "") }
func (s *threadSafeMap) DeleteWithObject(key string, obj interface{}) {
	s.indexed.write(deletion(key, obj))
}
func (s *threadSafeMap) Replace(items map[string]interface{}, resourceVersion string) {
	keys := make([]string, 0, len(items))
	objects := make([]any, 0, len(items))
	for key, object := range items {
		keys, objects = append(keys, key), append(objects, object)
	}
	s.indexed.replace(keys, objects, resourceVersion)
}
func (s *threadSafeMap) Get(key string) (item interface{}, exists bool) { return s.store().Get(key) }
func (s *threadSafeMap) List() []interface{}                            { return s.indexed.List() }
func (s *threadSafeMap) ListKeys() []string                             { return s.indexed.ListKeys() }
func (s *threadSafeMap) Index(indexName string, obj interface{}) ([]interface{}, error) {
	return s.store().Index(indexName, obj)
}
func (s *threadSafeMap) IndexKeys(indexName, indexedValue string) ([]string, error) {
	return s.indexed.IndexKeys(indexName, indexedValue)
}
func (s *threadSafeMap) ByIndex(indexName, indexedValue string) ([]interface{}, error) {
	return s.indexed.ByIndex(indexName, indexedValue)
}
func (s *threadSafeMap) ListIndexFuncValues(name string) []string {
	return s.indexed.ListIndexFuncValues(name)
}
func (s *threadSafeMap) GetIndexers() Indexers { return s.indexed.GetIndexers() }
func (s *threadSafeMap) AddIndexers(newIndexers Indexers) error {
	return s.indexed.AddIndexers(newIndexers)
}
func (s *threadSafeMap) Bookmark(rv string) { s.indexed.Bookmark(rv) }
func (s *threadSafeMap) LastStoreSyncResourceVersion() string {
	return s.indexed.LastStoreSyncResourceVersion()
}
func (s *threadSafeMap) Resync() error { return nil }

// WithThreadSafeStoreMetrics tells the metric of the provider which resource version the store has reached. A nil provider is
// that of SetInformerMetricsProvider; an identifier that is not reserved has no metrics.
func WithThreadSafeStoreMetrics(identifier InformerNameAndResource, metricsProvider InformerMetricsProvider) ThreadSafeStoreOption {
	return func(s *threadSafeMap) { s.indexed.metric = newVersionMetric(identifier, metricsProvider) }
}

// noKey is the key function of a store whose keys are given by the caller; it is not asked.
func noKey(any) (string, error) {
	return "", errors.New("a thread-safe store does not know the keys of its objects")
}
