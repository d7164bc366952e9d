package check

import (
	"maps"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"

	"github.com/kubewright/kubewright/pkg/apiservertest/record"
)

// Object is what a server, a cache or a handler holds.
type Object interface {
	runtime.Object
	metav1.Object
}

// Objects are a collection, by key.
type Objects map[string]Object

// Run is all that was recorded of one server and the informers that followed it.
type Run struct {
	History *History
	// Server is what the server answered to a list at the end, when nothing changed any more.
	Server    Objects
	Informers []*Informer
	// Panics are those that were caught.
	Panics []string
	// Left is what was still there when everything had been stopped: goroutines, connections.
	Left []string
}

// Informer is what was seen of one informer.
type Informer struct {
	Name string
	// Selects says which objects the informer is about; nil: all.
	Selects func(metav1.Object) bool
	// Transform is what the informer does to each object before it stores it; nil: nothing.
	Transform func(Object)
	Handlers  []*Handler

	// Final is the cache at the end; nil if nobody looked.
	Final Objects
	// AtSync is the cache when HasSynced became true; nil if it did not, or nobody looked.
	AtSync Objects
	// MustSync says that it has to have synced.
	MustSync bool
	// Watchers are the goroutines that looked at the whole cache now and then.
	Watchers []*Watcher
	// Except are keys that need not be in the cache as the server has them, because they could not be decoded: snapshots are
	// compared without them.
	Except map[string]bool
	// Disordered says that the server told changes in another order than that in which they happened, so that the cache as
	// a whole need not have been the collection of any moment. What is told of one object still has to be in order.
	Disordered bool
	Indexes    []IndexSnapshot

	// Requests are those that the informer made, the oldest first, and MostLists how many lists ran at once.
	Requests  []record.Entry
	MostLists int
	Envelope  Envelope

	Heard    []Heard
	Logged   []string // lines of its log, those with a Canary at least
	Troubles []Trouble
	Stop     *Stop // nil: it was not stopped, or nobody looked
}

// selected returns the objects that an informer is about, as it has to store them.
func (i *Informer) selected(all Objects) Objects {
	selected := maps.Clone(all)
	maps.DeleteFunc(selected, func(_ string, o Object) bool { return i.Selects != nil && !i.Selects(o) })
	for key, o := range selected {
		selected[key] = transformed(i.Transform, o)
	}
	return selected
}

// transformed is an object as an informer stores it.
func transformed(transform func(Object), o Object) Object {
	if transform == nil {
		return o
	}
	c := o.DeepCopyObject().(Object)
	transform(c)
	return c
}

// Until says when the calls of a handler ended.
type Until int

const (
	// End is with the informer: the handler was there until the end.
	End Until = iota
	// Removal is before: the handler was removed.
	Removal
)

// Handler is what one handler was told, in the order in which it was.
type Handler struct {
	Name  string
	Calls []Call
	Until Until
	// Overlapped says that a call began before the one before had returned.
	Overlapped bool
	// AfterRemoval is how many calls began after the handler was known to be removed.
	AfterRemoval int
	// CallsAtSync is how many calls had begun when somebody saw that the registration had synced; -1 if nobody did.
	CallsAtSync int
	// MustSync says that it has to have synced.
	MustSync bool
}

// Kind is what a call told.
type Kind int

// The kinds of calls.
const (
	Add Kind = iota
	Update
	Delete
)

func (k Kind) String() string { return [...]string{"add", "update", "delete"}[k] }

// Call is one call of a handler, and what the handler saw of the cache while it ran.
type Call struct {
	Kind Kind
	Key  string
	// Old is the object before an update, or the one that was deleted; New that which was added or updated.
	Old, New Object
	// Unknown says of a deletion that the final state is unknown.
	Unknown bool
	// Initial says of an addition that it is part of the initial list.
	Initial bool
	At      time.Time

	// Stored is the object of the key in the store; nil if there was none. Looked says that somebody looked.
	Looked bool
	Stored Object
	// CacheSynced and HandlerSynced are what HasSynced said of the informer and of the registration.
	CacheSynced, HandlerSynced bool
}

// Watcher is a goroutine that looked at the whole cache, again and again.
type Watcher struct {
	Snapshots []Snapshot
}

// Snapshot is what one call of List or ByIndex returned.
type Snapshot struct {
	// Of selects the part of the collection that was asked for; nil: all. Part says so in words.
	Of      func(metav1.Object) bool
	Part    string
	Objects Objects
	// Version is what the store said about its version, before Objects were asked for.
	Version string
}
