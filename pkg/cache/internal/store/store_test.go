package store

import (
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"

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

func TestReplaceReturnsWhatWasThere(t *testing.T) {
	s := wordStore(nil)
	s.Put("gone", &thing{"red"}, "")
	s.Put("stays", &thing{"red"}, "")
	before := s.Replace(maps.All(map[string]*thing{"stays": {"blue"}, "new": {"blue"}}), "7")
	if got := slices.Sorted(maps.Keys(maps.Collect(before.All()))); !slices.Equal(got, []string{"gone", "stays"}) {
		t.Errorf("snapshot keys = %v", got)
	}
	if got, ok := before.Get("stays"); !ok || got.words != "red" {
		t.Errorf("snapshot of stays = %v, %v; want the old object", got, ok)
	}
	if _, ok := before.Get("new"); ok {
		t.Error("the snapshot knows an object that came later")
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

// X1 to X4: whatever happens, the indexes are those that a rebuild from the stored objects gives.
func TestIndexesEqualARebuildAfterRandomOperations(t *testing.T) {
	words := []string{"", "red", "green", "red green", "red red", "green blue red", "fail", "panic"}
	for seed := range uint64(50) {
		random := rand.New(rand.NewPCG(seed, 1))
		pick := func() *thing { return &thing{words[random.IntN(len(words))]} }
		key := func() string { return fmt.Sprint(random.IntN(8)) }
		s := wordStore(nil)
		model := map[string]*thing{}
		for step := range 200 {
			switch random.IntN(10) {
			default:
				k, o := key(), pick()
				s.Put(k, o, "")
				model[k] = o
			case 0, 1, 2:
				k := key()
				s.Delete(k, "")
				delete(model, k)
			case 3:
				clear(model)
				for range random.IntN(8) {
					model[key()] = pick()
				}
				s.Replace(maps.All(model), "")
			case 4:
				if step > 100 && !s.HasIndex("length") {
					if err := s.AddIndexes(map[string]IndexFunc[*thing]{"length": byLength}); err != nil {
						t.Fatal(err)
					}
				}
			}
			if diff := cmp.Diff(rebuilt(model, s.IndexFuncs()), content(s), cmp.AllowUnexported(thing{})); diff != "" {
				t.Fatalf("seed %d, step %d: store differs from a rebuild (-want +got):\n%s", seed, step, diff)
			}
		}
	}
}

// picture is a store's content in comparable form: keys by index and value, and the objects by key.
type picture struct {
	Objects map[string]*thing
	Indexes map[string]map[string][]string
}

func rebuilt(objects map[string]*thing, functions map[string]IndexFunc[*thing]) picture {
	indexes := map[string]map[string][]string{}
	for name, function := range functions {
		indexes[name] = map[string][]string{}
		for key, object := range objects {
			values, err := newIndex(name, function).values(object)
			if err != nil {
				continue
			}
			for _, value := range slices.Compact(slices.Sorted(slices.Values(values))) {
				indexes[name][value] = append(indexes[name][value], key)
			}
		}
		for _, keys := range indexes[name] {
			slices.Sort(keys)
		}
	}
	return picture{objects, indexes}
}

func content(s *Store[*thing]) picture {
	indexes := map[string]map[string][]string{}
	for name := range s.IndexFuncs() {
		indexes[name] = map[string][]string{}
		for _, value := range s.IndexValues(name) {
			keys, _ := s.IndexKeys(name, value)
			slices.Sort(keys)
			indexes[name][value] = keys
		}
	}
	return picture{maps.Collect(s.All()), indexes}
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
					s.Replace(maps.All(map[string]*thing{"x": {"red"}, "y": {"red blue"}}), "")
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
	if diff := cmp.Diff(rebuilt(maps.Collect(s.All()), s.IndexFuncs()), content(s), cmp.AllowUnexported(thing{})); diff != "" {
		t.Errorf("store differs from a rebuild (-want +got):\n%s", diff)
	}
}

func BenchmarkPut(b *testing.B) {
	s := wordStore(nil)
	keys := make([]string, 10_000)
	for i := range keys {
		keys[i] = fmt.Sprint("namespace/", i)
		s.Put(keys[i], &thing{"red"}, "")
	}
	object := &thing{"red"}
	for i := 0; b.Loop(); i++ {
		s.Put(keys[i%len(keys)], object, "")
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "objects/sec")
}

func BenchmarkByIndex(b *testing.B) {
	s := wordStore(nil)
	for i := range 1000 {
		s.Put(fmt.Sprint(i), &thing{"red"}, "")
	}
	for b.Loop() {
		if _, err := s.ByIndex("word", "red"); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(1000*float64(b.N)/b.Elapsed().Seconds(), "objects/sec")
}
