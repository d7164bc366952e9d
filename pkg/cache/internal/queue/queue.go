package queue

import (
	"sync"
	"sync/atomic"
	"time"
)

// Queue is an unbounded first-in, first-out queue with any number of producers and one consumer.
// The zero value is not usable; see New.
type Queue[E any] struct {
	ready chan struct{} // capacity one: holds a token while something waits or the queue is closed

	mu         sync.Mutex // guards the fields below
	waiting    []E
	since      time.Time // when the first that waits came
	takenSince time.Time // when the first of the batch that was taken came
	closed     bool

	taken atomic.Int64 // how many of the batch that was taken are not finished
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
		if len(q.waiting) == 0 {
			q.since = time.Now()
		}
		q.waiting = append(q.waiting, element)
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

// Take removes and returns all that waits, oldest first, and whether the queue is still open. It never blocks. The
// consumer calls Finish for each element.
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
	q.takenSince = q.since
	q.taken.Store(int64(len(batch)))
	return batch, !q.closed
}

// Finish notes that the consumer is done with one element of its batch.
func (q *Queue[E]) Finish() { q.taken.Add(-1) }

// Backlog is the number of elements that were pushed and are not finished, and for how long the oldest of them has been
// there; while the consumer works on a batch, that is the first of the batch.
func (q *Queue[E]) Backlog() (count int, waited time.Duration) {
	q.mu.Lock()
	defer q.mu.Unlock()
	taken := int(q.taken.Load())
	switch count = taken + len(q.waiting); {
	case count == 0:
		return 0, 0
	case taken > 0:
		return count, time.Since(q.takenSince)
	default:
		return count, time.Since(q.since)
	}
}

// signal leaves a token for the consumer. It runs without the lock and never blocks: one token is enough, however many
// elements wait.
func (q *Queue[E]) signal() {
	select {
	case q.ready <- struct{}{}:
	default:
	}
}
