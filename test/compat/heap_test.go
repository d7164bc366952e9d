package compat

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/kubewright/kubewright/pkg/cache"
	upstream "k8s.io/client-go/tools/cache"
)

// anyHeap is a heap of either make.
type anyHeap interface {
	Add(obj interface{}) error
	AddIfNotPresent(obj interface{}) error
	BulkAdd(list []interface{}) error
	Close()
	Delete(obj interface{}) error
	Get(obj interface{}) (interface{}, bool, error)
	IsClosed() bool
	List() []interface{}
	ListKeys() []string
	Pop() (interface{}, error)
	Update(obj interface{}) error
}

// runHeap uses a heap at random, and returns what could be seen. Keyless objects are numbers.
func runHeap(h anyHeap, random *rand.Rand) (log []string) {
	object := func() interface{} {
		if n := random.IntN(20); n == 0 {
			return n
		}
		return fmt.Sprintf("%c=%d", 'a'+random.IntN(6), random.IntN(1000))
	}
	for i := range 60 {
		if i == 50 {
			h.Close()
		}
		var result interface{}
		var exists bool
		var err error
		switch what := random.IntN(8); what {
		case 0, 1:
			err = h.Add(object())
		case 2:
			err = h.Update(object())
		case 3:
			err = h.AddIfNotPresent(object())
		case 4: // all or none: client-go may have added some of them when it finds one without a key
			err = h.BulkAdd([]interface{}{fmt.Sprint("x=", random.IntN(9)), fmt.Sprint("y=", random.IntN(9))})
		case 5:
			err = h.Delete(object())
		case 6:
			result, exists, err = h.Get(object())
		case 7:
			if h.IsClosed() || len(h.List()) > 0 {
				result, err = h.Pop()
			}
		}
		keys := h.ListKeys()
		slices.Sort(keys)
		log = append(log, fmt.Sprint(i, result, exists, err == nil, keys, len(h.List())))
	}
	return log
}

func TestHeapsDoTheSame(t *testing.T) {
	less := func(a, b interface{}) bool {
		return a.(string)[2:] < b.(string)[2:] || a.(string)[2:] == b.(string)[2:] && a.(string) < b.(string)
	}
	for seed := range uint64(300) {
		theirs := runHeap(upstream.NewHeap(keyOf, less), rand.New(rand.NewPCG(seed, 1)))
		ours := runHeap(cache.NewHeap(keyOf, less), rand.New(rand.NewPCG(seed, 1)))
		if diff := cmp.Diff(theirs, ours); diff != "" {
			t.Fatalf("seed %d (-client-go +ours):\n%s", seed, diff)
		}
	}
}

// Of several objects that are added at once, of which one has no key, client-go adds those before it, and we none.
func TestHeapDiffers(t *testing.T) {
	ours, theirs := cache.NewHeap(keyOf, nil), upstream.NewHeap(keyOf, nil)
	for _, h := range []anyHeap{ours, theirs} {
		if err := h.BulkAdd([]interface{}{"a=1", 7}); err == nil {
			t.Errorf("%T took an object without a key", h)
		}
	}
	if len(ours.List()) != 0 || len(theirs.List()) != 1 {
		t.Errorf("ours has %v, client-go's %v", ours.List(), theirs.List())
	}
}
