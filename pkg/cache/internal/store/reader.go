package store

import (
	"fmt"
	"iter"
	"sync"
)

// Reader answers questions about a Store. Its methods may be called by any number of goroutines, also while the store
// is written, and each answers from one moment of the store. The order of results is not defined.
type Reader[T any] struct {
	mu      sync.RWMutex // guards the fields below, and the entries they lead to
	items   map[string]*entry[T]
	indexes map[string]*index[T]
	version string
}

// entry is one stored object. The key never changes.
type entry[T any] struct {
	key    string
	object T
	filed  []filing // under which values of which indexes the object is found
}

// Get returns the object with this key.
func (r *Reader[T]) Get(key string) (T, bool) {
	r.mu.RLock()
	defer r.mu.RUnlock()
	if e, ok := r.items[key]; ok {
		return e.object, true
	}
	var none T
	return none, false
}

// List returns all objects.
func (r *Reader[T]) List() []T {
	r.mu.RLock()
	defer r.mu.RUnlock()
	objects := make([]T, 0, len(r.items))
	for _, e := range r.items {
		objects = append(objects, e.object)
	}
	return objects
}

// Keys returns the keys of all objects.
func (r *Reader[T]) Keys() []string {
	r.mu.RLock()
	defer r.mu.RUnlock()
	keys := make([]string, 0, len(r.items))
	for key := range r.items {
		keys = append(keys, key)
	}
	return keys
}

// Len is the number of objects.
func (r *Reader[T]) Len() int {
	r.mu.RLock()
	defer r.mu.RUnlock()
	return len(r.items)
}

// All iterates over keys and objects as they are when the loop starts; the loop's body may do anything, also write.
func (r *Reader[T]) All() iter.Seq2[string, T] {
	return func(yield func(string, T) bool) {
		type pair struct {
			key    string
			object T
		}
		r.mu.RLock()
		pairs := make([]pair, 0, len(r.items))
		for key, e := range r.items {
			pairs = append(pairs, pair{key, e.object})
		}
		r.mu.RUnlock()
		for _, p := range pairs {
			if !yield(p.key, p.object) {
				return
			}
		}
	}
}

// ByIndex returns the objects that the named index has filed under value.
func (r *Reader[T]) ByIndex(name, value string) ([]T, error) {
	r.mu.RLock()
	defer r.mu.RUnlock()
	ix, err := r.index(name)
	if err != nil {
		return nil, err
	}
	entries := ix.entries[value]
	objects := make([]T, 0, len(entries))
	for _, e := range entries {
		objects = append(objects, e.object)
	}
	return objects, nil
}

// IndexKeys returns the keys of the objects that the named index has filed under value.
func (r *Reader[T]) IndexKeys(name, value string) ([]string, error) {
	r.mu.RLock()
	defer r.mu.RUnlock()
	ix, err := r.index(name)
	if err != nil {
		return nil, err
	}
	entries := ix.entries[value]
	keys := make([]string, 0, len(entries))
	for key := range entries {
		keys = append(keys, key)
	}
	return keys, nil
}

// Index returns the objects that share at least one value of the named index with object, which need not be stored.
// Each is returned once.
func (r *Reader[T]) Index(name string, object T) ([]T, error) {
	r.mu.RLock()
	ix, err := r.index(name)
	r.mu.RUnlock()
	if err != nil {
		return nil, err
	}
	values, err := ix.values(object) // the user's function runs without a lock; functions of an index never change
	if err != nil {
		return nil, fmt.Errorf("index %q: %w", name, err)
	}

	r.mu.RLock()
	defer r.mu.RUnlock()
	if ix, err = r.index(name); err != nil { // a Replace makes new indexes
		return nil, err
	}
	found := map[string]*entry[T]{}
	for _, value := range values {
		for key, e := range ix.entries[value] {
			found[key] = e
		}
	}
	objects := make([]T, 0, len(found))
	for _, e := range found {
		objects = append(objects, e.object)
	}
	return objects, nil
}

// IndexValues returns every value under which the named index has filed an object; none if there is no such index.
func (r *Reader[T]) IndexValues(name string) []string {
	r.mu.RLock()
	defer r.mu.RUnlock()
	ix, err := r.index(name)
	if err != nil {
		return nil
	}
	values := make([]string, 0, len(ix.entries))
	for value := range ix.entries {
		values = append(values, value)
	}
	return values
}

// IndexFuncs returns the functions of all indexes by name. The map is the caller's.
func (r *Reader[T]) IndexFuncs() map[string]IndexFunc[T] {
	r.mu.RLock()
	defer r.mu.RUnlock()
	funcs := make(map[string]IndexFunc[T], len(r.indexes))
	for name, ix := range r.indexes {
		funcs[name] = ix.function
	}
	return funcs
}

// HasIndex reports whether there is an index of this name.
func (r *Reader[T]) HasIndex(name string) bool {
	r.mu.RLock()
	defer r.mu.RUnlock()
	_, err := r.index(name)
	return err == nil
}

// Version is the resource version that the store has reached: that of the last write that carried one.
func (r *Reader[T]) Version() string {
	r.mu.RLock()
	defer r.mu.RUnlock()
	return r.version
}

// index finds an index by name. The caller holds mu.
func (r *Reader[T]) index(name string) (*index[T], error) {
	if ix, ok := r.indexes[name]; ok {
		return ix, nil
	}
	return nil, fmt.Errorf("there is no index named %q: add it to the indexers of the store", name)
}
