package testing

// OpenWatches counts the watches that a tracker tells of events.
func OpenWatches(t ObjectTracker) (n int) {
	w := &t.(*tracker).watches
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, open := range w.byResource {
		n += len(open)
	}
	return n
}
