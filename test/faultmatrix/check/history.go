package check

import (
	"cmp"
	"maps"
	"slices"
	"strconv"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/kubewright/kubewright/pkg/apiservertest/record"
)

// History is what really happened to a collection.
type History struct {
	steps []step
}

// step is one write, or a restored backup, which may change many objects at once.
type step struct {
	revision int64 // 0 for a restored backup
	changes  []change
}

type change struct {
	key           string
	before, after Object // nil: there is none
}

// Restore says that the server was set back to a revision, when each key had so many changes; those of keys that are not
// mentioned all came later.
type Restore struct {
	Revision int64
	Changes  map[string]int
}

// NewHistory makes a history of the changes of each key, in the order in which they happened, and the backups that were
// restored, in their order.
func NewHistory(changes map[string][]record.Change, restores []Restore) *History {
	b := historyBuilder{changes: changes, done: map[string]int{}, valid: map[string][]record.Change{}}
	for _, r := range restores {
		b.era(func(key string) int { return r.Changes[key] })
		b.restore(r.Revision)
	}
	b.era(func(key string) int { return len(changes[key]) })
	return &History{steps: b.steps}
}

type historyBuilder struct {
	changes map[string][]record.Change
	steps   []step
	done    map[string]int             // how many changes of a key are in steps
	valid   map[string][]record.Change // those that no backup has taken back
}

// era appends the changes of all keys up to a number of them, in the order of their revisions.
func (b *historyBuilder) era(end func(key string) int) {
	var steps []step
	for _, key := range slices.Sorted(maps.Keys(b.changes)) {
		of := b.changes[key][b.done[key]:end(key)]
		b.done[key] = end(key)
		b.valid[key] = append(b.valid[key], of...)
		for _, c := range of {
			steps = append(steps, step{c.Revision, []change{{key, object(c.Old), object(c.New)}}})
		}
	}
	slices.SortStableFunc(steps, func(a, b step) int { return cmp.Compare(a.revision, b.revision) })
	b.steps = append(b.steps, steps...)
}

// restore appends what a backup of a revision changes.
func (b *historyBuilder) restore(revision int64) {
	var s step
	for _, key := range slices.Sorted(maps.Keys(b.valid)) {
		now := newest(b.valid[key])
		b.valid[key] = slices.DeleteFunc(slices.Clone(b.valid[key]), func(c record.Change) bool { return c.Revision > revision })
		if restored := newest(b.valid[key]); restored != now {
			s.changes = append(s.changes, change{key, now, restored})
		}
	}
	b.steps = append(b.steps, s)
}

// newest is the object after changes.
func newest(changes []record.Change) Object {
	if len(changes) == 0 {
		return nil
	}
	return object(changes[len(changes)-1].New)
}

// object is what a change holds as an Object; nil if it is none.
func object(o any) Object {
	of, _ := o.(Object)
	return of
}

// View is the history of what an informer selects.
type View struct {
	timelines map[string]timeline
	steps     [][]keyState
	restored  bool // a backup was, so that versions go back
}

type keyState struct {
	key string
	state
}

// state is one that a key was in.
type state struct {
	object Object // nil: it is gone
	// version is the resourceVersion of the object, or that with which it went; "" if a restored backup took it away.
	version string
	was     Object // the object that is gone
}

// timeline are the states of one key, the oldest first. Before the first, there is nothing.
type timeline []state

// View returns the history of the objects that are selected, each as it has to be stored; nil selects all, and transforms
// nothing. An object that is changed so that it is no longer selected is gone.
func (h *History) View(selects func(metav1.Object) bool, transform func(Object)) *View {
	selected := func(o Object) Object {
		if o == nil || selects != nil && !selects(o) {
			return nil
		}
		return transformed(transform, o)
	}
	v := &View{timelines: map[string]timeline{}}
	for _, step := range h.steps {
		v.restored = v.restored || step.revision == 0
		var states []keyState
		for _, c := range step.changes {
			before, after := selected(c.before), selected(c.after)
			var s state
			switch {
			case after != nil:
				s = state{object: after, version: after.GetResourceVersion()}
			case before != nil && step.revision != 0:
				s = state{version: strconv.FormatInt(step.revision, 10), was: before}
			case before != nil:
				s = state{was: before}
			default:
				continue
			}
			states = append(states, keyState{c.key, s})
			v.timelines[c.key] = append(v.timelines[c.key], s)
		}
		if len(states) > 0 {
			v.steps = append(v.steps, states)
		}
	}
	return v
}

// Final returns the objects at the end.
func (h *History) Final() Objects {
	final := Objects{}
	for _, step := range h.steps {
		for _, c := range step.changes {
			if c.after != nil {
				final[c.key] = c.after
			} else {
				delete(final, c.key)
			}
		}
	}
	return final
}
