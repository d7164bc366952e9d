package storage

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestCompactForgetsHistoryAndKeepsObjects(t *testing.T) {
	s := New(Options{})
	put(t, s, key("a", "x"), "1") // 2
	put(t, s, key("a", "y"), "1") // 3
	put(t, s, key("a", "x"), "2") // 4
	remove(t, s, key("a", "y"))   // 5
	put(t, s, key("a", "z"), "1") // 6
	compact(t, s, 4)

	_, err := s.List(configMaps, "", 3)
	wantCompacted(t, err, 3, 4)
	_, err = s.View(configMaps, "", 3)
	wantCompacted(t, err, 3, 4)
	_, err = s.Watch(configMaps, "", 3)
	wantCompacted(t, err, 3, 4)
	want := "history after revision 3 is compacted, the oldest revision is 4: list again"
	if err.Error() != want {
		t.Errorf("error = %v, want %s", err, want)
	}

	list, err := s.List(configMaps, "", 4)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"a/x=2@4", "a/y=1@3"}, texts(list.Objects)); diff != "" {
		t.Errorf("at the compacted revision (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"a/y=1@3 > -", "- > a/z=1@6"}, drain(t, watch(t, s, "", 4))); diff != "" {
		t.Errorf("events since (-want +got):\n%s", diff)
	}
	if got, _ := s.Get(key("a", "x")); text(got) != "a/x=2@4" {
		t.Errorf("Get() = %s", text(got))
	}
	if got := s.History(key("a", "x")); len(got) != 0 {
		t.Errorf("History() = %v, want nothing", changes(got))
	}
	if got := text(put(t, s, key("a", "x"), "3")); got != "a/x=3@7" {
		t.Errorf("updated %s", got)
	}
}

func TestCompactRefusesTheFutureAndKeepsThePast(t *testing.T) {
	s := New(Options{})
	put(t, s, key("a", "x"), "1")
	put(t, s, key("a", "x"), "2")
	err := s.Compact(4)
	wantFuture(t, err, 4, 3)
	if want := "revision 4 is in the future, the newest is 3: ask again later"; err.Error() != want {
		t.Errorf("error = %v, want %s", err, want)
	}
	compact(t, s, 2)
	compact(t, s, 1)
	compact(t, s, 0)
	_, err = s.List(configMaps, "", 1)
	wantCompacted(t, err, 1, 2)
}

func TestAWatchThatHasSeenEverythingSurvivesCompaction(t *testing.T) {
	s := New(Options{})
	put(t, s, key("a", "x"), "1")
	ahead, quiet := watch(t, s, "", 1), watch(t, s, "", 1)
	drain(t, ahead)
	drain(t, quiet)
	for range 10 {
		put(t, s, Key{Resource: widgets, Name: "other"}, "1") // nothing to these watches
	}
	compact(t, s, s.Revision())
	put(t, s, key("a", "x"), "2")
	for _, w := range []*Watch{ahead, quiet} {
		if diff := cmp.Diff([]string{"a/x=1@2 > a/x=2@13"}, drain(t, w)); diff != "" {
			t.Errorf("events (-want +got):\n%s", diff)
		}
	}
}

func TestAWatchThatMissedADeletionBecauseOfCompactionSaysSo(t *testing.T) {
	s := New(Options{})
	put(t, s, key("a", "x"), "1")
	w := watch(t, s, "", 2)
	remove(t, s, key("a", "x"))
	compact(t, s, 3)
	_, err := w.Next(t.Context())
	wantCompacted(t, err, 2, 3)
}

func TestKeepEventsBoundsTheHistoryOfAllResources(t *testing.T) {
	s := New(Options{First: 100, KeepEvents: 3})
	oldest := func(want int64) {
		t.Helper()
		if _, err := s.List(configMaps, "", want); err != nil {
			t.Errorf("at %d: %v", want, err)
		}
		_, err := s.List(configMaps, "", want-1)
		wantCompacted(t, err, want-1, want)
	}
	for range 3 {
		put(t, s, key("a", "x"), "1")
	}
	oldest(100)
	for range 2 {
		put(t, s, Key{Resource: widgets, Name: "other"}, "1")
	}
	oldest(102)
	if diff := cmp.Diff([]string{"a/x=1@102 > a/x=1@103"}, changes(s.History(key("a", "x")))); diff != "" {
		t.Errorf("History() (-want +got):\n%s", diff)
	}
	for range 10 {
		put(t, s, Key{Resource: widgets, Name: "other"}, "1")
	}
	oldest(112)
	if got, _ := s.Get(key("a", "x")); text(got) != "a/x=1@103" {
		t.Errorf("Get() = %s, want what is long compacted", text(got))
	}
}
