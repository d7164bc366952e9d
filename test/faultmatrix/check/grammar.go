package check

import "fmt"

// checkGrammar wants Add (Update)* Delete of each key, where each call begins with the very object that the one before
// told (I5), and calls one at a time, none after the removal of the handler.
func (h *Handler) checkGrammar(where string) []Violation {
	r := report{where: where}
	if h.Overlapped {
		r.add("I5", "a call began before the one before had returned")
	}
	if h.AfterRemoval > 0 {
		r.add("I5", "%d calls began after the handler was removed and its end awaited", h.AfterRemoval)
	}
	last := map[string]Object{}
	for n, c := range h.Calls {
		r.where = fmt.Sprintf("%s %s, call %d (%s)", where, c.Key, n, c.Kind)
		before, known := last[c.Key]
		switch {
		case c.Kind == Add && known:
			r.add("I5", "%s is added, and %s was there", name(c.New), name(before))
		case c.Kind != Add && !known:
			r.add("I5", "it was never added, or was deleted before")
		case c.Kind == Update && c.Old != before:
			r.add("I5", "the old object is %s (%p), and the one told before was %s (%p)", name(c.Old), c.Old, name(before), before)
		case c.Kind == Delete && c.Unknown && c.Old != before:
			r.add("I5", "the last known object is %s (%p), and the one told before was %s (%p)", name(c.Old), c.Old, name(before), before)
		}
		if c.Kind == Delete {
			delete(last, c.Key)
		} else {
			last[c.Key] = c.New
		}
	}
	return r.found
}
