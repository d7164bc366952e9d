package cache

import (
	"errors"
	"fmt"
	"maps"
	"sync"

	"k8s.io/klog/v2"
)

var (
	// ErrFIFOClosed is returned by Pop of a queue that was closed.
	ErrFIFOClosed = errors.New("DeltaFIFO: manipulating with closed queue")
	// ErrZeroLengthDeltasObject is the reason why an empty Deltas has no key.
	ErrZeroLengthDeltasObject = errors.New("0 length Deltas object; can't get key")
)

// DeltaFIFOOptions configure a DeltaFIFO. The zero value is fine.
type DeltaFIFOOptions struct {
	// Logger is used instead of klog.Background().
	Logger *klog.Logger
	// Name is the name for messages; "DeltaFIFO" if empty.
	Name string
	// KeyFunction computes the keys of objects. Nil is MetaNamespaceKeyFunc.
	KeyFunction KeyFunc
	// KnownObjects are what the consumer has, usually its store. With them Replace also notices deletions of objects
	// that are no longer in the queue, Delete accepts such objects, and Resync has something to do.
	KnownObjects KeyListerGetter
	// EmitDeltaTypeReplaced: objects of Replace become Replaced deltas. Otherwise Sync, as for Resync.
	EmitDeltaTypeReplaced bool
	// Transformer is applied to objects before they enter the queue.
	Transformer TransformFunc
}

// DeltaFIFO is a queue between a Reflector and a consumer. Each entry is all that happened to one object since the
// consumer last had it, as Deltas; objects are popped in the order in which their first delta came.
//
// Informers of this package do not use it: their own queue keeps the order between objects too. It is for programs that
// drive a Controller of their own.
type DeltaFIFO struct {
	name          string
	logger        klog.Logger
	keyFunc       KeyFunc
	knownObjects  KeyListerGetter
	replacedType  DeltaType
	transformFunc TransformFunc
	synced        chan struct{} // closed when the first Replace was popped

	mu    sync.Mutex // guards what follows; held while Pop's function runs, so that it sees queue and known objects agree
	cond  *sync.Cond // there is something to pop, or the queue is closed
	items map[string]Deltas
	order []string // the keys of items, in the order to pop

	populated bool // something was put in
	initial   int  // keys of the first Replace that were not popped yet
	isSynced  bool // synced is closed
	closed    bool
}

var (
	_ Queue       = &DeltaFIFO{}
	_ DoneChecker = &DeltaFIFO{}
)

// NewDeltaFIFO returns a queue with these two options.
//
// Deprecated: use NewDeltaFIFOWithOptions with EmitDeltaTypeReplaced, which lets consumers tell a list from a resync.
func NewDeltaFIFO(keyFunc KeyFunc, knownObjects KeyListerGetter) *DeltaFIFO {
	return NewDeltaFIFOWithOptions(DeltaFIFOOptions{KeyFunction: keyFunc, KnownObjects: knownObjects})
}

// NewDeltaFIFOWithOptions returns an empty queue.
func NewDeltaFIFOWithOptions(opts DeltaFIFOOptions) *DeltaFIFO {
	f := &DeltaFIFO{
		name:          opts.Name,
		logger:        klog.Background(),
		keyFunc:       opts.KeyFunction,
		knownObjects:  opts.KnownObjects,
		replacedType:  Sync,
		transformFunc: opts.Transformer,
		synced:        make(chan struct{}),
		items:         map[string]Deltas{},
	}
	if f.name == "" {
		f.name = "DeltaFIFO"
	}
	if opts.Logger != nil {
		f.logger = *opts.Logger
	}
	f.logger = klog.LoggerWithName(f.logger, f.name)
	if f.keyFunc == nil {
		f.keyFunc = MetaNamespaceKeyFunc
	}
	if opts.EmitDeltaTypeReplaced {
		f.replacedType = Replaced
	}
	f.cond = sync.NewCond(&f.mu)
	return f
}

// KeyOf returns the key of an object, of a DeletedFinalStateUnknown, or of the object of a Deltas.
func (f *DeltaFIFO) KeyOf(obj interface{}) (string, error) {
	if deltas, ok := obj.(Deltas); ok {
		if len(deltas) == 0 {
			return "", KeyError{obj, ErrZeroLengthDeltasObject}
		}
		obj = deltas.Newest().Object
	}
	if deleted, ok := obj.(DeletedFinalStateUnknown); ok {
		return deleted.Key, nil
	}
	key, err := f.keyFunc(obj)
	if err != nil {
		return "", KeyError{obj, err}
	}
	return key, nil
}

// Add puts an Added delta in.
func (f *DeltaFIFO) Add(obj interface{}) error { return f.put(Added, obj) }

// Update puts an Updated delta in.
func (f *DeltaFIFO) Update(obj interface{}) error { return f.put(Updated, obj) }

// Delete puts a Deleted delta in, unless the object is neither in the queue nor known, which is no error.
func (f *DeltaFIFO) Delete(obj interface{}) error { return f.put(Deleted, obj) }

// put transforms an object and puts it in.
func (f *DeltaFIFO) put(kind DeltaType, obj interface{}) error {
	obj, err := transformed(f.transformFunc, obj)
	if err != nil {
		return err
	}
	key, err := f.KeyOf(obj)
	if err != nil {
		return err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.populate(0)
	if kind == Deleted && !f.has(key) {
		return nil
	}
	f.push(key, Delta{kind, obj})
	return nil
}

// Replace puts a complete list in: each object as a Replaced (or Sync) delta, and a deletion for each object that is in
// the queue or known, and not in the list. Its final state is unknown; the last one that was seen is given.
func (f *DeltaFIFO) Replace(list []interface{}, _ string) error {
	return f.replaceBut(list, func(string) bool { return false })
}

// replaceBut is Replace that leaves objects alone that are not in the list and are to be kept.
func (f *DeltaFIFO) replaceBut(list []interface{}, keep func(key string) bool) error {
	keys := make([]string, len(list))
	objects := make([]interface{}, len(list))
	listed := make(map[string]struct{}, len(list))
	for i, obj := range list {
		obj, err := transformed(f.transformFunc, obj)
		if err != nil {
			return err
		}
		if keys[i], err = f.KeyOf(obj); err != nil {
			return err
		}
		objects[i] = obj
		listed[keys[i]] = struct{}{}
	}

	f.mu.Lock()
	defer f.mu.Unlock()
	for i, key := range keys {
		f.push(key, Delta{f.replacedType, objects[i]})
	}
	gone := f.missing(listed)
	maps.DeleteFunc(gone, func(key string, _ interface{}) bool { return keep(key) })
	for key, last := range gone {
		f.push(key, Delta{Deleted, DeletedFinalStateUnknown{Key: key, Obj: last}})
	}
	f.populate(len(listed) + len(gone))
	return nil
}

// missing returns the objects in the queue or known that are not listed, in their last state. The caller holds mu.
func (f *DeltaFIFO) missing(listed map[string]struct{}) map[string]interface{} {
	gone := map[string]interface{}{}
	for key, deltas := range f.items {
		if _, ok := listed[key]; ok {
			continue
		}
		last := deltas.Newest().Object
		if deleted, ok := last.(DeletedFinalStateUnknown); ok {
			last = deleted.Obj
		}
		gone[key] = last
	}
	if f.knownObjects == nil {
		return gone
	}
	for _, key := range f.knownObjects.ListKeys() {
		if _, ok := listed[key]; ok {
			continue
		}
		if _, queued := f.items[key]; queued {
			continue
		}
		last, exists, err := f.knownObjects.GetByKey(key)
		if err != nil {
			f.logger.Error(err, "Object is gone but its last state cannot be read", "key", key)
		}
		if err != nil || !exists {
			last = nil
		}
		gone[key] = last
	}
	return gone
}

// Resync puts a Sync delta in for each known object that is not in the queue anyway.
func (f *DeltaFIFO) Resync() error {
	if f.knownObjects == nil {
		return nil
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, key := range f.knownObjects.ListKeys() {
		if _, queued := f.items[key]; queued {
			continue
		}
		obj, exists, err := f.knownObjects.GetByKey(key)
		if err != nil {
			return fmt.Errorf("resync %q: %w", key, err)
		}
		if exists {
			f.push(key, Delta{Sync, obj})
		}
	}
	return nil
}

// Pop waits for an entry, takes the oldest one out, processes it as a Deltas, and returns it with the error of process.
// The queue is locked meanwhile: process may change what KnownObjects shows, must not use the queue, and should be fast.
// It returns ErrFIFOClosed when the queue is closed and empty.
func (f *DeltaFIFO) Pop(process PopProcessFunc) (interface{}, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for len(f.order) == 0 {
		if f.closed {
			return nil, ErrFIFOClosed
		}
		f.cond.Wait()
	}
	key := f.order[0]
	f.order = f.order[1:]
	deltas := f.items[key]
	delete(f.items, key)

	isInInitialList := !f.isSynced
	err := process(deltas, isInInitialList)
	if f.initial > 0 {
		f.initial--
	}
	f.checkSynced()
	return deltas, err
}

// HasSynced says whether everything of the first Replace was popped and processed. If the queue was first used otherwise
// it is true.
func (f *DeltaFIFO) HasSynced() bool { return IsDone(f) }

// HasSyncedChecker is HasSynced for WaitFor.
func (f *DeltaFIFO) HasSyncedChecker() DoneChecker { return f }

// Name is the name of the queue.
func (f *DeltaFIFO) Name() string { return f.name }

// Done is closed when HasSynced becomes true.
func (f *DeltaFIFO) Done() <-chan struct{} { return f.synced }

// Transformer returns the transform of the queue, or nil.
func (f *DeltaFIFO) Transformer() TransformFunc { return f.transformFunc }

// Close ends the queue. What is in it can still be popped.
func (f *DeltaFIFO) Close() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.closed = true
	f.cond.Broadcast()
}

// IsClosed says whether Close was called.
func (f *DeltaFIFO) IsClosed() bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.closed
}

// push appends a delta. The caller holds mu.
func (f *DeltaFIFO) push(key string, delta Delta) {
	deltas, queued := f.items[key]
	f.items[key] = deltas.plus(delta)
	if !queued {
		f.order = append(f.order, key)
		f.cond.Broadcast()
	}
}

// has says whether an object is in the queue or known. The caller holds mu.
func (f *DeltaFIFO) has(key string) bool {
	if _, queued := f.items[key]; queued {
		return true
	}
	if f.knownObjects == nil {
		return false
	}
	_, exists, err := f.knownObjects.GetByKey(key)
	return exists || err != nil // rather a deletion too many
}

// populate notes the first use of the queue and how many keys it brought that must be popped before the queue counts as
// synced. The caller holds mu.
func (f *DeltaFIFO) populate(initial int) {
	if !f.populated {
		f.populated = true
		f.initial = initial
		f.checkSynced()
	}
}

// checkSynced closes synced in time. The caller holds mu.
func (f *DeltaFIFO) checkSynced() {
	if f.populated && f.initial == 0 && !f.isSynced {
		f.isSynced = true
		close(f.synced)
	}
}
