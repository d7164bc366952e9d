package cache

import (
	"context"
	"errors"
	"reflect"
	"sync"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	utilruntime "k8s.io/apimachinery/pkg/util/runtime"
	"k8s.io/apimachinery/pkg/util/wait"
)

// InformerFactoryOptions configure an InformerFactory. The zero value is fine.
type InformerFactoryOptions struct {
	// DefaultResync is the resync period of informers; zero: no resyncs.
	DefaultResync time.Duration
	// CustomResync overrides it for the types of these objects.
	CustomResync map[metav1.Object]time.Duration
	// Namespace restricts informers to a namespace; empty: all.
	Namespace string
	// TweakListOptions, if set, changes the options of each list and watch, usually their selectors.
	TweakListOptions func(*metav1.ListOptions)
	// Transform, if set, is the transform of informers that have none of their own.
	Transform TransformFunc
	// InformerName, if set, gives the informers their identities.
	InformerName *InformerName
	// Tuning is how the informers behave where client-go's leave no choice.
	Tuning InformerTuning
}

// InformerFactory holds one informer for each type of object, so that all who need one share it. They are started,
// waited for and shut down together, or one by one for as long as somebody holds them (Acquire). It is the engine of
// generated SharedInformerFactory types; C is the clientset. All methods may be called concurrently.
type InformerFactory[C any] struct {
	client  C
	options InformerFactoryOptions
	resync  map[reflect.Type]time.Duration
	running sync.WaitGroup // the informers that run

	mu           sync.Mutex // guards what follows, and the members
	members      map[reflect.Type]*member
	shuttingDown bool
}

// member is an informer of a factory. The factory's mu guards it.
type member struct {
	informer SharedIndexInformer
	started  bool          // by a start of the factory: it is never forgotten
	holders  int           // leases, and starts while it runs for leases
	stop     func()        // ends an informer that runs for its holders; nil if it does not
	ended    chan struct{} // closed when it has run to its end; nil before it runs
}

// NewInformerFactory returns a factory without informers.
func NewInformerFactory[C any](client C, options InformerFactoryOptions) *InformerFactory[C] {
	f := &InformerFactory[C]{
		client:  client,
		options: options,
		resync:  make(map[reflect.Type]time.Duration, len(options.CustomResync)),
		members: map[reflect.Type]*member{},
	}
	for obj, period := range options.CustomResync {
		f.resync[reflect.TypeOf(obj)] = period
	}
	return f
}

// Namespace is the namespace of the informers; empty: all.
func (f *InformerFactory[C]) Namespace() string { return f.options.Namespace }

// TweakListOptions changes the options of each list and watch; it may be nil.
func (f *InformerFactory[C]) TweakListOptions() func(*metav1.ListOptions) {
	return f.options.TweakListOptions
}

// InformerName is the name of the informers; it may be nil.
func (f *InformerFactory[C]) InformerName() *InformerName { return f.options.InformerName }

// Tuning is how the informers behave.
func (f *InformerFactory[C]) Tuning() InformerTuning { return f.options.Tuning }

// InformerFor returns the informer for objects of the type of obj. The first time newFunc makes it, with the resync
// period of the type; newFunc must not use the factory. An informer made after Start needs another Start.
func (f *InformerFactory[C]) InformerFor(obj runtime.Object, newFunc func(C, time.Duration) SharedIndexInformer) SharedIndexInformer {
	objectType := reflect.TypeOf(obj)
	f.mu.Lock()
	defer f.mu.Unlock()
	if m, exists := f.members[objectType]; exists {
		return m.informer
	}
	resync, custom := f.resync[objectType]
	if !custom {
		resync = f.options.DefaultResync
	}
	informer := newFunc(f.client, resync)
	f.setTransform(informer)
	f.members[objectType] = &member{informer: informer}
	return informer
}

// setTransform gives an informer the factory's transform, unless it has one of its own.
func (f *InformerFactory[C]) setTransform(informer SharedIndexInformer) {
	if f.options.Transform == nil {
		return
	}
	if own, ok := informer.(interface{ hasTransform() bool }); ok && own.hasTransform() {
		return
	}
	if err := informer.SetTransform(f.options.Transform); err != nil {
		utilruntime.HandleError(err)
	}
}

// StartWithContext starts the informers that were not started before; they run until ctx is done. It does not wait for
// them, and does nothing after Shutdown.
func (f *InformerFactory[C]) StartWithContext(ctx context.Context) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.shuttingDown {
		return
	}
	for _, m := range f.members {
		switch {
		case m.started:
		case m.stop != nil: // it runs for others, who must not end it from now on
			m.started = true
			m.holders++
			context.AfterFunc(ctx, func() { f.drop(m) })
		default:
			m.started = true
			f.run(ctx, m)
		}
	}
}

// run runs an informer until ctx is done. The caller holds mu.
func (f *InformerFactory[C]) run(ctx context.Context, m *member) {
	m.ended = make(chan struct{})
	f.running.Go(func() {
		defer close(m.ended)
		m.informer.RunWithContext(ctx)
	})
}

// Start is StartWithContext with a channel that is closed to stop.
func (f *InformerFactory[C]) Start(stopCh <-chan struct{}) {
	f.StartWithContext(wait.ContextForChannel(stopCh))
}

// Shutdown refuses further starts and leases, and waits until all informers have ended, which they do when their contexts
// are done and their leases released.
func (f *InformerFactory[C]) Shutdown() {
	f.mu.Lock()
	f.shuttingDown = true
	f.mu.Unlock()
	f.running.Wait()
}

// WaitForCacheSyncWithContext waits until the caches of all started informers have synced, or ctx is done. The error of the
// result then is that of WaitForSync: it says of each informer why it has not synced.
func (f *InformerFactory[C]) WaitForCacheSyncWithContext(ctx context.Context) SyncResult {
	result := SyncResult{Synced: map[reflect.Type]bool{}}
	var errs []error
	for objectType, informer := range f.runningInformers() {
		err := WaitForSync(ctx, informer)
		result.Synced[objectType] = err == nil
		errs = append(errs, err)
	}
	result.Err = errors.Join(errs...)
	return result
}

// WaitForCacheSync is WaitForCacheSyncWithContext with a channel that is closed to stop.
func (f *InformerFactory[C]) WaitForCacheSync(stopCh <-chan struct{}) map[reflect.Type]bool {
	return f.WaitForCacheSyncWithContext(wait.ContextForChannel(stopCh)).Synced
}

// runningInformers are the informers that have been started, by the factory or for a lease.
func (f *InformerFactory[C]) runningInformers() map[reflect.Type]SharedIndexInformer {
	f.mu.Lock()
	defer f.mu.Unlock()
	running := map[reflect.Type]SharedIndexInformer{}
	for objectType, m := range f.members {
		if m.ended != nil {
			running[objectType] = m.informer
		}
	}
	return running
}
