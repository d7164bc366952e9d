package store

import (
	"cmp"
	"fmt"
	"iter"
	"slices"
	"sync"
)

// Reader answers questions about a Store. Its methods may be called by any number of goroutines, also while the store
// is written, and each answers from one moment of the store. The order of results is not defined.
type Reader[T any] struct {
	mu      sync.RWMutex // guards the fields below, and what they lead to
	table   table[T]
	indexes []*index[T]
	version string
}

// Get returns the object with this key.
func (r *Reader[T]) Get(key string) (T, bool) {
	r.mu.RLock()
	defer r.mu.RUnlock()
	if at, ok := r.table.find(key); ok {
		return r.table.objects[at], true
	}
	var none T
	return none, false
}

// Len is the number of objects.
func (r *Reader[T]) Len() int {
	r.mu.RLock()
	defer r.mu.RUnlock()
	return len(r.table.objects)
}

// List returns all objects.
func (r *Reader[T]) List() []T {
	return answer(r, func() int { return len(r.table.objects) }, func(objects []T) []T {
		return append(objects, r.table.objects...)
	})
}

// Keys returns the keys of all objects.
func (r *Reader[T]) Keys() []string {
	return answer(r, func() int { return len(r.table.keys) }, func(keys []string) []string {
		return append(keys, r.table.keys...)
	})
}

// All iterates over keys and objects as they are when the loop starts; the loop's body may do anything, also write.
func (r *Reader[T]) All() iter.Seq2[string, T] {
	type pair struct {
		key    string
		object T
	}
	return func(yield func(string, T) bool) {
		pairs := answer(r, func() int { return len(r.table.keys) }, func(pairs []pair) []pair {
			for i, key := range r.table.keys {
				pairs = append(pairs, pair{key, r.table.objects[i]})
			}
			return pairs
		})
		for _, p := range pairs {
			if !yield(p.key, p.object) {
				return
			}
		}
	}
}

// ByIndex returns the objects that the named index has filed under value.
func (r *Reader[T]) ByIndex(name, value string) ([]T, error) {
	return byIndex(r, name, value, func(at position) T { return r.table.objects[at] })
}

// IndexKeys returns the keys of the objects that the named index has filed under value.
func (r *Reader[T]) IndexKeys(name, value string) ([]string, error) {
	return byIndex(r, name, value, func(at position) string { return r.table.keys[at] })
}

// Index returns the objects that share at least one value of the named index with object, which need not be stored.
// Each is returned once.
func (r *Reader[T]) Index(name string, object T) ([]T, error) {
	values, err := r.valuesOf(name, object)
	if err != nil {
		return nil, err
	}
	if len(values) == 1 {
		return r.ByIndex(name, values[0])
	}
	return r.union(name, values), nil
}

// valuesOf returns the values of an object in the named index. The user's function runs without a lock; functions of an index
// never change.
func (r *Reader[T]) valuesOf(name string, object T) ([]string, error) {
	r.mu.RLock()
	ix := r.index(name)
	r.mu.RUnlock()
	if ix == nil {
		return nil, errNoIndex(name)
	}
	values, err := ix.values(object)
	if err != nil {
		return nil, fmt.Errorf("index %q: %w", name, err)
	}
	return values, nil
}

// union returns the objects that have at least one of the values. The same object is found once for each, and told by
// its position.
func (r *Reader[T]) union(name string, values []string) []T {
	type member struct {
		at     position
		object T
	}
	count := func() (n int) {
		for _, value := range values {
			n += len(r.index(name).members(value))
		}
		return n
	}
	found := answer(r, count, func(found []member) []member {
		for _, value := range values {
			for _, at := range r.index(name).members(value) {
				found = append(found, member{at, r.table.objects[at]})
			}
		}
		return found
	})
	slices.SortFunc(found, func(a, b member) int { return cmp.Compare(a.at, b.at) })
	found = slices.CompactFunc(found, func(a, b member) bool { return a.at == b.at })
	objects := make([]T, len(found))
	for i, m := range found {
		objects[i] = m.object
	}
	return objects
}

// IndexValues returns every value under which the named index has filed an object; none if there is no such index.
func (r *Reader[T]) IndexValues(name string) []string {
	if !r.HasIndex(name) {
		return nil
	}
	return answer(r, func() int { return len(r.index(name).numbers) }, func(values []string) []string {
		for value := range r.index(name).numbers {
			values = append(values, value)
		}
		return values
	})
}

// IndexFuncs returns the functions of all indexes by name. The map is the caller's.
func (r *Reader[T]) IndexFuncs() map[string]IndexFunc[T] {
	r.mu.RLock()
	defer r.mu.RUnlock()
	funcs := make(map[string]IndexFunc[T], len(r.indexes))
	for _, ix := range r.indexes {
		funcs[ix.name] = ix.function
	}
	return funcs
}

// HasIndex reports whether there is an index of this name. Indexes are never removed.
func (r *Reader[T]) HasIndex(name string) bool {
	r.mu.RLock()
	defer r.mu.RUnlock()
	return r.index(name) != nil
}

// Version is the resource version that the store has reached: that of the last write that carried one.
func (r *Reader[T]) Version() string {
	r.mu.RLock()
	defer r.mu.RUnlock()
	return r.version
}

// index finds an index by name, or is nil. The caller holds mu or Store.writing. A Replace makes new indexes.
func (r *Reader[T]) index(name string) *index[T] {
	for _, ix := range r.indexes {
		if ix.name == name {
			return ix
		}
	}
	return nil
}

func errNoIndex(name string) error {
	return fmt.Errorf("there is no index named %q: add it to the indexers of the store", name)
}

// byIndex returns what element says of each object with a value. It is called under the lock.
func byIndex[T, E any](r *Reader[T], name, value string, element func(position) E) ([]E, error) {
	known := false
	members := func() []position {
		ix := r.index(name)
		if known = ix != nil; !known {
			return nil
		}
		return ix.members(value)
	}
	elements := answer(r, func() int { return len(members()) }, func(elements []E) []E {
		for _, at := range members() {
			elements = append(elements, element(at))
		}
		return elements
	})
	if !known {
		return nil, errNoIndex(name)
	}
	return elements, nil
}

// answer returns what fill appends to an empty slice with room for size elements. Both are called under the lock, the
// memory is allocated without it: an allocation can have to work for the garbage collector, and would make writers wait.
func answer[T, E any](r *Reader[T], size func() int, fill func([]E) []E) []E {
	elements := []E{}
	for {
		r.mu.RLock()
		n := size()
		if n <= cap(elements) {
			elements = fill(elements)
			r.mu.RUnlock()
			return elements
		}
		r.mu.RUnlock()
		elements = make([]E, 0, n+n/64) // the store may grow until the lock is held again
	}
}
