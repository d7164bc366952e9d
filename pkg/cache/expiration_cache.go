package cache

import (
	"sync"
	"time"

	"k8s.io/utils/clock"

	"github.com/kubewright/kubewright/pkg/cache/internal/store"
)

// ExpirationPolicy says when an object expires. It is called without a lock, from any goroutine that reads the cache.
type ExpirationPolicy interface {
	IsExpired(obj *TimestampedEntry) bool
}

// TimestampedEntry is an object and the time at which it was stored, by the clock of this computer.
type TimestampedEntry struct {
	Obj       interface{}
	Timestamp time.Time
}

// TTLPolicy lets objects expire by their age.
type TTLPolicy struct {
	// TTL is how old an object may become. Zero or less: as old as it likes.
	TTL time.Duration
	// Clock tells the time. Nil is the real one.
	Clock clock.Clock
}

// IsExpired says whether the object is older than TTL, or its age is not known.
func (p *TTLPolicy) IsExpired(obj *TimestampedEntry) bool {
	if p.TTL <= 0 {
		return false
	}
	return obj == nil || obj.Timestamp.IsZero() || p.clock().Since(obj.Timestamp) > p.TTL
}

func (p *TTLPolicy) clock() clock.Clock {
	if p.Clock == nil {
		return clock.RealClock{}
	}
	return p.Clock
}

// ExpirationCache is a Store whose objects expire. That is noticed when they are read: Get, GetByKey and List return no
// object that has expired, and remove what they find to be. An object that is stored again becomes new. Make it with
// NewTTLStore or NewExpirationStore.
type ExpirationCache struct {
	key    KeyFunc
	policy ExpirationPolicy
	clock  clock.Clock
	store  *store.Store[*TimestampedEntry]

	// writing is held for each write, so that an entry that was found to have expired is removed only as long as it is the
	// one that is stored, not another that has come in the meantime.
	writing sync.Mutex
}

var _ Store = &ExpirationCache{}

// NewTTLStore returns an ExpirationCache in which objects live for ttl; zero or less: for ever.
func NewTTLStore(keyFunc KeyFunc, ttl time.Duration) Store {
	return NewExpirationStore(keyFunc, &TTLPolicy{TTL: ttl})
}

// NewExpirationStore returns an ExpirationCache. With a TTLPolicy, objects get their timestamps from its clock.
func NewExpirationStore(keyFunc KeyFunc, expirationPolicy ExpirationPolicy) Store {
	c := &ExpirationCache{key: keyFunc, policy: expirationPolicy, clock: clock.RealClock{}, store: newStore[*TimestampedEntry](nil)}
	if ttl, ok := expirationPolicy.(*TTLPolicy); ok {
		c.clock = ttl.clock()
	}
	return c
}

// Add stores an object with the time.
func (c *ExpirationCache) Add(obj interface{}) error {
	key, err := objectKey(c.key, obj)
	if err != nil {
		return err
	}
	c.writing.Lock()
	defer c.writing.Unlock()
	c.store.Put(key, c.stamped(obj), resourceVersionOf(obj))
	return nil
}

// Update is Add: it makes the object new.
func (c *ExpirationCache) Update(obj interface{}) error { return c.Add(obj) }

// Delete removes an object; obj may be a DeletedFinalStateUnknown.
func (c *ExpirationCache) Delete(obj interface{}) error {
	key, err := deletionKey(c.key, obj)
	if err != nil {
		return err
	}
	c.writing.Lock()
	defer c.writing.Unlock()
	c.store.Delete(key, resourceVersionOf(obj))
	return nil
}

// Replace makes the objects, with the time, the whole content.
func (c *ExpirationCache) Replace(list []interface{}, resourceVersion string) error {
	keys := make([]string, len(list))
	entries := make([]*TimestampedEntry, len(list))
	for i, obj := range list {
		var err error
		if keys[i], err = objectKey(c.key, obj); err != nil {
			return err
		}
		entries[i] = c.stamped(obj)
	}
	c.writing.Lock()
	defer c.writing.Unlock()
	c.store.Replace(keys, entries, resourceVersion, nil)
	return nil
}

// Get returns the object with the key of obj, unless it has expired.
func (c *ExpirationCache) Get(obj interface{}) (interface{}, bool, error) {
	key, err := objectKey(c.key, obj)
	if err != nil {
		return nil, false, err
	}
	return c.GetByKey(key)
}

// GetByKey returns the object with this key, unless it has expired. The error is always nil.
func (c *ExpirationCache) GetByKey(key string) (interface{}, bool, error) {
	entry, exists := c.store.Get(key)
	if !exists || c.expired(key, entry) {
		return nil, false, nil
	}
	return entry.Obj, true, nil
}

// List returns all objects that have not expired.
func (c *ExpirationCache) List() []interface{} {
	objects := []interface{}{}
	for key, entry := range c.store.All() {
		if !c.expired(key, entry) {
			objects = append(objects, entry.Obj)
		}
	}
	return objects
}

// ListKeys returns all keys, also those of objects that have expired and were not read since.
func (c *ExpirationCache) ListKeys() []string { return c.store.Keys() }

// Resync does nothing.
func (c *ExpirationCache) Resync() error { return nil }

// Bookmark notes a resource version that the cache has reached without a change.
func (c *ExpirationCache) Bookmark(rv string) { c.store.Reached(rv) }

// LastStoreSyncResourceVersion is the latest resource version that the cache has seen.
func (c *ExpirationCache) LastStoreSyncResourceVersion() string { return c.store.Version() }

// expired says whether an entry has expired, and then removes it.
func (c *ExpirationCache) expired(key string, entry *TimestampedEntry) bool {
	if !c.policy.IsExpired(entry) {
		return false
	}
	c.writing.Lock()
	defer c.writing.Unlock()
	if stored, exists := c.store.Get(key); exists && stored == entry {
		c.store.Delete(key, "")
	}
	return true
}

func (c *ExpirationCache) stamped(obj interface{}) *TimestampedEntry {
	return &TimestampedEntry{Obj: obj, Timestamp: c.clock.Now()}
}
