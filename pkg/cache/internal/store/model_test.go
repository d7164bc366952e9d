package store

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// picture is a store's content in comparable form: keys by index and value, and the objects by key.
type picture struct {
	Objects map[string]*thing
	Indexes map[string]map[string][]string
}

// rebuilt is the picture of a store that is filled with these objects from scratch, in the simplest way.
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

func checkRebuild(t *testing.T, s *Store[*thing], model map[string]*thing) {
	t.Helper()
	if diff := cmp.Diff(rebuilt(model, s.IndexFuncs()), content(s), cmp.AllowUnexported(thing{})); diff != "" {
		t.Fatalf("store differs from a rebuild (-want +got):\n%s", diff)
	}
	checkPlaces(t, s)
}

// checkPlaces checks what answers do not show: that nothing points to the wrong place, and nothing is left over.
func checkPlaces(t *testing.T, s *Store[*thing]) {
	t.Helper()
	for _, ix := range s.indexes {
		if len(ix.filed) != len(s.table.keys) {
			t.Fatalf("index %s has %d objects, the table %d", ix.name, len(ix.filed), len(s.table.keys))
		}
		if len(ix.numbers)+len(ix.unused) != len(ix.sets) {
			t.Fatalf("index %s has %d sets, %d in use and %d not", ix.name, len(ix.sets), len(ix.numbers), len(ix.unused))
		}
		places, members := 0, 0
		for at, first := range ix.filed {
			for _, place := range append(slices.Clone(ix.more[position(at)]), first) {
				if place == unfiled {
					continue
				}
				places++
				if got := ix.sets[place.set].members[place.at]; got != position(at) {
					t.Fatalf("index %s: object %d has a place of object %d", ix.name, at, got)
				}
			}
		}
		for _, s := range ix.sets {
			members += len(s.members)
		}
		if places != members {
			t.Fatalf("index %s: %d places, %d members", ix.name, places, members)
		}
	}
}

// X1 to X4: whatever happens, the indexes are those that a rebuild from the stored objects gives.
func TestIndexesEqualARebuildAfterRandomOperations(t *testing.T) {
	colours := strings.Fields("red green blue white black grey")
	for seed := range uint64(40) {
		random := rand.New(rand.NewPCG(seed, 1))
		pick := func() *thing {
			switch random.IntN(8) {
			case 0:
				return &thing{"fail"}
			case 1:
				return &thing{"panic"}
			}
			var words []string // also none, and some twice
			for range random.IntN(5) {
				words = append(words, colours[random.IntN(len(colours))])
			}
			return &thing{strings.Join(words, " ")}
		}
		key := func() string { return fmt.Sprint(random.IntN(12)) }
		s := wordStore(nil)
		model := map[string]*thing{}
		for step := range 200 {
			switch random.IntN(12) {
			default:
				k, o := key(), pick()
				s.Put(k, o, "")
				model[k] = o
			case 0, 1, 2, 3:
				k := key()
				s.Delete(k, "")
				delete(model, k)
			case 4, 5:
				changes := make([]Change[*thing], random.IntN(6))
				for i := range changes {
					c := Change[*thing]{Key: key(), Object: pick(), Delete: random.IntN(2) == 0}
					changes[i] = c
				}
				s.Write(changes)
				for _, c := range changes {
					if before, existed := model[c.Key]; c.Before != before || c.Existed != existed {
						t.Fatalf("seed %d, step %d: change of %s says %v, %v; want %v, %v", seed, step, c.Key, c.Before, c.Existed, before, existed)
					}
					if model[c.Key] = c.Object; c.Delete {
						delete(model, c.Key)
					}
				}
			case 6:
				clear(model)
				for range random.IntN(12) {
					model[key()] = pick()
				}
				replace(s, model)
			case 7:
				if step > 100 && !s.HasIndex("length") {
					if err := s.AddIndexes(map[string]IndexFunc[*thing]{"length": byLength}); err != nil {
						t.Fatal(err)
					}
				}
			}
			checkRebuild(t, s, model)
		}
	}
}

// Every answer is one moment (I18): writers only ever move objects, so that all readers always count the same.
func TestReadersSeeOneMomentOfAStoreThatIsWritten(t *testing.T) {
	const objects, rounds = 40, 300
	s := wordStore(nil)
	for i := range objects {
		s.Put(fmt.Sprint(i), &thing{"red"}, "")
	}
	writing := make(chan struct{})
	var readers, writers sync.WaitGroup
	for range 3 {
		readers.Go(func() {
			for {
				shared, err := s.Index("word", &thing{"red green"})
				if err != nil {
					t.Error(err)
				}
				all := 0
				for range s.All() {
					all++
				}
				for _, n := range []int{len(s.List()), len(s.Keys()), len(shared), all} {
					if n != objects {
						t.Errorf("an answer has %d objects, want %d", n, objects)
						return
					}
				}
				s.Size()
				select {
				case <-writing:
					return
				default:
				}
			}
		})
	}
	for w := range 4 { // each has keys of its own
		writers.Go(func() {
			random := rand.New(rand.NewPCG(uint64(w), 2))
			at := map[string]bool{}
			for i := w; i < objects; i += 4 {
				at[fmt.Sprint(i)] = true
			}
			for i := range rounds {
				for key := range at { // any
					moved := fmt.Sprint(w, "-", i)
					words := []string{"red", "green", "red green", "green red red"}[random.IntN(4)]
					s.Write([]Change[*thing]{{Key: key, Delete: true}, {Key: moved, Object: &thing{words}}})
					delete(at, key)
					at[moved] = true
					break
				}
			}
		})
	}
	writers.Go(func() {
		for i := range 20 {
			if err := s.AddIndexes(map[string]IndexFunc[*thing]{fmt.Sprint("extra", i): byLength}); err != nil {
				t.Error(err)
			}
		}
	})
	writers.Wait()
	close(writing)
	readers.Wait()
	checkRebuild(t, s, maps.Collect(s.All()))
}

// A store without indexes is written with one lock only, until somebody else has to read it meanwhile: to grow it, to index it, to
// replace it.
func TestWritesWithoutIndexesWaitForThoseThatTakeTheirTurn(t *testing.T) {
	const writers, objects = 3, 2000
	s := New(Options[*thing]{})
	var writing sync.WaitGroup
	for w := range writers { // each has keys of its own
		writing.Go(func() {
			for i := range objects {
				key := fmt.Sprint(w, "-", i)
				s.Put(key, &thing{"red"}, "")
				if i%2 == 0 {
					s.Put(key, &thing{"green"}, "")
				} else {
					s.Delete(key, "")
				}
			}
		})
	}
	writing.Go(func() {
		for range 1000 {
			s.Replace([]string{"own"}, []*thing{{"red"}}, "", func(Change[*thing]) {})
		}
		if err := s.AddIndexes(map[string]IndexFunc[*thing]{"word": byWord}); err != nil {
			t.Error(err)
		}
	})
	writing.Wait()
	checkRebuild(t, s, maps.Collect(s.All()))
}
