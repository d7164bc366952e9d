package informer

import (
	"context"
	"slices"
	"time"

	"github.com/kubewright/kubewright/pkg/cache/internal/fanout"
	"github.com/kubewright/kubewright/pkg/cache/internal/versions"
)

// writer applies the inbox to the store and tells the fan-out. It belongs to the goroutine of Run.
type writer[T any] struct {
	*Informer[T]
	filled     bool // synced is closed
	departures departures
	dropped    *DisorderError // in the batch under way
	applied    bool           // something was, since the last flush

	// pending are the notifications of what was applied but not distributed yet, in batches. Only the last one grows.
	pending [][]fanout.Notification[T]
	// additions are for handlers that join; nil when the store may have changed since.
	additions [][]fanout.Notification[T]
}

// run works until ctx is done, then closes the inbox and ends all handlers. check is how often to look for resyncs;
// zero is never.
func (w *writer[T]) run(ctx context.Context, check time.Duration) {
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
		case <-w.inbox.Ready():
			batch, _ = w.inbox.Take(batch)
			w.work(ctx, batch)
		}
	}
	w.inbox.Close()
	rest, _ := w.inbox.Take(nil)
	for _, e := range rest {
		if e.join != nil { // too late to join
			e.join.Stop()
		}
		w.inbox.Finish()
	}
	if depth := w.options.Metrics.QueueDepth; depth != nil {
		depth(0)
	}
	w.waits.stop()
	w.handlers.Stop()
}

// work handles a batch of entries.
func (w *writer[T]) work(ctx context.Context, batch []entry[T]) {
	if len(batch) == 0 {
		return
	}
	metrics := w.options.Metrics
	if !slices.ContainsFunc(batch, entry[T].changes) {
		metrics.Processing, metrics.Version = nil, nil
	}
	var began time.Time
	if metrics.QueueDepth != nil {
		metrics.QueueDepth(len(batch))
	}
	if metrics.Processing != nil {
		began = time.Now()
	}
	for i := range batch {
		w.take(ctx, batch[i])
		batch[i] = entry[T]{}
		w.inbox.Finish()
	}
	w.flush()
	w.additions = nil
	w.report(ctx)

	if metrics.Processing != nil {
		metrics.Processing(time.Since(began))
	}
	if metrics.QueueDepth != nil {
		waiting, _ := w.inbox.Backlog()
		metrics.QueueDepth(waiting)
	}
	if metrics.Version != nil {
		metrics.Version(w.store.Version())
	}
}

// take handles one entry.
func (w *writer[T]) take(ctx context.Context, e entry[T]) {
	switch {
	case e.join != nil:
		w.flush() // it must not hear of what its additions contain
		if w.additions == nil {
			w.additions = fanout.Additions(w.store.All())
		}
		w.handlers.Join(ctx, e.join, time.Now(), w.additions)
	case !e.changes():
		w.handlers.Forget()
	default:
		w.additions = nil
		w.apply(&e.delta)
		if len(w.pending) > 1 {
			w.flush()
		}
	}
}

// apply writes one change to the store and notes what to tell.
func (w *writer[T]) apply(d *delta[T]) {
	if (d.change == written || d.change == deleted) && w.isOld(d) {
		return
	}
	w.applied = true
	switch d.change {
	case written:
		w.write(d)
	case deleted:
		w.delete(d)
	case replaced:
		w.replace(d)
	case bookmark:
		w.store.Reached(w.progress(d.version))
	}
}

func (w *writer[T]) write(d *delta[T]) {
	if d.poison != nil {
		w.quarantine.add(d.key, d.poison)
		w.store.Reached(w.progress(d.version))
		return
	}
	w.quarantine.release(d.key)
	w.enter(d.object)
	before, existed := w.store.Put(d.key, d.object, w.progress(d.version))
	w.changed(fanout.Add, d.key, before, existed, d.object)
}

// enter announces objects that enter the store.
func (w *writer[T]) enter(objects ...T) {
	if w.options.Entering == nil {
		return
	}
	for _, object := range objects {
		w.options.Entering(object)
	}
}

// delete removes an object. One that cannot be decoded has the last state that was seen as its final one.
func (w *writer[T]) delete(d *delta[T]) {
	w.quarantine.release(d.key)
	w.departures.add(d.key, d.version)
	before, existed := w.store.Delete(d.key, w.progress(d.version))
	switch {
	case !existed:
	case d.poison != nil:
		w.tell(fanout.Notification[T]{Kind: fanout.DeleteUnknown, Key: d.key, Old: before, New: before})
	default:
		w.tell(fanout.Notification[T]{Kind: fanout.Delete, Key: d.key, Old: before, New: d.object})
	}
}

// progress is the version if it is not older than that of the store, which only a list may take back, and else empty.
func (w *writer[T]) progress(version string) string {
	if versions.Older(version, w.store.Version()) {
		return ""
	}
	return version
}

// changed notes an addition, or an update of an object that existed.
func (w *writer[T]) changed(add fanout.Kind, key string, before T, existed bool, object T) {
	switch {
	case !existed:
		w.tell(fanout.Notification[T]{Kind: add, Key: key, New: object})
	case w.options.SplitRecreated && !w.same(before, object):
		w.tell(fanout.Notification[T]{Kind: fanout.DeleteUnknown, Key: key, Old: before, New: before})
		w.tell(fanout.Notification[T]{Kind: add, Key: key, New: object})
	default:
		w.tell(fanout.Notification[T]{Kind: fanout.Update, Key: key, Old: before, New: object})
	}
}

func (w *writer[T]) tell(n fanout.Notification[T]) {
	last := len(w.pending) - 1
	switch {
	case last < 0:
		w.pending = append(w.pending, []fanout.Notification[T]{n})
	case len(w.pending[last]) == fanout.MaxBatch: // there will be more
		w.pending = append(w.pending, append(make([]fanout.Notification[T], 0, fanout.MaxBatch), n))
	default:
		w.pending[last] = append(w.pending[last], n)
	}
}

// flush distributes what is pending, and lets those go on who wait for what the store has now.
func (w *writer[T]) flush() {
	now := time.Now()
	for _, notifications := range w.pending {
		w.handlers.Distribute(now, notifications)
	}
	clear(w.pending)
	w.pending = w.pending[:0]
	if w.applied {
		w.applied = false
		w.counters.applied.Store(now.UnixNano())
		w.waits.wake(w.store.Version())
	}
}
