package cache

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"
)

func TestRealFIFO(t *testing.T) {
	for name, c := range map[string]struct {
		known []string
		do    func(f *RealFIFO) []error
		want  []string
	}{
		"everything that happened, in order": {nil, func(f *RealFIFO) []error {
			return []error{f.Add("a=1"), f.Add("b=1"), f.Update("a=2"), f.Delete("a=3"), f.Delete(DeletedFinalStateUnknown{"c", "c=1"})}
		}, []string{"Added a=1", "Added b=1", "Updated a=2", "Deleted a=3", "Deleted unknown c c=1"}},
		"a list deletes what is queued and not in it (P2)": {nil, func(f *RealFIFO) []error {
			return []error{f.Add("a=1"), f.Update("a=2"), f.Add("b=1"), f.Replace([]interface{}{"b=2"}, "7")}
		}, []string{"Added a=1", "Updated a=2", "Added b=1", "Deleted unknown a a=2", "Replaced b=2"}},
		"a list deletes what is known and not in it": {[]string{"a=1", "b=1"}, func(f *RealFIFO) []error {
			return []error{f.Replace([]interface{}{"b=2", "c=1"}, "7")}
		}, []string{"Deleted unknown a a=1", "Replaced b=2", "Replaced c=1"}},
		"the queue knows better than the store": {[]string{"a=1"}, func(f *RealFIFO) []error {
			return []error{f.Update("a=2"), f.Replace(nil, "7")}
		}, []string{"Updated a=2", "Deleted unknown a a=2"}},
		"a list after a queued deletion is not lost (P1)": {[]string{"a=1"}, func(f *RealFIFO) []error {
			return []error{f.Delete("a=2"), f.Replace([]interface{}{"a=3"}, "7")}
		}, []string{"Deleted a=2", "Replaced a=3"}},
		"what is deleted in the queue is not deleted again": {[]string{"a=1"}, func(f *RealFIFO) []error {
			return []error{f.Delete("a=2"), f.Replace(nil, "7"), f.Replace(nil, "8")}
		}, []string{"Deleted a=2"}},
		"what came again after its deletion is deleted again": {nil, func(f *RealFIFO) []error {
			return []error{f.Delete("a=1"), f.Add("a=2"), f.Replace(nil, "7")}
		}, []string{"Deleted a=1", "Added a=2", "Deleted unknown a a=2"}},
		"a resync leaves queued objects alone": {[]string{"a=1", "b=1"}, func(f *RealFIFO) []error {
			return []error{f.Update("a=2"), f.Resync(), f.Resync()}
		}, []string{"Updated a=2", "Sync b=1"}},
		"bookmarks are no entries": {nil, func(f *RealFIFO) []error {
			return []error{f.Bookmark("7")}
		}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			f := NewRealFIFO(named, known(c.known...), nil)
			must(t, c.do(f)...)
			if diff := cmp.Diff(c.want, popped(t, f)); diff != "" {
				t.Errorf("popped (-want +got):\n%s", diff)
			}
		})
	}
}

func TestRealFIFOWithAtomicEvents(t *testing.T) {
	for _, bookmarks := range []bool{false, true} {
		f := NewRealFIFOWithOptions(RealFIFOOptions{KeyFunction: named, AtomicEvents: true, EmitDeltaTypeBookmark: bookmarks})
		must(t, f.Replace([]interface{}{"a=1", "b=1"}, "7"), f.Update("a=2"), f.Bookmark("8"), f.Resync(), f.Delete("b=1"), f.Replace(nil, "9"))
		want := []string{"ReplacedAll {7 [a=1 b=1]}", "Updated a=2", "Bookmark {8}", "SyncAll {}", "Deleted b=1", "ReplacedAll {9 []}"}
		if !bookmarks {
			want = append(want[:2:2], want[3:]...)
		}
		if diff := cmp.Diff(want, popped(t, f)); diff != "" {
			t.Errorf("bookmarks %v: popped (-want +got):\n%s", bookmarks, diff)
		}
	}
}

// P2 with atomic events: when its turn comes, the list is compared with a store to which everything before was applied.
func TestRealFIFOHandsOverListsInOrder(t *testing.T) {
	f := atomicFIFO(named)
	must(t, f.Add("ghost=1"), f.Replace([]interface{}{"a=1"}, "7"))
	store := known()
	f.Close()
	for err := error(nil); err == nil; {
		_, err = f.Pop(func(obj interface{}, _ bool) error {
			switch delta := obj.(Deltas).Newest(); info := delta.Object.(type) {
			case ReplacedAllInfo:
				return store.Replace(info.Objects, info.ResourceVersion)
			default:
				return store.Add(info)
			}
		})
	}
	if diff := cmp.Diff([]string{"a"}, store.ListKeys()); diff != "" {
		t.Errorf("store has (-want +got):\n%s", diff)
	}
}

// P10: a transform sees each object once, whatever way it comes, and no tombstones.
func TestRealFIFOTransformsOncePerObject(t *testing.T) {
	shout := func(obj interface{}) (interface{}, error) {
		text := obj.(string) // a tombstone would panic
		if strings.HasSuffix(text, "!") {
			return nil, fmt.Errorf("%s was transformed before", text)
		}
		return text + "!", nil
	}
	f := NewRealFIFO(named, known("a=1!", "b=1!"), shout)
	must(t, f.Add("c=1"), f.Delete(DeletedFinalStateUnknown{"a", "a=1!"}), f.Resync(), f.Update("c=2"), f.Replace([]interface{}{"b=2"}, "7"), f.Delete("b=3"))
	want := []string{"Added c=1!", "Deleted unknown a a=1!", "Sync b=1!", "Updated c=2!", "Deleted unknown c c=2!", "Replaced b=2!", "Deleted b=3!"}
	if diff := cmp.Diff(want, popped(t, f)); diff != "" {
		t.Errorf("popped (-want +got):\n%s", diff)
	}
	if f.Transformer() == nil || NewRealFIFO(named, known(), nil).Transformer() != nil {
		t.Error("Transformer is not the transform of the queue")
	}

	atomic := NewRealFIFOWithOptions(RealFIFOOptions{KeyFunction: named, AtomicEvents: true, Transformer: shout})
	must(t, atomic.Replace([]interface{}{"a=1"}, "7"))
	if err := atomic.Replace([]interface{}{"a=1", "b=1!"}, "8"); err == nil || !strings.Contains(err.Error(), "transform: b=1! was transformed before") {
		t.Errorf("error = %v, want that of the transform", err)
	}
	if diff := cmp.Diff([]string{"ReplacedAll {7 [a=1!]}"}, popped(t, atomic)); diff != "" {
		t.Errorf("popped (-want +got):\n%s", diff)
	}
}

// batches is what PopBatch of a queue makes of its content: the batches, and single entries in brackets.
func batches(t *testing.T, f *RealFIFO) (entries []string) {
	t.Helper()
	f.Close()
	failed := errors.New("processing failed")
	for {
		err := f.PopBatch(func(deltas []Delta, initial bool) error {
			entries = append(entries, fmt.Sprintf("%s: %v", showDeltas(deltas), initial))
			return failed
		}, func(obj interface{}, initial bool) error {
			entries = append(entries, fmt.Sprintf("[%s]: %v", showEntry(obj), initial))
			return failed
		})
		if err == ErrFIFOClosed {
			return entries
		}
		if err != failed {
			t.Fatalf("PopBatch = %v, want the error of the processing", err)
		}
	}
}

func TestRealFIFOBatches(t *testing.T) {
	f := NewRealFIFO(named, known("k=1"), nil)
	must(t, f.Replace([]interface{}{"a=1", "b=1"}, "7"), f.Add("c=1"), f.Update("d=1"), f.Update("c=2"), f.Resync())
	want := []string{
		"Deleted unknown k k=1, Replaced a=1, Replaced b=1: true", // the first list, and nothing else
		"Added c=1, Updated d=1: false",                           // different objects only
		"[Updated c=2]: false",
	}
	if diff := cmp.Diff(want, batches(t, f)); diff != "" {
		t.Errorf("batches (-want +got):\n%s", diff)
	}

	f = atomicFIFO(named)
	must(t, f.Replace([]interface{}{"a=1", "b=1"}, "7"), f.Add("c=1"), f.Delete("d=1"), f.Resync(), f.Update("e=1"), f.Bookmark("8"), f.Bookmark("9"))
	want = []string{
		"[ReplacedAll {7 [a=1 b=1]}]: true", "Added c=1, Deleted d=1: false", "[SyncAll {}]: false", "[Updated e=1]: false",
		"[Bookmark {8}]: false", "[Bookmark {9}]: false",
	}
	if diff := cmp.Diff(want, batches(t, f)); diff != "" {
		t.Errorf("atomic batches (-want +got):\n%s", diff)
	}
}

func TestRealFIFOBatchesAreBounded(t *testing.T) {
	f := atomicFIFO(named)
	for i := range 2*maxBatch + 1 {
		must(t, f.Add(fmt.Sprint(i)))
	}
	var sizes []int
	f.Close()
	for f.PopBatch(func(deltas []Delta, _ bool) error { sizes = append(sizes, len(deltas)); return nil },
		func(interface{}, bool) error { sizes = append(sizes, 1); return nil }) == nil {
	}
	if diff := cmp.Diff([]int{maxBatch, maxBatch, 1}, sizes); diff != "" {
		t.Errorf("sizes (-want +got):\n%s", diff)
	}
}

// P6, R16: while an entry is processed, the queue takes others, from the processing function too.
func TestRealFIFOIsUnlockedWhileProcessing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := atomicFIFO(named)
		must(t, f.Add("a=1"))
		release, done := make(chan struct{}), make(chan struct{})
		go func() {
			defer close(done)
			_, err := f.Pop(func(interface{}, bool) error {
				<-release
				return errors.Join(f.Add("c=1"), f.Resync(), f.Bookmark("8"))
			})
			if err != nil {
				t.Error(err)
			}
		}()
		synctest.Wait()
		must(t, f.Add("b=1"), f.Replace(nil, "7"))
		if f.IsClosed() {
			t.Error("closed")
		}
		close(release)
		<-done
		want := []string{"Added b=1", "ReplacedAll {7 []}", "Added c=1", "SyncAll {}", "Bookmark {8}"}
		if diff := cmp.Diff(want, popped(t, f)); diff != "" {
			t.Errorf("popped (-want +got):\n%s", diff)
		}
	})
}

// Without the option, whoever compares a list with queue and known objects waits for the processing function (P3).
func TestRealFIFOIsLockedWhileProcessing(t *testing.T) {
	f := NewRealFIFO(named, known(), nil)
	check := func(interface{}, bool) error {
		if f.mu.TryLock() {
			t.Error("the queue is not locked")
		}
		return nil
	}
	must(t, f.Add("a=1"), f.Add("b=1"), f.Add("c=1"))
	_, err := f.Pop(check)
	must(t, err, f.PopBatch(func([]Delta, bool) error { return check(nil, false) }, check))
}

// The first list may come while an entry is processed that does not belong to it.
func TestRealFIFOCountsOnlyTheFirstListAsInitial(t *testing.T) {
	f := atomicFIFO(named)
	must(t, f.Resync())
	pop := func(process func()) (initial bool) {
		_, err := f.Pop(func(_ interface{}, isInInitialList bool) error { initial = isInInitialList; process(); return nil })
		must(t, err)
		return initial
	}
	pop(func() { must(t, f.Replace([]interface{}{"a=1"}, "7")) })
	if f.HasSynced() {
		t.Error("synced before the first list was popped")
	}
	if !pop(func() {}) || !f.HasSynced() {
		t.Error("the first list is not the initial one")
	}
}

func TestRealFIFORefusesContradictions(t *testing.T) {
	for _, options := range []RealFIFOOptions{
		{},
		{AtomicEvents: true, KnownObjects: known()},
		{KnownObjects: known(), UnlockWhileProcessing: true},
		{KnownObjects: known(), EmitDeltaTypeBookmark: true},
	} {
		func() {
			defer func() {
				if message, ok := recover().(string); !ok || !strings.HasPrefix(message, "RealFIFO: ") {
					t.Errorf("%+v: panic %q", options, message)
				}
			}()
			NewRealFIFOWithOptions(options)
		}()
	}
}

func TestRealFIFOName(t *testing.T) {
	defer ResetInformerNamesForTesting()
	name, err := NewInformerName("informer")
	must(t, err)
	for want, options := range map[string]RealFIFOOptions{
		"RealFIFO": {}, "mine": {Name: "mine"}, "informer": {Name: "mine", Identifier: name.WithResource(configMaps)},
	} {
		options.AtomicEvents = true
		if got := NewRealFIFOWithOptions(options).Name(); got != want {
			t.Errorf("name %q, want %q", got, want)
		}
	}
}
