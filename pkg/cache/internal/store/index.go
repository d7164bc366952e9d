package store

import (
	"fmt"
	"math"
	"slices"
	"strings"
)

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

// index is one index: its function, and the objects, as positions in the table, by value. Values without objects are
// not kept.
//
// Sets have numbers, so that what is kept for each object has no pointers. Most objects have one value: it is in the
// column filed, and only those that have more need an entry of their own.
type index[T any] struct {
	name     string
	function IndexFunc[T]

	numbers map[string]uint32 // of the sets in use, by value
	sets    []set             // by number
	unused  []uint32          // numbers to be given again

	filed []filing              // by position: the first place of the object
	more  map[position][]filing // the other places, of those that have any
}

// set is the objects that have one value.
type set struct {
	value   string
	members []position
}

// filing is the place of an object in an index: which set, and where in its members.
type filing struct {
	set, at uint32
}

// unfiled is the place of an object that has none.
var unfiled = filing{set: math.MaxUint32}

func newIndex[T any](name string, function IndexFunc[T]) *index[T] {
	return &index[T]{name: name, function: function, numbers: map[string]uint32{}, more: map[position][]filing{}}
}

// empty returns an index with the same function and no objects.
func (ix *index[T]) empty() *index[T] {
	return newIndex(ix.name, ix.function)
}

// values calls the index function. A panic becomes an error. Of several values the result is a sorted copy without
// duplicates.
func (ix *index[T]) values(object T) (values []string, err error) {
	defer func() {
		if p := recover(); p != nil {
			values, err = nil, fmt.Errorf("index function panicked: %v", p)
		}
	}()
	values, err = ix.function(object)
	if err != nil {
		return nil, err
	}
	if len(values) > 1 {
		values = slices.Compact(slices.Sorted(slices.Values(values)))
	}
	return values, nil
}

// fill files all objects of a table in an empty index.
func (ix *index[T]) fill(t *table[T]) (failed []*IndexError) {
	ix.filed = make([]filing, 0, len(t.objects))
	for i, object := range t.objects {
		values, err := ix.values(object)
		if err != nil {
			failed = append(failed, &IndexError{Index: ix.name, Key: t.keys[i], Err: err})
		}
		ix.append(values)
	}
	return failed
}

// members are the positions of the objects that have the value.
func (ix *index[T]) members(value string) []position {
	number, ok := ix.numbers[value]
	if !ok {
		return nil
	}
	return ix.sets[number].members
}

// append files the next object of the table.
func (ix *index[T]) append(values []string) {
	ix.filed = append(ix.filed, unfiled)
	ix.file(position(len(ix.filed)-1), values)
}

// update files an object under other values than before.
func (ix *index[T]) update(at position, values []string) {
	if ix.has(at, values) {
		return
	}
	ix.unfile(at)
	ix.file(at, values)
}

// has reports whether an object is filed under exactly these values.
func (ix *index[T]) has(at position, values []string) bool {
	first := ix.filed[at]
	if first == unfiled || len(values) == 0 {
		return first == unfiled && len(values) == 0
	}
	if ix.sets[first.set].value != values[0] {
		return false
	}
	if len(values) == 1 && len(ix.more) == 0 {
		return true
	}
	return slices.EqualFunc(ix.more[at], values[1:], func(f filing, value string) bool { return ix.sets[f.set].value == value })
}

// file gives an object that is not filed its places.
func (ix *index[T]) file(at position, values []string) {
	for i, value := range values {
		number, ok := ix.numbers[value]
		if !ok {
			number = ix.newSet(value)
		}
		s := &ix.sets[number]
		place := filing{set: number, at: uint32(len(s.members))}
		s.members = append(s.members, at)
		if i == 0 {
			ix.filed[at] = place
		} else {
			ix.more[at] = append(ix.more[at], place)
		}
	}
}

// newSet makes a set for a value. The value is copied: it may lie in the memory of an object that will be gone before.
func (ix *index[T]) newSet(value string) (number uint32) {
	value = strings.Clone(value)
	if n := len(ix.unused); n > 0 {
		number, ix.unused = ix.unused[n-1], ix.unused[:n-1]
		ix.sets[number].value = value
	} else {
		number = uint32(len(ix.sets))
		ix.sets = append(ix.sets, set{value: value})
	}
	ix.numbers[value] = number
	return number
}

// unfile takes an object out of its sets, and removes those that become empty.
func (ix *index[T]) unfile(at position) {
	if ix.filed[at] == unfiled {
		return
	}
	ix.leave(ix.filed[at])
	ix.filed[at] = unfiled
	if len(ix.more) == 0 {
		return
	}
	for _, place := range ix.more[at] {
		ix.leave(place)
	}
	delete(ix.more, at)
}

// leave empties a place in a set. The last member of the set moves there.
func (ix *index[T]) leave(place filing) {
	s := &ix.sets[place.set]
	last := uint32(len(s.members) - 1)
	if last == 0 {
		delete(ix.numbers, s.value)
		ix.sets[place.set] = set{}
		ix.unused = append(ix.unused, place.set)
		return
	}
	if place.at != last {
		moved := s.members[last]
		s.members[place.at] = moved
		*ix.place(moved, filing{place.set, last}) = place
	}
	s.members = s.members[:last]
}

// place finds where it is noted that an object has a place.
func (ix *index[T]) place(at position, place filing) *filing {
	if ix.filed[at] == place {
		return &ix.filed[at]
	}
	more := ix.more[at]
	return &more[slices.Index(more, place)]
}

// remove takes out the object at a position, as the table does: the last object moves there.
func (ix *index[T]) remove(at position) {
	ix.unfile(at)
	last := position(len(ix.filed) - 1)
	if at != last {
		ix.move(last, at)
	}
	ix.filed = ix.filed[:last]
}

// move notes that an object has another position in the table.
func (ix *index[T]) move(from, to position) {
	first := ix.filed[from]
	ix.filed[to] = first
	if first == unfiled {
		return
	}
	ix.sets[first.set].members[first.at] = to
	if len(ix.more) == 0 {
		return
	}
	if more, ok := ix.more[from]; ok {
		for _, place := range more {
			ix.sets[place.set].members[place.at] = to
		}
		ix.more[to] = more
		delete(ix.more, from)
	}
}
