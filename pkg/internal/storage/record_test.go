package storage

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestARecordOutlivesCompactionAndReset(t *testing.T) {
	s := New(Options{Record: true, KeepEvents: 1})
	put(t, s, key("a", "x"), "1")                         // 2
	put(t, s, key("a", "y"), "1")                         // 3
	put(t, s, key("a", "x"), "2")                         // 4
	put(t, s, Key{Resource: widgets, Name: "other"}, "1") // 5
	remove(t, s, key("a", "x"))                           // 6
	if err := s.Reset(5); err != nil {
		t.Fatal(err)
	}
	put(t, s, key("a", "x"), "new") // 6 again
	compact(t, s, 6)
	want := []string{"- > a/x=1@2", "a/x=1@2 > a/x=2@4", "a/x=2@4 > -", "a/x=2@4 > a/x=new@6"}
	if diff := cmp.Diff(want, changes(s.History(key("a", "x")))); diff != "" {
		t.Errorf("History() (-want +got):\n%s", diff)
	}
	want = []string{"- > a/x=1@2", "- > a/y=1@3", "a/x=1@2 > a/x=2@4", "- > /other=1@5", "a/x=2@4 > -", "a/x=2@4 > a/x=new@6"}
	if diff := cmp.Diff(want, changes(s.Recorded())); diff != "" {
		t.Errorf("Recorded() (-want +got):\n%s", diff)
	}
	if got := s.History(key("a", "none")); len(got) != 0 {
		t.Errorf("History() of nothing = %v", changes(got))
	}
}

func TestNothingIsRecordedUnasked(t *testing.T) {
	s := New(Options{})
	put(t, s, key("a", "x"), "1")
	if got := s.Recorded(); got != nil {
		t.Errorf("Recorded() = %v, want nil", changes(got))
	}
	if diff := cmp.Diff([]string{"- > a/x=1@2"}, changes(s.History(key("a", "x")))); diff != "" {
		t.Errorf("History() (-want +got):\n%s", diff)
	}
}
