package cache

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// named keys objects that are strings "key=value" by what stands before the sign.
func named(obj interface{}) (string, error) {
	s, ok := obj.(string)
	if !ok {
		return "", errors.New("not a string")
	}
	key, _, _ := strings.Cut(s, "=")
	return key, nil
}

// known are objects that a consumer has.
func known(objects ...string) Indexer {
	indexer := NewIndexer(named, Indexers{})
	for _, o := range objects {
		if err := indexer.Add(o); err != nil {
			panic(err)
		}
	}
	return indexer
}

// popped is what a queue holds, as "types and objects" by entry.
func popped(t *testing.T, q Queue) (entries []string) {
	t.Helper()
	q.Close()
	for {
		_, err := q.Pop(func(obj interface{}, _ bool) error {
			entries = append(entries, showEntry(obj))
			return nil
		})
		if err == ErrFIFOClosed {
			return entries
		}
		if err != nil {
			t.Fatal(err)
		}
	}
}

// showEntry is an entry of a queue as text.
func showEntry(obj interface{}) string {
	deltas, ok := obj.(Deltas)
	if !ok {
		return fmt.Sprint(obj)
	}
	return showDeltas(deltas)
}

func showDeltas(deltas []Delta) string {
	var shown []string
	for _, d := range deltas {
		if unknown, ok := d.Object.(DeletedFinalStateUnknown); ok {
			shown = append(shown, fmt.Sprintf("%s unknown %s %v", d.Type, unknown.Key, unknown.Obj))
		} else {
			shown = append(shown, fmt.Sprintf("%s %v", d.Type, d.Object))
		}
	}
	return strings.Join(shown, ", ")
}

func TestDeltaFIFO(t *testing.T) {
	replaced := DeltaFIFOOptions{KeyFunction: named, EmitDeltaTypeReplaced: true}
	for name, c := range map[string]struct {
		options DeltaFIFOOptions
		known   []string
		do      func(f *DeltaFIFO) []error
		want    []string
	}{
		"changes of one object are one entry": {replaced, nil, func(f *DeltaFIFO) []error {
			return []error{f.Add("a=1"), f.Add("b=1"), f.Update("a=2"), f.Delete("a=3")}
		}, []string{"Added a=1, Updated a=2, Deleted a=3", "Added b=1"}},
		"a deletion of something unknown is dropped": {replaced, nil, func(f *DeltaFIFO) []error {
			return []error{f.Delete("a=1")}
		}, nil},
		"a deletion of a known object is kept": {replaced, []string{"a=1"}, func(f *DeltaFIFO) []error {
			return []error{f.Delete("a=2")}
		}, []string{"Deleted a=2"}},
		"two deletions are one, the one that knows the state": {replaced, []string{"a=1", "b=1"}, func(f *DeltaFIFO) []error {
			return []error{f.Delete("a=2"), f.Delete(DeletedFinalStateUnknown{"a", "a=0"}),
				f.Delete(DeletedFinalStateUnknown{"b", "b=0"}), f.Delete("b=2")}
		}, []string{"Deleted a=2", "Deleted b=2"}},
		"a list deletes what is queued and not in it (P2)": {replaced, nil, func(f *DeltaFIFO) []error {
			return []error{f.Add("a=1"), f.Add("b=1"), f.Replace([]interface{}{"b=2"}, "7")}
		}, []string{"Added a=1, Deleted unknown a a=1", "Added b=1, Replaced b=2"}},
		"a list deletes what is known and not in it": {replaced, []string{"a=1", "b=1"}, func(f *DeltaFIFO) []error {
			return []error{f.Replace([]interface{}{"b=2"}, "7")}
		}, []string{"Replaced b=2", "Deleted unknown a a=1"}},
		"the queue knows better than the store": {replaced, []string{"a=1"}, func(f *DeltaFIFO) []error {
			return []error{f.Update("a=2"), f.Replace(nil, "7")}
		}, []string{"Updated a=2, Deleted unknown a a=2"}},
		"a list after a queued deletion is not lost (P1)": {replaced, []string{"a=1"}, func(f *DeltaFIFO) []error {
			return []error{f.Delete("a=2"), f.Replace([]interface{}{"a=3"}, "7")}
		}, []string{"Deleted a=2, Replaced a=3"}},
		"a tombstone is not put into another": {replaced, []string{"a=1"}, func(f *DeltaFIFO) []error {
			return []error{f.Replace(nil, "7"), f.Replace(nil, "8")}
		}, []string{"Deleted unknown a a=1"}},
		"without the option a list is told as a sync": {DeltaFIFOOptions{KeyFunction: named}, nil, func(f *DeltaFIFO) []error {
			return []error{f.Replace([]interface{}{"a=1"}, "7")}
		}, []string{"Sync a=1"}},
		"a resync leaves queued objects alone": {replaced, []string{"a=1", "b=1"}, func(f *DeltaFIFO) []error {
			return []error{f.Update("a=2"), f.Resync()}
		}, []string{"Updated a=2", "Sync b=1"}},
		"a transform sees new objects only": {DeltaFIFOOptions{KeyFunction: named, Transformer: func(obj interface{}) (interface{}, error) { return obj.(string) + "!", nil }},
			[]string{"a=1", "b=1"}, func(f *DeltaFIFO) []error {
				return []error{f.Add("c=1"), f.Delete(DeletedFinalStateUnknown{"a", "a=1"}), f.Resync(), f.Replace([]interface{}{"b=2", "c=2"}, "7")}
			}, []string{"Added c=1!, Sync c=2!", "Deleted unknown a a=1", "Sync b=1, Sync b=2!"}},
	} {
		t.Run(name, func(t *testing.T) {
			c.options.KnownObjects = known(c.known...)
			f := NewDeltaFIFOWithOptions(c.options)
			must(t, c.do(f)...)
			if diff := cmp.Diff(c.want, popped(t, f)); diff != "" {
				t.Errorf("popped (-want +got):\n%s", diff)
			}
		})
	}
}

func TestDeltaFIFOWithoutKnownObjects(t *testing.T) {
	f := NewDeltaFIFO(named, nil)
	must(t, f.Delete("a=1"), f.Resync(), f.Add("b=1"), f.Replace([]interface{}{"c=1"}, ""))
	if diff := cmp.Diff([]string{"Added b=1, Deleted unknown b b=1", "Sync c=1"}, popped(t, f)); diff != "" {
		t.Errorf("popped (-want +got):\n%s", diff)
	}
}

func TestDeltaFIFOHasSynced(t *testing.T) {
	pop := func(f *DeltaFIFO) (initial bool) {
		if _, err := f.Pop(func(_ interface{}, isInInitialList bool) error { initial = isInInitialList; return nil }); err != nil {
			t.Fatal(err)
		}
		return initial
	}
	f := NewDeltaFIFOWithOptions(DeltaFIFOOptions{KeyFunction: named, KnownObjects: known("gone=1")})
	if f.HasSynced() {
		t.Error("synced before it was used")
	}
	must(t, f.Replace([]interface{}{"a=1"}, "7"), f.Add("b=1"))
	for range 2 {
		if f.HasSynced() || !pop(f) {
			t.Error("synced before everything of the list was popped")
		}
	}
	if !f.HasSynced() || pop(f) {
		t.Error("not synced after everything of the list was popped")
	}
}

func TestDeltaFIFOKeys(t *testing.T) {
	f := NewDeltaFIFO(named, nil)
	for _, obj := range []interface{}{"a=1", DeletedFinalStateUnknown{Key: "a"}, Deltas{{Added, "x=1"}, {Updated, "a=1"}}} {
		if key, err := f.KeyOf(obj); key != "a" || err != nil {
			t.Errorf("KeyOf(%v) = %q, %v", obj, key, err)
		}
	}
	if _, err := f.KeyOf(Deltas{}); !errors.Is(err, ErrZeroLengthDeltasObject) {
		t.Errorf("KeyOf of no deltas = %v", err)
	}
}

func TestDeltas(t *testing.T) {
	var none Deltas
	if none.Newest() != nil || none.Oldest() != nil {
		t.Error("no deltas have a newest or oldest")
	}
	some := Deltas{{Added, "1"}, {Updated, "2"}}
	if some.Oldest().Object != "1" || some.Newest().Object != "2" {
		t.Errorf("oldest %v, newest %v", some.Oldest(), some.Newest())
	}
	if !slices.Equal(Deltas{{Deleted, "1"}}.plus(Delta{Added, "2"}), Deltas{{Deleted, "1"}, {Added, "2"}}) {
		t.Error("an addition after a deletion is lost")
	}
}
