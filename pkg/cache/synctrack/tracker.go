package synctrack

import "sync"

// AsyncTracker tracks the keys of an initial list that are processed by several workers, in any order. Its methods may be
// called concurrently.
type AsyncTracker[T comparable] struct {
	progress
	waiting map[T]struct{} // guarded by progress.mu
}

// NewAsyncTracker returns a tracker that waits for its source. The name is for messages.
func NewAsyncTracker[T comparable](name string) *AsyncTracker[T] {
	return &AsyncTracker[T]{progress: progress{name: name, done: make(chan struct{})}, waiting: map[T]struct{}{}}
}

// Start says that a key of the initial list is going to be processed. The handler of the informer calls it, before it
// returns. A key is waited for once, however often it was started.
func (t *AsyncTracker[T]) Start(key T) {
	t.update(func() (waiting int) {
		t.waiting[key] = struct{}{}
		return len(t.waiting)
	})
}

// Finished says that a key was processed. Without a Start before, it does nothing: who does not know whether a key is of
// the initial list may call it for all.
func (t *AsyncTracker[T]) Finished(key T) {
	t.update(func() (waiting int) {
		delete(t.waiting, key)
		return len(t.waiting)
	})
}

// UpstreamHasSynced says that the source has synced: that it has handed over its whole initial list, and Start was called
// for all of it. It has to be called once, and may be called again.
func (t *AsyncTracker[T]) UpstreamHasSynced() {
	t.update(func() (waiting int) {
		t.listed = true
		return len(t.waiting)
	})
}

// SingleFileTracker tracks the keys of an initial list that are processed in the order in which they come, such as through
// a queue with one worker. Its methods may be called concurrently.
type SingleFileTracker struct {
	progress
	waiting int // guarded by progress.mu
}

// NewSingleFileTracker returns a tracker that waits for its source. The name is for messages.
func NewSingleFileTracker(name string) *SingleFileTracker {
	return &SingleFileTracker{progress: progress{name: name, done: make(chan struct{})}}
}

// Start says that one more key of the initial list is going to be processed. The handler of the informer calls it, before
// it returns.
func (t *SingleFileTracker) Start() {
	t.update(func() (waiting int) {
		t.waiting++
		return t.waiting
	})
}

// Finished says that a key of the initial list was processed. It panics without a Start before: nobody knows then how many
// keys are still waiting.
func (t *SingleFileTracker) Finished() {
	t.update(func() (waiting int) {
		if t.waiting == 0 {
			panic("synctrack: Finished without Start: HasSynced would be true too early")
		}
		t.waiting--
		return t.waiting
	})
}

// UpstreamHasSynced says that the source has synced: that it has handed over its whole initial list, and Start was called
// for all of it. It has to be called once, and may be called again.
func (t *SingleFileTracker) UpstreamHasSynced() {
	t.update(func() (waiting int) {
		t.listed = true
		return t.waiting
	})
}

// progress is what both trackers have in common. It is done for good when the source has synced and nothing is waiting.
type progress struct {
	name string
	done chan struct{}

	mu       sync.Mutex // guards what follows, and what the tracker waits for
	listed   bool       // the source has synced
	finished bool       // done is closed
}

// update changes what the tracker waits for, to as much as change returns.
func (p *progress) update(change func() (waiting int)) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if waiting := change(); waiting == 0 && p.listed && !p.finished {
		p.finished = true
		close(p.done)
	}
}

// Name is the name of the tracker.
func (p *progress) Name() string { return p.name }

// Done is closed when the source has synced and all that was started is finished.
func (p *progress) Done() <-chan struct{} { return p.done }

// HasSynced says whether the source has synced and all that was started is finished.
func (p *progress) HasSynced() bool {
	select {
	case <-p.done:
		return true
	default:
		return false
	}
}
