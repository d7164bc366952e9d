package store

// position is the place of an object in the columns of a table and of its indexes. A deletion of another object can
// change it.
type position = uint32

// table is the objects with their keys, in columns without gaps.
type table[T any] struct {
	positions lookup
	keys      []string
	objects   []T
}

// newTable makes a table of the columns, which become its own. Of several objects with the same key it keeps the last.
func newTable[T any](keys []string, objects []T) table[T] {
	t := table[T]{positions: newLookup(len(keys)), keys: keys[:0], objects: objects[:0]}
	for i, key := range keys {
		if at, twice := t.positions.add(t.keys, key, t.next()); twice {
			t.objects[at] = objects[i]
			continue
		}
		t.keys = append(t.keys, key)
		t.objects = append(t.objects, objects[i])
	}
	clear(keys[len(t.keys):])
	clear(objects[len(t.objects):])
	return t
}

// find returns the position of the object with a key.
func (t *table[T]) find(key string) (position, bool) { return t.positions.find(t.keys, key) }

// room is how many objects can be appended before the table has to grow.
func (t *table[T]) room() int { return min(cap(t.objects)-len(t.objects), t.positions.room()) }

// next is the position of the next object to be appended.
func (t *table[T]) next() position { return position(len(t.objects)) }

// append adds an object under a key that the table does not have. There has to be room.
func (t *table[T]) append(key string, object T) position {
	at := t.next()
	t.positions.add(t.keys, key, at)
	t.keys = append(t.keys, key)
	t.objects = append(t.objects, object)
	return at
}

// remove takes out the object at a position, and moves the last one there.
func (t *table[T]) remove(at position) {
	last := t.next() - 1
	t.positions.remove(t.keys, t.keys[at])
	if at != last {
		t.positions.move(t.keys, t.keys[last], at)
		t.keys[at], t.objects[at] = t.keys[last], t.objects[last]
	}
	clear(t.keys[last:])
	clear(t.objects[last:])
	t.keys, t.objects = t.keys[:last], t.objects[:last]
}
