package fanout

import (
	"context"
	"iter"
	"slices"
	"time"
)

// Fanout is the set of registrations of one cache. It belongs to the one goroutine that writes the cache: its methods
// must not be called concurrently. They never block and never call a handler. The zero value has no registrations.
type Fanout[T any] struct {
	registrations []*Registration[T]
	synced        bool
}

// Join starts a registration between two changes of the cache. The handler is told of objects as initial additions, and
// then of everything that is distributed later. A registration that was stopped already is ignored.
// ctx is for logging; a registration ends with its Stop.
func (f *Fanout[T]) Join(ctx context.Context, r *Registration[T], now time.Time, objects iter.Seq2[string, T]) {
	if !r.start(ctx) {
		return
	}
	var initial []Notification[T]
	for key, object := range objects {
		initial = append(initial, Notification[T]{Kind: InitialAdd, Key: key, New: object})
	}
	if f.synced {
		initial = append(initial, Notification[T]{Kind: synced})
	}
	r.queue.PushAll(initial)
	r.nextResync = now.Add(r.options.Resync)
	f.registrations = append(f.registrations, r)
}

// Leave forgets a registration, which its owner has stopped.
func (f *Fanout[T]) Leave(r *Registration[T]) {
	f.registrations = slices.DeleteFunc(f.registrations, func(other *Registration[T]) bool { return other == r })
}

// Distribute queues notifications for every registration. The slice may be reused afterwards.
func (f *Fanout[T]) Distribute(notifications []Notification[T]) {
	if len(notifications) == 0 {
		return
	}
	for _, r := range f.registrations {
		r.queue.PushAll(notifications)
	}
}

// Synced marks the end of the initial additions: the cache was filled for the first time, and all of it was
// distributed. Registrations become synced when their handlers have come this far.
func (f *Fanout[T]) Synced() {
	if f.synced {
		return
	}
	f.synced = true
	f.Distribute([]Notification[T]{{Kind: synced}})
}

// Resync tells each handler whose period is over of all objects again, as updates from the object to itself. A handler
// that has not yet worked off its last resync is left out until it has: resyncs never pile up.
func (f *Fanout[T]) Resync(now time.Time, objects iter.Seq2[string, T]) {
	var updates []Notification[T]
	for _, r := range f.registrations {
		if r.options.Resync <= 0 || now.Before(r.nextResync) {
			continue
		}
		r.nextResync = now.Add(r.options.Resync)
		if r.resyncQueued.Swap(true) {
			continue
		}
		if updates == nil {
			for key, object := range objects {
				updates = append(updates, Notification[T]{Kind: Update, Key: key, Old: object, New: object})
			}
			updates = append(updates, Notification[T]{Kind: resynced})
		}
		r.queue.PushAll(updates)
	}
}

// Stop stops all registrations and waits until no handler runs any more.
func (f *Fanout[T]) Stop() {
	for _, r := range f.registrations {
		r.Stop()
	}
	for _, r := range f.registrations {
		<-r.Done()
	}
	f.registrations = nil
}
