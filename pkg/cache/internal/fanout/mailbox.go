package fanout

import "time"

// mailbox is where notifications wait for one handler. The writer puts them in, the registration's goroutine takes them
// out; the other methods are for everyone. None of them waits.
type mailbox[T any] interface {
	// push adds a batch, of which many mailboxes may have the same.
	push(batch[T])
	// next takes out the oldest notification, if there is one. What it returned before counts as handled.
	next() (Notification[T], bool)
	// close drops all that waits, now and later.
	close()
	// backlog is how many notifications are not handled yet, and since when the oldest is there. Marks do not count.
	backlog() (count int, oldest time.Time)
}

// batch is notifications that enter mailboxes together. It is never changed. A mark is alone in its batch.
type batch[T any] struct {
	notifications []Notification[T]
	since         time.Time
}

// count is the number of notifications without marks.
func (b batch[T]) count() int {
	if len(b.notifications) == 1 && b.notifications[0].Kind.marks() {
		return 0
	}
	return len(b.notifications)
}

func markOf[T any](kind Kind, now time.Time) batch[T] {
	return batch[T]{[]Notification[T]{{Kind: kind}}, now}
}

// Queue is a policy for notifications that wait for a handler. The zero value is Unbounded.
type Queue struct {
	coalesces bool
	exact     int // how many wait before any are put together
}

// Unbounded lets every notification wait. A handler that is too slow for ever takes all memory there is.
func Unbounded() Queue { return Queue{} }

// Coalescing puts together what waits for one object. No more notifications wait than there are objects, or two for one
// that was deleted and made again.
func Coalescing() Queue { return Queue{coalesces: true} }

// Bounded lets n notifications wait as they are. When there are more, what waits is put together as by Coalescing, until
// the handler has worked off half of n. So no more wait than n, or as with Coalescing if that is more.
func Bounded(n int) Queue { return Queue{coalesces: true, exact: max(n, 0)} }

func newMailbox[T any](policy Queue, same func(a, b T) bool) mailbox[T] {
	if policy.coalesces {
		return newCoalescing(policy.exact, same)
	}
	return &unbounded[T]{}
}
