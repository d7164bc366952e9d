package storage

import (
	"sync"

	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/kubewright/kubewright/pkg/internal/apiobject"
)

// Options configure a Store. The zero value is a store that begins at revision 1 and keeps its history until it is told
// to compact it.
type Options struct {
	// First is the revision of the empty store, the first write gets the next. Less than 1 means 1.
	First int64
	// KeepEvents is how many events are kept, of all resources together: every write compacts what is older. Less than 1
	// keeps all until Compact.
	KeepEvents int
	// Record keeps all events for History and Recorded, whatever is compacted or reset, and their objects with them.
	Record bool
}

// Store is a set of objects with revisions. All methods may be called concurrently. None blocks for longer than others
// write.
type Store struct {
	keep   int  // Options.KeepEvents, 0 for all
	record bool // Options.Record

	// writing is held by whoever changes anything, for as long as that takes; writers take turns, nobody else waits for
	// it. It is taken before mu.
	writing sync.Mutex

	mu        sync.RWMutex // guards the fields below and all histories; held for short and bounded work only
	revision  int64        // of the newest event
	compacted int64        // the oldest revision that can be read, and watched from
	histories map[schema.GroupResource]*history
	recorded  journal // if record
	latest    []int64 // the revisions of the last events, as many as are kept; none if keep is 0
	era       int     // ends with Reset and Close, and with it all watches
	closed    bool
}

// New returns an empty store.
func New(options Options) *Store {
	first := max(options.First, 1)
	return &Store{
		keep:      max(options.KeepEvents, 0),
		record:    options.Record,
		revision:  first,
		compacted: first,
		histories: map[schema.GroupResource]*history{},
	}
}

// Revision returns the newest revision.
func (s *Store) Revision() int64 {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.revision
}

// Oldest returns the oldest revision that can be read, and watched from.
func (s *Store) Oldest() int64 {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.compacted
}

// Get returns the object of a key as it is now.
func (s *Store) Get(key Key) (apiobject.Object, bool) {
	object := s.now(key.Resource).get(path(key.Namespace, key.Name))
	return object, object != nil
}

// now returns the objects of a resource.
func (s *Store) now(resource schema.GroupResource) *node {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if h := s.histories[resource]; h != nil {
		return h.now()
	}
	return nil
}

// history returns that of a resource, a new one if nothing has happened to it. The caller holds mu for writing.
func (s *Store) history(resource schema.GroupResource) *history {
	h := s.histories[resource]
	if h == nil {
		h = newHistory()
		s.histories[resource] = h
	}
	return h
}

// Close ends all watches, and refuses new ones and writes with ErrClosed. What is stored can still be read.
func (s *Store) Close() {
	s.writing.Lock()
	defer s.writing.Unlock()
	s.mu.Lock()
	defer s.mu.Unlock()
	s.closed = true
	s.endEra()
}

// endEra ends all watches. The caller holds mu for writing.
func (s *Store) endEra() {
	s.era++
	for _, h := range s.histories {
		h.wake()
	}
}
