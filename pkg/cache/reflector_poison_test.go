package cache

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/watch"

	"github.com/kubewright/kubewright/pkg/cache/internal/reflector"
)

func newConfigMap(name, value string) *corev1.ConfigMap {
	return &corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{Namespace: "ns", Name: name}, Data: map[string]string{"value": value}}
}

var errPoison = errors.New("cannot be decoded")

func poison(name string) *reflector.Poison {
	p := &reflector.Poison{Name: name, Version: "7", Err: errPoison}
	if name != "" {
		p.Namespace = "ns"
	}
	return p
}

func poisoned(kind watch.EventType, name string) reflector.Event[any] {
	return reflector.Event[any]{Type: kind, Version: "7", Poison: poison(name)}
}

// shown are the objects of a store.
func shown(store Store) []string {
	lines := []string{}
	for _, object := range store.List() {
		lines = append(lines, show(object))
	}
	slices.Sort(lines)
	return lines
}

// R8: an object that exists and cannot be decoded stays in the store as it was, until it is known to be gone.
func TestPoisonedObjectsStayInAStore(t *testing.T) {
	for name, c := range map[string]struct {
		do   func(storeSink) error
		want []string
	}{
		"listed": {func(s storeSink) error {
			return s.Replace(reflector.List[any]{Objects: []any{newConfigMap("a", "2")}, Poisoned: []reflector.Poison{*poison("b"), *poison("new")}})
		}, []string{"a=2", "b=1"}},
		"listed, but which": {func(s storeSink) error {
			return s.Replace(reflector.List[any]{Objects: []any{newConfigMap("a", "2")}, Poisoned: []reflector.Poison{*poison("")}})
		}, []string{"a=2", "b=1", "c=1"}},
		"listed, and counted only": {func(s storeSink) error {
			return s.Replace(reflector.List[any]{Objects: []any{newConfigMap("a", "2")}, Poisoned: []reflector.Poison{*poison("b")}, More: 1})
		}, []string{"a=2", "b=1", "c=1"}},
		"listed twice": {func(s storeSink) error {
			return s.Replace(reflector.List[any]{Objects: []any{newConfigMap("b", "2")}, Poisoned: []reflector.Poison{*poison("b")}})
		}, []string{"b=2"}},
		"added":    {func(s storeSink) error { return s.Apply(poisoned(watch.Added, "new")) }, []string{"a=1", "b=1", "c=1"}},
		"modified": {func(s storeSink) error { return s.Apply(poisoned(watch.Modified, "b")) }, []string{"a=1", "b=1", "c=1"}},
		"deleted":  {func(s storeSink) error { return s.Apply(poisoned(watch.Deleted, "b")) }, []string{"a=1", "c=1"}},
		"gone":     {func(s storeSink) error { return s.Apply(poisoned(watch.Deleted, "new")) }, []string{"a=1", "b=1", "c=1"}},
	} {
		t.Run(name, func(t *testing.T) {
			store := NewStore(MetaNamespaceKeyFunc)
			for _, name := range []string{"a", "b", "c"} {
				must(t, store.Add(newConfigMap(name, "1")))
			}
			if err := c.do(storeSink{store}); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.want, shown(store)); diff != "" {
				t.Errorf("objects (-want +got):\n%s", diff)
			}
		})
	}
}

func TestPoisonedObjectsAreNotDeletedByAQueue(t *testing.T) {
	known := NewStore(MetaNamespaceKeyFunc)
	for _, name := range []string{"a", "b", "c"} {
		must(t, known.Add(newConfigMap(name, "1")))
	}
	deltas := func() Queue {
		return NewDeltaFIFOWithOptions(DeltaFIFOOptions{KnownObjects: known, EmitDeltaTypeReplaced: true})
	}
	real := func() Queue { return NewRealFIFO(MetaNamespaceKeyFunc, known, nil) }
	for _, c := range []struct {
		make func() Queue
		name string
		want []string
	}{
		{deltas, "b", []string{"Replaced a=2", "Deleted ns/c"}},
		{deltas, "", []string{"Replaced a=2"}},
		{real, "b", []string{"Deleted ns/c", "Replaced a=2"}},
		{real, "", []string{"Replaced a=2"}},
	} {
		queue, name, want := c.make(), c.name, c.want
		err := storeSink{queue}.Replace(reflector.List[any]{Objects: []any{newConfigMap("a", "2")}, Poisoned: []reflector.Poison{*poison(name)}})
		must(t, err)
		var got []string
		for range want {
			_, err := queue.Pop(func(obj interface{}, _ bool) error {
				for _, delta := range obj.(Deltas) {
					what, ok := delta.Object.(DeletedFinalStateUnknown)
					if ok {
						got = append(got, "Deleted "+what.Key)
					} else {
						got = append(got, string(delta.Type)+" "+show(delta.Object))
					}
				}
				return nil
			})
			must(t, err)
		}
		if diff := cmp.Diff(want, got); diff != "" || !queue.HasSynced() {
			t.Errorf("%T, poison %q: synced %v, deltas (-want +got):\n%s", queue, name, queue.HasSynced(), diff)
		}
	}
}

// Row 38: an object for which a transform or key function of a store fails or panics is left out, and holds up no other. It
// failed every list, or ended the process.
func TestObjectsThatAStoreCannotTakeAreLeftOut(t *testing.T) {
	bad := func(obj interface{}) bool {
		cm, ok := obj.(*corev1.ConfigMap)
		return ok && cm.Name == "bad" && !strings.HasPrefix(cm.Data["value"], "healed")
	}
	fails := func(obj interface{}) (interface{}, error) {
		if bad(obj) {
			return nil, errPoison
		}
		return appendBang(obj)
	}
	panics := func(obj interface{}) (interface{}, error) {
		if bad(obj) {
			panic(errPoison)
		}
		return appendBang(obj)
	}
	keyPanics := func(obj interface{}) (string, error) {
		if bad(obj) {
			panic(errPoison)
		}
		return DeletionHandlingMetaNamespaceKeyFunc(obj)
	}
	keyFails := func(obj interface{}) (string, error) {
		if bad(obj) {
			return "", errPoison
		}
		return DeletionHandlingMetaNamespaceKeyFunc(obj)
	}
	none := NewStore(MetaNamespaceKeyFunc)
	for name, store := range map[string]ReflectorStore{
		"RealFIFO, transform fails":   NewRealFIFO(MetaNamespaceKeyFunc, none, fails),
		"RealFIFO, transform panics":  NewRealFIFO(MetaNamespaceKeyFunc, none, panics),
		"RealFIFO, key panics":        NewRealFIFO(keyPanics, none, appendBang),
		"DeltaFIFO, transform panics": NewDeltaFIFOWithOptions(DeltaFIFOOptions{Transformer: panics}),
		"DeltaFIFO, key fails":        NewDeltaFIFOWithOptions(DeltaFIFOOptions{KeyFunction: keyFails, Transformer: appendBang}),
		"FIFO, key panics":            NewFIFO(keyPanics),
		"store, transform panics":     NewStore(MetaNamespaceKeyFunc, WithTransformer(panics)),
		"store, key panics":           NewStore(keyPanics, WithTransformer(appendBang)),
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				server := newFakeServer("bad", "a", "gone")
				r := NewReflectorWithOptions(server.listWatch(), &corev1.ConfigMap{}, store, ReflectorOptions{})
				var reported []error
				r.onWatchError = func(_ context.Context, _ *Reflector, err error) { reported = append(reported, err) }
				ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
				defer cancel()
				done := make(chan struct{})
				go func() {
					defer close(done)
					r.RunWithContext(ctx)
				}()
				synctest.Wait()
				server.set("bad", "still")
				server.set("b", "1")
				server.remove("gone")
				synctest.Wait()
				server.set("bad", "healed")
				synctest.Wait()
				want := []string{"a=!", "b=1!", "bad=healed!"}
				if _, ok := store.(*FIFO); ok { // it transforms nothing
					want = []string{"a", "b=1", "bad=healed"}
				}
				if diff := cmp.Diff(want, contentOf(t, store)); diff != "" {
					t.Errorf("content (-want +got):\n%s", diff)
				}
				if lists := r.core.State().Lists; lists != 1 {
					t.Errorf("%d lists, want one", lists)
				}
				if len(reported) != 2 || !errors.Is(reported[0], errPoison) || !strings.Contains(reported[0].Error(), "object ns/bad") {
					t.Errorf("reported %v, want the two states of ns/bad", reported)
				}
				<-done
			})
		})
	}
}

// To the reflector, which tells objects apart by what they say, one that was transformed is what it was.
func TestPreparedObjectsKeepTheirIdentity(t *testing.T) {
	key := func(interface{}) (string, error) { return "k", nil }
	forget := func(interface{}) (interface{}, error) { return "text", nil }
	source := reflector.Objects[any](nil, nil)
	for obj, want := range map[any]reflector.Key{newConfigMap("a", ""): {Namespace: "ns", Name: "a"}, "no object": {}} {
		object, err := prepare(forget, key, obj)
		must(t, err)
		if got := source.Key(object); got != want {
			t.Errorf("key of %v is %+v, want %+v", obj, got, want)
		}
	}
}

// contentOf are the objects of a store, or the last states of the objects of a queue.
func contentOf(t *testing.T, store ReflectorStore) []string {
	t.Helper()
	queue, ok := store.(Queue)
	if !ok {
		return shown(store.(Store))
	}
	queue.Close()
	last := map[string]string{}
	for {
		_, err := queue.Pop(func(obj interface{}, _ bool) error {
			deltas, ok := obj.(Deltas)
			if !ok {
				deltas = Deltas{{Type: Added, Object: obj}}
			}
			for _, delta := range deltas {
				cm := lastState(delta.Object).(*corev1.ConfigMap)
				last[cm.Name] = show(cm)
				if delta.Type == Deleted {
					delete(last, cm.Name)
				}
			}
			return nil
		})
		if errors.Is(err, ErrFIFOClosed) {
			return slices.Sorted(maps.Values(last))
		}
		must(t, err)
	}
}

// A reflector goes on whatever functions of the user's do.
func TestReflectorSurvivesPanicsOfItsOwner(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := newFakeServer("a")
		lw := listWatchOf(server, func(*metav1.ListOptions) {})
		list, lists := lw.ListWithContextFunc, 0
		lw.ListWithContextFunc = func(ctx context.Context, options metav1.ListOptions) (runtime.Object, error) {
			if lists++; lists == 1 {
				panic("no list")
			}
			return list(ctx, options)
		}
		store := NewStore(MetaNamespaceKeyFunc)
		r := NewReflectorWithOptions(ToListWatcherWithWatchListSemantics(lw, server), &corev1.ConfigMap{}, store, ReflectorOptions{ResyncPeriod: time.Second})
		r.onWatchError = func(context.Context, *Reflector, error) { panic("not me") }
		r.ShouldResync = func() bool { panic("nor me") }
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		defer cancel()
		r.RunWithContext(ctx)
		if diff := cmp.Diff([]string{"a"}, shown(store)); diff != "" {
			t.Errorf("content (-want +got):\n%s", diff)
		}
	})
}

// A store that cannot be read learns of the deletion by the next list.
func TestPoisonedDeletionOfAStoreThatCannotBeRead(t *testing.T) {
	store := &notedStore{eventLog: &eventLog{}}
	if err := (storeSink{store}).Apply(poisoned(watch.Deleted, "b")); !errors.Is(err, errPoison) {
		t.Errorf("error = %v, want one that makes the reflector list again", err)
	}
	must(t, storeSink{store}.Replace(reflector.List[any]{Objects: []any{newConfigMap("a", "1")}, Poisoned: []reflector.Poison{*poison("b")}, Version: "9"}))
	if diff := cmp.Diff([]string{"replace 1 at 9"}, store.take()); diff != "" || store.version.Load() != "9" {
		t.Errorf("store was told (-want +got):\n%s", diff)
	}
}
