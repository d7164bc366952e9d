package cache

import (
	"cmp"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
)

// newNumberHeap is a heap of strings "key=number", the least number first.
func newNumberHeap() *Heap {
	number := func(obj interface{}) int {
		_, text, _ := strings.Cut(obj.(string), "=")
		n, _ := strconv.Atoi(text)
		return n
	}
	return NewHeap(named, func(a, b interface{}) bool { return number(a) < number(b) })
}

func drained(t *testing.T, h *Heap) (objects []string) {
	t.Helper()
	h.Close()
	for {
		obj, err := h.Pop()
		if err != nil {
			return objects
		}
		objects = append(objects, obj.(string))
	}
}

func TestHeap(t *testing.T) {
	for name, c := range map[string]struct {
		do   func(h *Heap) []error
		want []string
	}{
		"the least first": {func(h *Heap) []error {
			return []error{h.Add("a=3"), h.Add("b=1"), h.Add("c=2")}
		}, []string{"b=1", "c=2", "a=3"}},
		"a new state has its own place": {func(h *Heap) []error {
			return []error{h.Add("a=1"), h.Add("b=2"), h.Add("c=3"), h.Add("a=9"), h.Update("c=0"), h.Update("new=5")}
		}, []string{"c=0", "b=2", "new=5", "a=9"}},
		"what is put back does not replace a newer state": {func(h *Heap) []error {
			return []error{h.Add("a=2"), h.AddIfNotPresent("a=1"), h.AddIfNotPresent("b=1")}
		}, []string{"b=1", "a=2"}},
		"several at once": {func(h *Heap) []error {
			return []error{h.Add("a=5"), h.BulkAdd([]interface{}{"a=3", "b=1", "b=2"}), h.BulkAdd(nil)}
		}, []string{"b=2", "a=3"}},
		"what is deleted is not popped": {func(h *Heap) []error {
			return []error{h.Add("a=1"), h.Add("b=2"), h.Add("c=3"), h.Delete("b")}
		}, []string{"a=1", "c=3"}},
	} {
		t.Run(name, func(t *testing.T) {
			h := newNumberHeap()
			must(t, c.do(h)...)
			if got := drained(t, h); !slices.Equal(got, c.want) {
				t.Errorf("popped %v, want %v", got, c.want)
			}
		})
	}
}

func TestHeapIsRead(t *testing.T) {
	h := newNumberHeap()
	must(t, h.Add("a=1"), h.Add("b=2"))
	byObject, exists1, err1 := h.Get("a=7")
	byKey, exists2, err2 := h.GetByKey("b")
	if byObject != "a=1" || byKey != "b=2" || !exists1 || !exists2 || err1 != nil || err2 != nil {
		t.Errorf("Get = %v, %v, %v; GetByKey = %v, %v, %v", byObject, exists1, err1, byKey, exists2, err2)
	}
	if obj, exists, err := h.GetByKey("nope"); obj != nil || exists || err != nil {
		t.Errorf("GetByKey of nothing = %v, %v, %v", obj, exists, err)
	}
	objects := []string{}
	for _, obj := range h.List() {
		objects = append(objects, obj.(string))
	}
	if keys := sorted(h.ListKeys()); !slices.Equal(keys, []string{"a", "b"}) || !slices.Equal(sorted(objects), []string{"a=1", "b=2"}) {
		t.Errorf("keys %v, objects %v", keys, objects)
	}
}

func TestHeapRefuses(t *testing.T) {
	h := newNumberHeap()
	must(t, h.Add("a=1"))
	_, _, getErr := h.Get(7)
	for _, err := range []error{h.Add(7), h.Update(7), h.AddIfNotPresent(7), h.Delete(7), getErr, h.BulkAdd([]interface{}{"b=1", 7})} {
		var keyError KeyError
		if !errors.As(err, &keyError) || keyError.Obj != 7 {
			t.Errorf("error = %v, want a KeyError", err)
		}
	}
	if err := h.Delete("b"); err == nil || err.Error() != "object not found" {
		t.Errorf("Delete of nothing = %v", err)
	}
	h.Close()
	for _, err := range []error{h.Add("b=1"), h.Update("b=1"), h.AddIfNotPresent("b=1"), h.BulkAdd([]interface{}{"b=1"})} {
		if err == nil || err.Error() != "heap is closed" {
			t.Errorf("error = %v, want that of a closed heap", err)
		}
	}
	must(t, h.Delete("a"))
	if objects := drained(t, h); objects != nil {
		t.Errorf("popped %v", objects)
	}
}

// Of several that are added at once, the least is popped first, although somebody waits for any.
func TestHeapBulkAddIsOneStep(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newNumberHeap()
		popped := make(chan interface{})
		go func() {
			obj, err := h.Pop()
			if err != nil {
				t.Error(err)
			}
			popped <- obj
		}()
		synctest.Wait()
		must(t, h.BulkAdd([]interface{}{"a=3", "b=1", "c=2"}))
		if obj := <-popped; obj != "b=1" {
			t.Errorf("popped %v, want b=1", obj)
		}
	})
}

// Whatever happens, what is popped is sorted and is what a map has.
func TestHeapEqualsASortedMap(t *testing.T) {
	for seed := range uint64(50) {
		random := rand.New(rand.NewPCG(seed, 1))
		h, model := newNumberHeap(), map[string]int{}
		for range 100 {
			key, n := fmt.Sprint("k", random.IntN(20)), random.IntN(1000)
			obj := fmt.Sprintf("%s=%d", key, n)
			_, exists := model[key]
			switch random.IntN(5) {
			default:
				must(t, h.Add(obj))
				model[key] = n
			case 0:
				if err := h.Delete(obj); (err == nil) != exists {
					t.Fatalf("seed %d: Delete of an object that exists %v: %v", seed, exists, err)
				}
				delete(model, key)
			case 1:
				must(t, h.AddIfNotPresent(obj))
				if !exists {
					model[key] = n
				}
			}
		}
		want := []string{}
		for key, n := range model {
			want = append(want, fmt.Sprintf("%s=%d", key, n))
		}
		byNumber := func(a, b string) int {
			_, x, _ := strings.Cut(a, "=")
			_, y, _ := strings.Cut(b, "=")
			m, _ := strconv.Atoi(x)
			n, _ := strconv.Atoi(y)
			return cmp.Or(m-n, strings.Compare(a, b))
		}
		slices.SortFunc(want, byNumber)
		got := drained(t, h)
		slices.SortStableFunc(got, byNumber) // only equal numbers may move
		if !slices.Equal(got, want) {
			t.Fatalf("seed %d: popped %v, want %v", seed, got, want)
		}
	}
}
