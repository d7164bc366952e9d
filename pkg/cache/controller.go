package cache

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"time"

	"k8s.io/apimachinery/pkg/runtime"
	utilruntime "k8s.io/apimachinery/pkg/util/runtime"
	"k8s.io/klog/v2"
)

// ShouldResyncFunc says whether to resync.
type ShouldResyncFunc func() bool

// InformerOptions configure NewInformerWithOptions.
type InformerOptions struct {
	// Logger is used instead of klog.Background().
	Logger *klog.Logger
	// ListerWatcher is where the objects come from.
	ListerWatcher ListerWatcher
	// ObjectType is an object of the expected type.
	ObjectType runtime.Object
	// Handler is told of changes.
	Handler ResourceEventHandler
	// ResyncPeriod is how often the handler is told of all objects again, as updates; zero is never.
	ResyncPeriod time.Duration
	// MinWatchTimeout is the least time after which the server is asked to end a watch. Less than five minutes, the
	// default, is not honoured, to spare the server.
	MinWatchTimeout time.Duration
	// Indexers are the indexes of the store. They need an Indexer to be used: the Store that is returned is one.
	Indexers Indexers
	// Transform is applied to each object before it is stored.
	Transform TransformFunc
	// Identifier is the informer's identity, for messages and metrics.
	Identifier InformerNameAndResource
	// InformerMetricsProvider makes the metrics of the informer, if Identifier is reserved. Nil is that of
	// SetInformerMetricsProvider.
	InformerMetricsProvider InformerMetricsProvider
}

// NewInformerWithOptions returns a store and the controller that fills it and tells one handler of changes. The store is
// to be read only. HasSynced of the controller means that the handler has returned from all initial additions.
func NewInformerWithOptions(options InformerOptions) (Store, Controller) {
	return newIndexerInformer(options)
}

func newIndexerInformer(options InformerOptions) (Indexer, Controller) {
	key := func(obj any) (string, error) { return MetaNamespaceKeyFunc(obj) }
	s := newSharedInformer(ToListerWatcherWithContext(options.ListerWatcher), key, expect(options.ObjectType), SharedIndexInformerOptions{
		ResyncPeriod:            options.ResyncPeriod,
		Indexers:                options.Indexers,
		ObjectDescription:       describe(options.ObjectType),
		Identifier:              options.Identifier,
		InformerMetricsProvider: options.InformerMetricsProvider,
	})
	s.transform, s.minWatch, s.logger = options.Transform, options.MinWatchTimeout, options.Logger
	handler, err := s.AddEventHandlerWithOptions(options.Handler, HandlerOptions{Logger: options.Logger})
	if err != nil {
		panic(err) // an informer that was not run takes every handler
	}
	return s.indexer, handlerController{s, handler}
}

// handlerController is an informer whose one handler decides when it has synced.
type handlerController struct {
	*sharedInformer[any]
	handler ResourceEventHandlerRegistration
}

func (c handlerController) HasSynced() bool               { return c.handler.HasSynced() }
func (c handlerController) HasSyncedChecker() DoneChecker { return c.handler.HasSyncedChecker() }

// Config is what a Controller of New works with.
type Config struct {
	// Queue is what the reflector writes to and the controller pops from, for example a RealFIFO or a DeltaFIFO.
	Queue
	// ListerWatcher is where the objects come from.
	ListerWatcher
	// Process processes what is popped: for a RealFIFO or a DeltaFIFO a Deltas.
	Process ProcessFunc
	// ProcessBatch, if set, processes several deltas at once if Queue is a QueueWithBatch.
	ProcessBatch ProcessBatchFunc
	// ObjectType is an object of the expected type.
	ObjectType runtime.Object
	// ObjectDescription is what the objects are called in messages. If empty it is their type.
	ObjectDescription string
	// FullResyncPeriod is how often to ask ShouldResync; zero is never.
	FullResyncPeriod time.Duration
	// MinWatchTimeout is the least time after which the server is asked to end a watch. Less than five minutes, the
	// default, is not honoured, to spare the server.
	MinWatchTimeout time.Duration
	// ShouldResync says whether to resync the queue. Nil: always.
	ShouldResync ShouldResyncFunc
	// WatchErrorHandler is told of errors of list and watch.
	WatchErrorHandler WatchErrorHandler
	// WatchErrorHandlerWithContext is told of them if WatchErrorHandler is not set.
	WatchErrorHandlerWithContext WatchErrorHandlerWithContext
	// WatchListPageSize is how many objects to ask for at a time; see Reflector.
	WatchListPageSize int64
}

// New returns a Controller for a queue of the caller's. For a cache with handlers, use an informer.
func New(c *Config) Controller {
	reflector := NewReflectorWithOptions(c.ListerWatcher, c.ObjectType, c.Queue, ReflectorOptions{
		TypeDescription: c.ObjectDescription,
		ResyncPeriod:    c.FullResyncPeriod,
		MinWatchTimeout: c.MinWatchTimeout,
	})
	reflector.ShouldResync = c.ShouldResync
	reflector.WatchListPageSize = c.WatchListPageSize
	switch {
	case c.WatchErrorHandler != nil:
		reflector.onWatchError = func(_ context.Context, r *Reflector, err error) { c.WatchErrorHandler(r, err) }
	case c.WatchErrorHandlerWithContext != nil:
		reflector.onWatchError = c.WatchErrorHandlerWithContext
	}
	return &queueController{config: *c, reflector: reflector}
}

// queueController is a reflector that feeds a queue, and a loop that processes it.
type queueController struct {
	config    Config
	reflector *Reflector
	started   atomic.Bool
}

func (c *queueController) RunWithContext(ctx context.Context) {
	if c.started.Swap(true) {
		utilruntime.HandleErrorWithContext(ctx, errors.New("the controller was started before; make a new one instead"), "Controller was not run again")
		return
	}
	var wg sync.WaitGroup
	wg.Go(func() { c.reflector.RunWithContext(ctx) })
	stop := context.AfterFunc(ctx, c.config.Queue.Close)
	defer stop()
	for ctx.Err() == nil {
		if err := c.pop(); errors.Is(err, ErrFIFOClosed) {
			break
		} else if err != nil {
			klog.FromContext(ctx).Error(err, "Entry of the queue was not processed", "type", c.reflector.typeDescription)
		}
	}
	wg.Wait()
}

// pop processes one entry of the queue, or one batch.
func (c *queueController) pop() error {
	if batches, ok := c.config.Queue.(QueueWithBatch); ok && c.config.ProcessBatch != nil {
		return batches.PopBatch(c.config.ProcessBatch, PopProcessFunc(c.config.Process))
	}
	_, err := c.config.Queue.Pop(PopProcessFunc(c.config.Process))
	return err
}

func (c *queueController) HasSynced() bool { return c.config.Queue.HasSynced() }

func (c *queueController) HasSyncedChecker() DoneChecker { return c.config.Queue.HasSyncedChecker() }

func (c *queueController) LastSyncResourceVersion() string {
	return c.reflector.LastSyncResourceVersion()
}
