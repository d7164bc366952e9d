package store

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"unsafe"

	"github.com/google/go-cmp/cmp"
)

// thing is filed by its words.
type thing struct{ words string }

func byWord(t *thing) ([]string, error) {
	switch t.words {
	case "fail":
		return []string{"half", "way"}, errors.New("cannot index this")
	case "panic":
		panic("index function broke")
	}
	return strings.Fields(t.words), nil
}

func byLength(t *thing) ([]string, error) { return []string{fmt.Sprint(len(t.words))}, nil }

func wordStore(onError func(*IndexError)) *Store[*thing] {
	return New(Options[*thing]{Indexes: map[string]IndexFunc[*thing]{"word": byWord}, OnIndexError: onError})
}

func replace(s *Store[*thing], content map[string]*thing) {
	var keys []string
	var objects []*thing
	for key, object := range content {
		keys, objects = append(keys, key), append(objects, object)
	}
	s.Replace(keys, objects, "", nil)
}

func sortedKeys(t *testing.T, s *Store[*thing], value string) []string {
	t.Helper()
	keys, err := s.IndexKeys("word", value)
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(keys)
	return keys
}

func TestPutGetDelete(t *testing.T) {
	s := New(Options[string]{})
	if _, existed := s.Put("a", "one", "1"); existed {
		t.Error("first Put of a key says that it existed")
	}
	if before, existed := s.Put("a", "two", "2"); !existed || before != "one" {
		t.Errorf("second Put = %q, %v; want one, true", before, existed)
	}
	if got, ok := s.Get("a"); !ok || got != "two" {
		t.Errorf("Get = %q, %v", got, ok)
	}
	if before, existed := s.Delete("a", "3"); !existed || before != "two" {
		t.Errorf("Delete = %q, %v", before, existed)
	}
	if _, existed := s.Delete("a", ""); existed {
		t.Error("second Delete says that the key existed")
	}
	if s.Version() != "3" || s.Len() != 0 {
		t.Errorf("version %q, length %d; want 3, 0", s.Version(), s.Len())
	}
	s.Reached("4")
	s.Reached("")
	if s.Version() != "4" {
		t.Errorf("version %q, want 4", s.Version())
	}
}

func TestIndexFollowsUpdates(t *testing.T) {
	s := wordStore(nil)
	s.Put("a", &thing{"red green"}, "")
	s.Put("b", &thing{"green blue"}, "")
	s.Put("a", &thing{"green blue"}, "")
	if got := sortedKeys(t, s, "red"); len(got) != 0 {
		t.Errorf("red = %v, want nothing", got)
	}
	if diff := cmp.Diff([]string{"a", "b"}, sortedKeys(t, s, "green")); diff != "" {
		t.Errorf("green (-want +got):\n%s", diff)
	}
	if got := s.IndexValues("word"); len(got) != 2 {
		t.Errorf("IndexValues = %v, want the two values in use (X3: empty sets are removed)", got)
	}
	shared, err := s.Index("word", &thing{"green blue"})
	if err != nil || len(shared) != 2 {
		t.Errorf("Index = %v, %v; want each of the two objects once", shared, err)
	}
	objects, err := s.ByIndex("word", "blue")
	if err != nil || len(objects) != 2 {
		t.Errorf("ByIndex = %v, %v", objects, err)
	}
}

// The object changes under the store's feet: what was filed is still found again (X1, X4).
func TestAMutatedObjectLeavesNoDanglingKey(t *testing.T) {
	s := wordStore(nil)
	object := &thing{"red"}
	s.Put("a", object, "")
	object.words = "blue"
	s.Delete("a", "")
	if got := s.IndexValues("word"); len(got) != 0 {
		t.Errorf("IndexValues after Delete = %v", got)
	}
}

func TestUnknownIndexIsAnError(t *testing.T) {
	s := New(Options[*thing]{})
	_, byIndex := s.ByIndex("nope", "x")
	_, keys := s.IndexKeys("nope", "x")
	_, index := s.Index("nope", &thing{})
	for _, err := range []error{byIndex, keys, index} {
		if err == nil || !strings.Contains(err.Error(), `no index named "nope"`) {
			t.Errorf("error = %v, want one that names the index", err)
		}
	}
	if s.IndexValues("nope") != nil || s.HasIndex("nope") {
		t.Error("an index that does not exist has values")
	}
}

func TestFailingIndexFunctionUnindexesThatObjectOnly(t *testing.T) {
	for _, words := range []string{"fail", "panic"} {
		t.Run(words, func(t *testing.T) {
			var failed []*IndexError
			var s *Store[*thing]
			s = wordStore(func(err *IndexError) {
				failed = append(failed, err)
				s.Len() // X2: reported without a lock
			})
			if err := s.AddIndexes(map[string]IndexFunc[*thing]{"length": byLength}); err != nil {
				t.Fatal(err)
			}
			s.Put("good", &thing{"half"}, "")
			s.Put("bad", &thing{"half way"}, "")
			s.Put("bad", &thing{words}, "")

			if diff := cmp.Diff([]string{"good"}, sortedKeys(t, s, "half")); diff != "" {
				t.Errorf("half (-want +got):\n%s", diff)
			}
			if got, ok := s.Get("bad"); !ok || got.words != words {
				t.Errorf("the object itself is not stored: %v, %v", got, ok)
			}
			if keys, _ := s.IndexKeys("length", fmt.Sprint(len(words))); !slices.Contains(keys, "bad") {
				t.Error("the object is missing from the index that works")
			}
			if len(failed) != 1 || !strings.HasPrefix(failed[0].Error(), `object "bad" is not in index "word": `) || failed[0].Unwrap() == nil {
				t.Errorf("reported %v, want one error for bad in word", failed)
			}
			if _, err := s.Index("word", &thing{words}); err == nil {
				t.Error("Index with an object that cannot be indexed returned no error")
			}
			s.Put("bad", &thing{"half"}, "")
			if diff := cmp.Diff([]string{"bad", "good"}, sortedKeys(t, s, "half")); diff != "" {
				t.Errorf("half after the repair (-want +got):\n%s", diff)
			}
		})
	}
}

func TestReplaceTellsOfChanges(t *testing.T) {
	s := wordStore(nil)
	s.Put("gone", &thing{"red"}, "")
	s.Put("stays", &thing{"red"}, "")
	var got []string
	s.Replace([]string{"stays", "new", "stays"}, []*thing{{"half"}, {"blue"}, {"blue"}}, "7", func(c Change[*thing]) {
		words := func(t *thing) string {
			if t == nil {
				return "-"
			}
			return t.words
		}
		got = append(got, fmt.Sprint(c.Key, " ", words(c.Before), c.Existed, " ", words(c.Object), c.Delete))
	})
	want := []string{"stays redtrue bluefalse", "new -false bluefalse", "gone redtrue -true"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("changes (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"new", "stays"}, sortedKeys(t, s, "blue")); diff != "" {
		t.Errorf("blue (-want +got):\n%s", diff)
	}
	if s.Version() != "7" {
		t.Errorf("version = %q, want 7", s.Version())
	}
}

func TestAddIndexesRefusesATakenNameAndChangesNothing(t *testing.T) {
	s := wordStore(nil)
	err := s.AddIndexes(map[string]IndexFunc[*thing]{"length": byLength, "word": byWord})
	if err == nil || !strings.Contains(err.Error(), `already an index named "word"`) {
		t.Errorf("error = %v", err)
	}
	if s.HasIndex("length") {
		t.Error("one of the two indexes was added")
	}
}

func TestAllIsOneMomentAndTheBodyMayWrite(t *testing.T) {
	s := wordStore(nil)
	for i := range 10 {
		s.Put(fmt.Sprint(i), &thing{}, "")
	}
	seen := 0
	for key := range s.All() {
		s.Delete(key, "")
		s.Put("new"+key, &thing{}, "")
		seen++
	}
	if seen != 10 {
		t.Errorf("saw %d objects, want the 10 of the start", seen)
	}
	for range s.All() {
		break
	}
}

func TestConcurrentUse(t *testing.T) {
	s := wordStore(nil)
	var wg sync.WaitGroup
	for w := range 4 {
		wg.Go(func() {
			for i := range 500 {
				key := fmt.Sprint(i % 20)
				switch (i + w) % 5 {
				case 0:
					s.Delete(key, "")
				case 1:
					replace(s, map[string]*thing{"x": {"red"}, "y": {"red blue"}})
				default:
					s.Put(key, &thing{"red green"}, "")
				}
			}
		})
		wg.Go(func() {
			for range 500 {
				s.List()
				s.Keys()
				if _, err := s.Index("word", &thing{"red"}); err != nil {
					t.Error(err)
				}
				s.Get("1")
			}
		})
	}
	wg.Go(func() {
		for i := range 20 {
			if err := s.AddIndexes(map[string]IndexFunc[*thing]{fmt.Sprint("extra", i): byLength}); err != nil {
				t.Error(err)
			}
		}
	})
	wg.Wait()
	checkRebuild(t, s, maps.Collect(s.All()))
}

// The values of an index function that lie in the memory of an object do not keep it alive.
func TestIndexKeepsNoObjectAlive(t *testing.T) {
	s := wordStore(nil)
	words := strings.Repeat("red ", 1000)
	s.Put("a", &thing{words}, "")
	s.Put("b", &thing{"red"}, "")
	s.Delete("a", "")
	value := s.IndexValues("word")[0]
	if unsafe.StringData(value) == unsafe.StringData(words) {
		t.Error("the value is part of an object that was deleted")
	}
}

// A writer is not kept out by readers of a large store, and readers are not by index functions (R16).
func TestReadersDoNotWaitForIndexFunctions(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		release := make(chan struct{})
		slow := func(o *thing) ([]string, error) {
			if o.words == "slow" {
				<-release
			}
			return nil, nil
		}
		s := New(Options[*thing]{Indexes: map[string]IndexFunc[*thing]{"slow": slow}})
		s.Put("a", &thing{"fast"}, "1")
		writes := []func(){
			func() { s.Put("a", &thing{"slow"}, "2") },
			func() { s.Replace([]string{"a"}, []*thing{{"slow"}}, "3", nil) },
			func() {
				if err := s.AddIndexes(map[string]IndexFunc[*thing]{"again": slow}); err != nil {
					t.Error(err)
				}
			},
		}
		for i, write := range writes {
			done := make(chan struct{})
			go func() { defer close(done); write() }()
			synctest.Wait()
			if _, ok := s.Get("a"); !ok || s.Version() != fmt.Sprint(i+1) || len(s.List()) != 1 {
				t.Errorf("write %d shows before it is done", i)
			}
			release <- struct{}{}
			<-done
		}
	})
}

func TestSizeIsNearWhatTheObjectsTake(t *testing.T) {
	if got := wordStore(nil).Size(); got > 100 {
		t.Errorf("an empty store has size %d", got)
	}
	s := wordStore(nil)
	const n, text = 10_000, 1000
	for i := range n {
		s.Put(fmt.Sprintf("namespace/name-%05d", i), &thing{strings.Repeat("x", text)}, "")
	}
	perObject := s.Size() / n
	if perObject < text || perObject > text+250 {
		t.Errorf("%d bytes per object of %d", perObject, text)
	}
}
