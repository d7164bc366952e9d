package cache

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestFIFO(t *testing.T) {
	for name, c := range map[string]struct {
		do   func(f *FIFO) []error
		want []string
	}{
		"an object is popped once, in its newest state, at its place": {func(f *FIFO) []error {
			return []error{f.Add("a=1"), f.Add("b=1"), f.Update("a=2")}
		}, []string{"a=2", "b=1"}},
		"what is deleted is not popped": {func(f *FIFO) []error {
			return []error{f.Add("a=1"), f.Add("b=1"), f.Delete("a=9"), f.Delete("never")}
		}, []string{"b=1"}},
		"a tombstone deletes": {func(f *FIFO) []error {
			return []error{f.Add("a=1"), f.Add("b=1"), f.Delete(DeletedFinalStateUnknown{"a", nil})}
		}, []string{"b=1"}},
		"what comes again after its deletion is last": {func(f *FIFO) []error {
			return []error{f.Add("a=1"), f.Add("b=1"), f.Delete("a=1"), f.Add("a=2")}
		}, []string{"b=1", "a=2"}},
		"a list is the whole content": {func(f *FIFO) []error {
			return []error{f.Add("a=1"), f.Add("b=1"), f.Replace([]interface{}{"c=1", "b=2", "c=2"}, "7")}
		}, []string{"c=2", "b=2"}},
		"a resync does nothing": {func(f *FIFO) []error {
			return []error{f.Add("a=1"), f.Resync()}
		}, []string{"a=1"}},
	} {
		t.Run(name, func(t *testing.T) {
			f := NewFIFO(named)
			must(t, c.do(f)...)
			if diff := cmp.Diff(c.want, popped(t, f)); diff != "" {
				t.Errorf("popped (-want +got):\n%s", diff)
			}
		})
	}
}

// What cannot be popped any more must not keep the queue from syncing for ever.
func TestFIFOSyncsWhenTheRestOfTheFirstListIsGone(t *testing.T) {
	list := []interface{}{"a=1", "b=1", "c=1"}
	pop := func(f *FIFO) {
		if _, err := f.Pop(func(interface{}, bool) error { return nil }); err != nil {
			t.Fatal(err)
		}
	}
	deleted := NewFIFO(named)
	must(t, deleted.Replace(list, "7"), deleted.Add("d=1"), deleted.Delete("b=1"), deleted.Delete("d=1"))
	pop(deleted)
	if deleted.HasSynced() {
		t.Error("synced before c was popped")
	}
	must(t, deleted.Delete("c=1"))
	if !deleted.HasSynced() {
		t.Error("not synced although all of the list was popped or deleted")
	}

	replaced := NewFIFO(named)
	must(t, replaced.Replace(list, "7"), replaced.Replace([]interface{}{"d=1"}, "8"))
	if replaced.HasSynced() {
		t.Error("synced before the list that took the place of the first was popped")
	}
	if pop(replaced); !replaced.HasSynced() {
		t.Error("not synced after it was popped")
	}
}
