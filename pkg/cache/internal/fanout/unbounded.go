package fanout

import (
	"sync"
	"sync/atomic"
	"time"
)

// unbounded is a mailbox in which every notification waits. It holds batches as they came, which other mailboxes share.
type unbounded[T any] struct {
	handled atomic.Int64 // notifications so far

	mu      sync.Mutex // guards the fields below
	batches []batch[T] // oldest first; the first is under way
	pushed  int64      // notifications so far
	closed  bool

	// The consumer owns what follows.
	current []Notification[T] // of the batch under way
	at      int               // the next of them
}

func (q *unbounded[T]) push(b batch[T]) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if !q.closed {
		q.batches = append(q.batches, b)
		q.pushed += int64(b.count())
	}
}

func (q *unbounded[T]) next() (Notification[T], bool) {
	if q.at > 0 && !q.current[q.at-1].Kind.marks() {
		q.handled.Add(1)
	}
	if q.at == len(q.current) && !q.advance() {
		return Notification[T]{}, false
	}
	q.at++
	return q.current[q.at-1], true
}

// advance takes up the next batch, if there is one.
func (q *unbounded[T]) advance() bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.current != nil && !q.closed {
		q.batches[0] = batch[T]{}
		q.batches = q.batches[1:]
	}
	q.current, q.at = nil, 0
	if len(q.batches) == 0 {
		q.batches = nil
		return false
	}
	q.current = q.batches[0].notifications
	return true
}

func (q *unbounded[T]) close() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.closed = true
	q.batches = nil
}

func (q *unbounded[T]) backlog() (count int, oldest time.Time) {
	q.mu.Lock()
	defer q.mu.Unlock()
	count = int(q.pushed - q.handled.Load())
	if q.closed || count == 0 {
		return 0, time.Time{}
	}
	return count, q.batches[0].since
}
