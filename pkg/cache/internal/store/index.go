package store

import "fmt"

// IndexFunc computes the values under which an index files an object; none is fine. It must depend on nothing but the
// object, and must not write to the store.
type IndexFunc[T any] func(object T) ([]string, error)

// IndexError reports an object that is missing from an index because the index function failed or panicked.
type IndexError struct {
	Index string
	Key   string
	Err   error
}

func (e *IndexError) Error() string {
	return fmt.Sprintf("object %q is not in index %q: %v", e.Key, e.Index, e.Err)
}

// Unwrap returns the index function's error.
func (e *IndexError) Unwrap() error { return e.Err }

// index is one index: its function and the entries by value and key. Values without entries are not kept.
type index[T any] struct {
	name     string
	function IndexFunc[T]
	entries  map[string]map[string]*entry[T]
}

// filing is the place of an entry in one index.
type filing struct {
	index  string
	values []string
}

func newIndex[T any](name string, function IndexFunc[T]) *index[T] {
	return &index[T]{name: name, function: function, entries: map[string]map[string]*entry[T]{}}
}

// empty returns an index with the same function and no entries.
func (ix *index[T]) empty() *index[T] {
	return newIndex(ix.name, ix.function)
}

// values calls the index function; a panic becomes an error.
func (ix *index[T]) values(object T) (values []string, err error) {
	defer func() {
		if p := recover(); p != nil {
			values, err = nil, fmt.Errorf("index function panicked: %v", p)
		}
	}()
	return ix.function(object)
}

// file adds the entry under each value.
func (ix *index[T]) file(e *entry[T], values []string) {
	for _, value := range values {
		set := ix.entries[value]
		if set == nil {
			set = map[string]*entry[T]{}
			ix.entries[value] = set
		}
		set[e.key] = e
	}
}

// unfile removes the entry from each value, and values that become empty.
func (ix *index[T]) unfile(e *entry[T], values []string) {
	for _, value := range values {
		set := ix.entries[value]
		delete(set, e.key)
		if len(set) == 0 {
			delete(ix.entries, value)
		}
	}
}
