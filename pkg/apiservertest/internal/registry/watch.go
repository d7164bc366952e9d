package registry

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"sync"
	"time"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/watch"

	"github.com/kubewright/kubewright/pkg/apiservertest/internal/catalog"
	"github.com/kubewright/kubewright/pkg/apiservertest/internal/kind"
	"github.com/kubewright/kubewright/pkg/apiservertest/internal/selector"
	"github.com/kubewright/kubewright/pkg/internal/storage"
)

// Event is one of a watch. Object is one of the storage, shared; for a bookmark an empty one of its version, with a resourceVersion, and the annotation
// metav1.InitialEventsAnnotationKey at the end of the initial events.
type Event struct {
	Type   watch.EventType // ADDED, MODIFIED, DELETED, BOOKMARK
	Object kind.Object
}

// Watch is what happens to the objects that a request selects, each event once, in order. It is for one goroutine; Stop may be called by any.
type Watch struct {
	source   *storage.Watch
	selector selector.Selector
	name     string // of the only object that is watched; empty: all
	initial  []kind.Object
	failed   error // what Next answers instead of events
	last     int64 // the revision that the last bookmark told, or the watch began at
	endMark  bool  // a bookmark ends the initial events, and is yet to come
	bookmark func(revision int64, annotations map[string]string) kind.Object

	deadline  *time.Timer
	bookmarks *time.Ticker // nil: none
	regular   bool         // bookmarks come also if they say nothing new; the one before the end does not
	stopped   chan struct{}
	stop      sync.Once
}

// bookmarkAhead is how long before its end a watch has a last bookmark, so that the next one begins with a fresh resourceVersion.
const bookmarkAhead = 2 * time.Second

// Watch begins a watch; it holds timers until Stop. What is wrong with the options is an error here, and so is that the history is gone: kube-apiserver answers to that
// with 200 and an ERROR event, as it does when Next says so.
func (r *Registry) Watch(_ context.Context, req Request, o metav1.ListOptions) (*Watch, error) {
	o.Watch = true
	o, err := prepareListOptions(o)
	if err != nil {
		return nil, err
	}
	selected, err := r.selector(req.Target, o)
	if err != nil {
		return nil, err
	}
	from, err := parseVersion(o.ResourceVersion)
	if err != nil {
		return nil, plainError(err.Error())
	}
	w := &Watch{
		selector: selected,
		name:     req.Target.Name,
		bookmark: r.bookmarkOf(req.Target),
		stopped:  make(chan struct{}),
	}
	resource := catalog.StorageKey(req.Target.Resource)
	switch {
	case o.SendInitialEvents != nil && *o.SendInitialEvents:
		if current := r.config.Store.Revision(); from > current {
			w.failed = tooLarge(from, current)
		}
		snapshot, err := r.config.Store.List(resource, req.Target.Namespace, 0)
		if err != nil {
			return nil, plainError(err.Error())
		}
		from, w.initial, w.endMark = snapshot.Revision, snapshot.Objects, o.AllowWatchBookmarks
	case from == 0:
		from = r.config.Store.Revision()
	}
	w.source, err = r.config.Store.Watch(resource, req.Target.Namespace, from)
	if compacted := (*storage.CompactedError)(nil); errors.As(err, &compacted) {
		return nil, tooOld(compacted)
	}
	if err != nil {
		return nil, plainError(err.Error())
	}
	w.last = from
	w.startTimers(r.config, o)
	return w, nil
}

func (w *Watch) startTimers(config Config, o metav1.ListOptions) {
	timeout := config.WatchTimeout + time.Duration(rand.Int64N(int64(config.WatchTimeout)))
	if o.TimeoutSeconds != nil && *o.TimeoutSeconds > 0 {
		timeout = time.Duration(*o.TimeoutSeconds) * time.Second
	}
	w.deadline = time.NewTimer(timeout)
	if o.AllowWatchBookmarks {
		every := config.BookmarkEvery
		if ahead := timeout - bookmarkAhead; ahead > 0 {
			every = min(every, ahead)
		}
		w.regular = every == config.BookmarkEvery
		w.bookmarks = time.NewTicker(every)
	}
}

// bookmarkOf returns how to make bookmarks: objects of the kind that the storage has.
func (r *Registry) bookmarkOf(t kind.Target) func(int64, map[string]string) kind.Object {
	_, v := r.home(t.Resource)
	return func(revision int64, annotations map[string]string) kind.Object {
		obj := v.New()
		obj.SetResourceVersion(formatVersion(revision))
		obj.SetAnnotations(annotations)
		return obj
	}
}

// Next returns the next event. It blocks until there is one; errors are that of ctx, io.EOF after timeoutSeconds and after Stop, and a StatusError with code
// 410 if history is gone that the watch has not seen. After an error other than that of ctx there is nothing more.
func (w *Watch) Next(ctx context.Context) (Event, error) {
	if w.failed != nil {
		return Event{}, w.failed
	}
	for {
		if event, ok := w.nextInitial(); ok {
			return event, nil
		}
		select {
		case <-w.deadline.C:
			w.Stop()
		default:
		}
		event, wait, err := w.source.TryNext()
		switch {
		case err != nil:
			return Event{}, endOfWatch(err)
		case wait == nil:
			if seen, obj := event.Seen(w.selects); seen != "" {
				return Event{seen, obj}, nil
			}
			continue
		}
		select {
		case <-wait:
		case <-ctx.Done():
			return Event{}, ctx.Err()
		case <-w.stopped:
		case <-w.deadline.C:
			w.Stop()
		case <-w.ticks():
			if revision := w.source.Progress(); revision > w.last || w.regular {
				w.last = revision
				return Event{watch.Bookmark, w.bookmark(revision, nil)}, nil
			}
		}
	}
}

// Stop ends the watch: Next returns io.EOF.
func (w *Watch) Stop() {
	w.stop.Do(func() {
		close(w.stopped)
		w.source.Stop()
		w.deadline.Stop()
		if w.bookmarks != nil {
			w.bookmarks.Stop()
		}
	})
}

func (w *Watch) ticks() <-chan time.Time {
	if w.bookmarks == nil {
		return nil
	}
	return w.bookmarks.C
}

func (w *Watch) nextInitial() (Event, bool) {
	for len(w.initial) > 0 {
		obj := w.initial[0]
		w.initial[0], w.initial = nil, w.initial[1:]
		if w.selects(obj) {
			return Event{watch.Added, obj}, true
		}
	}
	if w.endMark {
		w.endMark = false
		return Event{watch.Bookmark, w.bookmark(w.source.Progress(), map[string]string{metav1.InitialEventsAnnotationKey: "true"})}, true
	}
	return Event{}, false
}

func (w *Watch) selects(obj kind.Object) bool {
	return (w.name == "" || w.name == obj.GetName()) && w.selector.Matches(obj)
}

func endOfWatch(err error) error {
	if compacted := (*storage.CompactedError)(nil); errors.As(err, &compacted) {
		return tooOld(compacted)
	}
	return io.EOF // stopped, or the server closes
}

func tooOld(err *storage.CompactedError) error {
	return apierrors.NewResourceExpired(fmt.Sprintf("too old resource version: %d (%d)", err.Requested, err.Compacted))
}
