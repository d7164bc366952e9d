package storage

import (
	"slices"
	"strconv"
	"testing"

	apiwatch "k8s.io/apimachinery/pkg/watch"

	"github.com/google/go-cmp/cmp"

	"github.com/kubewright/kubewright/pkg/internal/apiobject"
)

// keep stores an object with a version of its own.
func keep(t testing.TB, s *Store, key Key, version string) apiobject.Object {
	t.Helper()
	stored, err := s.Keep(key, func(apiobject.Object) (apiobject.Object, error) {
		o := object(key, "kept")
		o.SetResourceVersion(version)
		return o, nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return stored
}

func TestKeepLeavesVersionsAsTheyAre(t *testing.T) {
	s := New(Options{})
	w := watch(t, s, "", 1)
	keep(t, s, key("a", "x"), "")    // 2
	keep(t, s, key("a", "y"), "any") // 3
	keep(t, s, key("a", "z"), "1")   // 4
	deleted, err := s.Keep(key("a", "x"), func(apiobject.Object) (apiobject.Object, error) { return nil, nil })
	if err != nil || text(deleted) != "a/x=kept@" {
		t.Errorf("deleted %s, %v", text(deleted), err)
	}
	if diff := cmp.Diff([]string{"- > a/x=kept@", "- > a/y=kept@any", "- > a/z=kept@1", "a/x=kept@ > -"}, drain(t, w)); diff != "" {
		t.Errorf("events (-want +got):\n%s", diff)
	}
	if got := s.Revision(); got != 5 {
		t.Errorf("revision %d", got)
	}
	if got := s.History(key("a", "x"))[1].Deleted(); text(got) != "a/x=kept@" {
		t.Errorf("the event has %s", text(got))
	}
}

func TestKeepCatchesUpWithVersions(t *testing.T) {
	s := New(Options{})
	keep(t, s, key("a", "x"), "99")
	if got := s.Revision(); got != 99 {
		t.Errorf("revision %d after an object with version 99", got)
	}
	if got := text(put(t, s, key("a", "x"), "1")); got != "a/x=1@100" {
		t.Errorf("stored %s", got)
	}
	keep(t, s, key("a", "y"), strconv.Itoa(1<<63-1)) // leaves no room for another write, so it does not count
	if got := s.Revision(); got != 101 {
		t.Errorf("revision %d after an object with a huge version", got)
	}
}

func TestKeepEventsCountsEventsNotRevisions(t *testing.T) {
	s := New(Options{KeepEvents: 3})
	for _, version := range []string{"", "", "1000", ""} { // revisions 2, 3, 1000, 1001
		keep(t, s, key("a", "x"), version)
	}
	if got := s.Oldest(); got != 2 {
		t.Errorf("oldest revision %d, want that of the event before the last three", got)
	}
	if got := len(s.History(key("a", "x"))); got != 3 {
		t.Errorf("%d events are kept", got)
	}
	if err := s.Reset(3); err != nil {
		t.Fatal(err)
	}
	keep(t, s, key("a", "x"), "")
	keep(t, s, key("a", "x"), "") // revisions 3, 4, 5 are kept
	if got := s.Oldest(); got != 2 {
		t.Errorf("oldest revision %d after a reset", got)
	}
	keep(t, s, key("a", "x"), "")
	if got := s.Oldest(); got != 3 {
		t.Errorf("oldest revision %d", got)
	}
}

func TestEventsAreSeenThroughASelection(t *testing.T) {
	s := New(Options{})
	selects := func(o apiobject.Object) bool { return text(o)[len("a/x="):][:1] == "y" }
	w := watch(t, s, "", 1)
	for _, value := range []string{"no", "yes", "yes again", "not", "yes", ""} {
		if value == "" {
			remove(t, s, key("a", "x"))
		} else {
			put(t, s, key("a", "x"), value)
		}
	}
	var got []string
	for {
		e, wait, err := w.TryNext()
		if err != nil {
			t.Fatal(err)
		}
		if wait != nil {
			break
		}
		seen, o := e.Seen(selects)
		got = append(got, string(seen)+" "+text(o))
	}
	want := []string{" -", string(apiwatch.Added) + " a/x=yes@3", string(apiwatch.Modified) + " a/x=yes again@4",
		string(apiwatch.Deleted) + " a/x=yes again@5", string(apiwatch.Added) + " a/x=yes@6", string(apiwatch.Deleted) + " a/x=yes@7"}
	if !slices.Equal(got, want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
}
