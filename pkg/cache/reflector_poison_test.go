package cache

import (
	"errors"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
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
