package store

import (
	"slices"
	"sync"
)

// Change is one write: of an object under a key, or the deletion of what is there.
type Change[T any] struct {
	Key     string
	Object  T
	Delete  bool   // Object does not count
	Version string // if not "", the version of the store from then on

	Before  T    // what was there; set by the write
	Existed bool // whether something was there; set by the write
}

// Write makes all changes, in order and in one step for readers, and notes in each what was there before it.
func (s *Store[T]) Write(changes []Change[T]) {
	if !s.writeAtOnce(changes) {
		s.report(s.write(changes))
	}
}

// writeAtOnce makes all changes if nothing has to be done for them without the readers' lock: no index function is called, and
// there is room. Otherwise it does nothing and returns false.
func (s *Store[T]) writeAtOnce(changes []Change[T]) (done bool) {
	if !s.plain.Load() {
		return false
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.plain.Load() || s.lacksRoom(changes) {
		return false
	}
	for i := range changes {
		s.change(&changes[i], nil)
	}
	return true
}

func (s *Store[T]) write(changes []Change[T]) (failed []*IndexError) {
	s.beginWriting()
	defer s.endWriting()
	values, failed := s.compute(changes)
	defer clear(values)
	s.reserve(changes)

	s.mu.Lock()
	defer s.mu.Unlock()
	for i := range changes {
		s.change(&changes[i], values[:len(s.indexes)])
		values = values[len(s.indexes):]
	}
	return failed
}

// compute returns the values of all objects in all indexes, change by change. They are good until the next write.
func (s *Store[T]) compute(changes []Change[T]) (values [][]string, failed []*IndexError) {
	values = s.values[:0]
	for _, c := range changes {
		for _, ix := range s.indexes {
			var of []string
			if !c.Delete {
				var err error
				if of, err = ix.values(c.Object); err != nil {
					failed = append(failed, &IndexError{Index: ix.name, Key: c.Key, Err: err})
				}
			}
			values = append(values, of)
		}
	}
	s.values = values
	return values, failed
}

// reserve makes room for the objects that changes add.
func (s *Store[T]) reserve(changes []Change[T]) {
	if !s.lacksRoom(changes) {
		return
	}
	added := s.additions(changes)
	if s.table.positions.room() < added {
		grown := s.table.positions.grown(added)
		s.mu.Lock()
		s.table.positions = grown
		s.mu.Unlock()
	}
	grow(&s.mu, &s.table.keys, added)
	grow(&s.mu, &s.table.objects, added)
	for _, ix := range s.indexes {
		grow(&s.mu, &ix.filed, added)
	}
}

// lacksRoom reports whether the table has to grow for changes.
func (s *Store[T]) lacksRoom(changes []Change[T]) bool {
	room := s.table.room()
	return room < len(changes) && room < s.additions(changes)
}

// additions is how many objects changes add, or more if a key is there twice.
func (s *Store[T]) additions(changes []Change[T]) (n int) {
	for i := range changes {
		c := &changes[i]
		if _, exists := s.table.find(c.Key); !exists && !c.Delete {
			n++
		}
	}
	return n
}

// grow makes room for n more elements of a column that mu guards. The column is copied without the lock.
func grow[E any](mu *sync.RWMutex, column *[]E, n int) {
	if cap(*column)-len(*column) >= n {
		return
	}
	grown := slices.Grow(*column, max(n, len(*column))) // at least twice as many, so that not much is copied again and again
	mu.Lock()
	defer mu.Unlock()
	*column = grown
}

// change makes one change. The caller holds mu.
func (s *Store[T]) change(c *Change[T], values [][]string) {
	at, exists := s.table.find(c.Key)
	if c.Existed = exists; exists {
		c.Before = s.table.objects[at]
	}
	switch {
	case c.Delete && exists:
		s.table.remove(at)
		for _, ix := range s.indexes {
			ix.remove(at)
		}
	case c.Delete:
	case exists:
		s.table.objects[at] = c.Object
		for i, ix := range s.indexes {
			ix.update(at, values[i])
		}
	default:
		s.table.append(c.Key, c.Object)
		for i, ix := range s.indexes {
			ix.append(values[i])
		}
	}
	s.reached(c.Version)
}
