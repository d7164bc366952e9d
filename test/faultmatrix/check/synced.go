package check

import "fmt"

// checkSynced wants that the cache had one whole collection when it said that it had synced (I7).
func (i *Informer) checkSynced(v *View) []Violation {
	r := report{where: i.Name}
	switch {
	case i.AtSync == nil && i.MustSync:
		r.add("I7", "the cache has not synced")
	case i.AtSync != nil && !i.Disordered:
		if wrong := newFollower(v, nil, i.Except).see(i.AtSync); wrong != "" {
			r.add("I7", "the cache said that it had synced, and was not the collection of any moment: %s", wrong)
		}
	}
	return r.found
}

// checkSync wants that HasSynced never becomes false again, and that of a handler it becomes true only when the handler
// has returned from all its initial additions, and the cache has synced (I7).
func (h *Handler) checkSync(where string) []Violation {
	r := report{where: where}
	if h.MustSync && h.CallsAtSync < 0 {
		r.add("I7", "the handler has not synced")
	}
	cache, handler := false, false
	for n, c := range h.Calls {
		r.where = fmt.Sprintf("%s %s, call %d (%s)", where, c.Key, n, c.Kind)
		initial := c.Kind == Add && c.Initial
		switch {
		case initial && h.CallsAtSync >= 0 && n >= h.CallsAtSync:
			r.add("I7", "an initial addition after the handler has synced")
		case initial && c.HandlerSynced:
			r.add("I7", "the handler has synced before it returned from an initial addition")
		case c.HandlerSynced && !c.CacheSynced:
			r.add("I7", "the handler has synced, and the cache has not")
		case cache && !c.CacheSynced || handler && !c.HandlerSynced:
			r.add("I7", "HasSynced is false again")
		}
		cache, handler = cache || c.CacheSynced, handler || c.HandlerSynced
	}
	return r.found
}
