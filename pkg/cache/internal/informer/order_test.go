package informer

import (
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"testing"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"
	"k8s.io/apimachinery/pkg/watch"

	"github.com/kubewright/kubewright/pkg/cache/internal/fanout"
	"github.com/kubewright/kubewright/pkg/cache/internal/versions"
)

// C2, I2, row 27: events that are sent again, or out of order, do not take the cache back.
func TestOldEventsAreDropped(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r, l := started(t, Options[object]{})
		r.replace(t, "10", "a#1@10", "b#2@7")
		r.apply(t, watch.Modified, "a#1@12")
		l.check(t, "initial a#1@10", "initial b#2@7", "update a#1@10 a#1@12")

		r.apply(t, watch.Modified, "a#1@11") // again
		r.apply(t, watch.Added, "a#0@5")     // of the one before
		r.apply(t, watch.Deleted, "a#0@6")   // likewise
		r.apply(t, watch.Deleted, "a#1@11")  // before it came back into the selection
		l.check(t)
		r.checkStore(t, "a#1@12", "b#2@7")
		if got := r.Store().Version(); got != "12" {
			t.Errorf("version = %s, want 12", got)
		}
		if r.Stats().Dropped != 4 {
			t.Errorf("%d events dropped, want 4", r.Stats().Dropped)
		}
		// Events that come together are one report; how many did is up to the scheduler.
		reports := disorder(t, r)
		if first := reports[0]; first.Key != "a" || first.Version != "11" || first.Known != "12" {
			t.Errorf("the first report is %+v", first)
		}
		count := 0
		for _, report := range reports {
			count += report.Count
		}
		if count != 4 {
			t.Errorf("%d events were reported, want 4", count)
		}

		r.apply(t, watch.Modified, "b#2@8") // late, but news of b
		l.check(t, "update b#2@7 b#2@8")
		if got := r.Store().Version(); got != "12" {
			t.Errorf("version = %s, want 12", got)
		}
		r.apply(t, watch.Modified, "a#1@12") // the same again
		l.check(t, "update a#1@12 a#1@12")
		r.end()
	})
}

// disorder are the reports of a rig, of which there is one at least, and which are all of events that were dropped.
func disorder(t *testing.T, r *rig) (reports []*DisorderError) {
	t.Helper()
	for _, err := range r.errs {
		report, ok := errors.AsType[*DisorderError](err)
		if !ok {
			t.Fatalf("reported %v", err)
		}
		reports = append(reports, report)
	}
	if len(reports) == 0 {
		t.Fatal("nothing was reported")
	}
	return reports
}

func TestDisorderErrorCountsWhatItDoesNotName(t *testing.T) {
	const one = `an event of "a" at version 11 was dropped: the cache had version 12 already`
	for count, want := range map[int]string{1: one, 2: one + " (and 1 more events)", 4: one + " (and 3 more events)"} {
		if got := (&DisorderError{Key: "a", Version: "11", Known: "12", Count: count}).Error(); got != want {
			t.Errorf("error = %s, want %s", got, want)
		}
	}
}

// I4: an object that is gone stays so when its past is told again.
func TestOldEventsOfDeletedObjects(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r, l := started(t, Options[object]{})
		r.replace(t, "10", "a#1@10")
		r.apply(t, watch.Deleted, "a#1@12")
		r.apply(t, watch.Modified, "a#1@11")
		r.poison(t, watch.Modified, "a#1@11")
		r.apply(t, watch.Deleted, "a#1@12")
		r.checkQuarantine(t)
		l.check(t, "initial a#1@10", "delete a#1@12")
		r.apply(t, watch.Added, "a#2@13")
		l.check(t, "add a#2@13")
		r.end()
	})
}

func TestOldEventsOfObjectsInQuarantine(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r, l := started(t, Options[object]{})
		r.replace(t, "10", "a#1@10")
		r.poison(t, watch.Modified, "a#1@12")
		r.apply(t, watch.Modified, "a#1@11")
		r.poison(t, watch.Deleted, "a#1@11")
		r.checkQuarantine(t, "a#1@12")
		r.checkStore(t, "a#1@10")
		l.check(t, "initial a#1@10")
		r.end()
	})
}

// Row 4: a list is the present, also that of a server which was restored from a backup.
func TestListMayTakeVersionsBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r, l := started(t, Options[object]{})
		r.replace(t, "1000", "a#1@900", "b#2@1000", "p#3@800")
		r.apply(t, watch.Deleted, "b#2@1001")
		l.take()
		r.replacePoisoned(t, "50", []object{"p#3@41"}, "a#1@40")
		r.apply(t, watch.Modified, "a#1@51")
		r.apply(t, watch.Added, "b#2@52")
		r.apply(t, watch.Modified, "p#3@53")
		l.check(t, "update a#1@900 a#1@40", "update a#1@40 a#1@51", "add b#2@52", "update p#3@800 p#3@53")
		if got := r.Store().Version(); got != "53" || len(r.errs) > 0 {
			t.Errorf("version = %s, want 53; errors %v", got, r.errs)
		}
		r.end()
	})
}

func TestVersionsThatAreNoNumbersAreNotCompared(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r, l := started(t, Options[object]{})
		r.replace(t, "v9", "a@v9")
		r.apply(t, watch.Modified, "a@v8")
		r.apply(t, watch.Modified, "a@")
		r.apply(t, watch.Deleted, "a@v7")
		l.check(t, "initial a@v9", "update a@v9 a@v8", "update a@v8 a@", "delete a@v7")
		if len(r.errs) > 0 {
			t.Errorf("errors %v", r.errs)
		}
		r.end()
	})
}

func TestNothingIsComparedWithoutIdentity(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := &rig{Informer: New(Options[object]{Key: key, SplitRecreated: true})}
		l := &log{}
		join(t, r, l)
		r.start(t)
		r.replace(t, "9", "a#1@9")
		r.apply(t, watch.Modified, "a#2@8")
		l.check(t, "initial a#1@9", "update a#1@9 a#2@8")
		r.end()
	})
}

// C2, row 29: an object that was made again unseen is told as the option says.
func TestRecreatedUnseen(t *testing.T) {
	for _, split := range []bool{false, true} {
		synctest.Test(t, func(t *testing.T) {
			r, l := started(t, Options[object]{SplitRecreated: split})
			r.replace(t, "1", "a#1@1", "b#2@1", "c@1")
			l.take()
			r.replace(t, "3", "a#3@2", "b#2@3", "c#4@3")
			r.apply(t, watch.Added, "a#5@4")
			want := []string{"update a#1@1 a#3@2", "update b#2@1 b#2@3", "update c@1 c#4@3", "update a#3@2 a#5@4"}
			if split {
				want = []string{"unknown a a#1@1", "add a#3@2", "update b#2@1 b#2@3", "update c@1 c#4@3", "unknown a a#3@2", "add a#5@4"}
			}
			l.check(t, want...)
			r.end()
		})
	}
}

func TestDeparturesRememberTheLast(t *testing.T) {
	var d departures
	for i := range 3 * maxDepartures {
		d.add(fmt.Sprint("key-", i), fmt.Sprint(i+1))
		d.add("again", fmt.Sprint(i+1))
	}
	last := 3*maxDepartures - 1
	if got := d.version(fmt.Sprint("key-", last)); got != fmt.Sprint(last+1) {
		t.Errorf("the last is %q", got)
	}
	if got := d.version("again"); got != fmt.Sprint(last+1) {
		t.Errorf("one that came often is %q", got)
	}
	if got := d.version("key-0"); got != "" {
		t.Errorf("the first is still known as %q", got)
	}
	if len(d.byKey) > maxDepartures || len(d.keys) != maxDepartures {
		t.Errorf("%d keys in a ring of %d", len(d.byKey), len(d.keys))
	}
}

// A server whose history is told with repetitions, late events, losses, poison and lists in between: the cache never
// goes back for any object, handlers hear what it shows, and after a list all is as the server has it (I1 to I5).
func TestRandomHistories(t *testing.T) {
	for seed := range uint64(200) {
		synctest.Test(t, func(t *testing.T) {
			random := rand.New(rand.NewPCG(seed, 3))
			r := newRigWith(Options[object]{SplitRecreated: seed%2 == 1})
			listeners := []*grammar{{t: t, told: map[string]object{}}, {t: t, told: map[string]object{}}}
			for i, policy := range []fanout.Queue{fanout.Unbounded(), fanout.Coalescing()} {
				if _, err := r.Join(listeners[i].handle, fanout.Options{Queue: policy}); err != nil {
					t.Fatal(err)
				}
			}
			r.start(t)
			type event struct {
				kind   watch.EventType
				object object
				poison bool
			}
			var history []event
			server, poisoned := map[string]object{}, map[string]bool{}
			version := 0
			list := func() {
				var good, bad []object
				for k, o := range server {
					if poisoned[k] {
						bad = append(bad, o)
					} else {
						good = append(good, o)
					}
				}
				r.replacePoisoned(t, fmt.Sprint(max(version, 1)), bad, good...)
				history = nil // the watch begins again
			}
			list()
			apply := func(e event) {
				if e.poison {
					r.poison(t, e.kind, e.object)
				} else {
					r.apply(t, e.kind, e.object)
				}
			}
			for range 150 {
				version++
				k := fmt.Sprint("k", random.IntN(5))
				now, exists := server[k]
				uid := identity(now).UID
				e := event{kind: watch.Modified, poison: random.IntN(8) == 0}
				switch {
				case !exists:
					e.kind, uid = watch.Added, identity(object(fmt.Sprintf("k#%d@", version))).UID
				case random.IntN(4) == 0:
					e.kind = watch.Deleted
				}
				e.object = object(fmt.Sprintf("%s#%s@%d", k, uid, version))
				server[k], poisoned[k] = e.object, e.poison
				if e.kind == watch.Deleted {
					delete(server, k)
					delete(poisoned, k)
				}
				history = append(history, e)
				apply(e)
				switch random.IntN(12) {
				case 0: // some of the history again, in any order
					for range random.IntN(5) {
						apply(history[random.IntN(len(history))])
					}
				case 1:
					list()
				case 2:
					synctest.Wait()
				}
			}
			synctest.Wait()
			for k, o := range server {
				if got, ok := r.Store().Get(k); !poisoned[k] && (!ok || got != o) {
					t.Errorf("seed %d: the store has %s, the server %s", seed, got, o)
				}
			}
			for _, o := range r.Store().List() {
				if k, _ := o.split(); server[k] == "" {
					t.Errorf("seed %d: the store has a ghost %s", seed, o)
				}
			}
			bad := 0
			for _, poison := range poisoned {
				if poison {
					bad++
				}
			}
			if n := r.Stats().Quarantined; n != bad {
				t.Errorf("seed %d: %d objects in quarantine, want %d", seed, n, bad)
			}
			stored := maps.Collect(r.Store().All())
			for _, l := range listeners {
				if diff := cmp.Diff(stored, l.told); diff != "" {
					t.Errorf("seed %d: told differs from stored (-stored +told):\n%s", seed, diff)
				}
			}
			r.end()
		})
		if t.Failed() {
			return
		}
	}
}

// grammar checks what a handler is told: see fanout.
type grammar struct {
	t    *testing.T
	told map[string]object
}

func (g *grammar) handle(n fanout.Notification[object]) {
	last, knows := g.told[n.Key]
	adds := n.Kind == fanout.Add || n.Kind == fanout.InitialAdd
	if adds == knows || !adds && n.Old != last || versions.Older(identity(n.New).Version, identity(last).Version) {
		g.t.Errorf("%v of %s from %q to %q after %q", n.Kind, n.Key, n.Old, n.New, last)
	}
	if g.told[n.Key] = n.New; n.Kind == fanout.Delete || n.Kind == fanout.DeleteUnknown {
		delete(g.told, n.Key)
	}
}
