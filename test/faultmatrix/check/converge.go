package check

import (
	"maps"
	"slices"
)

// checkServer wants that the history ends with what the server has: otherwise the checks are worth nothing.
func (r *Run) checkServer() []Violation {
	return compare("the history of the server", "I1", "harness", r.Server, r.History.Final())
}

// CheckCache wants that the cache is what the server has (I1), and each index what one built anew would be (I18). Nothing may
// change any more.
func (i *Informer) CheckCache(server Objects) []Violation {
	if i.Final == nil {
		return nil
	}
	return append(compare("the cache", "I1", i.Name, i.selected(server), i.Final), i.checkIndexes()...)
}

// compare reports how what somebody has differs from what the server has.
func compare(whose, invariant, where string, server, got Objects) []Violation {
	r := report{where: where}
	for _, key := range slices.Sorted(maps.Keys(server)) {
		want, have := server[key], got[key]
		switch {
		case have == nil:
			r.add(invariant, "%s lacks %s, %s", whose, key, name(want))
		case have.GetUID() != want.GetUID() || have.GetResourceVersion() != want.GetResourceVersion():
			r.add(invariant, "%s has %s as %s, and the server %s", whose, key, name(have), name(want))
		default:
			if d := difference(want, have); d != "" {
				r.add(invariant, "%s has %s, and %s", whose, key, d)
			}
		}
	}
	for _, key := range slices.Sorted(maps.Keys(got)) {
		if server[key] == nil {
			r.add(invariant, "%s has a ghost, %s, %s", whose, key, name(got[key]))
		}
	}
	return r.found
}

// checkLast wants that the last call of each key tells the final state: that it is there (I3), or gone (I4).
func (h *Handler) checkLast(where string, server Objects) []Violation {
	last := map[string]Call{}
	for _, c := range h.Calls {
		last[c.Key] = c
	}
	keys := maps.Clone(server)
	for key := range last {
		if keys[key] == nil {
			keys[key] = nil
		}
	}
	r := report{}
	for _, key := range slices.Sorted(maps.Keys(keys)) {
		r.where = where + " " + key
		want := server[key]
		c, told := last[key]
		alive := told && c.Kind != Delete
		switch {
		case want == nil && alive:
			r.add("I4", "the deletion was never told; the last call is %s of %s", c.Kind, name(c.New))
		case want == nil:
		case !told:
			r.add("I3", "nothing was told, and the server has %s", name(want))
		case !alive:
			r.add("I3", "the last call is a deletion, and the server has %s", name(want))
		case c.New.GetUID() != want.GetUID() || c.New.GetResourceVersion() != want.GetResourceVersion():
			r.add("I3", "the last call tells %s, and the server has %s", name(c.New), name(want))
		}
	}
	return r.found
}
