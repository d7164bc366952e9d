package cache

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/klog/v2"
)

// state is a ConfigMap "ns/name" of some version, with a color that it is indexed by.
func state(name, version, color string) *corev1.ConfigMap {
	return at(labelled("ns", name, color), version)
}

// life is a state of an object with a UID.
func life(uid, version string) *corev1.ConfigMap {
	cm := state("a", version, "")
	cm.UID = types.UID(uid)
	return cm
}

// mutationRig is a MutationCache over a store.
type mutationRig struct {
	*testing.T
	MutationCache
	store Indexer
}

func newMutationRig(t *testing.T, options MutationCacheOptions) mutationRig {
	byColor := func(obj interface{}) ([]string, error) {
		switch color := obj.(*corev1.ConfigMap).Labels["color"]; color {
		case "fail":
			return nil, errors.New("cannot index this")
		default:
			return []string{color}, nil
		}
	}
	store := NewIndexer(MetaNamespaceKeyFunc, Indexers{"color": byColor})
	options.Indexer = store
	return mutationRig{t, NewIntegerResourceVersionMutationCacheWithOptions(klog.Background(), store, options), store}
}

// sees checks which version of an object the cache shows; empty is none.
func (r mutationRig) sees(name, want string) {
	r.Helper()
	obj, exists, err := r.GetByKey("ns/" + name)
	got := ""
	if exists {
		got = obj.(*corev1.ConfigMap).ResourceVersion
	}
	if got != want || err != nil || exists != (obj != nil) {
		r.Errorf("GetByKey shows %q, %v, %v; want %q", got, exists, err, want)
	}
}

// finds checks which objects of a color the cache shows, as name@version.
func (r mutationRig) finds(color string, want ...string) {
	r.Helper()
	objects, err := r.ByIndex("color", color)
	if err != nil {
		r.Error(err)
	}
	got := []string{}
	for _, obj := range objects {
		got = append(got, obj.(*corev1.ConfigMap).Name+"@"+obj.(*corev1.ConfigMap).ResourceVersion)
	}
	if slices.Sort(got); !slices.Equal(got, want) {
		r.Errorf("ByIndex %s = %v, want %v", color, got, want)
	}
}

func TestMutationCacheShowsTheNewerState(t *testing.T) {
	r := newMutationRig(t, MutationCacheOptions{})
	r.sees("a", "")
	must(t, r.store.Add(state("a", "9", "")))
	r.sees("a", "9")
	r.Mutation(state("a", "10", "")) // by number, not by text
	r.sees("a", "10")
	r.Mutation(state("a", "9", "")) // an answer that was overtaken
	r.sees("a", "10")
	must(t, r.store.Update(state("a", "11", "")))
	r.sees("a", "11")
}

// Once the store has caught up, what it does is not covered up by what was written before.
func TestMutationCacheForgetsWhatTheStoreHasSeen(t *testing.T) {
	r := newMutationRig(t, MutationCacheOptions{IncludeAdds: true})
	r.Mutation(state("a", "5", ""))
	must(t, r.store.Add(state("a", "5", "")))
	r.sees("a", "5")
	must(t, r.store.Delete(state("a", "6", "")))
	r.sees("a", "")
}

func TestMutationCacheIncludeAdds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for _, include := range []bool{false, true} {
			r := newMutationRig(t, MutationCacheOptions{IncludeAdds: include})
			r.Mutation(state("a", "5", "red"))
			for range 3 { // however often it is asked for
				if include {
					r.sees("a", "5")
					r.finds("red", "a@5")
				} else {
					r.sees("a", "")
					r.finds("red")
				}
			}
		}
	})
}

func TestMutationCacheByIndexIsOfTheNewerState(t *testing.T) {
	r := newMutationRig(t, MutationCacheOptions{})
	must(t, r.store.Add(state("a", "1", "red")), r.store.Add(state("b", "2", "red")), r.store.Add(state("c", "3", "blue")))
	r.Mutation(state("a", "4", "blue"))
	r.Mutation(state("c", "5", "blue"))
	r.Mutation(state("new", "6", "blue"))
	r.finds("red", "b@2")
	r.finds("blue", "a@4", "c@5")
	r.Mutation(state("c", "7", "fail")) // in no index
	r.finds("blue", "a@4")
	r.finds("green")
}

func TestMutationCacheByIndexErrors(t *testing.T) {
	r := newMutationRig(t, MutationCacheOptions{})
	if _, err := r.ByIndex("nope", "x"); err == nil || !strings.Contains(err.Error(), `no index named "nope"`) {
		t.Errorf("error = %v", err)
	}
	without := NewIntegerResourceVersionMutationCache(klog.Background(), r.store, nil, 0, false)
	if _, err := without.ByIndex("color", "x"); err == nil || !strings.Contains(err.Error(), "has no indexer") {
		t.Errorf("error = %v", err)
	}
}

// OnAddOrUpdate spares the caller of IncludeAdds from an object that was updated, seen and deleted before it was asked for.
func TestMutationCacheHearsOfChanges(t *testing.T) {
	r := newMutationRig(t, MutationCacheOptions{IncludeAdds: true})
	r.Mutation(state("a", "5", ""))
	r.OnAddOrUpdate(state("a", "4", ""))
	r.sees("a", "5")
	r.OnAddOrUpdate(state("a", "5", ""))
	r.sees("a", "")
}

func TestMutationCacheHearsOfDeletions(t *testing.T) {
	for name, c := range map[string]struct {
		do   func(r mutationRig)
		want string
	}{
		"what was written before": {func(r mutationRig) {
			r.Mutation(life("1", "5"))
			r.OnDelete(life("1", "6"))
		}, ""},
		"a deletion that only a list has shown is known by an old state": {func(r mutationRig) {
			r.Mutation(life("1", "5"))
			r.OnDelete(life("1", "2"))
		}, ""},
		"an answer that comes after the deletion": {func(r mutationRig) {
			r.OnDelete(life("1", "6"))
			r.Mutation(life("1", "5"))
		}, ""},
		"an answer that comes after a deletion that only a list has shown": {func(r mutationRig) {
			r.OnDelete(life("1", "2"))
			r.Mutation(life("1", "5"))
		}, ""},
		"a new object, whose creation is known before the deletion of the old one": {func(r mutationRig) {
			r.Mutation(life("2", "7"))
			r.OnDelete(life("1", "6"))
		}, "7"},
		"a new object after the deletion": {func(r mutationRig) {
			r.OnDelete(life("1", "6"))
			r.Mutation(life("2", "7"))
		}, "7"},
		"objects without UID are told apart by version": {func(r mutationRig) {
			r.OnDelete(life("", "6"))
			r.Mutation(life("", "5"))
			r.OnDelete(life("", "6"))
			r.Mutation(life("", "7"))
		}, "7"},
	} {
		t.Run(name, func(t *testing.T) {
			r := newMutationRig(t, MutationCacheOptions{IncludeAdds: true})
			c.do(r)
			r.sees("a", c.want)
		})
	}
}

// A deletion is no state: an object that the store has is shown, though the cache remembers that it was deleted.
func TestMutationCacheShowsTheStoreAfterADeletion(t *testing.T) {
	r := newMutationRig(t, MutationCacheOptions{})
	r.OnDelete(life("1", "6"))
	must(t, r.store.Add(life("2", "7")))
	r.sees("a", "7")
}

func TestMutationCacheForgetsAfterTTL(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for ttl, want := range map[time.Duration]time.Duration{0: 5 * time.Minute, time.Second: time.Second} {
			r := newMutationRig(t, MutationCacheOptions{TTL: ttl, IncludeAdds: true})
			r.Mutation(state("a", "5", "red"))
			time.Sleep(want)
			r.sees("a", "5")
			time.Sleep(time.Nanosecond)
			r.sees("a", "")
			r.finds("red")
		}
	})
}

func TestMutationCacheForgetsWhatWasNotAskedForLongest(t *testing.T) {
	for size, want := range map[int]int{0: 100, 3: 3} {
		r := newMutationRig(t, MutationCacheOptions{MaxCacheSize: size, IncludeAdds: true})
		for i := range want {
			r.Mutation(state(fmt.Sprint("a", i), "5", ""))
		}
		r.sees("a0", "5")
		for i := range 2 * want {
			r.OnDelete(state(fmt.Sprint("other", i), "6", "")) // deletions take no room from writes
		}
		r.Mutation(state("one more", "5", ""))
		r.sees("a0", "5")
		r.sees("a1", "")
		r.sees("a2", "5")
	}
}

// What cannot be compared does not cover up the store.
func TestMutationCacheTrustsTheStoreWhereVersionsAreNoNumbers(t *testing.T) {
	r := newMutationRig(t, MutationCacheOptions{})
	for _, version := range []string{"", "0", "x7"} {
		must(t, r.store.Update(state("a", "1", "")))
		r.Mutation(state("a", version, ""))
		r.sees("a", "1")
		must(t, r.store.Update(state("a", version, "")))
		r.Mutation(state("a", "9", ""))
		r.sees("a", version)
	}
}

func TestMutationCacheIgnoresWhatIsNoObject(t *testing.T) {
	r := newMutationRig(t, MutationCacheOptions{IncludeAdds: true})
	var none *corev1.ConfigMap
	r.Mutation(nil)
	r.Mutation("text")
	r.Mutation(none)
	r.Mutation(&metav1.Status{})
	r.OnAddOrUpdate(nil)
	r.OnDelete(none)
	r.finds("")
}

// failingStore cannot be read.
type failingStore struct{ Store }

func (failingStore) GetByKey(string) (interface{}, bool, error) {
	return nil, false, errors.New("on fire")
}

func TestMutationCachePassesOnErrorsOfTheStore(t *testing.T) {
	r := newMutationRig(t, MutationCacheOptions{})
	must(t, r.store.Add(state("a", "1", "red")))
	m := NewIntegerResourceVersionMutationCache(klog.Background(), failingStore{r.store}, r.store, 0, true)
	if _, _, err := m.GetByKey("ns/a"); err == nil {
		t.Error("GetByKey lost the error")
	}
	if _, err := m.ByIndex("color", "red"); err == nil {
		t.Error("ByIndex lost the error")
	}
}

// watchedStore calls a function when it is read.
type watchedStore struct {
	Store
	read func()
}

func (s watchedStore) GetByKey(key string) (interface{}, bool, error) {
	s.read()
	return s.Store.GetByKey(key)
}

// Between a look at the store, which is behind, and one at what was written, the store must not catch up: that would leave
// the old state to be shown.
func TestMutationCacheLooksAtStoreAndWritesAtOnce(t *testing.T) {
	r := newMutationRig(t, MutationCacheOptions{})
	reads := 0
	var m *mutationCache
	m = NewIntegerResourceVersionMutationCache(klog.Background(), watchedStore{r.store, func() {
		if reads++; m.mu.TryLock() {
			t.Error("the store is read without the lock")
		}
	}}, r.store, 0, false).(*mutationCache)
	if _, _, err := m.GetByKey("ns/a"); err != nil || reads != 1 {
		t.Errorf("%d reads, %v", reads, err)
	}
}

// Whoever has written a state never sees an older one, whatever the informer does meanwhile.
func TestMutationCacheReadsYourWrites(t *testing.T) {
	r := newMutationRig(t, MutationCacheOptions{})
	must(t, r.store.Add(state("a", "1", "")))
	var wg sync.WaitGroup
	written := make(chan string, 1000)
	wg.Go(func() { // the informer, which is behind
		for version := range written {
			if err := r.store.Update(state("a", version, "")); err != nil {
				t.Error(err)
			}
			r.OnAddOrUpdate(state("a", version, ""))
		}
	})
	for i := range 1000 {
		version := fmt.Sprint(i + 2)
		written <- version
		r.Mutation(state("a", version, ""))
		r.sees("a", version)
	}
	close(written)
	wg.Wait()
}
