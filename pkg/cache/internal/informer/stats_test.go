package informer

import (
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/apimachinery/pkg/watch"

	"github.com/kubewright/kubewright/pkg/cache/internal/fanout"
	"github.com/kubewright/kubewright/pkg/cache/internal/reflector"
)

func TestStats(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRigWith(Options[object]{})
		check := func(want Stats) {
			t.Helper()
			synctest.Wait()
			if diff := cmp.Diff(want, r.Stats()); diff != "" {
				t.Errorf("stats (-want +got):\n%s", diff)
			}
		}
		check(Stats{})
		release := make(chan struct{})
		if _, err := r.Join(func(fanout.Notification[object]) { <-release }, fanout.Options{}); err != nil {
			t.Fatal(err)
		}
		join(t, r, &log{})
		time.Sleep(time.Second)
		check(Stats{Backlog: 2, Waited: time.Second})

		r.start(t)
		r.replace(t, "3", "a@1", "b@2")
		began := time.Now()
		busy := fanout.Stats{Handlers: 2, Backlog: 2, Largest: 2}
		check(Stats{Objects: 2, Version: "3", Handlers: busy, Lists: 1, Applied: began})

		time.Sleep(time.Second)
		r.apply(t, watch.Modified, "a@4")
		r.poison(t, watch.Modified, "b@5")
		busy = fanout.Stats{Handlers: 2, Backlog: 3, Largest: 3, Waited: time.Second}
		check(Stats{Objects: 2, Version: "5", Handlers: busy, Lists: 1, Applied: began.Add(time.Second), Quarantined: 1})
		time.Sleep(time.Second)
		r.apply(t, watch.Modified, "a@3")
		busy.Waited += time.Second
		check(Stats{Objects: 2, Version: "5", Handlers: busy, Lists: 1, Applied: began.Add(time.Second), Quarantined: 1, Dropped: 1})
		close(release)
		r.end()
	})
}

func TestMetrics(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var depths []int
		var times []time.Duration
		var versions []string
		r := newRigWith(Options[object]{Metrics: Metrics{
			QueueDepth: func(n int) { depths = append(depths, n) },
			Processing: func(d time.Duration) { times = append(times, d) },
			Version:    func(v string) { versions = append(versions, v) },
		}})
		r.start(t)
		synctest.Wait()
		r.replace(t, "1", "a@1")
		r.apply(t, watch.Modified, "a@2")
		r.apply(t, watch.Modified, "a@3")
		synctest.Wait()
		join(t, r, &log{}) // is no change
		synctest.Wait()
		if !slices.Equal(depths, []int{3, 0, 1, 0}) || !slices.Equal(times, []time.Duration{0}) || !slices.Equal(versions, []string{"3"}) {
			t.Errorf("depths %v, times %v, versions %v", depths, times, versions)
		}
		r.end()
		if last := depths[len(depths)-1]; len(depths) != 5 || last != 0 {
			t.Errorf("in the end, depths %v", depths)
		}
	})
}

// Objects are announced before anybody can read them: those of lists and events, but no deletions, and not once more those
// that stay since their present state is in quarantine.
func TestObjectsAreAnnouncedBeforeTheyEnter(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var r *rig
		var entered []object
		r = newRigWith(Options[object]{Entering: func(o object) {
			k, _ := o.split()
			if there, _ := r.Store().Get(k); there == o {
				t.Errorf("%s is announced when it is in the store", o)
			}
			entered = append(entered, o)
		}})
		r.start(t)
		r.replace(t, "2", "a@1", "b@2")
		r.apply(t, watch.Added, "c@3")
		r.apply(t, watch.Modified, "a@4")
		r.apply(t, watch.Deleted, "c@5")
		r.apply(t, watch.Modified, "a@3") // is dropped
		r.poison(t, watch.Modified, "b@6")
		list := reflector.List[object]{Objects: []object{"a@7"}, Poisoned: []reflector.Poison{{Name: "b", Version: "6"}}, Version: "7"}
		if err := r.sink.Replace(list); err != nil {
			t.Error(err)
		}
		synctest.Wait()
		if want := []object{"a@1", "b@2", "c@3", "a@4", "a@7"}; !slices.Equal(entered, want) {
			t.Errorf("announced %v, want %v", entered, want)
		}
		r.end()
	})
}

func TestPanicsAreCounted(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(0)
		_, err := r.Join(func(fanout.Notification[object]) { panic("broke") }, fanout.Options{OnPanic: fanout.Skip})
		if err != nil {
			t.Fatal(err)
		}
		r.start(t)
		r.replace(t, "2", "a@1", "b@2")
		synctest.Wait()
		if panics := r.Stats().Panics; panics != 2 {
			t.Errorf("%d panics, want one for each object", panics)
		}
		r.end()
	})
}

func TestContentIsForAudits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(0)
		r.start(t)
		r.replace(t, "3", "a#1@2")
		synctest.Wait()
		n := 0
		r.Content(func(key string, uid types.UID, version string) {
			if n++; key != "a" || uid != "1" || version != "2" {
				t.Errorf("content is %s, %s, %s", key, uid, version)
			}
		})
		if n != 1 || r.Version() != "3" {
			t.Errorf("%d objects at version %s", n, r.Version())
		}
		r.end()
	})
}
