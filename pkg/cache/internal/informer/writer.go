package informer

import (
	"context"
	"slices"
	"time"

	"github.com/kubewright/kubewright/pkg/cache/internal/fanout"
	"github.com/kubewright/kubewright/pkg/cache/internal/queue"
	"github.com/kubewright/kubewright/pkg/cache/internal/store"
)

// writer applies the inbox to the store and tells the fan-out. It belongs to one goroutine.
type writer[T any] struct {
	store    *store.Store[T]
	handlers fanout.Fanout[T]
	synced   chan struct{}
	filled   bool // synced is closed

	// pending are the notifications of what was applied but not distributed yet.
	pending []fanout.Notification[T]
}

// run works until ctx is done, then closes the inbox and ends all handlers. check is how often to look for resyncs;
// zero is never.
func (w *writer[T]) run(ctx context.Context, inbox *queue.Queue[entry[T]], check time.Duration) {
	var tick <-chan time.Time
	if check > 0 {
		ticker := time.NewTicker(check)
		defer ticker.Stop()
		tick = ticker.C
	}
	var batch []entry[T]
	for ctx.Err() == nil {
		select {
		case <-ctx.Done():
		case now := <-tick:
			w.handlers.Resync(now, w.store.All())
		case <-inbox.Ready():
			batch, _ = inbox.Take(batch)
			for i := range batch {
				w.take(ctx, batch[i])
				batch[i] = entry[T]{}
			}
			w.flush()
		}
	}
	inbox.Close()
	rest, _ := inbox.Take(nil)
	for _, e := range rest {
		if e.join != nil { // too late to join
			e.join.Stop()
		}
	}
	w.handlers.Stop()
}

// take handles one entry of the inbox.
func (w *writer[T]) take(ctx context.Context, e entry[T]) {
	switch {
	case e.join != nil:
		w.flush() // it must not hear of what its initial additions contain
		w.handlers.Join(ctx, e.join, time.Now(), fanout.Additions(w.store.All()))
	case e.leave != nil:
		w.handlers.Forget()
	default:
		w.apply(e.delta)
		if len(w.pending) >= fanout.MaxBatch {
			w.flush()
		}
	}
}

// apply writes one change to the store and notes what to tell.
func (w *writer[T]) apply(d queue.Delta[T]) {
	key, object := d.Key, d.Object
	switch d.Type {
	case queue.Added, queue.Updated:
		before, existed := w.store.Put(key, object, d.Version)
		w.changed(fanout.Add, key, before, existed, object)
	case queue.Deleted:
		if before, existed := w.store.Delete(key, d.Version); existed {
			w.tell(fanout.Notification[T]{Kind: fanout.Delete, Key: key, Old: before, New: object})
		}
	case queue.Replaced:
		w.replace(d)
	case queue.Bookmark:
		w.store.Reached(d.Version)
	}
}

// replace makes a complete list the content of the store.
func (w *writer[T]) replace(d queue.Delta[T]) {
	add := fanout.Add
	if !w.filled {
		add = fanout.InitialAdd
	}
	w.store.Replace(d.Keys, d.Objects, d.Version, func(c store.Change[T]) {
		if c.Delete {
			w.tell(fanout.Notification[T]{Kind: fanout.DeleteUnknown, Key: c.Key, Old: c.Before, New: c.Before})
		} else {
			w.changed(add, c.Key, c.Before, c.Existed, c.Object)
		}
	})
	if !w.filled {
		w.filled = true
		w.flush()
		w.handlers.Synced(time.Now())
		close(w.synced)
	}
}

// changed notes an update of an object that existed, or else an addition.
func (w *writer[T]) changed(add fanout.Kind, key string, before T, existed bool, object T) {
	if existed {
		w.tell(fanout.Notification[T]{Kind: fanout.Update, Key: key, Old: before, New: object})
	} else {
		w.tell(fanout.Notification[T]{Kind: add, Key: key, New: object})
	}
}

func (w *writer[T]) tell(n fanout.Notification[T]) {
	w.pending = append(w.pending, n)
}

// flush distributes what is pending.
func (w *writer[T]) flush() {
	for len(w.pending) > 0 {
		n := min(len(w.pending), fanout.MaxBatch)
		w.handlers.Distribute(time.Now(), slices.Clone(w.pending[:n]))
		w.pending = w.pending[n:]
	}
	w.pending = nil
}
