package cache

import (
	"container/heap"
	"errors"
)

var (
	errHeapClosed                  = errors.New("heap is closed")
	errNotInTheHeap                = errors.New("object not found")
	_               heap.Interface = &heapData{}
)

// LessFunc says whether the first object is to be popped before the second.
type LessFunc func(interface{}, interface{}) bool

// Heap is a queue of objects of which the least, by a LessFunc, is popped first. Between objects of which neither is less
// there is no order. All methods may be called concurrently. LessFunc is called while the heap is locked: it must not use
// the heap.
type Heap struct {
	gate
	key  KeyFunc
	data heapData // guarded by gate.mu
}

// NewHeap returns an empty Heap.
func NewHeap(keyFn KeyFunc, lessFn LessFunc) *Heap {
	h := &Heap{key: keyFn, data: heapData{less: lessFn, items: map[string]*heapItem{}}}
	h.open()
	return h
}

// Add puts an object in, in place of one with the same key. A heap that was closed takes none.
func (h *Heap) Add(obj interface{}) error { return h.put(true, obj) }

// Update is Add.
func (h *Heap) Update(obj interface{}) error { return h.Add(obj) }

// AddIfNotPresent puts an object in, unless there is one with the same key. So a consumer that puts back what it could not
// process does not replace a newer state.
func (h *Heap) AddIfNotPresent(obj interface{}) error { return h.put(false, obj) }

// BulkAdd is Add for several objects, of which the first is popped only when all are in. If one of them has no key, none is
// put in.
func (h *Heap) BulkAdd(list []interface{}) error { return h.put(true, list...) }

// put puts objects in. Those with the same key they replace, or leave alone.
func (h *Heap) put(replace bool, list ...interface{}) error {
	keys := make([]string, len(list))
	for i, obj := range list {
		var err error
		if keys[i], err = objectKey(h.key, obj); err != nil {
			return err
		}
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.closed {
		return errHeapClosed
	}
	for i, obj := range list {
		item, exists := h.data.items[keys[i]]
		switch {
		case !exists:
			heap.Push(&h.data, &heapItem{key: keys[i], obj: obj})
		case replace:
			item.obj = obj
			heap.Fix(&h.data, item.index)
		}
	}
	h.cond.Broadcast()
	return nil
}

// Delete takes an object out. One that is not there is an error.
func (h *Heap) Delete(obj interface{}) error {
	key, err := objectKey(h.key, obj)
	if err != nil {
		return err
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	item, exists := h.data.items[key]
	if !exists {
		return errNotInTheHeap
	}
	heap.Remove(&h.data, item.index)
	return nil
}

// Pop waits for an object and takes the least one out. It returns an error when the heap is closed and empty.
func (h *Heap) Pop() (interface{}, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if !h.await(h.data.Len) {
		return nil, errHeapClosed
	}
	return heap.Pop(&h.data).(*heapItem).obj, nil
}

// Get returns the object with the key of obj, and whether there is one.
func (h *Heap) Get(obj interface{}) (interface{}, bool, error) {
	key, err := objectKey(h.key, obj)
	if err != nil {
		return nil, false, err
	}
	return h.GetByKey(key)
}

// GetByKey returns the object with this key, and whether there is one. The error is always nil.
func (h *Heap) GetByKey(key string) (interface{}, bool, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	item, exists := h.data.items[key]
	if !exists {
		return nil, false, nil
	}
	return item.obj, true, nil
}

// List returns all objects, in no particular order.
func (h *Heap) List() []interface{} {
	h.mu.Lock()
	defer h.mu.Unlock()
	objects := make([]interface{}, 0, len(h.data.order))
	for _, item := range h.data.order {
		objects = append(objects, item.obj)
	}
	return objects
}

// ListKeys returns the keys of all objects, in no particular order.
func (h *Heap) ListKeys() []string {
	h.mu.Lock()
	defer h.mu.Unlock()
	keys := make([]string, 0, len(h.data.order))
	for _, item := range h.data.order {
		keys = append(keys, item.key)
	}
	return keys
}

// heapData is what container/heap works on.
type heapData struct {
	less  LessFunc
	order []*heapItem          // a heap
	items map[string]*heapItem // the same by key
}

type heapItem struct {
	key   string
	obj   interface{}
	index int // in order
}

func (d *heapData) Len() int           { return len(d.order) }
func (d *heapData) Less(i, j int) bool { return d.less(d.order[i].obj, d.order[j].obj) }

func (d *heapData) Swap(i, j int) {
	d.order[i], d.order[j] = d.order[j], d.order[i]
	d.order[i].index, d.order[j].index = i, j
}

func (d *heapData) Push(x any) {
	item := x.(*heapItem)
	item.index = len(d.order)
	d.order = append(d.order, item)
	d.items[item.key] = item
}

// Pop leaves nothing of the object behind, so that the heap does not keep it alive.
func (d *heapData) Pop() any {
	last := len(d.order) - 1
	item := d.order[last]
	d.order[last] = nil
	d.order = d.order[:last]
	delete(d.items, item.key)
	return item
}
