package cache

import (
	"cmp"
	"errors"
	"slices"

	"k8s.io/apimachinery/pkg/util/sets"
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
	queueKeyed[Deltas]

	known         knownObjects
	replacedType  DeltaType
	transformFunc TransformFunc
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
	name := cmp.Or(opts.Name, "DeltaFIFO")
	f := &DeltaFIFO{
		known:         knownObjects{opts.KnownObjects, loggerOf(opts.Logger, name)},
		replacedType:  Sync,
		transformFunc: opts.Transformer,
	}
	f.begin(name, opts.KeyFunction)
	if opts.EmitDeltaTypeReplaced {
		f.replacedType = Replaced
	}
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
	return f.keyOf(obj)
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
	if kind == Deleted && !f.isQueued(key) && !f.known.has(key) {
		return nil
	}
	f.push(key, Delta{kind, obj})
	return nil
}

// Replace puts a complete list in: each object as a Replaced (or Sync) delta, and a deletion for each object that is in
// the queue or known, and not in the list. Its final state is unknown; the last one that was seen is given.
func (f *DeltaFIFO) Replace(list []interface{}, resourceVersion string) error {
	return f.replaceBut(list, resourceVersion, func(string) bool { return false })
}

// replaceBut is Replace that leaves objects alone that are not in the list and are to be kept.
func (f *DeltaFIFO) replaceBut(list []interface{}, _ string, keep func(key string) bool) error {
	objects, err := f.keyedList(f.transformFunc, list)
	if err != nil {
		return err
	}
	listed := keysOf(objects)
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, o := range objects {
		f.push(o.key, Delta{f.replacedType, o.obj})
	}
	gone := f.missing(listed, keep)
	for _, deleted := range gone {
		f.push(deleted.Key, Delta{Deleted, deleted})
	}
	f.populate(len(listed) + len(gone))
	return nil
}

// missing returns the objects in the queue or known that are not listed nor to be kept, in their last state. The caller
// holds mu.
func (f *DeltaFIFO) missing(listed sets.Set[string], keep func(key string) bool) (gone []DeletedFinalStateUnknown) {
	for _, key := range f.order {
		if !listed.Has(key) {
			gone = append(gone, DeletedFinalStateUnknown{Key: key, Obj: lastState(f.items[key].Newest().Object)})
		}
	}
	f.known.missing(func(key string) bool { return listed.Has(key) || f.isQueued(key) },
		func(deleted DeletedFinalStateUnknown) { gone = append(gone, deleted) })
	return slices.DeleteFunc(gone, func(deleted DeletedFinalStateUnknown) bool { return keep(deleted.Key) })
}

// Resync puts a Sync delta in for each known object that is not in the queue anyway.
func (f *DeltaFIFO) Resync() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.known.resync(f.isQueued, func(key string, obj interface{}) { f.push(key, Delta{Sync, obj}) })
}

func (f *DeltaFIFO) prepare(obj interface{}) (interface{}, error) {
	return f.queueCore.prepare(f.transformFunc, obj)
}

// Transformer returns the transform of the queue, or nil.
func (f *DeltaFIFO) Transformer() TransformFunc { return f.transformFunc }

// push appends a delta to those of a key. The caller holds mu.
func (f *DeltaFIFO) push(key string, delta Delta) { f.set(key, f.items[key].plus(delta)) }
