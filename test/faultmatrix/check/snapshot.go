package check

import (
	"fmt"
	"maps"
	"slices"
	"strconv"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// follower goes through the states of a collection, from one to the next.
type follower struct {
	view *View
	of   func(metav1.Object) bool // the part of the collection that counts; nil: all
	not  map[string]bool          // keys that do not count
	next int                      // the step that comes next
	now  map[string]state
}

func newFollower(v *View, of func(metav1.Object) bool, not map[string]bool) *follower {
	return &follower{view: v, of: of, not: not, now: map[string]state{}}
}

// see goes on to the first state of the collection, from the present one on, that o is, or stays and says why there is
// none.
func (f *follower) see(o Objects) (wrong string) {
	now := maps.Clone(f.now)
	wrongs := f.wrongs(now, o)
	nearest, best := f.next, len(wrongs)
	for next := f.next; ; next++ {
		if len(wrongs) == 0 {
			f.next, f.now = next, now
			return ""
		}
		if len(wrongs) < best {
			nearest, best = next, len(wrongs)
		}
		if next == len(f.view.steps) {
			return f.describe(nearest, o)
		}
		for _, change := range f.view.steps[next] {
			now[change.key] = change.state
			f.compare(change.key, now, o, wrongs)
		}
	}
}

// describe says how o differs from the state before a step, to which it goes once more.
func (f *follower) describe(next int, o Objects) string {
	const most = 4
	now := maps.Clone(f.now)
	for _, changes := range f.view.steps[f.next:next] {
		for _, change := range changes {
			now[change.key] = change.state
		}
	}
	wrongs := f.wrongs(now, o)
	text := fmt.Sprintf("of %d objects, in the nearest state, before step %d of %d (the snapshot before was at %d), are wrong:",
		len(o), next, len(f.view.steps), f.next)
	for n, key := range slices.Sorted(maps.Keys(wrongs)) {
		if n == most {
			return fmt.Sprintf("%s and %d more", text, len(wrongs)-most)
		}
		text += fmt.Sprintf(" %s, %s in place of %s;", key, name(o[key]), name(now[key].object))
	}
	return text
}

// wrongs are the keys that are wrong in o.
func (f *follower) wrongs(now map[string]state, o Objects) map[string]bool {
	wrongs := map[string]bool{}
	for key := range now {
		f.compare(key, now, o, wrongs)
	}
	for key := range o {
		f.compare(key, now, o, wrongs)
	}
	return wrongs
}

// compare notes whether a key is wrong in o.
func (f *follower) compare(key string, now map[string]state, o Objects, wrongs map[string]bool) {
	want, have := now[key].object, o[key]
	if want != nil && f.of != nil && !f.of(want) {
		want = nil
	}
	right := f.not[key] || want == nil && have == nil ||
		want != nil && have != nil && want.GetResourceVersion() == have.GetResourceVersion() && want.GetUID() == have.GetUID()
	if right {
		delete(wrongs, key)
	} else {
		wrongs[key] = true
	}
}

// checkSnapshots wants that each List shows the collection of one moment, and that these go forward (I18), as do the
// versions of the store (I2).
func (i *Informer) checkSnapshots(v *View) []Violation {
	var found []Violation
	for w, watcher := range i.Watchers {
		followers := map[string]*follower{}
		version := int64(0)
		for n, s := range watcher.Snapshots {
			r := report{where: fmt.Sprintf("%s watcher %d, snapshot %d of %s", i.Name, w, n, s.part())}
			for key, o := range s.Objects {
				if s.Of != nil && !s.Of(o) {
					r.add("I18", "%s, %s, has no place there", key, name(o))
				}
			}
			if i.Disordered {
				found = append(found, r.found...)
				continue
			}
			if followers[s.Part] == nil {
				followers[s.Part] = newFollower(v, s.Of, i.Except)
			}
			if wrong := followers[s.Part].see(s.Objects); wrong != "" {
				r.add("I18", "it is not the collection of any moment after the snapshots before: %s", wrong)
			}
			if got, err := strconv.ParseInt(s.Version, 10, 64); err == nil && !v.restored {
				if got < version {
					r.add("I2", "the version of the store is %d, and was %d before", got, version)
				}
				version = got
			}
			found = append(found, r.found...)
		}
	}
	return found
}

func (s Snapshot) part() string {
	if s.Part == "" {
		return "everything"
	}
	return s.Part
}
