package reflector

import (
	"errors"
	"math/rand/v2"
	"slices"
	"time"
)

// A list that has an object without a name cannot tell what was deleted: whatever it has not may be that object. It is asked for
// again, until it can tell. The watch goes on meanwhile.
const (
	// namelessWait is how long to wait for that at first; later it is for as long as it has been so.
	namelessWait = 15 * time.Second
	// maxNamelessWait is the longest wait. Each is up to twice as long at random.
	maxNamelessWait = 10 * time.Minute
)

// errNameless ends a watch when it is time to list again.
var errNameless = errors.New("the last list has an object that does not tell its name")

// nameless says whether there is an object without a name.
func nameless(poisoned []Poison) bool {
	return slices.ContainsFunc(poisoned, func(p Poison) bool { return p.Name == "" })
}

// untilNameless is how long to wait if lists have been without a name since a time.
func untilNameless(since, now time.Time) time.Duration {
	wait := min(max(now.Sub(since), namelessWait), maxNamelessWait)
	return wait + rand.N(wait)
}

// listWhenDue ends a watch when it is time to list again.
func (w *openWatch[T]) listWhenDue(due time.Time) {
	if w.relist == nil && !due.IsZero() {
		w.relist = time.AfterFunc(time.Until(due), func() { w.cancel(errNameless) })
	}
}
