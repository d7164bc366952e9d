package cache

import (
	"context"
	"maps"
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
}

// InformerFactory holds one informer for each type of object, so that all who need one share it. They are started,
// waited for and shut down together. It is the engine of generated SharedInformerFactory types; C is the clientset.
// All methods may be called concurrently.
type InformerFactory[C any] struct {
	client  C
	options InformerFactoryOptions
	resync  map[reflect.Type]time.Duration
	running sync.WaitGroup // the informers that run

	mu           sync.Mutex // guards what follows
	informers    map[reflect.Type]SharedIndexInformer
	started      map[reflect.Type]bool
	shuttingDown bool
}

// NewInformerFactory returns a factory without informers.
func NewInformerFactory[C any](client C, options InformerFactoryOptions) *InformerFactory[C] {
	f := &InformerFactory[C]{
		client:    client,
		options:   options,
		resync:    make(map[reflect.Type]time.Duration, len(options.CustomResync)),
		informers: map[reflect.Type]SharedIndexInformer{},
		started:   map[reflect.Type]bool{},
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

// InformerFor returns the informer for objects of the type of obj. The first time newFunc makes it, with the resync
// period of the type; newFunc must not use the factory. An informer made after Start needs another Start.
func (f *InformerFactory[C]) InformerFor(obj runtime.Object, newFunc func(C, time.Duration) SharedIndexInformer) SharedIndexInformer {
	objectType := reflect.TypeOf(obj)
	f.mu.Lock()
	defer f.mu.Unlock()
	if informer, exists := f.informers[objectType]; exists {
		return informer
	}
	resync, custom := f.resync[objectType]
	if !custom {
		resync = f.options.DefaultResync
	}
	informer := newFunc(f.client, resync)
	f.setTransform(informer)
	f.informers[objectType] = informer
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
	for objectType, informer := range f.informers {
		if !f.started[objectType] {
			f.started[objectType] = true
			f.running.Go(func() { informer.RunWithContext(ctx) })
		}
	}
}

// Start is StartWithContext with a channel that is closed to stop.
func (f *InformerFactory[C]) Start(stopCh <-chan struct{}) {
	f.StartWithContext(wait.ContextForChannel(stopCh))
}

// Shutdown refuses further starts and waits until all informers have ended, which they do when their contexts are done.
func (f *InformerFactory[C]) Shutdown() {
	f.mu.Lock()
	f.shuttingDown = true
	f.mu.Unlock()
	f.running.Wait()
}

// WaitForCacheSyncWithContext waits until the caches of all started informers have synced, or ctx is done.
func (f *InformerFactory[C]) WaitForCacheSyncWithContext(ctx context.Context) SyncResult {
	result := SyncResult{Synced: map[reflect.Type]bool{}}
	for objectType, informer := range f.startedInformers() {
		synced := WaitFor(ctx, "", informer.HasSyncedChecker())
		result.Synced[objectType] = synced
		if !synced {
			result.Err = context.Cause(ctx)
		}
	}
	return result
}

// WaitForCacheSync is WaitForCacheSyncWithContext with a channel that is closed to stop.
func (f *InformerFactory[C]) WaitForCacheSync(stopCh <-chan struct{}) map[reflect.Type]bool {
	return f.WaitForCacheSyncWithContext(wait.ContextForChannel(stopCh)).Synced
}

func (f *InformerFactory[C]) startedInformers() map[reflect.Type]SharedIndexInformer {
	f.mu.Lock()
	defer f.mu.Unlock()
	started := maps.Clone(f.informers)
	maps.DeleteFunc(started, func(objectType reflect.Type, _ SharedIndexInformer) bool { return !f.started[objectType] })
	return started
}
