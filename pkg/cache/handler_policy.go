package cache

import (
	"fmt"

	"github.com/kubewright/kubewright/pkg/cache/internal/fanout"
)

// HandlerQueue says what an informer does with notifications that wait for a slow handler. Whichever it is, a handler that
// is slow costs nobody but itself, and nothing that happened to an object is lost without a notification that covers it.
// The zero value is UnboundedQueue.
type HandlerQueue struct {
	policy fanout.Queue
}

// UnboundedQueue keeps every notification, in memory, until the handler gets to it. It is what client-go does.
func UnboundedQueue() HandlerQueue { return HandlerQueue{} }

// BoundedQueue keeps up to n notifications as they are. When more wait, those of one object become one, as with
// CoalescingQueue, until the handler has worked off half of n. So no more wait than n, or as many as there are objects if
// that is more.
func BoundedQueue(n int) HandlerQueue { return HandlerQueue{fanout.Bounded(n)} }

// CoalescingQueue makes one notification of those of one object that wait: an update from the state that the handler knows
// to the last one, an addition of the last one, or a deletion; an object that came and went meanwhile is not told at all.
// An object that was replaced by another one of its name stays a deletion and an addition. It is for handlers that care
// about states, not about changes, as those of controllers do.
func CoalescingQueue() HandlerQueue { return HandlerQueue{fanout.Coalescing()} }

// PanicPolicy says what happens when a handler panics. Other handlers are not affected unless the process ends.
type PanicPolicy int

const (
	// PanicCrash logs the panic and lets it end the process, unless ReallyCrash of apimachinery's util/runtime is false:
	// then it is PanicSkip. It is what client-go does.
	PanicCrash PanicPolicy = iota
	// PanicDetach ends the handler: it is not called again, what waits for it is dropped, and HandlerError says why.
	PanicDetach
	// PanicSkip goes on with the next notification. What the handler has not done for this one stays undone until it is
	// told of the object again.
	PanicSkip
)

// fanout is the policy in the words of the engine.
func (p PanicPolicy) fanout() (fanout.PanicPolicy, error) {
	switch p {
	case PanicCrash:
		return fanout.Crash, nil
	case PanicDetach:
		return fanout.Detach, nil
	case PanicSkip:
		return fanout.Skip, nil
	default:
		return 0, fmt.Errorf("there is no PanicPolicy %d: use PanicCrash, PanicDetach or PanicSkip", p)
	}
}

// HandlerError says why a handler has ended by itself: it panicked, and its policy is PanicDetach, or it ended its
// goroutine. It is nil for a handler that has not ended, or was removed, and for registrations of other makes of informers.
func HandlerError(registration ResourceEventHandlerRegistration) error {
	if r, ok := registration.(interface{ Err() error }); ok {
		return r.Err()
	}
	return nil
}
