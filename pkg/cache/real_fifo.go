package cache

import (
	"cmp"
	"slices"
	"time"

	"k8s.io/apimachinery/pkg/util/sets"
	"k8s.io/klog/v2"
)

// maxBatch is how many entries RealFIFO.PopBatch processes at once at most, so that others come to use the queue.
const maxBatch = 1000

// RealFIFOOptions configure a RealFIFO. KnownObjects or AtomicEvents is needed.
type RealFIFOOptions struct {
	// Logger is used instead of klog.Background().
	Logger *klog.Logger
	// Name is the name for messages if Identifier has none; "RealFIFO" if both are empty.
	Name string
	// KeyFunction computes the keys of objects. Nil is MetaNamespaceKeyFunc.
	KeyFunction KeyFunc
	// KnownObjects are what the consumer has, usually its store. Replace and Resync compare with them, unless
	// AtomicEvents leaves that to the consumer; then they must be nil.
	KnownObjects KeyListerGetter
	// Transformer is applied to objects before they enter the queue.
	Transformer TransformFunc
	// AtomicEvents: Replace and Resync become one entry each, a ReplacedAll or SyncAll delta, which the consumer compares
	// with what it has when it gets there. By then everything before it was processed, so that no one has to look at
	// queue and store at once.
	AtomicEvents bool
	// UnlockWhileProcessing: the queue can be used while an entry is processed. It needs AtomicEvents: otherwise the
	// entry would be in neither the queue nor the known objects when a list is compared with both.
	UnlockWhileProcessing bool
	// Identifier is the queue's identity, for messages and metrics.
	Identifier InformerNameAndResource
	// MetricsProvider makes the metrics of the queue, if Identifier is reserved. Nil is that of
	// SetInformerMetricsProvider.
	MetricsProvider InformerMetricsProvider
	// EmitDeltaTypeBookmark: bookmarks are entries, Bookmark deltas. It needs AtomicEvents.
	EmitDeltaTypeBookmark bool
}

// check panics if the options contradict each other, which is a mistake in the program.
func (o RealFIFOOptions) check() {
	switch {
	case !o.AtomicEvents && o.KnownObjects == nil:
		panic("RealFIFO: without AtomicEvents it needs KnownObjects to compare lists with")
	case o.AtomicEvents && o.KnownObjects != nil:
		panic("RealFIFO: with AtomicEvents lists are compared by the consumer, KnownObjects must be nil")
	case !o.AtomicEvents && o.UnlockWhileProcessing:
		panic("RealFIFO: UnlockWhileProcessing needs AtomicEvents")
	case !o.AtomicEvents && o.EmitDeltaTypeBookmark:
		panic("RealFIFO: EmitDeltaTypeBookmark needs AtomicEvents")
	}
}

// RealFIFO is a queue between a Reflector and a consumer that keeps everything that happened, of all objects, in order.
// Each entry is one delta, and is popped as a Deltas of length one.
//
// Informers of this package do not use it: their own queue is typed. It is for programs that drive a Controller of their
// own.
type RealFIFO struct {
	queueCore
	known     knownObjects
	transform TransformFunc
	atomic    bool // AtomicEvents
	unlocked  bool // UnlockWhileProcessing
	bookmarks bool // EmitDeltaTypeBookmark
	depth     GaugeMetric
	latency   HistogramMetric

	items []realItem // guarded by gate.mu; the oldest first
}

// realItem is an entry of a RealFIFO. Those that are about no object have no key, and are processed alone.
type realItem struct {
	Delta
	key string
	all bool // it is about no single object
}

var (
	_ QueueWithBatch         = &RealFIFO{}
	_ ReflectorBookmarkStore = &RealFIFO{}
	_ TransformingStore      = &RealFIFO{}
	_ DoneChecker            = &RealFIFO{}
)

// NewRealFIFO returns a queue with these three options.
//
// Deprecated: use NewRealFIFOWithOptions.
func NewRealFIFO(keyFunc KeyFunc, knownObjects KeyListerGetter, transformer TransformFunc) *RealFIFO {
	return NewRealFIFOWithOptions(RealFIFOOptions{KeyFunction: keyFunc, KnownObjects: knownObjects, Transformer: transformer})
}

// NewRealFIFOWithOptions returns an empty queue. It panics if the options contradict each other.
func NewRealFIFOWithOptions(opts RealFIFOOptions) *RealFIFO {
	opts.check()
	name := cmp.Or(opts.Identifier.Name(), opts.Name, "RealFIFO")
	metrics := metricsOf(opts.Identifier, opts.MetricsProvider)
	f := &RealFIFO{
		known:     knownObjects{opts.KnownObjects, loggerOf(opts.Logger, name)},
		transform: opts.Transformer,
		atomic:    opts.AtomicEvents,
		unlocked:  opts.UnlockWhileProcessing,
		bookmarks: opts.EmitDeltaTypeBookmark,
		depth:     metrics.queued(),
		latency:   metrics.latency(),
	}
	f.begin(name, opts.KeyFunction)
	return f
}

// Add puts an Added delta in.
func (f *RealFIFO) Add(obj interface{}) error { return f.put(Added, obj) }

// Update puts an Updated delta in.
func (f *RealFIFO) Update(obj interface{}) error { return f.put(Updated, obj) }

// Delete puts a Deleted delta in.
func (f *RealFIFO) Delete(obj interface{}) error { return f.put(Deleted, obj) }

// put transforms an object and puts it in.
func (f *RealFIFO) put(kind DeltaType, obj interface{}) error {
	objects, err := f.keyedList(f.transform, []interface{}{obj})
	if err != nil {
		return err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.populate(0)
	f.push(realItem{Delta: Delta{kind, objects[0].obj}, key: objects[0].key})
	return nil
}

// Replace puts a complete list in. With AtomicEvents that is one ReplacedAll delta. Otherwise it is a deletion for each
// object that is in the queue or known and not in the list, with the last state that was seen, and then a Replaced delta
// for each object of the list.
func (f *RealFIFO) Replace(newItems []interface{}, resourceVersion string) error {
	return f.replaceBut(newItems, resourceVersion, func(string) bool { return false })
}

// replaceBut is Replace that leaves objects alone that are not in the list and are to be kept. With AtomicEvents it cannot:
// it is the consumer who finds out what is not in the list.
func (f *RealFIFO) replaceBut(newItems []interface{}, resourceVersion string, keep func(key string) bool) error {
	objects, err := f.keyedList(f.transform, newItems)
	if err != nil {
		return err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.atomic {
		f.push(realItem{Delta: Delta{ReplacedAll, ReplacedAllInfo{resourceVersion, objectsOf(objects)}}, all: true})
	} else {
		for _, deleted := range f.missing(keysOf(objects), keep) {
			f.push(realItem{Delta: Delta{Deleted, deleted}, key: deleted.Key})
		}
		for _, o := range objects {
			f.push(realItem{Delta: Delta{Replaced, o.obj}, key: o.key})
		}
	}
	f.populate(len(f.items)) // resyncs and bookmarks may have come before; they are popped before, too
	return nil
}

// missing returns the objects in the queue or known that are not listed nor to be kept, in their last state. The caller
// holds mu.
func (f *RealFIFO) missing(listed sets.Set[string], keep func(key string) bool) (gone []DeletedFinalStateUnknown) {
	queued := sets.New[string]()
	for _, item := range slices.Backward(f.items) { // the newest delta of an object says how it is
		if queued.Has(item.key) {
			continue
		}
		queued.Insert(item.key)
		if item.Type != Deleted && !listed.Has(item.key) {
			gone = append(gone, DeletedFinalStateUnknown{Key: item.key, Obj: item.Object})
		}
	}
	slices.Reverse(gone)
	f.known.missing(func(key string) bool { return listed.Has(key) || queued.Has(key) },
		func(deleted DeletedFinalStateUnknown) { gone = append(gone, deleted) })
	return slices.DeleteFunc(gone, func(deleted DeletedFinalStateUnknown) bool { return keep(deleted.Key) })
}

// Resync asks to process everything again that the consumer has. With AtomicEvents that is one SyncAll delta. Otherwise it
// is a Sync delta for each known object that is not in the queue anyway.
func (f *RealFIFO) Resync() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.atomic {
		f.push(realItem{Delta: Delta{SyncAll, SyncAllInfo{}}, all: true})
		return nil
	}
	queued := sets.New[string]()
	for _, item := range f.items {
		queued.Insert(item.key)
	}
	return f.known.resync(func(key string) bool { return queued.Has(key) },
		func(key string, obj interface{}) { f.push(realItem{Delta: Delta{Sync, obj}, key: key}) })
}

// Bookmark puts a Bookmark delta in, if the options ask for it.
func (f *RealFIFO) Bookmark(resourceVersion string) error {
	if !f.bookmarks {
		return nil
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.push(realItem{Delta: Delta{Bookmark, BookmarkInfo{resourceVersion}}, all: true})
	return nil
}

// Pop waits for a delta, takes the oldest one out, processes it as a Deltas, and returns that with the error of process.
// The queue is locked meanwhile, so that process may change what KnownObjects shows, must not use the queue, and should be
// fast; with UnlockWhileProcessing it is not, and process may do as it likes. Pop returns ErrFIFOClosed when the queue is
// closed and empty.
func (f *RealFIFO) Pop(process PopProcessFunc) (interface{}, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if !f.await(f.length) {
		return nil, ErrFIFOClosed
	}
	deltas := Deltas(f.take(1))
	return deltas, f.process(1, func(isInInitialList bool) error { return process(deltas, isInInitialList) })
}

// PopBatch is Pop for several deltas at once: as many as wait, are of different objects, and are all of the first list or
// all after it, but not more than a thousand. A delta that is alone, or is about no single object, goes to processSingle as
// it does in Pop.
func (f *RealFIFO) PopBatch(processBatch ProcessBatchFunc, processSingle PopProcessFunc) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if !f.await(f.length) {
		return ErrFIFOClosed
	}
	deltas := f.take(f.batch())
	return f.process(len(deltas), func(isInInitialList bool) error {
		if len(deltas) == 1 {
			return processSingle(Deltas(deltas), isInInitialList)
		}
		return processBatch(deltas, isInInitialList)
	})
}

func (f *RealFIFO) prepare(obj interface{}) (interface{}, error) {
	return f.queueCore.prepare(f.transform, obj)
}

// Transformer returns the transform of the queue, or nil.
func (f *RealFIFO) Transformer() TransformFunc { return f.transform }

// push appends an entry. The caller holds mu.
func (f *RealFIFO) push(item realItem) {
	f.items = append(f.items, item)
	f.depth.Set(float64(len(f.items)))
	f.cond.Broadcast()
}

// length is the number of entries. The caller holds mu.
func (f *RealFIFO) length() int { return len(f.items) }

// batch is how many of the oldest entries are processed at once. The caller holds mu.
func (f *RealFIFO) batch() int {
	most := min(len(f.items), maxBatch)
	if !f.isSynced && f.initial > 0 {
		most = min(most, f.initial)
	}
	keys := make(sets.Set[string], most)
	for i, item := range f.items[:most] {
		if item.all {
			return max(i, 1)
		}
		if keys.Has(item.key) {
			return i
		}
		keys.Insert(item.key)
	}
	return most
}

// take removes the n oldest entries. What they lead to does not stay alive in the queue. The caller holds mu.
func (f *RealFIFO) take(n int) []Delta {
	deltas := make([]Delta, n)
	for i, item := range f.items[:n] {
		deltas[i] = item.Delta
	}
	clear(f.items[:n])
	f.items = f.items[n:]
	f.depth.Set(float64(len(f.items)))
	return deltas
}

// process calls what processes the n entries that were taken, and measures how long it takes. The caller holds mu; the call
// does not if the options say so.
func (f *RealFIFO) process(n int, call func(isInInitialList bool) error) error {
	isInInitialList, start := !f.isSynced, time.Now()
	defer f.popped(min(n, f.initial)) // as of now: a first list that comes meanwhile does not have them
	defer func() { f.latency.Observe(time.Since(start).Seconds()) }()
	if f.unlocked {
		f.mu.Unlock()
		defer f.mu.Lock()
	}
	return call(isInInitialList)
}
