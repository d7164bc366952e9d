package storage

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kubewright/kubewright/pkg/internal/apiobject"
)

// check reports what is wrong with the order, the counts and the balance of a tree.
func check(n *node) error {
	if n == nil {
		return nil
	}
	left, right := n.left.weight(), n.right.weight()
	switch {
	case n.left != nil && n.left.path >= n.path, n.right != nil && n.right.path <= n.path:
		return fmt.Errorf("%q is not between its children", n.path)
	case n.count != n.left.len()+1+n.right.len():
		return fmt.Errorf("%q counts %d", n.path, n.count)
	case left > 3*right, right > 3*left:
		return fmt.Errorf("%q has children of weight %d and %d", n.path, left, right)
	}
	if err := check(n.left); err != nil {
		return err
	}
	return check(n.right)
}

func paths(n *node, from, to string) []string {
	all := []string{}
	n.walk(from, to, func(o apiobject.Object) bool {
		all = append(all, path(o.GetNamespace(), o.GetName()))
		return true
	})
	return all
}

func TestTreeIsOrderedAndBalancedWhateverIsPutAndRemoved(t *testing.T) {
	for _, order := range []struct {
		name string
		next func(random *rand.Rand, i int) int
	}{
		{"ascending", func(_ *rand.Rand, i int) int { return i }},
		{"descending", func(_ *rand.Rand, i int) int { return 1000 - i }},
		{"random", func(random *rand.Rand, _ int) int { return random.IntN(1000) }},
	} {
		t.Run(order.name, func(t *testing.T) {
			random := rand.New(rand.NewPCG(1, 2))
			model := map[string]bool{}
			var tree *node
			verify := func() {
				t.Helper()
				if err := check(tree); err != nil {
					t.Fatal(err)
				}
				if tree.len() != len(model) {
					t.Fatalf("the tree has %d entries, want %d", tree.len(), len(model))
				}
			}
			for i := range 1000 {
				k := key("a", fmt.Sprintf("%04d", order.next(random, i)))
				p := path(k.Namespace, k.Name)
				tree, model[p] = tree.put(&entry{path: p, object: object(k, "")}), true
				if i%3 == 0 { // take one away for every three that come
					gone := slices.Sorted(maps.Keys(model))[random.IntN(len(model))]
					tree = tree.remove(gone)
					delete(model, gone)
				}
				verify()
			}
			want := slices.Sorted(maps.Keys(model))
			if diff := cmp.Diff(want, paths(tree, "", "")); diff != "" {
				t.Errorf("paths (-want +got):\n%s", diff)
			}
			for i, p := range want {
				if got := tree.before(p); got != i {
					t.Fatalf("before(%q) = %d, want %d", p, got, i)
				}
				if tree.get(p) == nil {
					t.Fatalf("get(%q) found nothing", p)
				}
			}
			for _, i := range random.Perm(len(want)) {
				tree = tree.remove(want[i])
				delete(model, want[i])
				verify()
			}
		})
	}
}

func TestTreeIsNotChangedByWhatIsMadeOfIt(t *testing.T) {
	var tree *node
	for i := range 100 {
		k := key("a", fmt.Sprint(i))
		tree = tree.put(&entry{path: path(k.Namespace, k.Name), object: object(k, "")})
	}
	before := paths(tree, "", "")
	for _, p := range before {
		tree.remove(p)
	}
	tree.remove("a/none")
	tree.put(&entry{path: "a/new", object: object(key("a", "new"), "")})
	if diff := cmp.Diff(before, paths(tree, "", "")); diff != "" {
		t.Errorf("the tree has changed (-want +got):\n%s", diff)
	}
}

func TestTreeWalksFromAPathToBeforeAnother(t *testing.T) {
	var tree *node
	all := []string{}
	for i := range 40 {
		k := key("a", fmt.Sprintf("%02d", i))
		all = append(all, path(k.Namespace, k.Name))
		tree = tree.put(&entry{path: all[i], object: object(k, "")})
	}
	for from := range all {
		for to := from; to < len(all); to++ {
			if diff := cmp.Diff(all[from:to], paths(tree, all[from], all[to])); diff != "" {
				t.Fatalf("from %q to %q (-want +got):\n%s", all[from], all[to], diff)
			}
			seen := 0
			tree.walk(all[from], all[to], func(apiobject.Object) bool { seen++; return false })
			if seen != min(1, to-from) {
				t.Fatalf("from %q to %q: %d objects after the first said stop", all[from], all[to], seen)
			}
		}
	}
}
