package check

import (
	"fmt"
	"strings"
)

// cursor is how far in the timeline of one key somebody has got: it only goes forward.
type cursor struct {
	timeline timeline
	at       int // the state that was seen last; -1: before the first
}

func newCursor(t timeline) *cursor { return &cursor{timeline: t, at: -1} }

// gone says whether the key had no object where the cursor is.
func (c *cursor) gone() bool { return c.at < 0 || c.timeline[c.at].object == nil }

// see moves to the first state, from the present one on, that o is, or says why o cannot come now. As it does not look back
// unless something is wrong, following a whole timeline takes as many steps as that has states.
func (c *cursor) see(o Object) (wrong string) {
	for i := max(c.at, 0); i < len(c.timeline); i++ {
		if c.timeline[i].isVersionOf(o) && difference(c.timeline[i].object, o) == "" {
			c.at = i
			return ""
		}
	}
	known, different := false, ""
	for _, s := range c.timeline {
		if !s.isVersionOf(o) {
			continue
		}
		known = true
		if d := difference(s.object, o); d != "" {
			different = d
		}
	}
	switch {
	case different != "":
		return fmt.Sprintf("%s: %s", name(o), different)
	case known:
		return fmt.Sprintf("%s is older than what was seen before, %s", name(o), c.describe())
	default:
		return fmt.Sprintf("the server never had %s; it had %s", name(o), c.timeline)
	}
}

// isVersionOf says whether the object of the state has the version and the identity of o.
func (s state) isVersionOf(o Object) bool {
	return s.object != nil && s.version == o.GetResourceVersion() && s.object.GetUID() == o.GetUID()
}

// seeGone moves to the next state in which the object is gone; to the present one if that is. version is that with which
// it went, "" for any.
func (c *cursor) seeGone(version string) (wrong string) {
	if version == "" && c.gone() {
		return ""
	}
	for i := max(c.at, 0); i < len(c.timeline); i++ {
		if s := c.timeline[i]; s.object == nil && (version == "" || version == s.version) {
			c.at = i
			return ""
		}
	}
	return fmt.Sprintf("it was not deleted after %s; the server had %s", c.describe(), c.timeline)
}

func (c *cursor) describe() string {
	if c.at < 0 {
		return "nothing"
	}
	return c.timeline[c.at].String()
}

func (s state) String() string {
	switch {
	case s.object != nil:
		return s.version
	case s.version == "":
		return "gone in a backup"
	default:
		return "gone at " + s.version
	}
}

// String tells the newest states only of a long timeline, so that there is room for many violations.
func (t timeline) String() string {
	const most = 50
	if len(t) == 0 {
		return "nothing ever"
	}
	var text strings.Builder
	if more := len(t) - most; more > 0 {
		fmt.Fprintf(&text, "%d others, ", more)
		t = t[more:]
	}
	for i, s := range t {
		if i > 0 {
			text.WriteString(", ")
		}
		text.WriteString(s.String())
	}
	return text.String()
}

// checkOrder wants that what a handler is told of each key are states of the key in their order (I2, I4), and that the
// store is at least as far at the call, and never goes back (I6, I2).
func (h *Handler) checkOrder(where string, v *View) []Violation {
	told, stored := map[string]*cursor{}, map[string]*cursor{}
	var found []Violation
	for n, c := range h.Calls {
		if told[c.Key] == nil {
			told[c.Key], stored[c.Key] = newCursor(v.timelines[c.Key]), newCursor(v.timelines[c.Key])
		}
		r := report{where: fmt.Sprintf("%s %s, call %d (%s)", where, c.Key, n, c.Kind)}
		if c.order(&r, told[c.Key]) && c.Looked {
			c.store(&r, told[c.Key], stored[c.Key])
		}
		found = append(found, r.found...)
	}
	return found
}

// order moves on to what a call tells, or reports why it must not tell that, and returns false.
func (c *Call) order(r *report, told *cursor) bool {
	var wrong string
	invariant := "I2"
	switch {
	case c.Kind != Delete:
		wrong = told.see(c.New)
	case c.Unknown:
		invariant, wrong = "I4", told.seeGone("")
	default:
		invariant, wrong = "I4", told.seeGone(c.Old.GetResourceVersion())
		if s := told.at; wrong == "" {
			wrong = differenceOfGone(told.timeline[s], c.Old)
		}
	}
	if wrong != "" {
		r.add(invariant, "%s", wrong)
	}
	return wrong == ""
}

// differenceOfGone says how the final state that was told differs from the true one.
func differenceOfGone(s state, o Object) string {
	if s.was.GetUID() != o.GetUID() {
		return fmt.Sprintf("%s is told as the final state, and it was %s", name(o), name(s.was))
	}
	return difference(s.was, o)
}

// store wants that the store, as seen in a call, is not behind the call, nor behind what was seen before.
func (c *Call) store(r *report, told, stored *cursor) {
	from := max(told.at, stored.at)
	s := cursor{timeline: stored.timeline, at: from}
	var wrong string
	if c.Stored == nil {
		wrong = s.seeGone("")
	} else {
		wrong = s.see(c.Stored)
	}
	if wrong != "" {
		r.add("I6", "the store, at the call, has %s: %s", name(c.Stored), wrong)
		return
	}
	stored.at = s.at
}
