package codec

import (
	"sync"

	"github.com/kubewright/kubewright/pkg/apiservertest/internal/kind"
)

// form is one way to write an object.
type form struct {
	version *kind.Version
	media   Media
	as      As
	// meta is the version of group meta.k8s.io that as is in.
	meta string
}

// cacheKey says which bytes: objects that are cached never change, so that their identity will do.
type cacheKey struct {
	object kind.Object
	form   form
}

// cache keeps the bytes of objects that were written lately, so that two hundred watches of a resource encode an event once. It holds two generations:
// what is used moves to the young one, and when that is full the old one is forgotten.
type cache struct {
	limit int // bytes of a generation

	mu         sync.Mutex // guards young, old, size
	young, old map[cacheKey]*cached
	size       int
}

// cached is filled by who asks first; the others wait.
type cached struct {
	once sync.Once
	data []byte
	err  error
}

func newCache(limit int) *cache {
	return &cache{limit: limit, young: map[cacheKey]*cached{}}
}

// get returns what encode returns for the key, perhaps from an earlier call. The bytes are shared: nobody may change them.
func (c *cache) get(key cacheKey, encode func() ([]byte, error)) ([]byte, error) {
	c.mu.Lock()
	entry, known := c.young[key]
	if !known {
		if entry = c.old[key]; entry == nil {
			entry = &cached{}
		}
		c.young[key] = entry
	}
	c.mu.Unlock()

	entry.once.Do(func() { entry.data, entry.err = encode() })
	if !known {
		c.grow(len(entry.data))
	}
	return entry.data, entry.err
}

// grow counts what was added to the young generation, and begins a new one if that was too much.
func (c *cache) grow(n int) {
	const entry = 200 // an entry's own size, about
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.size += n + entry; c.size > c.limit {
		c.old, c.young, c.size = c.young, map[cacheKey]*cached{}, 0
	}
}

// clear forgets everything.
func (c *cache) clear() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.young, c.old, c.size = map[cacheKey]*cached{}, nil, 0
}
