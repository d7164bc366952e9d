package queue

import "sync"

// Queue is an unbounded first-in, first-out queue with any number of producers and one consumer.
// The zero value is not usable; see New.
type Queue[E any] struct {
	ready chan struct{} // capacity one: holds a token while something waits or the queue is closed

	mu      sync.Mutex // guards waiting and closed
	waiting []E
	closed  bool
}

// New returns an empty, open queue.
func New[E any]() *Queue[E] {
	return &Queue[E]{ready: make(chan struct{}, 1)}
}

// Push appends one element. It reports false, and keeps nothing, when the queue is closed.
func (q *Queue[E]) Push(element E) bool {
	q.mu.Lock()
	open := !q.closed
	if open {
		q.waiting = append(q.waiting, element)
	}
	q.mu.Unlock()
	q.signal()
	return open
}

// PushAll appends elements as one batch: no other producer's elements come between them.
// It copies the slice, and reports false when the queue is closed.
func (q *Queue[E]) PushAll(elements []E) bool {
	q.mu.Lock()
	open := !q.closed
	if open {
		q.waiting = append(q.waiting, elements...)
	}
	q.mu.Unlock()
	q.signal()
	return open
}

// Close refuses further elements. Those that wait can still be taken. Closing again has no effect.
func (q *Queue[E]) Close() {
	q.mu.Lock()
	q.closed = true
	q.mu.Unlock()
	q.signal()
}

// Closed reports whether Close was called.
func (q *Queue[E]) Closed() bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.closed
}

// Ready receives when Take may have something to return, or when the queue was closed. A token can be stale: Take
// then returns an empty batch.
func (q *Queue[E]) Ready() <-chan struct{} {
	return q.ready
}

// Take removes and returns all that waits, oldest first, and whether the queue is still open. It never blocks.
//
// spare, usually the previous batch, becomes the memory for what comes next. Its elements are cleared, so that a
// consumed element does not stay alive in the queue; an unusually large one is left to the garbage collector.
func (q *Queue[E]) Take(spare []E) (batch []E, open bool) {
	const keep = 4096
	if cap(spare) > keep {
		spare = nil
	}
	clear(spare)

	q.mu.Lock()
	defer q.mu.Unlock()
	batch, q.waiting = q.waiting, spare[:0]
	return batch, !q.closed
}

// Len is the number of elements that wait; a batch that was taken no longer counts.
func (q *Queue[E]) Len() int {
	q.mu.Lock()
	defer q.mu.Unlock()
	return len(q.waiting)
}

// signal leaves a token for the consumer. It runs without the lock and never blocks: one token is enough, however many
// elements wait.
func (q *Queue[E]) signal() {
	select {
	case q.ready <- struct{}{}:
	default:
	}
}
