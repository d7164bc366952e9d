package informer

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"k8s.io/apimachinery/pkg/watch"

	"github.com/kubewright/kubewright/pkg/cache/internal/reflector"
)

var errBroken = errors.New("broken")

func poisonOf(o object) reflector.Poison {
	k, identity := o.split()
	p := reflector.Poison{Name: k, UID: identity.UID, Version: identity.Version, Err: errBroken}
	if namespace, name, namespaced := strings.Cut(k, "/"); namespaced {
		p.Namespace, p.Name = namespace, name
	}
	return p
}

// poison applies an event of an object that could not be decoded.
func (r *rig) poison(t *testing.T, kind watch.EventType, o object) {
	t.Helper()
	p := poisonOf(o)
	if err := r.sink.Apply(reflector.Event[object]{Type: kind, Poison: &p, Version: p.Version}); err != nil {
		t.Error(err)
	}
}

// replacePoisoned applies a list, with some objects that could not be decoded.
func (r *rig) replacePoisoned(t *testing.T, version string, poisoned []object, objects ...object) {
	t.Helper()
	list := reflector.List[object]{Objects: objects, Version: version}
	for _, o := range poisoned {
		list.Poisoned = append(list.Poisoned, poisonOf(o))
	}
	if err := r.sink.Replace(list); err != nil {
		t.Error(err)
	}
}

// checkQuarantine checks which objects are in quarantine, in which state.
func (r *rig) checkQuarantine(t *testing.T, want ...object) {
	t.Helper()
	synctest.Wait()
	var got []object
	known, _ := r.Quarantine()
	for _, q := range known {
		o := object(q.Key)
		if q.UID != "" {
			o += object("#" + q.UID)
		}
		got = append(got, o+object("@"+q.Version))
		if !errors.Is(q.Err, errBroken) {
			t.Errorf("error of %s = %v", q.Key, q.Err)
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("quarantine (-want +got):\n%s", diff)
	}
	if n := r.Stats().Quarantined; n != len(want) {
		t.Errorf("%d objects in quarantine, want %d", n, len(want))
	}
}

func (r *rig) checkStore(t *testing.T, want ...object) {
	t.Helper()
	synctest.Wait()
	got := map[object]bool{}
	for _, o := range r.Store().List() {
		got[o] = true
	}
	for _, o := range want {
		if !got[o] {
			t.Errorf("the store has not %s", o)
		}
		delete(got, o)
	}
	if len(got) > 0 {
		t.Errorf("the store has also %v", got)
	}
}

// R8, row 11: an object that cannot be decoded any more keeps its last good state, until it can, or is gone.
func TestPoisonInTheWatch(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r, l := started(t, Options[object]{})
		r.replace(t, "1", "ns/a@1", "b@1")
		r.poison(t, watch.Modified, "ns/a@2")
		r.poison(t, watch.Added, "c@3") // never seen in good state
		r.apply(t, watch.Modified, "b@4")
		l.check(t, "initial ns/a@1", "initial b@1", "update b@1 b@4")
		r.checkQuarantine(t, "c@3", "ns/a@2")
		r.checkStore(t, "ns/a@1", "b@4")
		if got := r.Store().Version(); got != "4" {
			t.Errorf("version = %s, want 4", got)
		}

		known, _ := r.Quarantine()
		began := known[1].Since
		time.Sleep(time.Second)
		r.poison(t, watch.Modified, "ns/a@5")
		r.checkQuarantine(t, "c@3", "ns/a@5")
		known, _ = r.Quarantine()
		if since := known[1].Since; since != began {
			t.Errorf("in quarantine since %v, want %v", since, began)
		}
		r.apply(t, watch.Modified, "ns/a@6")
		r.apply(t, watch.Modified, "c@7")
		l.check(t, "update ns/a@1 ns/a@6", "add c@7")
		r.checkQuarantine(t)
		r.end()
	})
}

func TestPoisonIsDeleted(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r, l := started(t, Options[object]{})
		r.replace(t, "1", "a@1", "b@1", "c@1")
		l.take()
		r.poison(t, watch.Modified, "a@2")
		r.poison(t, watch.Modified, "b@3")
		r.poison(t, watch.Added, "never@4")
		r.poison(t, watch.Deleted, "a@5") // the deletion cannot be decoded either
		r.apply(t, watch.Deleted, "b@6")  // it can
		r.poison(t, watch.Deleted, "c@7") // only the deletion cannot
		r.poison(t, watch.Deleted, "never@8")
		l.check(t, "unknown a a@1", "delete b@6", "unknown c c@1")
		r.checkQuarantine(t)
		r.checkStore(t)
		r.end()
	})
}

// R8, root cause B: what a list could not decode is not gone.
func TestPoisonInAList(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r, l := started(t, Options[object]{})
		r.replacePoisoned(t, "1", []object{"p@1"}, "a@1", "b@1", "c@1")
		l.check(t, "initial a@1", "initial b@1", "initial c@1")
		r.checkQuarantine(t, "p@1")
		r.poison(t, watch.Modified, "b@2")

		// a cannot be decoded now, b can again, c is gone, and p is still poison.
		r.replacePoisoned(t, "3", []object{"a@3", "p@1"}, "b@2")
		l.check(t, "update b@1 b@2", "unknown c c@1")
		r.checkQuarantine(t, "a@3", "p@1")
		r.checkStore(t, "a@1", "b@2")

		// A handler that comes now gets the last good state.
		late := &log{}
		join(t, r, late)
		late.check(t, "initial b@2", "initial a@1")

		// Now the list has neither a nor p.
		r.replace(t, "4", "b@2")
		l.check(t, "update b@2 b@2", "unknown a a@1")
		r.checkQuarantine(t)
		r.end()
	})
}

func TestListWithAnObjectInGoodAndBadState(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r, l := started(t, Options[object]{})
		r.replacePoisoned(t, "2", []object{"a@1"}, "a@2")
		l.check(t, "initial a@2")
		r.replacePoisoned(t, "4", []object{"a@3"}, "a@4")
		l.check(t, "update a@2 a@4")
		r.checkQuarantine(t)
		r.checkStore(t, "a@4")
		r.end()
	})
}

// Without a name, it may be any of those that the list has not.
func TestPoisonWithoutAName(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r, l := started(t, Options[object]{})
		r.replace(t, "1", "a@1", "b@1")
		l.take()
		r.replacePoisoned(t, "2", []object{"@", "#7@2"}, "b@2", "c@2")
		l.check(t, "update b@1 b@2", "add c@2")
		r.checkQuarantine(t, "@", "#7@2")
		r.checkStore(t, "a@1", "b@2", "c@2")
		r.replace(t, "3", "b@2", "c@2")
		l.check(t, "update b@2 b@2", "update c@2 c@2", "unknown a a@1")
		r.checkQuarantine(t)

		p := poisonOf("@9")
		if err := r.sink.Apply(reflector.Event[object]{Type: watch.Modified, Poison: &p, Version: "9"}); !errors.Is(err, errBroken) {
			t.Errorf("an event of an object without a name: %v, want an error, so that the reflector lists", err)
		}
		r.end()
	})
}

// A server that sends nothing but objects that cannot be decoded does not fill the memory, and deletes nothing by it.
func TestQuarantineIsBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r, l := started(t, Options[object]{})
		r.replace(t, "1", "a@1", "b@1")
		l.take()
		list := reflector.List[object]{Objects: []object{"b@2"}, Version: "2", More: 5}
		for i := range reflector.MaxPoisoned - 1 {
			list.Poisoned = append(list.Poisoned, poisonOf(object(fmt.Sprintf("p%d@1", i))))
		}
		if err := r.sink.Replace(list); err != nil {
			t.Error(err)
		}
		for _, o := range []object{"new@3", "more@4", "p0@5", "many@6"} {
			r.poison(t, watch.Added, o)
		}
		l.check(t, "update b@1 b@2")
		r.checkStore(t, "a@1", "b@2")
		known, more := r.Quarantine()
		if n := r.Stats().Quarantined; len(known) != reflector.MaxPoisoned || more != 5+2 || n != len(known)+more {
			t.Errorf("%d objects are in quarantine, and %d more, %d in all", len(known), more, n)
		}
		r.replace(t, "7", "b@2")
		l.check(t, "update b@2 b@2", "unknown a a@1")
		if n := r.Stats().Quarantined; n != 0 {
			t.Errorf("%d objects are left in quarantine", n)
		}
		r.end()
	})
}
