package store

import (
	"reflect"

	"github.com/kubewright/kubewright/pkg/cache/internal/memsize"
)

// maxSample is how many objects Size looks at.
const maxSample = 64

// Size estimates the memory that the store holds, in bytes: objects with all that they lead to, keys and indexes.
//
// It looks at up to 64 objects, spread over the store, and takes the others to be like them on average; see
// memsize.Of for what counts. A collection whose objects are much alike is estimated within a tenth. The few huge
// objects of an uneven one may be missed, or taken for too many. Memory that objects share counts for each of them.
// A call takes some milliseconds, none of them with a lock that writers wait for; nothing is kept for it.
func (r *Reader[T]) Size() int64 {
	r.mu.RLock()
	n := len(r.table.objects)
	objects, keys := make([]T, 0, maxSample), make([]string, 0, maxSample)
	for i := range min(n, maxSample) {
		at := i * n / min(n, maxSample)
		objects, keys = append(objects, r.table.objects[at]), append(keys, r.table.keys[at])
	}
	structure := r.table.size()
	for _, ix := range r.indexes {
		structure += ix.size()
	}
	r.mu.RUnlock()
	if n == 0 {
		return structure
	}

	var sample int64
	for i, object := range objects {
		sample += memsize.Of(object) + int64(len(keys[i]))
	}
	return structure + sample*int64(n)/int64(len(objects))
}

// mapEntry is about what an entry of a map from strings to numbers takes, with its share of empty slots.
const mapEntry = 34

// size is the memory of the columns, and of what finds keys in them.
func (t *table[T]) size() int64 {
	return columnSize(t.positions.slots) + columnSize(t.keys) + columnSize(t.objects)
}

// size estimates the memory of an index from how many values and objects it has.
func (ix *index[T]) size() int64 {
	const text = 16 // of a value
	places := int64(len(ix.filed) + 2*len(ix.more))
	return int64(len(ix.numbers))*(mapEntry+text) + columnSize(ix.sets) + columnSize(ix.filed) + int64(len(ix.more))*mapEntry + places*12
}

func columnSize[E any](column []E) int64 {
	return int64(cap(column)) * int64(reflect.TypeFor[E]().Size())
}
