package reflector

import (
	"errors"
	"math/rand/v2"
	"time"
)

// A list that does not tell all, since some object does not tell its name, cannot tell what was deleted: whatever it has not may
// be that object. It is asked for again, until it tells all. The watch goes on meanwhile.
const (
	// untoldWait is how long to wait for that at first; later it is for as long as it has been so.
	untoldWait = 15 * time.Second
	// maxUntoldWait is the longest wait. Each is up to twice as long at random.
	maxUntoldWait = 10 * time.Minute
)

// errUntold ends a watch when it is time to list again.
var errUntold = errors.New("the last list does not tell all that there is")

// untilTold is how long to wait if lists have not told all since a time.
func untilTold(since, now time.Time) time.Duration {
	wait := min(max(now.Sub(since), untoldWait), maxUntoldWait)
	return wait + rand.N(wait)
}

// listWhenDue ends a watch when it is time to list again.
func (w *openWatch[T]) listWhenDue(due time.Time) {
	if w.relist == nil && !due.IsZero() {
		w.relist = time.AfterFunc(time.Until(due), func() { w.cancel(errUntold) })
	}
}
