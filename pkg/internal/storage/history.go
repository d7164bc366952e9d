package storage

import (
	"slices"
	"sort"
)

// history is what happened to a resource, as far back as the last compaction. It is guarded by Store.mu.
type history struct {
	base    *node // the objects before the first record
	records []record
	// forgotten is the revision of the newest record that compaction dropped, 0 if there was none.
	forgotten int64
	// changed is closed, and replaced, by wake.
	changed chan struct{}
}

// record is an event and the objects after it.
type record struct {
	Event
	after *node
}

func newHistory() *history { return &history{changed: make(chan struct{})} }

// index is the number of records up to a revision, which is the place of the first after it.
func (h *history) index(revision int64) int {
	return sort.Search(len(h.records), func(i int) bool { return h.records[i].Revision > revision })
}

// at returns the objects as they were at a revision that is not compacted.
func (h *history) at(revision int64) *node {
	if i := h.index(revision); i > 0 {
		return h.records[i-1].after
	}
	return h.base
}

// now returns the objects as they are.
func (h *history) now() *node {
	if len(h.records) == 0 {
		return h.base
	}
	return h.records[len(h.records)-1].after
}

// append adds what happened last.
func (h *history) append(e Event) {
	objects, place := h.now(), path(e.Key.Namespace, e.Key.Name)
	if e.New == nil {
		objects = objects.remove(place)
	} else {
		objects = objects.put(&entry{path: place, object: e.New})
	}
	h.records = append(h.records, record{Event: e, after: objects})
	h.wake()
}

// forget drops what happened up to a revision.
func (h *history) forget(revision int64) {
	dropped := h.index(revision)
	if dropped == 0 {
		return
	}
	h.base, h.forgotten = h.records[dropped-1].after, h.records[dropped-1].Revision
	rest := h.records[dropped:]
	if dropped >= len(rest) { // copying is cheaper than what is gained
		h.records = slices.Clone(rest)
		return
	}
	clear(h.records[:dropped]) // the array stays for a while, what it refers to must not
	h.records = rest
}

// rewind drops what happened after a revision.
func (h *history) rewind(revision int64) {
	h.records = slices.Clone(h.records[:h.index(revision)])
}

// wake lets everybody look who waits for a change.
func (h *history) wake() {
	close(h.changed)
	h.changed = make(chan struct{})
}
