package cache

import (
	"sync"

	"k8s.io/apimachinery/pkg/util/sets"
	"k8s.io/klog/v2"
)

// gate is where the consumer of a queue waits: for an entry, or for the end.
type gate struct {
	mu     sync.Mutex // guards closed, and the entries of the queue that the gate belongs to
	cond   *sync.Cond // something was put in, or the queue was closed
	closed bool
}

// open makes a zero gate usable.
func (g *gate) open() { g.cond = sync.NewCond(&g.mu) }

// Close ends the queue and wakes up Pop. Closing again has no effect.
func (g *gate) Close() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.closed = true
	g.cond.Broadcast()
}

// IsClosed says whether Close was called.
func (g *gate) IsClosed() bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.closed
}

// await waits until the queue has entries, and says whether it has: if not, it is closed. The caller holds mu.
func (g *gate) await(length func() int) bool {
	for length() == 0 {
		if g.closed {
			return false
		}
		g.cond.Wait()
	}
	return true
}

// queueCore is what FIFO, DeltaFIFO and RealFIFO have in common: how objects get their keys, the wait for an entry, and
// whether the first list has been popped. They differ in what they keep for a key, and in what a list does to that.
type queueCore struct {
	gate
	name    string
	keyFunc KeyFunc
	synced  chan struct{} // closed when the first list was popped

	// gate.mu guards what follows.
	populated bool // something was put in
	initial   int  // entries of the first list that were not popped yet
	isSynced  bool // synced is closed
}

// begin makes a zero queueCore usable. A nil keyFunc is MetaNamespaceKeyFunc.
func (q *queueCore) begin(name string, keyFunc KeyFunc) {
	q.open()
	q.name, q.keyFunc, q.synced = name, keyFunc, make(chan struct{})
	if q.keyFunc == nil {
		q.keyFunc = MetaNamespaceKeyFunc
	}
}

// HasSynced says whether everything of the first Replace was popped and processed. If the queue was first used otherwise
// it is true.
func (q *queueCore) HasSynced() bool { return IsDone(q) }

// HasSyncedChecker is HasSynced for WaitFor.
func (q *queueCore) HasSyncedChecker() DoneChecker { return q }

// Name is the name of the queue.
func (q *queueCore) Name() string { return q.name }

// Done is closed when HasSynced becomes true.
func (q *queueCore) Done() <-chan struct{} { return q.synced }

// keyOf returns the key of an object or of a DeletedFinalStateUnknown.
func (q *queueCore) keyOf(obj interface{}) (string, error) { return deletionKey(q.keyFunc, obj) }

// keyed is an object with its key.
type keyed struct {
	key string
	obj interface{}
}

// prepare says whether the queue will take an object; see preparer.
func (q *queueCore) prepare(transform TransformFunc, obj interface{}) (interface{}, error) {
	return prepare(transform, q.keyOf, obj)
}

// keyedList transforms a list, if there is a transform, and returns its objects with their keys. An object that cannot be
// transformed or has no key fails the list. That of a reflector has only objects that were prepared.
func (q *queueCore) keyedList(transform TransformFunc, list []interface{}) ([]keyed, error) {
	result := make([]keyed, len(list))
	for i, obj := range list {
		obj, err := transformed(transform, obj)
		if err != nil {
			return nil, err
		}
		key, err := q.keyOf(obj)
		if err != nil {
			return nil, err
		}
		result[i] = keyed{key, obj}
	}
	return result, nil
}

// keysOf returns the keys of objects.
func keysOf(objects []keyed) sets.Set[string] {
	keys := make(sets.Set[string], len(objects))
	for _, o := range objects {
		keys.Insert(o.key)
	}
	return keys
}

// objectsOf returns objects without their keys.
func objectsOf(list []keyed) []interface{} {
	objects := make([]interface{}, len(list))
	for i, o := range list {
		objects[i] = o.obj
	}
	return objects
}

// populate notes the first use of the queue and how many entries must be popped before it counts as synced. The caller
// holds mu.
func (q *queueCore) populate(initial int) {
	if !q.populated {
		q.populated = true
		q.initial = initial
		q.checkSynced()
	}
}

// popped notes that n entries were processed. The caller holds mu.
func (q *queueCore) popped(n int) {
	q.initial = max(q.initial-n, 0)
	q.checkSynced()
}

// checkSynced closes synced in time. The caller holds mu.
func (q *queueCore) checkSynced() {
	if q.populated && q.initial == 0 && !q.isSynced {
		q.isSynced = true
		close(q.synced)
	}
}

// loggerOf returns the logger of a queue.
func loggerOf(logger *klog.Logger, name string) klog.Logger {
	if logger == nil {
		return klog.LoggerWithName(klog.Background(), name)
	}
	return klog.LoggerWithName(*logger, name)
}
