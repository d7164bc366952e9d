package storage

import (
	"context"
	"sync"

	"k8s.io/apimachinery/pkg/runtime/schema"
)

// Watch is a position in the history of a resource. It is for one goroutine; Stop may be called by any.
type Watch struct {
	store     *Store
	history   *history
	era       int
	namespace string // empty for all
	seen      int64  // the revision up to which everything was returned, or is not for this watch

	stopped  chan struct{}
	stopOnce sync.Once
}

// Watch yields what happens to a resource, in all namespaces if namespace is empty, after a revision. The revision may
// be one that has not come yet. Errors are *CompactedError and ErrClosed.
func (s *Store) Watch(resource schema.GroupResource, namespace string, from int64) (*Watch, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return nil, ErrClosed
	}
	if from < s.compacted {
		return nil, &CompactedError{Requested: from, Compacted: s.compacted}
	}
	return &Watch{
		store:     s,
		history:   s.history(resource),
		era:       s.era,
		namespace: namespace,
		seen:      from,
		stopped:   make(chan struct{}),
	}, nil
}

// Next returns the next event, every one once and in order. It blocks until there is one or ctx ends, whose error it
// returns then. A *CompactedError says that history was compacted that the watch has not seen, ErrClosed that the watch
// was stopped or the store closed or reset; after them there is nothing more.
func (w *Watch) Next(ctx context.Context) (Event, error) {
	for {
		if err := ctx.Err(); err != nil {
			return Event{}, err
		}
		event, wait, err := w.TryNext()
		if err != nil || wait == nil {
			return event, err
		}
		select {
		case <-wait:
		case <-w.stopped:
		case <-ctx.Done():
		}
	}
}

// TryNext is Next for those who wait for other things, too. If there is no event yet, it returns a channel that is closed
// when it is time to try again, which does not promise that there is an event then. Stop does not close it.
func (w *Watch) TryNext() (event Event, wait <-chan struct{}, err error) {
	s := w.store
	s.mu.RLock()
	defer s.mu.RUnlock()
	if err := w.ended(); err != nil {
		return Event{}, nil, err
	}
	next := w.peek()
	if next == nil {
		return Event{}, w.history.changed, nil
	}
	w.seen = next.Revision
	return next.Event, nil, nil
}

// Progress returns the revision up to which Next has returned everything: no event with it or with a lower one will
// follow, all later ones will. It is never lower than before. It is what a bookmark tells.
func (w *Watch) Progress() int64 {
	s := w.store
	s.mu.RLock()
	defer s.mu.RUnlock()
	if w.ended() != nil {
		return w.seen
	}
	if next := w.peek(); next != nil {
		w.seen = next.Revision - 1
	} else {
		w.seen = max(w.seen, s.revision)
	}
	return w.seen
}

// ended returns why nothing more will come, nil if it will. The caller holds Store.mu.
func (w *Watch) ended() error {
	select {
	case <-w.stopped:
		return ErrClosed
	default:
	}
	if w.era != w.store.era {
		return ErrClosed
	}
	if w.seen < w.history.forgotten {
		return &CompactedError{Requested: w.seen, Compacted: w.store.compacted}
	}
	return nil
}

// peek returns what Next will return, nil if there is nothing yet. The caller holds Store.mu.
func (w *Watch) peek() *record {
	records := w.history.records
	for i := w.history.index(w.seen); i < len(records); i++ {
		next := &records[i]
		if w.namespace == "" || w.namespace == next.Key.Namespace {
			return next
		}
		w.seen = next.Revision
	}
	return nil
}

// Stop ends the watch: Next returns ErrClosed, also to who waits in it.
func (w *Watch) Stop() { w.stopOnce.Do(func() { close(w.stopped) }) }
