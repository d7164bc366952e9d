package fanout

import (
	"sync"
	"time"
)

// coalescing is a mailbox that puts together what waits for one object, as soon as more than limit notifications wait.
type coalescing[T any] struct {
	limit int
	same  func(a, b T) bool // nil: always

	mu          sync.Mutex // guards the fields below, and all letters
	first, last *letter[T]
	waiting     int                   // notifications, without marks; also those that the writer has in its hands
	latest      map[string]*letter[T] // the last letter of each key; nil: what waits is left as it is
	handling    *letter[T]            // what next has returned, if it counts
	closed      bool
}

// letter is a notification that waits.
type letter[T any] struct {
	Notification[T]
	since          time.Time
	previous, next *letter[T]
	before         *letter[T] // the one of the same key that waited already and could not be put together with this one
	taken          bool
}

func newCoalescing[T any](limit int, same func(a, b T) bool) *coalescing[T] {
	return &coalescing[T]{limit: limit, same: same}
}

func (q *coalescing[T]) push(b batch[T]) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.waiting <= q.limit/2 {
		q.latest = nil
	}
	for _, n := range b.notifications {
		if q.closed {
			return
		}
		l := &letter[T]{Notification: n, since: b.since}
		if !n.Kind.marks() {
			q.waiting++
		}
		if q.latest != nil {
			q.merge(l)
			continue
		}
		q.append(l)
		if q.waiting > q.limit {
			q.coalesce()
		}
	}
}

// coalesce puts together what waits. The caller holds mu.
func (q *coalescing[T]) coalesce() {
	q.latest = map[string]*letter[T]{}
	l := q.first
	q.first, q.last = nil, nil
	for l != nil && !q.closed { // the consumer may be taking the first ones again
		next := l.next
		l.previous, l.next, l.before = nil, nil, nil
		q.merge(l)
		l = next
	}
}

// merge puts a letter together with one that waits, or else appends it. The caller holds mu.
func (q *coalescing[T]) merge(l *letter[T]) {
	if l.Kind.marks() {
		q.append(l)
		return
	}
	waits := q.latest[l.Key]
	if waits == nil {
		q.append(l)
		q.latest[l.Key] = l
		return
	}
	kind, how := together(waits.Kind, l.Kind)
	if how == ifSame {
		same := q.isSame(waits.New, l.New)
		if waits.taken || q.closed { // meanwhile
			same = false
		}
		if how = apart; same {
			how = one
		}
	}
	switch how {
	case nothing:
		q.waiting -= 2
		q.remove(waits)
		if waits.before != nil && !waits.before.taken {
			q.latest[l.Key] = waits.before
		} else {
			delete(q.latest, l.Key)
		}
	case one:
		q.waiting--
		waits.Kind, waits.New = kind, l.New
	default:
		l.before = waits
		q.append(l)
		q.latest[l.Key] = l
	}
}

// isSame asks the function without the lock, which the caller holds. There is but one writer: only the consumer can
// change something meanwhile, and close.
func (q *coalescing[T]) isSame(a, b T) bool {
	if q.same == nil {
		return true
	}
	q.mu.Unlock()
	defer q.mu.Lock()
	return q.same(a, b)
}

func (q *coalescing[T]) next() (Notification[T], bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.handling = nil
	l := q.first
	if l == nil {
		return Notification[T]{}, false
	}
	q.remove(l)
	l.taken, l.before = true, nil
	if l.Kind.marks() {
		return l.Notification, true
	}
	q.handling = l
	q.waiting--
	if q.latest[l.Key] == l {
		delete(q.latest, l.Key)
	}
	if q.waiting == 0 {
		q.latest = nil // it may have become large
	}
	return l.Notification, true
}

func (q *coalescing[T]) close() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.closed = true
	q.first, q.last, q.latest, q.handling = nil, nil, nil, nil
}

func (q *coalescing[T]) backlog() (count int, oldest time.Time) {
	q.mu.Lock()
	defer q.mu.Unlock()
	switch {
	case q.closed:
	case q.handling != nil:
		return q.waiting + 1, q.handling.since
	case q.waiting > 0 && q.first != nil:
		return q.waiting, q.first.since
	}
	return 0, time.Time{}
}

// append puts a letter at the end. The caller holds mu.
func (q *coalescing[T]) append(l *letter[T]) {
	if l.previous = q.last; q.last == nil {
		q.first = l
	} else {
		q.last.next = l
	}
	q.last = l
}

// remove takes out a letter. The caller holds mu.
func (q *coalescing[T]) remove(l *letter[T]) {
	if l.previous == nil {
		q.first = l.next
	} else {
		l.previous.next = l.next
	}
	if l.next == nil {
		q.last = l.previous
	} else {
		l.next.previous = l.previous
	}
	l.previous, l.next = nil, nil
}
