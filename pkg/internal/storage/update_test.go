package storage

import (
	"errors"
	"testing"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/kubewright/kubewright/pkg/internal/apiobject"
)

func TestEveryWriteGetsTheNextRevisionWhateverItsResource(t *testing.T) {
	s := New(Options{})
	if got := s.Revision(); got != 1 {
		t.Errorf("Revision() of an empty store = %d, want 1", got)
	}
	if got := text(put(t, s, key("a", "x"), "1")); got != "a/x=1@2" {
		t.Errorf("created %s", got)
	}
	other := Key{Resource: widgets, Name: "x"}
	if got := text(put(t, s, other, "1")); got != "/x=1@3" {
		t.Errorf("created %s", got)
	}
	if got := text(put(t, s, key("a", "x"), "2")); got != "a/x=2@4" {
		t.Errorf("updated %s", got)
	}
	if got := text(remove(t, s, other)); got != "/x=1@5" {
		t.Errorf("deleted %s", got)
	}
	if got := s.Revision(); got != 5 {
		t.Errorf("Revision() = %d, want 5", got)
	}
	got, _ := s.Get(key("a", "x"))
	if text(got) != "a/x=2@4" {
		t.Errorf("Get() = %s", text(got))
	}
	if _, found := s.Get(other); found {
		t.Error("Get() found what was deleted")
	}
}

func TestTheFirstRevisionIsAnOption(t *testing.T) {
	s := New(Options{First: 1000})
	if got := s.Revision(); got != 1000 {
		t.Errorf("Revision() = %d, want 1000", got)
	}
	if got := text(put(t, s, key("a", "x"), "1")); got != "a/x=1@1001" {
		t.Errorf("created %s", got)
	}
	_, err := s.List(configMaps, "", 999)
	wantCompacted(t, err, 999, 1000)
}

func TestUpdateSeesWhatIsStored(t *testing.T) {
	s := New(Options{})
	stored := put(t, s, key("a", "x"), "1")
	for _, tt := range []struct {
		key  Key
		want apiobject.Object
	}{
		{key("a", "x"), stored},
		{key("b", "x"), nil},
		{key("a", "y"), nil},
		{Key{Resource: widgets, Namespace: "a", Name: "x"}, nil},
	} {
		_, err := s.Update(tt.key, func(current apiobject.Object) (apiobject.Object, error) {
			if current != tt.want {
				t.Errorf("%s: current = %s, want %s", tt.key, text(current), text(tt.want))
			}
			return current, nil
		})
		if err != nil {
			t.Error(err)
		}
	}
}

func TestWritesThatChangeNothingGetNoRevision(t *testing.T) {
	s := New(Options{})
	stored := put(t, s, key("a", "x"), "1")
	got, err := s.Update(key("a", "x"), func(current apiobject.Object) (apiobject.Object, error) { return current, nil })
	if err != nil || got != stored {
		t.Errorf("Update() = %s, %v, want what was there", text(got), err)
	}
	if got := remove(t, s, key("a", "none")); got != nil {
		t.Errorf("deleted %s, want nothing", text(got))
	}
	failure := errors.New("no")
	got, err = s.Update(key("a", "x"), func(apiobject.Object) (apiobject.Object, error) { return object(key("a", "x"), "2"), failure })
	if err != failure || got != nil {
		t.Errorf("Update() = %s, %v, want the error of the function", text(got), err)
	}
	if got := s.Revision(); got != 2 {
		t.Errorf("Revision() = %d, want 2", got)
	}
	if got := len(s.History(key("a", "x"))); got != 1 {
		t.Errorf("%d events, want 1", got)
	}
}

func TestAnObjectIsNotStoredUnderAKeyThatIsNotItsOwn(t *testing.T) {
	s := New(Options{})
	_, err := s.Update(key("a", "x"), func(apiobject.Object) (apiobject.Object, error) { return object(key("b", "x"), ""), nil })
	want := `object with namespace "b" and name "x" cannot be stored as configmaps a/x: they have to be equal`
	if err == nil || err.Error() != want {
		t.Errorf("error = %v, want %s", err, want)
	}
	_, err = s.Update(Key{Resource: widgets, Name: "x"}, func(apiobject.Object) (apiobject.Object, error) { return object(key("", "y"), ""), nil })
	want = `object with namespace "" and name "y" cannot be stored as widgets.example.com x: they have to be equal`
	if err == nil || err.Error() != want {
		t.Errorf("error = %v, want %s", err, want)
	}
	if got := s.Revision(); got != 1 {
		t.Errorf("Revision() = %d, want 1", got)
	}
}

func TestADeletionReturnsACopyWithItsRevision(t *testing.T) {
	s := New(Options{})
	stored := put(t, s, key("a", "x"), "1")
	w := watch(t, s, "", 2)
	deleted := remove(t, s, key("a", "x"))
	if text(deleted) != "a/x=1@3" || text(stored) != "a/x=1@2" {
		t.Errorf("deleted %s of %s", text(deleted), text(stored))
	}
	e, _, err := w.TryNext()
	if err != nil || e.Deleted() != deleted || e.Old != stored || e.New != nil {
		t.Errorf("event %s, Deleted() = %s, error %v", change(e), text(e.Deleted()), err)
	}
}

func TestDeletedOfAChangeIsTheOldObjectWithTheNewRevision(t *testing.T) {
	s := New(Options{})
	put(t, s, key("a", "x"), "1")
	put(t, s, key("a", "x"), "2")
	events := s.History(key("a", "x"))
	if got := events[0].Deleted(); got != nil {
		t.Errorf("Deleted() of a creation = %s, want nothing", text(got))
	}
	got := events[1].Deleted()
	if text(got) != "a/x=1@3" || text(events[1].Old) != "a/x=1@2" {
		t.Errorf("Deleted() = %s of %s", text(got), text(events[1].Old))
	}
	if again := s.History(key("a", "x"))[1].Deleted(); again != got {
		t.Error("Deleted() of the same event is another object")
	}
}

func TestCustomObjectsGetRevisions(t *testing.T) {
	s := New(Options{})
	custom := &unstructured.Unstructured{Object: map[string]any{}}
	custom.SetName("x")
	stored, err := s.Update(Key{Resource: widgets, Name: "x"}, func(apiobject.Object) (apiobject.Object, error) { return custom, nil })
	if err != nil || stored.GetResourceVersion() != "2" {
		t.Errorf("Update() = %v, %v", stored, err)
	}
}

func TestUpdateMayReadTheStore(t *testing.T) {
	s := New(Options{})
	put(t, s, key("a", "x"), "1")
	_, err := s.Update(key("a", "y"), func(apiobject.Object) (apiobject.Object, error) {
		found, _ := s.Get(key("a", "x"))
		list, err := s.List(configMaps, "a", 0)
		if text(found) != "a/x=1@2" || err != nil || len(list.Objects) != 1 {
			t.Errorf("Get() = %s, List() = %v, %v", text(found), texts(list.Objects), err)
		}
		return object(key("a", "y"), found.GetResourceVersion()), nil
	})
	if err != nil {
		t.Error(err)
	}
}

func TestAnUpdateThatPanicsLeavesTheStoreUsable(t *testing.T) {
	s := New(Options{})
	func() {
		defer func() {
			if recover() == nil {
				t.Error("the panic was lost")
			}
		}()
		_, _ = s.Update(key("a", "x"), func(apiobject.Object) (apiobject.Object, error) { panic("oops") })
	}()
	if got := text(put(t, s, key("a", "x"), "1")); got != "a/x=1@2" {
		t.Errorf("created %s", got)
	}
}

func TestAClosedStoreRefusesWritesAndWatchesButCanBeRead(t *testing.T) {
	s := New(Options{})
	put(t, s, key("a", "x"), "1")
	s.Close()
	s.Close()
	_, err := s.Update(key("a", "x"), func(apiobject.Object) (apiobject.Object, error) {
		t.Error("the function was called")
		return nil, nil
	})
	if err != ErrClosed {
		t.Errorf("Update: %v, want ErrClosed", err)
	}
	if _, err := s.Watch(configMaps, "", 2); err != ErrClosed {
		t.Errorf("Watch: %v, want ErrClosed", err)
	}
	if err := s.Reset(1); err != ErrClosed {
		t.Errorf("Reset: %v, want ErrClosed", err)
	}
	if list, err := s.List(configMaps, "", 0); err != nil || len(list.Objects) != 1 || len(s.History(key("a", "x"))) != 1 {
		t.Errorf("List() = %v, %v, and %d events; want one each", texts(list.Objects), err, len(s.History(key("a", "x"))))
	}
}
