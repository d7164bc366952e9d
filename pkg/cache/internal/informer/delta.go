package informer

import (
	"github.com/kubewright/kubewright/pkg/cache/internal/fanout"
	"github.com/kubewright/kubewright/pkg/cache/internal/reflector"
)

// change says what kind of change a delta is.
type change uint8

const (
	// written is an object that a watch reports as new or changed. Which of both it is to the cache, is decided when it
	// is applied.
	written change = iota + 1
	// deleted is an object that a watch reports as gone.
	deleted
	// replaced is a complete list of the collection. What the store has and the list has not was deleted unseen.
	replaced
	// bookmark is nothing but progress: the collection is unchanged up to its version.
	bookmark
)

// delta is one change of a collection.
type delta[T any] struct {
	change change
	// key and object are what changed, in its state after the change; for deleted the last state before it.
	key    string
	object T
	// poison is set instead of object if it could not be decoded.
	poison *reflector.Poison
	// list is the complete collection of a replaced.
	list *list[T]
	// version is the resource version of the object, list or bookmark.
	version string
}

// list is a complete collection: objects and, at the same places, their keys.
type list[T any] struct {
	keys     []string
	objects  []T
	poisoned []reflector.Poison
	more     int  // objects that exist, and of which nothing else is known
	tellsAll bool // so that what it has not is gone
}

// entry is what the inbox holds: a change, a handler that comes, or (empty) the news that one has gone.
type entry[T any] struct {
	delta delta[T]
	join  *fanout.Registration[T]
}

// changes says whether it may change the store.
func (e entry[T]) changes() bool { return e.delta.change != 0 }
