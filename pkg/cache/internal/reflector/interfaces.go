package reflector

import (
	"context"
	"slices"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/watch"
)

// Source is where objects come from.
type Source[T any] interface {
	// List asks for one page and calls each for every object of it, in order; it may do so while it still reads. An
	// error of each ends it and is returned. A page that failed half-way is asked for again.
	List(ctx context.Context, options metav1.ListOptions, each func(Item[T]) error) (Page, error)
	// Watch opens a stream of events. The caller stops the stream.
	Watch(ctx context.Context, options metav1.ListOptions) (Stream[T], error)
	// StreamsLists says whether the server may be asked for a watch that begins with the collection (KEP-3157). It
	// may refuse nevertheless. A source that says no is taken for a fake one, as they do.
	StreamsLists() bool
	// Key says which object this is.
	Key(object T) Key
}

// Key is what tells one object of a collection from the others.
type Key struct {
	Namespace, Name string
}

// String is namespace/name, or the name alone, as stores have it.
func (k Key) String() string {
	if k.Namespace == "" {
		return k.Name
	}
	return k.Namespace + "/" + k.Name
}

// Item is an object of a list, or what is known of one that could not be decoded.
type Item[T any] struct {
	Object T
	Poison *Poison // set if there is no Object
}

// Page is what a list says about itself.
type Page struct {
	// Version is the resource version of the list; all pages of one list have the same.
	Version string
	// Continue is the token of the next page, empty on the last.
	Continue string
	// Remaining is how many objects follow on later pages, or zero if the server does not say.
	Remaining int64
}

// Stream is an open watch, for one goroutine.
type Stream[T any] interface {
	// Next blocks until there is an event. It returns io.EOF when the server has closed the stream, an error that
	// wraps ErrLost when a change was reported that cannot be known from the stream, and other errors, including the
	// cause of the context, when the connection is of no more use.
	Next(ctx context.Context) (Event[T], error)
	// Stop ends the stream and frees its connection. It may be called more than once.
	Stop()
}

// Event is one change, or a bookmark, which has no object.
type Event[T any] struct {
	Type    watch.EventType // Added, Modified, Deleted or Bookmark
	Object  T
	Poison  *Poison // set if the object could not be decoded; its name and version are known
	Version string  // of the object or bookmark; never empty for a bookmark
	// InitialEnd says of a bookmark that the collection with which a watch began (KEP-3157) is complete.
	InitialEnd bool
}

// List is a complete collection.
type List[T any] struct {
	Objects  []T
	Poisoned []Poison // objects that exist and could not be decoded, at most MaxPoisoned
	More     int      // how many more such objects there are, of which nothing is known
	Version  string   // of the collection
}

// TellsAll says whether all of the objects that exist are known, so that the others are gone. Else, an object that the list
// does not have may be one of those that could not be decoded.
func (l List[T]) TellsAll() bool {
	return l.More == 0 && !slices.ContainsFunc(l.Poisoned, func(p Poison) bool { return p.Name == "" })
}

// Sink takes what the reflector sees, in order. An error means that it did not take it, and makes the reflector list
// again. The reflector calls it from one goroutine, and calls should be short: the server waits meanwhile.
type Sink[T any] interface {
	// Apply gives one event of the watch.
	Apply(event Event[T]) error
	// Replace gives the complete collection. The slices are the sink's. A server that repeats itself may have put an
	// object in twice; the later one counts.
	Replace(list List[T]) error
}
