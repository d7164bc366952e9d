package cache

// queueKeyed is what FIFO and DeltaFIFO have in common on top of queueCore: one entry for a key, popped in the order in
// which the keys came in.
type queueKeyed[E any] struct {
	queueCore // its lock is held while Pop's function runs

	// gate.mu guards what follows.
	items map[string]E
	order []string // the keys of items, in the order to pop; those of the first list are its first queueCore.initial
}

// begin makes a zero queueKeyed usable. See queueCore.begin.
func (q *queueKeyed[E]) begin(name string, keyFunc KeyFunc) {
	q.queueCore.begin(name, keyFunc)
	q.items = map[string]E{}
}

// Pop waits for an entry, takes the oldest one out, processes it, and returns it with the error of process. The queue is
// locked meanwhile: process must not use it, and should be fast; it may change what the KnownObjects of a DeltaFIFO show.
// Pop returns ErrFIFOClosed when the queue is closed and empty.
func (q *queueKeyed[E]) Pop(process PopProcessFunc) (interface{}, error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if !q.await(func() int { return len(q.order) }) {
		return nil, ErrFIFOClosed
	}
	key := q.order[0]
	q.order = q.order[1:]
	entry := q.items[key]
	delete(q.items, key)

	defer q.popped(1)
	return entry, process(entry, !q.isSynced)
}

// set makes entry that of a key. A key that is not queued goes to the end. The caller holds mu.
func (q *queueKeyed[E]) set(key string, entry E) {
	if !q.isQueued(key) {
		q.order = append(q.order, key)
		q.cond.Broadcast()
	}
	q.items[key] = entry
}

// isQueued says whether a key has an entry. The caller holds mu.
func (q *queueKeyed[E]) isQueued(key string) bool {
	_, queued := q.items[key]
	return queued
}
