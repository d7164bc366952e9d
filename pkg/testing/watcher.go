package testing

import (
	"errors"
	"sync"
	"sync/atomic"
	"time"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/watch"

	"github.com/kubewright/kubewright/pkg/internal/apiobject"
	"github.com/kubewright/kubewright/pkg/internal/storage"
)

// watchBuffer is how many events wait in the channel of a watch, besides those that it begins with. Only a watch whose reader
// is further behind has a goroutine.
const watchBuffer = 100

// watcher is a watch. Whoever has news (a writer, the timer, Stop) calls deliver, which puts events into the channel while
// there is room. Writers never wait for a reader: what has no room is left to a goroutine, which ends when the reader has
// caught up.
type watcher struct {
	tracker   *tracker
	resource  schema.GroupResource
	selects   func(apiobject.Object) bool
	bookmarks bool
	events    chan watch.Event
	stopped   chan struct{} // closed by Stop
	stop      sync.Once
	timedOut  atomic.Bool
	done      chan struct{} // closed with events

	mu     sync.Mutex // guards what follows, and who sends to events; it is held for bounded work, and nobody waits under it
	source *storage.Watch
	next   *watch.Event     // what has to be sent first; it belongs to the goroutine while there is one
	last   apiobject.Object // of the last event, whether it was selected or not
	slow   bool             // there is a goroutine, and nobody else sends
	ended  bool             // nothing comes after next
	timer  *time.Timer      // nil: the watch has no end
}

// ResultChan implements watch.Interface. The channel is closed at the end of the watch.
func (w *watcher) ResultChan() <-chan watch.Event { return w.events }

// Stop implements watch.Interface. When it returns the channel is closed, with what was in it still to be read.
func (w *watcher) Stop() {
	w.stop.Do(func() { close(w.stopped) })
	w.deliver()
	<-w.done
}

func (w *watcher) endAfter(d time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.timer = time.AfterFunc(d, func() {
		w.timedOut.Store(true)
		w.deliver()
	})
}

// deliver puts the events that there are into the channel, unless the reader is behind.
func (w *watcher) deliver() {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.slow {
		return
	}
	if w.slow = w.fill(); w.slow {
		go w.wait()
	}
}

// wait sends what the reader has no room for.
func (w *watcher) wait() {
	for behind := true; behind; {
		select {
		case w.events <- *w.next:
		case <-w.stopped:
		}
		behind = w.resume()
	}
}

// resume reports whether the reader is still behind.
func (w *watcher) resume() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.next = nil
	w.slow = w.fill()
	return w.slow
}

// fill puts events into the channel, and reports whether there is one more than it has room for. The caller holds mu.
func (w *watcher) fill() (full bool) {
	for w.prepare() {
		select {
		case w.events <- *w.next:
			w.next = nil
		default:
			return true
		}
	}
	if w.ended {
		w.finish()
	}
	return false
}

// prepare finds the next event, and reports whether there is one. The caller holds mu.
func (w *watcher) prepare() bool {
	select {
	case <-w.stopped:
		w.ended = true
		return false
	default:
	}
	for w.next == nil && !w.ended {
		event, wait, err := w.source.TryNext()
		switch {
		case err != nil:
			w.ended = true
			w.next = &watch.Event{Type: watch.Error, Object: statusOf(expired(err))}
		case wait == nil:
			w.last = event.New
			if w.last == nil {
				w.last = event.Old
			}
			if seen, object := event.Seen(w.selects); seen != "" {
				w.next = &watch.Event{Type: seen, Object: object.DeepCopyObject()}
			}
		case w.timedOut.Load():
			w.ended = true
			w.next = w.bookmark()
		default:
			return false
		}
	}
	return w.next != nil
}

// bookmark is the last event of a watch that its time ends: where the next one may begin. It is nil if nobody wants it, or
// nothing has happened, so that the next one may begin where this one did.
func (w *watcher) bookmark() *watch.Event {
	if !w.bookmarks || w.last == nil {
		return nil
	}
	object := apiobject.NewLike(w.last)
	object.GetObjectKind().SetGroupVersionKind(w.last.GetObjectKind().GroupVersionKind())
	object.SetResourceVersion(w.tracker.version(w.source.Progress()))
	return &watch.Event{Type: watch.Bookmark, Object: object}
}

// finish ends the watch, once. The caller holds mu.
func (w *watcher) finish() {
	select {
	case <-w.done:
		return
	default:
	}
	w.tracker.watches.remove(w.resource, w)
	if w.timer != nil {
		w.timer.Stop()
	}
	close(w.events)
	close(w.done)
}

func statusOf(err error) *metav1.Status {
	status := apierrors.NewInternalError(err).Status()
	if known := apierrors.APIStatus(nil); errors.As(err, &known) {
		status = known.Status()
	}
	return &status
}
