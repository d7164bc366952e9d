package cache

import (
	"cmp"
	"errors"
	"slices"
	"sync"
	"time"

	"k8s.io/apimachinery/pkg/api/meta"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/types"
	lru "k8s.io/apimachinery/pkg/util/cache"
	"k8s.io/apimachinery/pkg/util/resourceversion"
	"k8s.io/apimachinery/pkg/util/sets"
	"k8s.io/klog/v2"
)

// MutationCache lets a program see its own writes in a cache that has not seen them yet. It remembers what the API server
// returned for writes, and where the cache has an older state, or by IncludeAdds none, it shows that instead. All methods
// may be called concurrently.
type MutationCache interface {
	// GetByKey returns the newest state that is known, and whether there is one.
	GetByKey(key string) (interface{}, bool, error)
	// ByIndex returns the newest states of all objects that, in these states, have this value in the named index.
	ByIndex(indexName, indexKey string) ([]interface{}, error)
	// Mutation remembers the answer to a write.
	Mutation(interface{})
	// OnAddOrUpdate tells what a handler of the cache was told: what was remembered is no newer, and is forgotten. To call
	// it is optional, and spares the caller of IncludeAdds from states that were updated in the cache and then deleted.
	OnAddOrUpdate(obj runtime.Object)
	// OnDelete tells of a deletion that a handler of the cache was told. What was remembered of the object is forgotten,
	// and an answer to a write before the deletion that comes only now is not remembered; an object of the same name that
	// was made after the deletion is.
	OnDelete(obj runtime.Object)
}

// ResourceVersionComparator compares objects by age.
type ResourceVersionComparator interface {
	// CompareResourceVersion is negative if lhs is the older one, and positive if rhs is.
	CompareResourceVersion(lhs, rhs runtime.Object) int
}

// MutationCacheOptions configure NewIntegerResourceVersionMutationCacheWithOptions. The zero value is fine.
type MutationCacheOptions struct {
	// Indexer is asked by ByIndex, which is an error without. It has to have the objects of the backing cache.
	Indexer Indexer
	// TTL is how long a write is remembered. Zero is five minutes.
	TTL time.Duration
	// IncludeAdds also shows objects that the backing cache does not have. One that was deleted soon after it was written
	// is then shown until TTL is over, unless OnDelete is called; and if the cache has never seen it, even so.
	IncludeAdds bool
	// MaxCacheSize is how many objects are remembered; beyond it, those that were not asked for longest are forgotten. Zero
	// is 100.
	MaxCacheSize int
}

// NewIntegerResourceVersionMutationCache is NewIntegerResourceVersionMutationCacheWithOptions with these options. The
// indexer may be nil.
func NewIntegerResourceVersionMutationCache(logger klog.Logger, backingCache Store, indexer Indexer, ttl time.Duration, includeAdds bool) MutationCache {
	return NewIntegerResourceVersionMutationCacheWithOptions(logger, backingCache, MutationCacheOptions{Indexer: indexer, TTL: ttl, IncludeAdds: includeAdds})
}

// NewIntegerResourceVersionMutationCacheWithOptions returns a MutationCache over a cache of API objects whose resource
// versions are integers that grow, as those of API servers do, and whose keys are those of MetaNamespaceKeyFunc. Where two
// versions cannot be compared, the backing cache is right. The logger is told of objects that cannot be remembered.
func NewIntegerResourceVersionMutationCacheWithOptions(logger klog.Logger, backingCache Store, options MutationCacheOptions) MutationCache {
	size := cmp.Or(max(options.MaxCacheSize, 0), 100)
	return &mutationCache{
		logger:      logger,
		backing:     backingCache,
		indexer:     options.Indexer,
		ttl:         cmp.Or(options.TTL, 5*time.Minute),
		includeAdds: options.IncludeAdds,
		versions:    integerVersions{},
		written:     lru.NewLRUExpireCache(size),
		deleted:     lru.NewLRUExpireCache(size),
	}
}

type mutationCache struct {
	logger      klog.Logger
	backing     Store
	indexer     Indexer
	ttl         time.Duration
	includeAdds bool
	versions    ResourceVersionComparator

	// mu guards what follows. It is held while the backing cache is read: a write that is not remembered any more was seen
	// by that cache before, so that a caller never gets an older state than it has written.
	mu      sync.Mutex
	written *lru.LRUExpireCache // the newest answer by key
	deleted *lru.LRUExpireCache // the last deletion by key; apart, so that many deletions do not push out writes
}

func (m *mutationCache) Mutation(obj interface{}) {
	object, key, err := mutated(obj)
	if err != nil {
		m.logger.Error(err, "Object that was written is not remembered")
		return
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if deletion, known := get(m.deleted, key); known && !m.outlives(object, deletion) {
		return
	}
	if before, known := get(m.written, key); known && m.newer(before, object) {
		return
	}
	m.written.Add(key, object, m.ttl)
}

func (m *mutationCache) OnAddOrUpdate(obj runtime.Object) {
	m.observed(obj, func(key string) {
		if write, known := get(m.written, key); known && !m.newer(write, obj) {
			m.written.Remove(key)
		}
	})
}

func (m *mutationCache) OnDelete(obj runtime.Object) {
	m.observed(obj, func(key string) {
		if write, known := get(m.written, key); known && !m.outlives(write, obj) {
			m.written.Remove(key)
		}
		m.deleted.Add(key, obj, m.ttl)
	})
}

// observed calls update with the key of an object that the backing cache has told of.
func (m *mutationCache) observed(obj runtime.Object, update func(key string)) {
	_, key, err := mutated(obj)
	if err != nil {
		m.logger.Error(err, "Change of the cache is not heeded")
		return
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	update(key)
}

func (m *mutationCache) GetByKey(key string) (interface{}, bool, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	obj, exists, err := m.backing.GetByKey(key)
	if err != nil {
		return nil, false, err
	}
	write, known := get(m.written, key)
	switch {
	case !known:
		return obj, exists, nil
	case !exists && m.includeAdds:
		return write, true, nil
	case !exists:
		return nil, false, nil
	}
	if stored, ok := obj.(runtime.Object); ok && m.newer(write, stored) {
		return write, true, nil
	}
	m.written.Remove(key) // the backing cache has caught up; what it does from now on is not to be covered up
	return obj, true, nil
}

func (m *mutationCache) ByIndex(indexName, indexKey string) ([]interface{}, error) {
	if m.indexer == nil {
		return nil, errors.New("the mutation cache has no indexer: give it one in MutationCacheOptions")
	}
	keys, err := m.indexer.IndexKeys(indexName, indexKey)
	if err != nil {
		return nil, err
	}
	candidates := sets.New(keys...)
	for _, key := range m.written.Keys() {
		candidates.Insert(key.(string))
	}
	values := m.indexer.GetIndexers()[indexName]
	objects := []interface{}{}
	for key := range candidates {
		obj, exists, err := m.GetByKey(key)
		if err != nil {
			return nil, err
		}
		if !exists {
			continue
		}
		// An object whose values cannot be computed is in no index.
		if found, err := values(obj); err == nil && slices.Contains(found, indexKey) {
			objects = append(objects, obj)
		}
	}
	return objects, nil
}

// newer says whether a is a newer state than b.
func (m *mutationCache) newer(a, b runtime.Object) bool {
	return m.versions.CompareResourceVersion(a, b) > 0
}

// outlives says whether an object was made after one of the same name was deleted. The version of a deletion may be an old
// one, when only a list has shown it: what tells the two apart is the UID. An object without one is known by its version.
func (m *mutationCache) outlives(obj, deletion runtime.Object) bool {
	uid := uidOf(obj)
	return m.newer(obj, deletion) && (uid == "" || uid != uidOf(deletion))
}

// mutated returns an object as one of the API, and its key.
func mutated(obj interface{}) (runtime.Object, string, error) {
	object, err := as[runtime.Object](obj)
	if err != nil {
		return nil, "", err
	}
	key, err := MetaNamespaceKeyFunc(object)
	return object, key, err
}

func get(from *lru.LRUExpireCache, key string) (runtime.Object, bool) {
	value, known := from.Get(key)
	if !known {
		return nil, false
	}
	return value.(runtime.Object), true
}

func uidOf(obj runtime.Object) types.UID {
	accessor, err := meta.Accessor(obj)
	if err != nil {
		return ""
	}
	return accessor.GetUID()
}

// integerVersions is a ResourceVersionComparator for versions that are integers. Others are neither older nor newer.
type integerVersions struct{}

func (integerVersions) CompareResourceVersion(lhs, rhs runtime.Object) int {
	order, err := resourceversion.CompareResourceVersion(resourceVersionOf(lhs), resourceVersionOf(rhs))
	if err != nil {
		return 0
	}
	return order
}
