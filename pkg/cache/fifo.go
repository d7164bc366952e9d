package cache

import "slices"

// FIFO is a queue of objects, of which each is popped once, in its newest state, in the order in which they were put in.
// What is deleted before it was popped is not popped at all. See DeltaFIFO and RealFIFO for queues that tell what
// happened, deletions included.
type FIFO struct {
	queueKeyed[interface{}]
}

var (
	_ Queue       = &FIFO{}
	_ DoneChecker = &FIFO{}
)

// NewFIFO returns an empty queue.
func NewFIFO(keyFunc KeyFunc) *FIFO {
	f := &FIFO{}
	f.begin("FIFO", keyFunc)
	return f
}

// Add puts an object in. If it is in the queue, it keeps its place and its state becomes this one.
func (f *FIFO) Add(obj interface{}) error {
	key, err := f.keyOf(obj)
	if err != nil {
		return err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.populate(0)
	f.set(key, obj)
	return nil
}

// Update is Add.
func (f *FIFO) Update(obj interface{}) error { return f.Add(obj) }

// Delete takes an object out, if it is in the queue. What was waiting for the first list to be popped no longer waits for
// it.
func (f *FIFO) Delete(obj interface{}) error {
	key, err := f.keyOf(obj)
	if err != nil {
		return err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.populate(0)
	delete(f.items, key)
	if i := slices.Index(f.order, key); i >= 0 {
		f.order = slices.Delete(f.order, i, i+1)
		if i < f.initial {
			f.popped(1)
		}
	}
	return nil
}

// Replace makes the objects the whole content of the queue. Of several with the same key the last one counts.
func (f *FIFO) Replace(list []interface{}, _ string) error {
	objects, err := f.keyedList(nil, list)
	if err != nil {
		return err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.items, f.order = make(map[string]interface{}, len(list)), nil
	for _, o := range objects {
		f.set(o.key, o.obj)
	}
	if !f.isSynced { // another list before the first was popped takes its place
		f.populated, f.initial = true, len(f.order)
		f.checkSynced()
	}
	return nil
}

func (f *FIFO) prepare(obj interface{}) (interface{}, error) { return f.queueCore.prepare(nil, obj) }

// Resync does nothing: what was popped is not kept.
func (f *FIFO) Resync() error { return nil }
