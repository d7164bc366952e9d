package generics

import (
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/apimachinery/pkg/util/sets"
)

type List[T any] struct {
	Items []T
}

type Pair[K comparable, V any] map[K]V

// ByHand copies itself.
type ByHand[T any] struct {
	Items []T
}

func (in *ByHand[T]) DeepCopyInto(out *ByHand[T]) { *out = *in }

type Uses struct {
	Right  ByHand[string]
	Wrong  *ByHand[string]
	Wrong2 []ByHand[int]
	Names  sets.Set[string]
	UIDs   sets.Set[types.UID]
}
