package store

import (
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
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
	// before the next write; readers never wait for it. It is taken by beginWriting, before Reader.mu. Who holds it may read
	// all data.
	writing sync.Mutex
	// plain says that there are no indexes and nobody holds writing: then Reader.mu is enough for a write. It becomes false
	// only under both locks.
	plain        atomic.Bool
	values       [][]string // of the changes under way; guarded by writing
	onIndexError func(*IndexError)
}

// New returns an empty store.
func New[T any](options Options[T]) *Store[T] {
	s := &Store[T]{onIndexError: options.OnIndexError}
	s.table = newTable[T](nil, nil)
	for name, function := range options.Indexes {
		s.indexes = append(s.indexes, newIndex(name, function))
	}
	s.plain.Store(len(s.indexes) == 0)
	return s
}

// beginWriting begins a write that takes its turn: until endWriting nobody else writes.
func (s *Store[T]) beginWriting() {
	s.writing.Lock()
	if s.plain.Load() {
		s.mu.Lock() // for writes that hold nothing else
		s.plain.Store(false)
		s.mu.Unlock()
	}
}

func (s *Store[T]) endWriting() {
	s.plain.Store(len(s.indexes) == 0)
	s.writing.Unlock()
}

// ReadOnly returns the reading side of the store.
func (s *Store[T]) ReadOnly() *Reader[T] { return &s.Reader }

// Put stores object under key and returns what was there before. A version other than "" becomes the store's version.
func (s *Store[T]) Put(key string, object T, version string) (before T, existed bool) {
	write := [1]Change[T]{{Key: key, Object: object, Version: version}}
	s.Write(write[:])
	return write[0].Before, write[0].Existed
}

// Delete removes the object under key and returns it. A version other than "" becomes the store's version.
func (s *Store[T]) Delete(key, version string) (before T, existed bool) {
	write := [1]Change[T]{{Key: key, Delete: true, Version: version}}
	s.Write(write[:])
	return write[0].Before, write[0].Existed
}

// Reached notes the version that the store is known to have reached without a change of an object.
func (s *Store[T]) Reached(version string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.reached(version)
}

// AddIndexes adds indexes and files all stored objects in them, in one step. It changes nothing and returns an error if
// a name is taken.
func (s *Store[T]) AddIndexes(functions map[string]IndexFunc[T]) error {
	var failed []*IndexError
	err := func() error {
		s.beginWriting()
		defer s.endWriting()
		indexes := slices.Clip(s.indexes)
		for name, function := range functions {
			if s.index(name) != nil {
				return fmt.Errorf("there is already an index named %q", name)
			}
			added := newIndex(name, function)
			failed = append(failed, added.fill(&s.table)...)
			indexes = append(indexes, added)
		}
		s.mu.Lock()
		defer s.mu.Unlock()
		s.indexes = indexes
		return nil
	}()
	if err != nil {
		return err
	}
	s.report(failed)
	return nil
}

// reached is Reached for callers that hold mu.
func (s *Store[T]) reached(version string) {
	if version != "" {
		s.version = version
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
