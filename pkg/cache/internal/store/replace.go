package store

// Replace makes objects, under the keys at the same places, the whole content in one step; of several with the same key
// the last one counts. Both slices are the store's from then on. A version other than "" becomes the store's version.
//
// each, if not nil, is told of every change against the content before: first a write for every object, in their order,
// then the deletions. It is called by this goroutine, before readers see any of it, and must not use the store.
func (s *Store[T]) Replace(keys []string, objects []T, version string, each func(Change[T])) {
	s.report(s.replace(newTable(keys, objects), version, each))
}

func (s *Store[T]) replace(after table[T], version string, each func(Change[T])) (failed []*IndexError) {
	s.beginWriting()
	defer s.endWriting()
	indexes := make([]*index[T], len(s.indexes))
	for i, ix := range s.indexes {
		indexes[i] = ix.empty()
		failed = append(failed, indexes[i].fill(&after)...)
	}
	if each != nil {
		differences(&s.table, &after, version, each)
	}

	s.mu.Lock()
	defer s.mu.Unlock()
	s.table, s.indexes = after, indexes
	s.reached(version)
	return failed
}

// differences tells of the changes that make one table of another.
func differences[T any](before, after *table[T], version string, each func(Change[T])) {
	for i, key := range after.keys {
		c := Change[T]{Key: key, Object: after.objects[i], Version: version}
		var at position
		if at, c.Existed = before.find(key); c.Existed {
			c.Before = before.objects[at]
		}
		each(c)
	}
	for i, key := range before.keys {
		if _, still := after.find(key); !still {
			each(Change[T]{Key: key, Delete: true, Version: version, Before: before.objects[i], Existed: true})
		}
	}
}
