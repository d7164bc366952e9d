package cache

import (
	"fmt"
	"slices"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestUndeltaStore(t *testing.T) {
	var pushed []string
	u := NewUndeltaStore(func(objects []interface{}) {
		var shown []string
		for _, obj := range objects {
			shown = append(shown, obj.(string))
		}
		pushed = append(pushed, fmt.Sprint(sorted(shown)))
	}, named)
	must(t, u.Add("a=1"), u.Add("b=1"), u.Update("a=2"), u.Delete("a=2"), u.Delete("nope"), u.Replace([]interface{}{"c=1"}, "7"), u.Replace(nil, "8"))
	for _, err := range []error{u.Add(7), u.Update(7), u.Delete(7), u.Replace([]interface{}{7}, "9")} {
		if err == nil {
			t.Error("an object without a key was accepted")
		}
	}
	u.Bookmark("9") // changes no object
	want := []string{"[a=1]", "[a=1 b=1]", "[a=2 b=1]", "[b=1]", "[b=1]", "[c=1]", "[]"}
	if diff := cmp.Diff(want, pushed); diff != "" {
		t.Errorf("pushed (-want +got):\n%s", diff)
	}
	if got := u.LastStoreSyncResourceVersion(); got != "9" {
		t.Errorf("version = %q", got)
	}
}

// P6: no lock is held while it pushes, and every change is pushed, whoever else changes the store.
func TestUndeltaStoreOfManyWriters(t *testing.T) {
	var mu sync.Mutex
	pushes, seen := 0, map[string]bool{}
	var u *UndeltaStore
	u = NewUndeltaStore(func(objects []interface{}) {
		u.ListKeys()
		mu.Lock()
		defer mu.Unlock()
		pushes++
		for _, obj := range objects {
			seen[obj.(string)] = true
		}
	}, named)
	var wg sync.WaitGroup
	for i := range 20 {
		wg.Go(func() {
			if err := u.Add(fmt.Sprintf("a%d=1", i)); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if pushes != 20 || len(seen) != 20 {
		t.Errorf("%d pushes that show %d objects, want 20", pushes, len(seen))
	}
}

// Any Store can be made to push.
func TestUndeltaStoreOfAnotherStore(t *testing.T) {
	var pushed [][]interface{}
	u := &UndeltaStore{Store: NewTTLStore(named, 0), PushFunc: func(objects []interface{}) { pushed = append(pushed, objects) }}
	must(t, u.Add("a=1"))
	if len(pushed) != 1 || !slices.Equal(pushed[0], []interface{}{"a=1"}) {
		t.Errorf("pushed %v", pushed)
	}
}
