package storage

import (
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kubewright/kubewright/pkg/internal/apiobject"
)

func TestListIsInTheOrderOfAKubeAPIServer(t *testing.T) {
	s := New(Options{})
	for _, k := range []Key{key("kube", "b"), key("z", "a"), key("kube", "a.b"), key("kube-system", "z"), key("kube", "a"), key("kube0", "a"), key("kube", "a-b")} {
		put(t, s, k, "")
	}
	put(t, s, Key{Resource: widgets, Namespace: "kube", Name: "c"}, "")
	list, err := s.List(configMaps, "", 0)
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"kube-system/z=@5", "kube/a=@6", "kube/a-b=@8", "kube/a.b=@4", "kube/b=@2", "kube0/a=@7", "z/a=@3"}
	if diff := cmp.Diff(want, texts(list.Objects)); diff != "" || list.Revision != 9 {
		t.Errorf("revision %d, objects (-want +got):\n%s", list.Revision, diff)
	}
	list, err = s.List(configMaps, "kube", 0)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want[1:5], texts(list.Objects)); diff != "" || list.Revision != 9 {
		t.Errorf("revision %d, objects of a namespace (-want +got):\n%s", list.Revision, diff)
	}
}

func TestListOfNothingIsEmpty(t *testing.T) {
	s := New(Options{})
	for _, namespace := range []string{"", "a"} {
		list, err := s.List(configMaps, namespace, 0)
		if err != nil || list.Revision != 1 || list.Objects == nil || len(list.Objects) != 0 {
			t.Errorf("List(%q) = %v, %v", namespace, list, err)
		}
	}
	put(t, s, key("b", "x"), "")
	if list, err := s.List(configMaps, "a", 0); err != nil || len(list.Objects) != 0 {
		t.Errorf("List of a namespace without objects = %v, %v", list, err)
	}
}

func TestListAtARevisionIsTheStateOfThen(t *testing.T) {
	s := New(Options{})
	put(t, s, key("a", "x"), "1")                         // 2
	put(t, s, key("a", "y"), "1")                         // 3
	put(t, s, Key{Resource: widgets, Name: "other"}, "1") // 4
	put(t, s, key("a", "x"), "2")                         // 5
	remove(t, s, key("a", "y"))                           // 6
	put(t, s, key("b", "z"), "1")                         // 7
	for revision, want := range map[int64][]string{
		1: {},
		2: {"a/x=1@2"},
		3: {"a/x=1@2", "a/y=1@3"},
		4: {"a/x=1@2", "a/y=1@3"},
		5: {"a/x=2@5", "a/y=1@3"},
		6: {"a/x=2@5"},
		7: {"a/x=2@5", "b/z=1@7"},
	} {
		list, err := s.List(configMaps, "", revision)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, texts(list.Objects)); diff != "" || list.Revision != revision {
			t.Errorf("at %d: revision %d, objects (-want +got):\n%s", revision, list.Revision, diff)
		}
	}
	_, err := s.List(configMaps, "", 8)
	wantFuture(t, err, 8, 7)
}

func TestAViewStaysAsItIs(t *testing.T) {
	s := New(Options{})
	for i := range 10 {
		put(t, s, key("a", fmt.Sprint(i)), "1")
	}
	view, err := s.View(configMaps, "", 0)
	if err != nil {
		t.Fatal(err)
	}
	before := texts(slices.Collect(view.All()))
	for i := range 5 {
		remove(t, s, key("a", fmt.Sprint(i)))
		put(t, s, key("a", fmt.Sprint(i+5)), "2")
	}
	compact(t, s, s.Revision())
	s.Close()
	if diff := cmp.Diff(before, texts(slices.Collect(view.All()))); diff != "" {
		t.Errorf("the view has changed (-want +got):\n%s", diff)
	}
}

func TestPagesMakeTheList(t *testing.T) {
	s := New(Options{})
	for _, namespace := range []string{"a", "a-b", "b"} {
		for i := range 7 {
			put(t, s, key(namespace, fmt.Sprint(i)), "1")
		}
	}
	at := s.Revision()
	for _, namespace := range []string{"", "a", "a-b", "b", "none"} {
		want, err := s.List(configMaps, namespace, at)
		if err != nil {
			t.Fatal(err)
		}
		for limit := 1; limit <= 22; limit++ {
			view, err := s.View(configMaps, namespace, at)
			if err != nil {
				t.Fatal(err)
			}
			var got []apiobject.Object
			for more := true; more; {
				page, remaining := view.Page(limit)
				if len(page) != min(limit, len(want.Objects)-len(got)) {
					t.Fatalf("namespace %q: a page of %d objects with limit %d", namespace, len(page), limit)
				}
				got = append(got, page...)
				if len(got)+remaining != len(want.Objects) {
					t.Fatalf("namespace %q: %d objects and %d remaining, want %d", namespace, len(got), remaining, len(want.Objects))
				}
				if more = remaining > 0; more {
					last := page[len(page)-1]
					put(t, s, key(last.GetNamespace(), last.GetName()), "later") // later pages are of the same moment
					remove(t, s, key("a", "3"))
					put(t, s, key("a", "3"), "later")
					if view, err = s.View(configMaps, namespace, at); err != nil {
						t.Fatal(err)
					}
					view = view.After(last.GetNamespace(), last.GetName())
				}
			}
			if diff := cmp.Diff(texts(want.Objects), texts(got)); diff != "" {
				t.Fatalf("namespace %q, limit %d (-want +got):\n%s", namespace, limit, diff)
			}
		}
	}
}

func TestAfterNeedsNoObjectAndDoesNotLeaveTheNamespace(t *testing.T) {
	s := New(Options{})
	for _, k := range []Key{key("a", "x"), key("b", "p"), key("b", "q"), key("c", "x"), key("a", "y")} {
		put(t, s, k, "")
	}
	for _, tt := range []struct {
		of, namespace, name string
		want                []string
	}{
		{"", "a", "w", []string{"a/x=@2", "a/y=@6", "b/p=@3", "b/q=@4", "c/x=@5"}},
		{"", "a", "x", []string{"a/y=@6", "b/p=@3", "b/q=@4", "c/x=@5"}},
		{"", "b", "pp", []string{"b/q=@4", "c/x=@5"}},
		{"", "d", "", []string{}},
		{"b", "a", "x", []string{"b/p=@3", "b/q=@4"}},
		{"b", "b", "p", []string{"b/q=@4"}},
		{"b", "b", "q", []string{}},
		{"b", "c", "x", []string{}},
	} {
		view, err := s.View(configMaps, tt.of, 0)
		if err != nil {
			t.Fatal(err)
		}
		view = view.After(tt.namespace, tt.name)
		if diff := cmp.Diff(tt.want, texts(slices.Collect(view.All()))); diff != "" || view.Len() != len(tt.want) {
			t.Errorf("of %q after %s/%s: Len() = %d, objects (-want +got):\n%s", tt.of, tt.namespace, tt.name, view.Len(), diff)
		}
		if page, remaining := view.Page(0); len(page) != 0 || remaining != len(tt.want) {
			t.Errorf("Page(0) = %v, %d", page, remaining)
		}
	}
}
