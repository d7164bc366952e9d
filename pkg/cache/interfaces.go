package cache

import (
	"context"
	"iter"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/watch"
)

// Object is what a cached type has to have: a name, and a namespace if it is namespaced. Every API type has them through
// its ObjectMeta. It is comparable so that a missing object, a nil pointer, can be told from one that is there.
type Object interface {
	comparable

	GetName() string
	GetNamespace() string
}

// KeyLister lists its keys.
type KeyLister interface {
	ListKeys() []string
}

// KeyGetter finds a value by its key.
type KeyGetter interface {
	// GetByKey returns the value under key and whether there is one.
	GetByKey(key string) (value interface{}, exists bool, err error)
}

// KeyListerGetter lists keys and finds values by them.
type KeyListerGetter interface {
	KeyLister
	KeyGetter
}

// ReflectorStore is what a Reflector writes to. Each method returns an error if it could not take what it was given; the
// reflector then lists again.
type ReflectorStore interface {
	// Add, Update and Delete tell of a change of one object.
	Add(obj interface{}) error
	Update(obj interface{}) error
	Delete(obj interface{}) error
	// Replace gives the complete content and its resource version. The slice belongs to the store from then on.
	Replace([]interface{}, string) error
	// Resync asks a queue to have everything processed again; a plain store does nothing.
	Resync() error
}

// ReflectorBookmarkStore is implemented by a ReflectorStore that wants to hear of bookmarks.
type ReflectorBookmarkStore interface {
	// Bookmark says that nothing else has changed up to this resource version.
	Bookmark(resourceVersion string) error
}

// ResourceVersionUpdater is implemented by a ReflectorStore that wants to hear of each resource version that its
// reflector reaches, also of those that change no object.
type ResourceVersionUpdater interface {
	UpdateResourceVersion(resourceVersion string)
}

// TransformingStore is a ReflectorStore that transforms what it is given. A reflector hands it objects as they were decoded,
// and applies no transform of its own, so that each is transformed once.
type TransformingStore interface {
	ReflectorStore
	// Transformer returns the transform, or nil.
	Transformer() TransformFunc
}

// Store keeps objects under keys that it computes from them. All methods may be called concurrently. Objects are shared
// with everyone who asks: they must not be modified.
type Store interface {
	// Add and Update store an object, whether there was one under its key or not.
	Add(obj interface{}) error
	Update(obj interface{}) error
	// Delete removes the object under the key of obj, if there is one.
	Delete(obj interface{}) error
	// List returns all objects as of one moment, in no particular order.
	List() []interface{}
	// ListKeys returns all keys as of one moment, in no particular order.
	ListKeys() []string
	// LastStoreSyncResourceVersion is the latest resource version that the store has seen: of a list, a bookmark, or
	// an object that was written.
	LastStoreSyncResourceVersion() string
	// Bookmark notes a resource version that the store has reached without a change.
	Bookmark(rv string)
	// Get returns the object under the key of obj.
	Get(obj interface{}) (item interface{}, exists bool, err error)
	// GetByKey returns the object under key. The error is always nil.
	GetByKey(key string) (item interface{}, exists bool, err error)
	// Replace makes the objects the whole content, as of a resource version. The slice belongs to the store from then on.
	Replace([]interface{}, string) error
	// Resync does nothing for a plain store.
	Resync() error
}

// Indexer is a Store with indexes. An index has a name and a function that computes, for an object, the values under
// which it is found. An object whose function fails is missing from that index only.
type Indexer interface {
	Store
	// Index returns the objects that share a value of the named index with obj.
	Index(indexName string, obj interface{}) ([]interface{}, error)
	// IndexKeys returns the keys of the objects that have this value in the named index.
	IndexKeys(indexName, indexedValue string) ([]string, error)
	// ListIndexFuncValues returns all values of the named index.
	ListIndexFuncValues(indexName string) []string
	// ByIndex returns the objects that have this value in the named index.
	ByIndex(indexName, indexedValue string) ([]interface{}, error)
	// GetIndexers returns the functions of all indexes.
	GetIndexers() Indexers
	// AddIndexers adds indexes, at any time; what is stored is indexed before it returns. A name that is taken is an
	// error, and then none is added.
	AddIndexers(newIndexers Indexers) error
}

// TypedIndexer is an Indexer whose objects are of type T.
type TypedIndexer[T any] interface {
	Indexer

	// TypedIndex is Index for T.
	TypedIndex(indexName string, obj T) ([]T, error)
	// ByTypedIndex is ByIndex for T.
	ByTypedIndex(indexName, indexedValue string) ([]T, error)
	// AddTypedIndexers is AddIndexers for T.
	AddTypedIndexers(newIndexers TypedIndexers[T]) error
}

// Queue is a ReflectorStore whose content is processed, one key after the other.
type Queue interface {
	ReflectorStore

	// Pop blocks until there is something to process or the queue is closed, which is an error. It processes the
	// oldest entry and returns it, with the error of the processing. Only one goroutine should pop.
	Pop(PopProcessFunc) (interface{}, error)
	// HasSynced says whether everything of the first Replace was popped; if something else came before it, that is the
	// case from the beginning.
	HasSynced() bool
	// HasSyncedChecker is HasSynced for WaitFor.
	HasSyncedChecker() DoneChecker
	// Close ends the queue and wakes up Pop.
	Close()
}

// QueueWithBatch is a Queue that can process several entries at once.
type QueueWithBatch interface {
	Queue

	// PopBatch is Pop for as many entries as the queue puts together; entries that have to be processed alone go to
	// processSingle. Both functions must do the same to an entry.
	PopBatch(processBatch ProcessBatchFunc, processSingle PopProcessFunc) error
}

// Lister lists a resource.
type Lister interface {
	// List returns a list object; its resourceVersion is where a watch can begin.
	//
	// Deprecated: implement ListerWithContext.
	List(options metav1.ListOptions) (runtime.Object, error)
}

// ListerWithContext lists a resource.
type ListerWithContext interface {
	// ListWithContext returns a list object; its resourceVersion is where a watch can begin.
	ListWithContext(ctx context.Context, options metav1.ListOptions) (runtime.Object, error)
}

// Watcher watches a resource.
type Watcher interface {
	// Watch begins a watch at a resource version. If it returns an error there is nothing to stop.
	//
	// Deprecated: implement WatcherWithContext.
	Watch(options metav1.ListOptions) (watch.Interface, error)
}

// WatcherWithContext watches a resource.
type WatcherWithContext interface {
	// WatchWithContext begins a watch at a resource version. If it returns an error there is nothing to stop.
	WatchWithContext(ctx context.Context, options metav1.ListOptions) (watch.Interface, error)
}

// ListerWatcher is where a Reflector gets its objects from. Implement ListerWatcherWithContext as well.
type ListerWatcher interface {
	Lister
	Watcher
}

// ListerWatcherWithContext is where a Reflector gets its objects from.
type ListerWatcherWithContext interface {
	ListerWithContext
	WatcherWithContext
}

// DoneChecker is an activity that ends, such as the filling of a cache. See WaitFor.
type DoneChecker interface {
	// Name describes the activity.
	Name() string
	// Done is closed when the activity has ended.
	Done() <-chan struct{}
}

// Controller feeds a store from a Reflector and processes what changes.
type Controller interface {
	// RunWithContext works until ctx is done, and returns when all has ended. It must be called once only.
	RunWithContext(ctx context.Context)
	// Run is RunWithContext with a channel that is closed to stop.
	Run(stopCh <-chan struct{})
	// HasSynced says whether the first list was processed.
	HasSynced() bool
	// HasSyncedChecker is HasSynced for WaitFor.
	HasSyncedChecker() DoneChecker
	// LastSyncResourceVersion is the resource version that the reflector has reached; empty before Run.
	LastSyncResourceVersion() string
}

// ResourceEventHandler is told of the changes of a cache. It must not modify the objects, nor anything they lead to, and
// should return soon: what it has not handled yet waits in memory.
type ResourceEventHandler interface {
	// OnAdd tells of a new object; isInInitialList says that it was there before the handler came, or came with the
	// first list.
	OnAdd(obj interface{}, isInInitialList bool)
	// OnUpdate tells of a change. Several changes may have become one. It is also called, with the same object twice,
	// for a resync, and for every object when a list had to repair the cache.
	OnUpdate(oldObj, newObj interface{})
	// OnDelete gives the final state of the object, or a DeletedFinalStateUnknown if the deletion was not seen.
	OnDelete(obj interface{})
}

// TypedResourceEventHandler is a ResourceEventHandler for objects of type T.
type TypedResourceEventHandler[T Object] interface {
	OnAdd(obj T, isInInitialList bool)
	OnUpdate(oldObj, newObj T)
	OnDelete(obj DeletedObject[T])
}

// ResourceEventHandlerRegistration is a handler that was added to an informer; with it, the handler can be removed.
type ResourceEventHandlerRegistration interface {
	// HasSynced says whether the cache is filled and this handler has returned from all its initial additions.
	HasSynced() bool
	// HasSyncedChecker is HasSynced for WaitFor.
	HasSyncedChecker() DoneChecker
}

// SharedInformer is a cache of a collection of objects that follows the API server, and tells handlers of changes.
//
// The cache is eventually consistent: unless communication stays broken it reaches, for every object, the state that the
// server has or a later one. The states that it shows of one object are some of those it really had, in the same order;
// between different objects there is no order. An object is identified by its namespace and name: if it is deleted and
// made again, handlers may hear of one update between objects with different UIDs.
//
// Each change of the cache is told to each handler once, after the cache and its indexes show it, one at a time and, for
// one object, in order. The cache may be further by then. A handler that is added late gets an addition for each object
// that is there, and then every change. Handlers do not wait for each other.
//
// Keys of the store are namespace/name, or the name alone; see MetaNamespaceKeyFunc.
type SharedInformer interface {
	// AddEventHandler adds a handler with the informer's resync period, at any time before the informer has stopped.
	AddEventHandler(handler ResourceEventHandler) (ResourceEventHandlerRegistration, error)
	// AddEventHandlerWithResyncPeriod adds a handler that wants to be told of all objects in the cache every
	// resyncPeriod, as updates; zero is never. The period is rounded up to the times at which the informer looks; an
	// informer that was made without a resync period never does. A resync does not ask the server for anything.
	AddEventHandlerWithResyncPeriod(handler ResourceEventHandler, resyncPeriod time.Duration) (ResourceEventHandlerRegistration, error)
	// AddEventHandlerWithOptions adds a handler.
	AddEventHandlerWithOptions(handler ResourceEventHandler, options HandlerOptions) (ResourceEventHandlerRegistration, error)
	// RemoveEventHandler removes a handler without waiting for it: a call that is running goes on. What was queued for
	// it is dropped. ShutDownEventHandler also waits. Removing it again does nothing.
	RemoveEventHandler(handle ResourceEventHandlerRegistration) error
	// GetStore returns the cache, to read.
	GetStore() Store
	// GetController returns a view of the informer as a Controller.
	//
	// Deprecated: it offers nothing that the informer has not.
	GetController() Controller
	// Run is RunWithContext with a channel that is closed to stop.
	Run(stopCh <-chan struct{})
	// RunWithContext fills the cache and follows the server until ctx is done. It returns when everything has ended,
	// handlers included. An informer runs once; a second call reports an error and returns at once.
	RunWithContext(ctx context.Context)
	// HasSynced says whether the cache has taken one complete list. Whether a handler has seen it, only its
	// registration can tell.
	HasSynced() bool
	// HasSyncedChecker is HasSynced for WaitFor.
	HasSyncedChecker() DoneChecker
	// LastSyncResourceVersion is the resource version that the informer has reached. The store may be a little behind.
	LastSyncResourceVersion() string
	// SetWatchErrorHandler sets who is told of errors of list and watch, before each retry. It is for reporting only
	// and should return soon. After the informer was started it returns an error.
	SetWatchErrorHandler(handler WatchErrorHandler) error
	// SetWatchErrorHandlerWithContext is SetWatchErrorHandler with a context, for logging.
	SetWatchErrorHandlerWithContext(handler WatchErrorHandlerWithContext) error
	// SetTransform sets a function that is applied to each object before it is stored. After the informer was started
	// it returns an error.
	SetTransform(handler TransformFunc) error
	// IsStopped says whether the informer has ended. It cannot be started again, and takes no more handlers.
	IsStopped() bool
}

// SharedIndexInformer is a SharedInformer whose store has indexes.
type SharedIndexInformer interface {
	SharedInformer
	// AddIndexers adds indexes, at any time. A name that is taken is an error.
	AddIndexers(indexers Indexers) error
	// GetIndexer returns the cache, to read.
	GetIndexer() Indexer
}

// TypedSharedIndexInformer is a SharedIndexInformer of objects of type T.
type TypedSharedIndexInformer[T Object] interface {
	SharedIndexInformer

	// AddTypedEventHandler adds a handler as AddEventHandlerWithOptions does. More than one HandlerOptions is an error.
	AddTypedEventHandler(handler TypedResourceEventHandler[T], options ...HandlerOptions) (ResourceEventHandlerRegistration, error)
	// AddTypedIndexers is AddIndexers for T.
	AddTypedIndexers(indexers TypedIndexers[T]) error
	// GetTypedIndexer is GetIndexer for T.
	GetTypedIndexer() TypedIndexer[T]
}

// ObservedInformer is a SharedInformer that tells how it fares. All informers of this package are; see Observe.
type ObservedInformer interface {
	SharedInformer

	// Status is how the informer fares now. It waits for nothing, and costs little.
	Status() InformerStatus
	// Errors returns all that goes wrong from now on, for one loop, which ends when ctx is done or the informer has ended.
	// Whoever does not loop to the end has to end ctx. The informer never waits for the loop: one that falls behind by more
	// than 256 errors gets a MissedError in place of the oldest.
	Errors(ctx context.Context) iter.Seq[*InformerError]
	// WaitForVersion waits until the cache has seen what was written: obj is an object as the server has returned it from
	// a write, and the cache has it in that state or a later one, or has seen that it was deleted. An object that the
	// informer's selectors leave out is taken for seen when the cache has reached its version, which takes a bookmark,
	// about a minute. The error is that of ctx, or ErrInformerStopped, or about a version that cannot be compared.
	WaitForVersion(ctx context.Context, obj metav1.Object) error
	// Size is an estimate of the bytes that the cache holds, objects and indexes. It takes samples, some milliseconds of
	// work; objects that share memory with others count in full.
	Size() int64
}

// GenericLister reads objects of any type from an Indexer.
type GenericLister interface {
	// List returns the objects of all namespaces that match.
	List(selector labels.Selector) (ret []runtime.Object, err error)
	// Get returns the object of this name, of a resource without namespaces.
	Get(name string) (runtime.Object, error)
	// ByNamespace is the lister of one namespace.
	ByNamespace(namespace string) GenericNamespaceLister
}

// GenericNamespaceLister reads objects of any type and one namespace from an Indexer.
type GenericNamespaceLister interface {
	// List returns the objects of the namespace that match.
	List(selector labels.Selector) (ret []runtime.Object, err error)
	// Get returns the object of this name.
	Get(name string) (runtime.Object, error)
}
