package apply_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kubewright/kubewright/pkg/runtime/apply"
)

func TestAppendCopiesAndRefusesNil(t *testing.T) {
	a, b := 1, 2
	list := apply.Append("Numbers", []int{0}, []*int{&a, &b})
	a = 7
	if diff := cmp.Diff([]int{0, 1, 2}, list); diff != "" {
		t.Errorf("list (-want +got):\n%s", diff)
	}
	defer func() {
		if got, _ := recover().(string); !strings.Contains(got, "WithNumbers") || !strings.Contains(got, "2 of 2") {
			t.Errorf("panic %q does not say which value is nil", got)
		}
	}()
	apply.Append("Numbers", nil, []*int{&a, nil})
}

func TestPutKeepsTheMapOfTheCaller(t *testing.T) {
	if m := apply.Put(nil, map[string]int{}); m != nil {
		t.Errorf("no entries make a map: %v", m)
	}
	given := map[string]int{"a": 1}
	m := apply.Put(nil, given)
	m = apply.Put(m, map[string]int{"a": 2, "b": 3})
	if diff := cmp.Diff(map[string]int{"a": 2, "b": 3}, m); diff != "" {
		t.Errorf("map (-want +got):\n%s", diff)
	}
	if given["a"] != 1 || len(given) != 1 {
		t.Errorf("the map of the caller was changed: %v", given)
	}
}
