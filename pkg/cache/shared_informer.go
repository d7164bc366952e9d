package cache

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	utilruntime "k8s.io/apimachinery/pkg/util/runtime"
	"k8s.io/klog/v2"

	"github.com/kubewright/kubewright/pkg/cache/internal/broadcast"
	"github.com/kubewright/kubewright/pkg/cache/internal/fanout"
	"github.com/kubewright/kubewright/pkg/cache/internal/informer"
	"github.com/kubewright/kubewright/pkg/cache/internal/reflector"
)

// SharedIndexInformerOptions configure a SharedIndexInformer. The zero value is fine.
type SharedIndexInformerOptions struct {
	// ResyncPeriod is the resync period of handlers that ask for none of their own, and how often to look which are due
	// (unless one that was added before the start wants it more often, and at most every second). Zero: no resyncs.
	ResyncPeriod time.Duration
	// Indexers are the indexes of the store.
	Indexers Indexers
	// ObjectDescription is what the objects are called in messages. If empty it is their type.
	ObjectDescription string
	// Identifier is the informer's identity, for messages and metrics. One that is not reserved has no metrics.
	Identifier InformerNameAndResource
	// Tuning is how the informer behaves where client-go's leave no choice.
	Tuning InformerTuning
	// InformerMetricsProvider makes the metrics of the informer, if Identifier is reserved. Nil is that of
	// SetInformerMetricsProvider. If it is also an InformerStateMetricsProvider, there are more. The metrics of the
	// informer's reflector are made by that of SetReflectorMetricsProvider.
	InformerMetricsProvider InformerMetricsProvider
}

// NewSharedInformer returns an informer of the objects that lw lists and watches. Handlers are told of all objects again
// every defaultEventHandlerResyncPeriod, if it is not zero.
func NewSharedInformer(lw ListerWatcher, exampleObject runtime.Object, defaultEventHandlerResyncPeriod time.Duration) SharedInformer {
	return NewSharedIndexInformer(lw, exampleObject, defaultEventHandlerResyncPeriod, Indexers{})
}

// NewSharedIndexInformer is NewSharedInformer with indexes.
func NewSharedIndexInformer(lw ListerWatcher, exampleObject runtime.Object, defaultEventHandlerResyncPeriod time.Duration, indexers Indexers) SharedIndexInformer {
	return NewSharedIndexInformerWithOptions(lw, exampleObject, SharedIndexInformerOptions{
		ResyncPeriod: defaultEventHandlerResyncPeriod,
		Indexers:     indexers,
	})
}

// NewSharedIndexInformerWithOptions returns an informer of the objects that lw lists and watches. They have to be of the
// type of exampleObject, and for an unstructured.Unstructured of its kind.
func NewSharedIndexInformerWithOptions(lw ListerWatcher, exampleObject runtime.Object, options SharedIndexInformerOptions) SharedIndexInformer {
	if options.ObjectDescription == "" {
		options.ObjectDescription = describe(exampleObject)
	}
	key := func(obj any) (string, error) { return MetaNamespaceKeyFunc(obj) }
	return newSharedInformer(ToListerWatcherWithContext(lw), key, expect(exampleObject), options)
}

// sharedInformer is an informer of Ts in the spelling of SharedIndexInformer.
type sharedInformer[T any] struct {
	engine   *informer.Informer[T]
	indexer  *indexer[T]
	source   ListerWatcherWithContext
	accept   func(runtime.Object) (T, error)
	options  SharedIndexInformerOptions
	errors   broadcast.Broadcast[*InformerError]
	metrics  *stateMetrics          // nil: nobody wants them
	detector *cacheMutationDetector // nil: it is off

	mu           sync.Mutex // guards what follows; the first two may change until started is set
	transform    TransformFunc
	onWatchError WatchErrorHandlerWithContext
	started      bool
	reflector    *Reflector    // nil before the start
	minWatch     time.Duration // of the reflector; if set, instead of the tuning's
	logger       *klog.Logger  // of the reflector; may be nil
}

func newSharedInformer[T any](lw ListerWatcherWithContext, key func(T) (string, error), accept func(runtime.Object) (T, error), options SharedIndexInformerOptions) *sharedInformer[T] {
	s := &sharedInformer[T]{source: lw, accept: accept, options: options}
	storeOptions := storeOptions[T](options.Indexers)
	storeOptions.OnIndexError = s.onIndexError
	metrics := metricsOf(options.Identifier, options.InformerMetricsProvider)
	s.metrics = newStateMetrics(metrics)
	s.detector = newMutationDetector(s.name())
	s.engine = informer.New(informer.Options[T]{
		Key:            key,
		Identity:       identityOf[T],
		Store:          storeOptions,
		Resync:         options.ResyncPeriod,
		SplitRecreated: options.Tuning.SplitRecreated,
		OnError:        s.onEngineError,
		Entering:       entering[T](s.detector),
		Metrics:        writerMetrics(metrics),
	})
	s.indexer = &indexer[T]{Store: s.engine.Store(), key: key}
	return s
}

// identityOf is what the metadata of an object says about which it is; nothing if it has none.
func identityOf[T any](object T) informer.Identity {
	meta, ok := any(object).(metav1.Object)
	if !ok {
		return informer.Identity{}
	}
	return informer.Identity{UID: meta.GetUID(), Version: meta.GetResourceVersion()}
}

func (s *sharedInformer[T]) RunWithContext(ctx context.Context) {
	s.mu.Lock()
	again := s.started
	s.started = true
	config := s.reflectorConfig()
	source := reflector.Objects(s.source, acceptTransformed(s.accept, s.transform, s.indexer.key))
	s.mu.Unlock()
	if again {
		utilruntime.HandleErrorWithContext(ctx, informer.ErrStarted, "Informer was not run again", "informer", s.name())
		return
	}
	defer s.errors.Close()
	defer s.detector.start()()
	defer s.metrics.start(ctx, s)()
	err := s.engine.Run(ctx, func(ctx context.Context, sink reflector.Sink[T]) {
		r := newReflector(source, sink, config)
		s.mu.Lock()
		s.reflector = r
		s.mu.Unlock()
		r.RunWithContext(ctx)
	})
	if err != nil {
		utilruntime.HandleErrorWithContext(ctx, err, "Informer did not run", "informer", s.name())
	}
}

// reflectorConfig configures the reflector. The caller holds mu.
func (s *sharedInformer[T]) reflectorConfig() reflectorConfig {
	tuning := s.options.Tuning
	config := reflectorConfig{
		ReflectorOptions: ReflectorOptions{
			Name:            s.name(),
			TypeDescription: s.options.ObjectDescription,
			MinWatchTimeout: cmp.Or(s.minWatch, tuning.MinWatchTimeout),
			Backoff:         tuning.Backoff,
			Logger:          s.logger,
		},
		onWatchError: s.onWatchError,
		onFailure:    func(f reflector.Failure) { s.errors.Publish(s.failure(f)) },
		noStreams:    tuning.NoStreaming,
		pageSize:     tuning.PageSize,
	}
	if tuning.Audit > 0 {
		config.audit = reflector.Audit{Interval: tuning.Audit, Source: auditSource(s.source), Content: s.engine}
	}
	return config
}

func (s *sharedInformer[T]) AddEventHandlerWithOptions(handler ResourceEventHandler, options HandlerOptions) (ResourceEventHandlerRegistration, error) {
	if handler == nil {
		return nil, errNilHandler
	}
	return s.join(untypedHandler[T](handler), options, fmt.Sprintf("%T", handler))
}

var errNilHandler = errors.New("handler was not added: it is nil")

// join adds a handler to the engine.
func (s *sharedInformer[T]) join(handler fanout.Handler[T], options HandlerOptions, name string) (ResourceEventHandlerRegistration, error) {
	resync := s.options.ResyncPeriod
	if options.ResyncPeriod != nil {
		resync = *options.ResyncPeriod
	}
	onPanic, err := options.OnPanic.fanout()
	if err != nil {
		return nil, fmt.Errorf("handler %s was not added to informer %s: %w", name, s.name(), err)
	}
	r, err := s.engine.Join(handler, fanout.Options{
		Resync:  resync,
		Logger:  options.Logger,
		Queue:   options.Queue.policy,
		OnPanic: onPanic,
	})
	if err != nil {
		return nil, fmt.Errorf("handler %s was not added to informer %s: %w", name, s.name(), err)
	}
	return &registration[T]{Registration: r, informer: s, name: s.name() + " handler " + name}, nil
}

func (s *sharedInformer[T]) RemoveEventHandler(handle ResourceEventHandlerRegistration) error {
	r, ok := handle.(*registration[T])
	if !ok || r.informer != s {
		return fmt.Errorf("handler was not removed: its registration (%T) is not of informer %s", handle, s.name())
	}
	s.engine.Leave(r.Registration)
	return nil
}

func (s *sharedInformer[T]) GetStore() Store { return s.indexer }

func (s *sharedInformer[T]) GetIndexer() Indexer { return s.indexer }

func (s *sharedInformer[T]) AddIndexers(indexers Indexers) error {
	return s.indexer.AddIndexers(indexers)
}

func (s *sharedInformer[T]) HasSyncedChecker() DoneChecker {
	return activity{name: "cache of " + s.name(), done: s.engine.Synced()}
}

func (s *sharedInformer[T]) IsStopped() bool { return s.engine.Stopped() }

func (s *sharedInformer[T]) LastSyncResourceVersion() string {
	r := s.runningReflector()
	if r == nil {
		return ""
	}
	return r.LastSyncResourceVersion()
}

// runningReflector is the reflector; nil before the start.
func (s *sharedInformer[T]) runningReflector() *Reflector {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.reflector
}

func (s *sharedInformer[T]) SetTransform(handler TransformFunc) error {
	return s.configure("transform", func() { s.transform = handler })
}

func (s *sharedInformer[T]) SetWatchErrorHandlerWithContext(handler WatchErrorHandlerWithContext) error {
	return s.configure("watch error handler", func() { s.onWatchError = handler })
}

// configure changes something that must not change after the start.
func (s *sharedInformer[T]) configure(what string, change func()) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.started {
		return fmt.Errorf("%s was not set: informer %s has already started", what, s.name())
	}
	change()
	return nil
}

// hasTransform tells a factory not to replace the informer's own transform.
func (s *sharedInformer[T]) hasTransform() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.transform != nil
}

// name is what the informer is called in messages.
func (s *sharedInformer[T]) name() string {
	if id := s.options.Identifier; id.Name() != "" {
		return id.Name() + "/" + id.GroupVersionResource().String()
	}
	return s.options.ObjectDescription
}

// acceptTransformed is accept and then transform, if there is one. What the transform returns must still be a T with a key.
func acceptTransformed[T any](accept func(runtime.Object) (T, error), transform TransformFunc, key func(T) (string, error)) func(runtime.Object) (T, error) {
	if transform == nil {
		return accept
	}
	return func(object runtime.Object) (T, error) {
		accepted, err := accept(object)
		if err != nil {
			return accepted, err
		}
		result, err := transformed(transform, accepted)
		if err != nil {
			return accepted, err
		}
		typed, err := as[T](result)
		if err == nil {
			_, err = key(typed)
		}
		if err != nil {
			return typed, fmt.Errorf("transform: %w", err)
		}
		return typed, nil
	}
}

// registration is a handler of an informer.
type registration[T any] struct {
	*fanout.Registration[T]
	informer *sharedInformer[T]
	name     string
}

func (r *registration[T]) HasSynced() bool { return IsDone(r.HasSyncedChecker()) }

func (r *registration[T]) HasSyncedChecker() DoneChecker {
	return activity{name: r.name, done: r.Synced()}
}

// ShutDownEventHandler removes a handler and waits until it will not be called again. It must not be called by the
// handler itself, which would wait for its own end. It may be called again, and concurrently.
func ShutDownEventHandler(informer SharedInformer, handle ResourceEventHandlerRegistration) error {
	if err := informer.RemoveEventHandler(handle); err != nil {
		return err
	}
	r, ok := handle.(interface{ Done() <-chan struct{} })
	if !ok {
		return errors.New("handler was removed, but its end cannot be waited for: the registration is of a foreign informer")
	}
	<-r.Done()
	return nil
}
