package cache

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"k8s.io/apimachinery/pkg/util/naming"
	"k8s.io/apimachinery/pkg/util/wait"
	"k8s.io/klog/v2"
	"k8s.io/utils/clock"

	"github.com/kubewright/kubewright/pkg/cache/internal/reflector"
)

// Reflector keeps a store equal to a collection on the API server: it lists, then watches, and repairs what breaks.
// After an error it waits, 0.8 seconds at first and up to 30 and more, at random; then it goes on with the watch where
// it was, or with a new list if a change may have been lost.
//
// The exported fields can be changed until the first run.
type Reflector struct {
	// WatchListPageSize is how many objects to ask for at a time. If it is zero that depends on the list: 500 for one
	// that the server reads from its storage; everything for one that it can answer from memory, which limits would
	// prevent.
	WatchListPageSize int64
	// ShouldResync says, each time the resync period is over, whether to resync the store. Nil: always.
	ShouldResync func() bool
	// MaxInternalErrorRetryDuration is for how long a watch that ends with internal errors is taken up again before there
	// is a new list. It is here for programs that set it, and has no effect: an internal error within a watch may stand for
	// a change that was not seen (kubernetes/kubernetes#123072), so this reflector lists again at once; one in answer to
	// the request for a watch stands for nothing, and the request is repeated for as long as it takes.
	MaxInternalErrorRetryDuration time.Duration

	name            string
	typeDescription string
	resyncPeriod    time.Duration
	resync          func() error // of the store; nil if the store's owner sees to resyncs
	options         reflector.Options
	onWatchError    WatchErrorHandlerWithContext
	newCore         func(reflector.Options) reflectorCore

	mu   sync.Mutex // guards core
	core reflectorCore
}

// reflectorCore is a reflector of some type.
type reflectorCore interface {
	Run(ctx context.Context)
	RunOnce(ctx context.Context) error
	ListAgain(reason error)
	State() reflector.State
}

// ReflectorOptions configure a Reflector. The zero value is fine.
type ReflectorOptions struct {
	// Logger is used instead of the context's or klog.Background().
	Logger *klog.Logger
	// Name is the name for messages and metrics. If empty it is file and line of the caller.
	Name string
	// TypeDescription is what the objects are called in messages. If empty it is the expected type; for an
	// unstructured.Unstructured its apiVersion and kind.
	TypeDescription string
	// ResyncPeriod is how often to call Resync of the store; zero is never.
	ResyncPeriod time.Duration
	// MinWatchTimeout is the least time after which the server is asked to end a watch. Less than five minutes, the
	// default, is not honoured, to spare the server.
	MinWatchTimeout time.Duration
	// Clock tells the time for waits and resyncs. Nil is the real one.
	Clock clock.Clock
	// Backoff replaces the waits after errors.
	Backoff *wait.Backoff
}

// NewReflector returns a Reflector named after the caller's file and line.
func NewReflector(lw ListerWatcher, expectedType interface{}, store ReflectorStore, resyncPeriod time.Duration) *Reflector {
	return NewReflectorWithOptions(lw, expectedType, store, ReflectorOptions{ResyncPeriod: resyncPeriod})
}

// NewReflectorWithOptions returns a Reflector that keeps store equal to what lw lists and watches. Objects of another
// type than expectedType, or for an unstructured.Unstructured of another kind, are an error; nil expects nothing. An object
// for which the transform or key function of the store fails, or panics, is reported and left out, if the store is a
// FIFO, DeltaFIFO, RealFIFO or Indexer of this package.
func NewReflectorWithOptions(lw ListerWatcher, expectedType interface{}, store ReflectorStore, options ReflectorOptions) *Reflector {
	source := reflector.Objects(ToListerWatcherWithContext(lw), acceptPrepared(expect(expectedType), store))
	r := newReflector(source, storeSink{store}, reflectorConfig{ReflectorOptions: options})
	if r.typeDescription == "" {
		r.typeDescription = describe(expectedType)
	}
	r.resync = store.Resync
	return r
}

// reflectorConfig is ReflectorOptions and what only this package sets.
type reflectorConfig struct {
	ReflectorOptions
	onWatchError WatchErrorHandlerWithContext // nil is DefaultWatchErrorHandler
	onFailure    func(reflector.Failure)      // hears of all failures as well; may be nil
	noStreams    bool
	pageSize     int64
	audit        reflector.Audit
}

// newReflector returns a reflector from a source to a sink, both of any type.
func newReflector[T any](source reflector.Source[T], sink reflector.Sink[T], config reflectorConfig) *Reflector {
	r := &Reflector{
		name:            config.Name,
		typeDescription: config.TypeDescription,
		resyncPeriod:    config.ResyncPeriod,
		onWatchError:    config.onWatchError,
		options: reflector.Options{
			MinWatchTimeout: config.MinWatchTimeout,
			Clock:           config.Clock,
			Backoff:         config.Backoff,
			NoStreams:       config.noStreams,
			Audit:           config.audit,
		},
		WatchListPageSize: config.pageSize,
	}
	if r.name == "" {
		r.name = naming.GetNameFromCallsite("pkg/cache/reflector.go", "pkg/cache/controller.go", "pkg/cache/compat.go")
	}
	r.options.Metrics = newReflectorMetrics(r.name)
	if r.onWatchError == nil {
		r.onWatchError = DefaultWatchErrorHandler
	}
	if r.options.Clock == nil {
		r.options.Clock = clock.RealClock{}
	}
	r.options.OnError = func(ctx context.Context, failure reflector.Failure) {
		if config.onFailure != nil {
			config.onFailure(failure)
		}
		r.onFailure(ctx, failure)
	}
	logger := config.Logger
	r.newCore = func(options reflector.Options) reflectorCore {
		if logger != nil {
			report := options.OnError
			options.OnError = func(ctx context.Context, failure reflector.Failure) { report(klog.NewContext(ctx, *logger), failure) }
		}
		return reflector.New(source, sink, options)
	}
	return r
}

// Name is the name of the reflector.
func (r *Reflector) Name() string { return r.name }

// TypeDescription says what the objects are.
func (r *Reflector) TypeDescription() string { return r.typeDescription }

// LastSyncResourceVersion is the resource version that the store has taken. It may be called at any time.
func (r *Reflector) LastSyncResourceVersion() string {
	state, _ := r.state()
	return state.Version
}

// state is the state of the core; false before the first run.
func (r *Reflector) state() (reflector.State, bool) {
	r.mu.Lock()
	core := r.core
	r.mu.Unlock()
	if core == nil {
		return reflector.State{}, false
	}
	return core.State(), true
}

// RunWithContext keeps the store up to date until ctx is done. It must not run twice at the same time.
func (r *Reflector) RunWithContext(ctx context.Context) {
	defer r.startResync(ctx)()
	r.start().Run(ctx)
}

// ListAndWatchWithContext is one round of RunWithContext: it ends at the first error. It returns the error if it could
// not even begin to watch, and nil otherwise.
func (r *Reflector) ListAndWatchWithContext(ctx context.Context) error {
	defer r.startResync(ctx)()
	core := r.start()
	err := core.RunOnce(ctx)
	switch {
	case err == nil:
		return nil
	case core.State().Watched:
		r.onWatchError(ctx, r, r.publicError(err))
		return nil
	default:
		return r.publicError(err)
	}
}

// start makes the core when it is needed first.
func (r *Reflector) start() reflectorCore {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.core == nil {
		options := r.options
		options.PageSize = r.WatchListPageSize
		r.core = r.newCore(options)
	}
	return r.core
}

// listAgain makes the reflector list, since a change was lost behind it.
func (r *Reflector) listAgain(reason error) {
	r.mu.Lock()
	core := r.core
	r.mu.Unlock()
	if core != nil {
		core.ListAgain(reason)
	}
}

// startResync begins to resync the store, if it is to be, and returns how to end that and wait for the end.
func (r *Reflector) startResync(ctx context.Context) (stop func()) {
	if r.resyncPeriod <= 0 || r.resync == nil {
		return func() {}
	}
	return background(ctx, r.runResync)
}

// background runs something in a goroutine until ctx is done, and returns how to end that and wait for the end.
func background(ctx context.Context, run func(context.Context)) (stop func()) {
	ctx, cancel := context.WithCancel(ctx)
	var wg sync.WaitGroup
	wg.Go(func() { run(ctx) })
	return func() {
		cancel()
		wg.Wait()
	}
}

// runResync resyncs the store whenever the period is over, until ctx is done.
func (r *Reflector) runResync(ctx context.Context) {
	for {
		timer := r.options.Clock.NewTimer(r.resyncPeriod)
		select {
		case <-ctx.Done():
			timer.Stop()
			return
		case <-timer.C():
		}
		if err := caught(r.resyncIfDue); err != nil {
			klog.FromContext(ctx).Error(err, "Resync of the store failed", "reflector", r.name, "type", r.typeDescription)
		}
	}
}

// resyncIfDue resyncs the store if its owner wants that now.
func (r *Reflector) resyncIfDue() error {
	if r.ShouldResync != nil && !r.ShouldResync() {
		return nil
	}
	return r.resync()
}

// onFailure tells the handler of watch errors what the core reports. That a server does not stream lists is no error.
func (r *Reflector) onFailure(ctx context.Context, failure reflector.Failure) {
	if errors.Is(failure, reflector.ErrStreamRefused) {
		klog.FromContext(ctx).V(2).Info("Lists are not streamed, asking for pages instead", "reflector", r.name, "type", r.typeDescription, "err", failure)
		return
	}
	err := caught(func() error {
		r.onWatchError(ctx, r, r.publicError(failure))
		return nil
	})
	if err != nil { // the reflector must go on
		klog.FromContext(ctx).Error(err, "Handler of watch errors failed", "reflector", r.name, "type", r.typeDescription)
	}
}

// caught calls a function of the user's and returns its error, or what it has panicked with.
func caught(f func() error) (err error) {
	defer reflector.Caught(&err)
	return f()
}

// publicError is an error of the core in the words of this package.
func (r *Reflector) publicError(err error) error {
	if errors.Is(err, reflector.ErrShortWatch) {
		return &VeryShortWatchError{Name: r.name}
	}
	return fmt.Errorf("%s: %w", r.typeDescription, err)
}
