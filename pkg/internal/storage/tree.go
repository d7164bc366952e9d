package storage

import (
	"github.com/kubewright/kubewright/pkg/internal/apiobject"
)

// node is a tree of objects in the order of their paths; nil is the empty one. Trees are never changed: put and remove
// return new ones that share what is equal. They are balanced by weight: Hirai and Yamamoto, "Balancing weight-balanced
// trees" (Journal of Functional Programming 21, 2011), has the proof of delta and gamma.
type node struct {
	*entry
	left, right *node
	count       int // entries in the tree
}

// entry is apart from the nodes, which are copied more often.
type entry struct {
	path   string
	object apiobject.Object
}

const (
	delta = 3 // how often a subtree may weigh what its sibling weighs
	gamma = 2 // from which weight on the inner grandchild is what has to move
)

func newNode(e *entry, left, right *node) *node {
	return &node{entry: e, left: left, right: right, count: left.len() + 1 + right.len()}
}

func (n *node) len() int {
	if n == nil {
		return 0
	}
	return n.count
}

func (n *node) weight() int { return n.len() + 1 }

// get returns the object of a path, nil if there is none.
func (n *node) get(path string) apiobject.Object {
	for n != nil && n.path != path {
		if path < n.path {
			n = n.left
		} else {
			n = n.right
		}
	}
	if n == nil {
		return nil
	}
	return n.object
}

// before counts the entries before a path.
func (n *node) before(path string) int {
	count := 0
	for n != nil {
		if path <= n.path {
			n = n.left
		} else {
			count += n.left.len() + 1
			n = n.right
		}
	}
	return count
}

// put returns the tree with e in it, in place of what has the same path.
func (n *node) put(e *entry) *node {
	switch {
	case n == nil:
		return newNode(e, nil, nil)
	case e.path < n.path:
		return balanced(n.entry, n.left.put(e), n.right)
	case e.path > n.path:
		return balanced(n.entry, n.left, n.right.put(e))
	default:
		return newNode(e, n.left, n.right)
	}
}

// remove returns the tree without what has the path.
func (n *node) remove(path string) *node {
	switch {
	case n == nil:
		return nil
	case path < n.path:
		return balanced(n.entry, n.left.remove(path), n.right)
	case path > n.path:
		return balanced(n.entry, n.left, n.right.remove(path))
	case n.left == nil:
		return n.right
	case n.right == nil:
		return n.left
	case n.left.count > n.right.count:
		last, rest := n.left.cutLast()
		return balanced(last, rest, n.right)
	default:
		first, rest := n.right.cutFirst()
		return balanced(first, n.left, rest)
	}
}

func (n *node) cutFirst() (first *entry, rest *node) {
	if n.left == nil {
		return n.entry, n.right
	}
	first, rest = n.left.cutFirst()
	return first, balanced(n.entry, rest, n.right)
}

func (n *node) cutLast() (last *entry, rest *node) {
	if n.right == nil {
		return n.entry, n.left
	}
	last, rest = n.right.cutLast()
	return last, balanced(n.entry, n.left, rest)
}

// balanced makes one tree of e and what comes before and after it, two balanced trees of which one may have an entry too
// many or too few.
func balanced(e *entry, left, right *node) *node {
	switch {
	case right.weight() > delta*left.weight():
		if inner := right.left; inner.weight() >= gamma*right.right.weight() {
			return newNode(inner.entry, newNode(e, left, inner.left), newNode(right.entry, inner.right, right.right))
		}
		return newNode(right.entry, newNode(e, left, right.left), right.right)
	case left.weight() > delta*right.weight():
		if inner := left.right; inner.weight() >= gamma*left.left.weight() {
			return newNode(inner.entry, newNode(left.entry, left.left, inner.left), newNode(e, inner.right, right))
		}
		return newNode(left.entry, left.left, newNode(e, left.right, right))
	default:
		return newNode(e, left, right)
	}
}

// walk yields the objects from one path on to before another, "" for no end, in order, until yield returns false. It
// returns whether it came to the end.
func (n *node) walk(from, to string, yield func(apiobject.Object) bool) bool {
	switch {
	case n == nil:
		return true
	case n.path < from:
		return n.right.walk(from, to, yield)
	case to != "" && n.path >= to:
		return n.left.walk(from, to, yield)
	default:
		return n.left.walk(from, "", yield) && yield(n.object) && n.right.walk("", to, yield)
	}
}
