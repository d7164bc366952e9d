package informer

import (
	"container/heap"
	"context"
	"fmt"
	"sync"
	"sync/atomic"

	"k8s.io/apimachinery/pkg/util/resourceversion"

	"github.com/kubewright/kubewright/pkg/cache/internal/versions"
)

// WaitVersion waits until the store shows what a write has returned: an object with a key, at a resource version. It
// returns nil as soon as the store has that object in this or a newer version, or has reached the version with all that
// was there then; so the object may also be gone by then, or be replaced by another one. An empty key waits for all
// objects.
//
// It returns the cause of ctx when that is done, ErrStopped when the informer has stopped, and an error when the version
// is not a number, so that it cannot be compared, or when the version that the server has cannot be decoded.
func (i *Informer[T]) WaitVersion(ctx context.Context, key, version string) error {
	if _, err := resourceversion.CompareResourceVersion(version, version); err != nil {
		return fmt.Errorf("the cache cannot be waited for: %w", err)
	}
	if reached, err := i.hasReached(key, version); reached {
		return err
	}
	w := i.waits.add(version)
	defer i.waits.remove(w)
	if reached, err := i.hasReached(key, version); reached { // while it was added
		return err
	}
	select {
	case <-w.done:
	case <-ctx.Done():
		return fmt.Errorf("the cache has not reached version %s of %q: %w", version, key, context.Cause(ctx))
	}
	if w.stopped {
		return ErrStopped
	}
	_, err := i.hasReached(key, version)
	return err
}

// hasReached reports whether the store has an object at this or a newer version, or has reached the version itself. If
// it has, but the object could not be decoded, that is an error.
func (i *Informer[T]) hasReached(key, version string) (bool, error) {
	reached := versions.Reached(i.store.Version(), version)
	if object, exists := i.store.Get(key); exists && versions.Reached(i.identity(object).Version, version) {
		return true, nil
	}
	if q, ok := i.quarantine.get(key); ok && reached && versions.Reached(q.Version, version) {
		return true, fmt.Errorf("object %q at version %s could not be decoded: %w", key, q.Version, q.Err)
	}
	return reached, nil
}

// waits are those who wait for the store to reach a version. The zero value is ready for use.
type waits struct {
	count atomic.Int64 // of waiters, so that the writer need not lock if there are none

	mu      sync.Mutex // guards the fields below, and the places of waiters
	waiters waiters    // a heap: the lowest version is first
	stopped bool
}

// waiter waits for a version, which is a number.
type waiter struct {
	version string
	done    chan struct{} // closed when the store has reached the version, or will not
	stopped bool          // may be read when done is closed
	place   int           // in the heap; -1: in none
}

func (w *waits) add(version string) *waiter {
	waiter := &waiter{version: version, done: make(chan struct{}), place: -1}
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.stopped {
		waiter.stopped = true
		close(waiter.done)
		return waiter
	}
	heap.Push(&w.waiters, waiter)
	w.count.Add(1)
	return waiter
}

// remove forgets a waiter that does not wait any more.
func (w *waits) remove(waiter *waiter) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if waiter.place >= 0 {
		heap.Remove(&w.waiters, waiter.place)
		w.count.Add(-1)
	}
}

// wake lets those go on whose version the store has reached. Who is added at the same time looks at the store again.
func (w *waits) wake(version string) {
	if w.count.Load() == 0 {
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	for len(w.waiters) > 0 && versions.Reached(version, w.waiters[0].version) {
		close(w.pop().done)
	}
}

// stop lets all go on: the store will reach nothing any more.
func (w *waits) stop() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.stopped = true
	for len(w.waiters) > 0 {
		waiter := w.pop()
		waiter.stopped = true
		close(waiter.done)
	}
}

// pop takes out the first waiter. The caller holds mu.
func (w *waits) pop() *waiter {
	w.count.Add(-1)
	return heap.Pop(&w.waiters).(*waiter)
}

// waiters implements heap.Interface.
type waiters []*waiter

func (w waiters) Len() int           { return len(w) }
func (w waiters) Less(i, j int) bool { return versions.Older(w[i].version, w[j].version) }

func (w waiters) Swap(i, j int) {
	w[i], w[j] = w[j], w[i]
	w[i].place, w[j].place = i, j
}

func (w *waiters) Push(x any) {
	waiter := x.(*waiter)
	waiter.place = len(*w)
	*w = append(*w, waiter)
}

func (w *waiters) Pop() any {
	last := len(*w) - 1
	waiter := (*w)[last]
	(*w)[last] = nil
	*w = (*w)[:last]
	waiter.place = -1
	return waiter
}
