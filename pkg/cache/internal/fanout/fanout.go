package fanout

import (
	"context"
	"iter"
	"slices"
	"sync"
	"time"
)

// MaxBatch is how many notifications should be distributed together at most. A handler that works on one of a batch
// keeps all of them alive.
const MaxBatch = 128

// Fanout is the set of registrations of one cache. It belongs to the one goroutine that writes the cache: its methods
// must not be called concurrently, except for Stats. They never block and never call a handler. The zero value has no
// registrations.
type Fanout[T any] struct {
	synced bool

	mu            sync.Mutex // is held to change registrations, and to read them in other goroutines than the writer's
	registrations []*Registration[T]
}

// Additions are the notifications for a handler that joins when there are these objects. Several handlers may share
// them.
func Additions[T any](objects iter.Seq2[string, T]) [][]Notification[T] {
	return batches(objects, func(key string, object T) Notification[T] {
		return Notification[T]{Kind: InitialAdd, Key: key, New: object}
	})
}

// Join starts a registration between two changes of the cache. The handler is told the additions of the objects that
// are there, and then of everything that is distributed later. A registration that was stopped already is ignored.
// ctx is for logging; a registration ends with its Stop.
func (f *Fanout[T]) Join(ctx context.Context, r *Registration[T], now time.Time, additions [][]Notification[T]) {
	if !r.start(ctx) {
		return
	}
	for _, notifications := range additions {
		r.push(batch[T]{notifications, now})
	}
	if f.synced {
		r.push(markOf[T](synced, now))
	}
	r.nextResync = now.Add(r.options.Resync)
	f.Forget()
	f.mu.Lock()
	defer f.mu.Unlock()
	f.registrations = append(f.registrations, r)
}

// Forget drops registrations that were stopped, or ended by themselves, and whose handlers run no more. Distribute does
// the same.
func (f *Fanout[T]) Forget() {
	if !slices.ContainsFunc(f.registrations, (*Registration[T]).isDone) {
		return
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.registrations = slices.DeleteFunc(f.registrations, (*Registration[T]).isDone)
}

// Distribute gives notifications, at most MaxBatch, to every registration. The slice belongs to them from then on.
func (f *Fanout[T]) Distribute(now time.Time, notifications []Notification[T]) {
	if len(notifications) > 0 {
		f.distribute(batch[T]{notifications, now})
	}
}

func (f *Fanout[T]) distribute(b batch[T]) {
	f.Forget()
	for _, r := range f.registrations {
		r.push(b)
	}
}

// Synced marks the end of the initial additions: the cache was filled for the first time, and all of it was
// distributed. Registrations become synced when their handlers have come this far.
func (f *Fanout[T]) Synced(now time.Time) {
	if f.synced {
		return
	}
	f.synced = true
	f.distribute(markOf[T](synced, now))
}

// Resync tells each handler whose period is over of all objects again, as updates from the object to itself. A handler
// that has not yet worked off its last resync is left out until it has: resyncs never pile up.
func (f *Fanout[T]) Resync(now time.Time, objects iter.Seq2[string, T]) {
	var updates [][]Notification[T]
	for _, r := range f.registrations {
		if r.options.Resync <= 0 || now.Before(r.nextResync) {
			continue
		}
		r.nextResync = now.Add(r.options.Resync)
		if r.resyncQueued.Swap(true) {
			continue
		}
		if updates == nil {
			updates = batches(objects, func(key string, object T) Notification[T] {
				return Notification[T]{Kind: Update, Key: key, Old: object, New: object}
			})
		}
		for _, notifications := range updates {
			r.push(batch[T]{notifications, now})
		}
		r.push(markOf[T](resynced, now))
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
	f.Forget()
}

// Stats say how far handlers are behind.
type Stats struct {
	Handlers int
	Backlog  int           // of all handlers together
	Largest  int           // backlog of one handler
	Waited   time.Duration // by the oldest notification of all
}

// Stats may be called from any goroutine.
func (f *Fanout[T]) Stats() (stats Stats) {
	f.mu.Lock()
	registrations := slices.Clone(f.registrations)
	f.mu.Unlock()
	for _, r := range registrations {
		if r.stopped.Load() {
			continue
		}
		count, waited := r.Backlog()
		stats.Handlers++
		stats.Backlog += count
		stats.Largest = max(stats.Largest, count)
		stats.Waited = max(stats.Waited, waited)
	}
	return stats
}

// batches makes notifications of objects.
func batches[T any](objects iter.Seq2[string, T], notify func(string, T) Notification[T]) (all [][]Notification[T]) {
	var current []Notification[T]
	for key, object := range objects {
		if current == nil {
			current = make([]Notification[T], 0, MaxBatch)
		}
		if current = append(current, notify(key, object)); len(current) == MaxBatch {
			all, current = append(all, current), nil
		}
	}
	if current != nil {
		all = append(all, current)
	}
	return all
}
