package store

import (
	"fmt"
	"iter"
	"maps"
	"slices"
	"sync"
)

// Options configure a Store. The zero value is a store without indexes.
type Options[T any] struct {
	// Indexes are the index functions by name.
	Indexes map[string]IndexFunc[T]
	// OnIndexError, if set, hears of every object that could not be indexed. It is called by the goroutine that
	// writes, after the write, without a lock.
	OnIndexError func(*IndexError)
}

// Store keeps objects by key. All methods may be called concurrently; writers take turns.
type Store[T any] struct {
	Reader[T]

	// writing is held for a whole write, including the calls of index functions, so that what they return is filed
	// before the next write; readers never wait for it. It is taken before Reader.mu.
	writing      sync.Mutex
	onIndexError func(*IndexError)
}

// New returns an empty store.
func New[T any](options Options[T]) *Store[T] {
	s := &Store[T]{onIndexError: options.OnIndexError}
	s.items = map[string]*entry[T]{}
	s.indexes = map[string]*index[T]{}
	for name, function := range options.Indexes {
		s.indexes[name] = newIndex(name, function)
	}
	return s
}

// ReadOnly returns the reading side of the store.
func (s *Store[T]) ReadOnly() *Reader[T] { return &s.Reader }

// Put stores object under key and returns what was there before. A version other than "" becomes the store's version.
func (s *Store[T]) Put(key string, object T, version string) (before T, existed bool) {
	var failed []*IndexError
	func() {
		s.writing.Lock()
		defer s.writing.Unlock()
		var filed []filing
		filed, failed = file(s.indexes, key, object) // indexes only change under writing

		s.mu.Lock()
		defer s.mu.Unlock()
		e := s.items[key]
		if existed = e != nil; existed {
			before = e.object
		} else {
			e = &entry[T]{key: key}
			s.items[key] = e
		}
		e.object = object
		if !slices.EqualFunc(e.filed, filed, sameFiling) {
			s.unfile(e)
			s.refile(e, filed)
		}
		s.reached(version)
	}()
	s.report(failed)
	return before, existed
}

// Delete removes the object under key and returns it. A version other than "" becomes the store's version.
func (s *Store[T]) Delete(key, version string) (before T, existed bool) {
	s.writing.Lock()
	defer s.writing.Unlock()
	s.mu.Lock()
	defer s.mu.Unlock()
	s.reached(version)
	e, existed := s.items[key]
	if !existed {
		return before, false
	}
	s.unfile(e)
	delete(s.items, key)
	return e.object, true
}

// Replace makes objects the whole content in one step (of several with the same key the last one counts), and returns
// the content before it. A version other than "" becomes the store's version.
func (s *Store[T]) Replace(objects iter.Seq2[string, T], version string) Snapshot[T] {
	var failed []*IndexError
	var before Snapshot[T]
	func() {
		s.writing.Lock()
		defer s.writing.Unlock()
		indexes := make(map[string]*index[T], len(s.indexes))
		for name, ix := range s.indexes {
			indexes[name] = ix.empty()
		}
		entries := map[string]*entry[T]{}
		for key, object := range objects {
			entries[key] = &entry[T]{key: key, object: object}
		}
		for _, e := range entries {
			filed, errs := file(indexes, e.key, e.object)
			failed = append(failed, errs...)
			e.filed = filed
			for _, f := range filed {
				indexes[f.index].file(e, f.values)
			}
		}

		s.mu.Lock()
		defer s.mu.Unlock()
		before = Snapshot[T]{s.items}
		s.items, s.indexes = entries, indexes
		s.reached(version)
	}()
	s.report(failed)
	return before
}

// AddIndexes adds indexes and files all stored objects in them, in one step. It changes nothing and returns an error if
// a name is taken.
func (s *Store[T]) AddIndexes(functions map[string]IndexFunc[T]) error {
	var failed []*IndexError
	err := func() error {
		s.writing.Lock()
		defer s.writing.Unlock()
		added := make(map[string]*index[T], len(functions))
		for name, function := range functions {
			if _, taken := s.indexes[name]; taken {
				return fmt.Errorf("there is already an index named %q", name)
			}
			added[name] = newIndex(name, function)
		}
		// Entries only change under writing, so they can be read here while readers go on.
		filed := make(map[*entry[T]][]filing, len(s.items))
		for _, e := range s.items {
			more, errs := file(added, e.key, e.object)
			failed = append(failed, errs...)
			filed[e] = more
			for _, f := range more {
				added[f.index].file(e, f.values)
			}
		}

		s.mu.Lock()
		defer s.mu.Unlock()
		maps.Copy(s.indexes, added)
		for e, more := range filed {
			e.filed = slices.Concat(e.filed, more)
			slices.SortFunc(e.filed, byIndexName)
		}
		return nil
	}()
	s.report(failed)
	return err
}

// Reached notes the version that the store is known to have reached without a change of an object.
func (s *Store[T]) Reached(version string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.reached(version)
}

// reached is Reached for callers that hold mu.
func (s *Store[T]) reached(version string) {
	if version != "" {
		s.version = version
	}
}

// unfile removes an entry from its indexes. The caller holds mu.
func (s *Store[T]) unfile(e *entry[T]) {
	for _, f := range e.filed {
		s.indexes[f.index].unfile(e, f.values)
	}
	e.filed = nil
}

// refile adds an entry to indexes. The caller holds mu.
func (s *Store[T]) refile(e *entry[T], filed []filing) {
	e.filed = filed
	for _, f := range filed {
		s.indexes[f.index].file(e, f.values)
	}
}

func (s *Store[T]) report(failed []*IndexError) {
	if s.onIndexError == nil {
		return
	}
	for _, err := range failed {
		s.onIndexError(err)
	}
}

// file asks every index where an object belongs. Places are sorted by index, so that equal ones compare equal.
func file[T any](indexes map[string]*index[T], key string, object T) (filed []filing, failed []*IndexError) {
	if len(indexes) == 0 {
		return nil, nil
	}
	filed = make([]filing, 0, len(indexes))
	for name, ix := range indexes {
		values, err := ix.values(object)
		switch {
		case err != nil:
			failed = append(failed, &IndexError{Index: name, Key: key, Err: err})
		case len(values) > 0:
			filed = append(filed, filing{index: name, values: slices.Clone(values)})
		}
	}
	slices.SortFunc(filed, byIndexName)
	return filed, failed
}

func byIndexName(a, b filing) int {
	switch {
	case a.index < b.index:
		return -1
	case a.index > b.index:
		return 1
	}
	return 0
}

func sameFiling(a, b filing) bool {
	return a.index == b.index && slices.Equal(a.values, b.values)
}

// Snapshot is the content that a store had before a Replace. It never changes.
type Snapshot[T any] struct {
	items map[string]*entry[T]
}

// Get returns the object with this key.
func (s Snapshot[T]) Get(key string) (T, bool) {
	if e, ok := s.items[key]; ok {
		return e.object, true
	}
	var none T
	return none, false
}

// All iterates over keys and objects.
func (s Snapshot[T]) All() iter.Seq2[string, T] {
	return func(yield func(string, T) bool) {
		for key, e := range s.items {
			if !yield(key, e.object) {
				return
			}
		}
	}
}
