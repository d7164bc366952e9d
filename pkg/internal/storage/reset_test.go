package storage

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestResetTakesTheStoreBack(t *testing.T) {
	s := New(Options{})
	put(t, s, key("a", "x"), "1")                         // 2
	put(t, s, key("a", "y"), "1")                         // 3
	put(t, s, key("a", "x"), "2")                         // 4
	remove(t, s, key("a", "y"))                           // 5
	put(t, s, Key{Resource: widgets, Name: "other"}, "1") // 6
	if err := s.Reset(3); err != nil {
		t.Fatal(err)
	}
	if got := s.Revision(); got != 3 {
		t.Errorf("Revision() = %d, want 3", got)
	}
	list, err := s.List(configMaps, "", 0)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"a/x=1@2", "a/y=1@3"}, texts(list.Objects)); diff != "" || list.Revision != 3 {
		t.Errorf("revision %d, objects (-want +got):\n%s", list.Revision, diff)
	}
	if _, found := s.Get(Key{Resource: widgets, Name: "other"}); found {
		t.Error("an object of a later time is there")
	}
	_, err = s.List(configMaps, "", 4)
	wantFuture(t, err, 4, 3)

	if got := text(put(t, s, key("a", "x"), "new")); got != "a/x=new@4" {
		t.Errorf("updated %s", got)
	}
	want := []string{"- > a/x=1@2", "- > a/y=1@3", "a/x=1@2 > a/x=new@4"}
	if diff := cmp.Diff(want, drain(t, watch(t, s, "", 1))); diff != "" {
		t.Errorf("events (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{want[0], want[2]}, changes(s.History(key("a", "x")))); diff != "" {
		t.Errorf("History() (-want +got):\n%s", diff)
	}
}

func TestResetNeedsARevisionThatCanBeRead(t *testing.T) {
	s := New(Options{})
	put(t, s, key("a", "x"), "1")
	put(t, s, key("a", "x"), "2")
	compact(t, s, 2)
	w := watch(t, s, "", 2)
	wantCompacted(t, s.Reset(1), 1, 2)
	wantFuture(t, s.Reset(4), 4, 3)
	if got := drain(t, w); len(got) != 1 {
		t.Errorf("the watch got %v, want it to go on", got)
	}
	if err := s.Reset(2); err != nil {
		t.Fatal(err)
	}
	if got, _ := s.Get(key("a", "x")); text(got) != "a/x=1@2" {
		t.Errorf("Get() = %s", text(got))
	}
}
