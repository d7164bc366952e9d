package rig

import (
	"context"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	corev1 "k8s.io/api/core/v1"

	"github.com/kubewright/kubewright/pkg/cache"
	"github.com/kubewright/kubewright/test/faultmatrix/check"
)

// HandlerOptions configure a Handler. The zero value is fine.
type HandlerOptions struct {
	// Untyped makes the handler one of the untyped interface, even if the informer is typed.
	Untyped bool
	// Watches makes the handler look at the whole cache in each call.
	Watches bool
	// Resync is how often the handler wants to be told everything again; zero: never.
	Resync time.Duration
	// Queue and OnPanic are those of cache.HandlerOptions.
	Queue   cache.HandlerQueue
	OnPanic cache.PanicPolicy
	// During is called within each call, when it is recorded.
	During func(n int, c check.Call)
}

// Handler is a handler of an Informer, and what it was told.
type Handler struct {
	Name         string
	informer     *Informer
	options      HandlerOptions
	registration atomic.Pointer[cache.ResourceEventHandlerRegistration]
	running      atomic.Int32
	slow         atomic.Bool

	mu      sync.Mutex // guards what follows
	told    check.Handler
	last    check.Objects
	watcher check.Watcher
	ended   bool // it was removed, and its end awaited
}

// Handle adds a handler.
func (i *Informer) Handle(name string, options HandlerOptions) (*Handler, error) {
	h := &Handler{Name: name, informer: i, options: options, last: check.Objects{}, told: check.Handler{Name: name, CallsAtSync: -1}}
	var registration cache.ResourceEventHandlerRegistration
	var err error
	cacheOptions := cache.HandlerOptions{ResyncPeriod: &options.Resync, Queue: options.Queue, OnPanic: options.OnPanic}
	if informer, ok := i.SharedIndexInformer.(cache.TypedSharedIndexInformer[*corev1.ConfigMap]); ok && !options.Untyped {
		registration, err = informer.AddTypedEventHandler(typedHandler{h}, cacheOptions)
	} else {
		registration, err = i.AddEventHandlerWithOptions(untypedHandler{h}, cacheOptions)
	}
	if err != nil {
		return nil, err
	}
	h.registration.Store(&registration)
	i.mu.Lock()
	i.handlers = append(i.handlers, h)
	i.mu.Unlock()
	return h, nil
}

// Await notes when the registration has synced, in the background, until the informer ends.
func (h *Handler) Await() {
	h.informer.looking.Go(func() {
		ctx, cancel := context.WithCancel(context.Background())
		defer cancel()
		go func() {
			select {
			case <-h.informer.ended:
				cancel()
			case <-ctx.Done():
			}
		}()
		if cache.WaitFor(ctx, "", (*h.registration.Load()).HasSyncedChecker()) {
			h.mu.Lock()
			h.told.CallsAtSync = len(h.told.Calls)
			h.mu.Unlock()
		}
	})
}

// SetSlow says whether nobody shall wait for the handler.
func (h *Handler) SetSlow(slow bool) { h.slow.Store(slow) }

// Remove removes the handler; wait also waits for its end.
func (h *Handler) Remove(wait bool) error {
	h.mu.Lock()
	h.told.Until = check.Removal
	h.mu.Unlock()
	if !wait {
		return h.informer.RemoveEventHandler(*h.registration.Load())
	}
	err := cache.ShutDownEventHandler(h.informer, *h.registration.Load())
	h.mu.Lock()
	h.ended = true
	h.mu.Unlock()
	return err
}

// Ended says why the handler has ended by itself; nil if it has not. From then on nothing is expected of it.
func (h *Handler) Ended() error {
	err := cache.HandlerError(*h.registration.Load())
	if err != nil {
		h.mu.Lock()
		h.told.Until = check.Removal
		h.mu.Unlock()
	}
	return err
}

// HasSynced says whether the registration has synced.
func (h *Handler) HasSynced() bool {
	registration := h.registration.Load()
	return registration != nil && (*registration).HasSynced()
}

// Calls returns what the handler was told.
func (h *Handler) Calls() []check.Call {
	h.mu.Lock()
	defer h.mu.Unlock()
	return slices.Clone(h.told.Calls)
}

// call records a call of the handler.
func (h *Handler) call(c check.Call) {
	overlapped := h.running.Add(1) > 1
	defer h.running.Add(-1)
	c.At = time.Now()
	c.HandlerSynced = h.HasSynced()
	c.CacheSynced = h.informer.HasSynced()
	stored, exists, _ := h.informer.GetStore().GetByKey(c.Key) // the error is always nil
	if c.Looked = true; exists {
		c.Stored = stored.(check.Object)
	}
	var snapshots []check.Snapshot
	if h.options.Watches {
		snapshots = h.informer.look()
	}

	h.mu.Lock()
	n := len(h.told.Calls)
	h.told.Overlapped = h.told.Overlapped || overlapped
	if h.ended {
		h.told.AfterRemoval++
	}
	h.told.Calls = append(h.told.Calls, c)
	h.watcher.Snapshots = append(h.watcher.Snapshots, snapshots...)
	if c.Kind == check.Delete {
		delete(h.last, c.Key)
	} else {
		h.last[c.Key] = c.New
	}
	h.mu.Unlock()
	if h.options.During != nil {
		h.options.During(n, c)
	}
}

// look takes a snapshot of the whole cache, and one of a part.
func (i *Informer) look() []check.Snapshot {
	store := i.GetIndexer()
	version := store.LastStoreSyncResourceVersion()
	all := check.Snapshot{Version: version, Objects: objects(store.List())}
	app := Apps[len(all.Objects)%len(Apps)]
	found, err := store.ByIndex("app", app)
	if err != nil {
		i.world.Errorf("%v", err)
	}
	return []check.Snapshot{all, {
		Of: (&Informer{options: Options{App: app}}).Selects, Part: "app=" + app, Version: version, Objects: objects(found),
	}}
}

// lag says how what the handler was told is not yet what the cache has.
func (h *Handler) lag(cached check.Objects) string {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.told.Until != check.End {
		return ""
	}
	for key, o := range cached {
		if h.last[key] != o {
			return h.Name + " was not told of " + key + " yet"
		}
	}
	if len(h.last) != len(cached) {
		return h.Name + " was not told of all deletions yet"
	}
	return ""
}

func (h *Handler) report() (*check.Handler, *check.Watcher) {
	h.mu.Lock()
	defer h.mu.Unlock()
	told := h.told
	if !h.options.Watches {
		return &told, nil
	}
	return &told, &h.watcher
}

// typedHandler and untypedHandler are a Handler in the words of package cache.
type (
	typedHandler   struct{ *Handler }
	untypedHandler struct{ *Handler }
)

func (h typedHandler) OnAdd(obj *corev1.ConfigMap, initial bool) {
	h.call(check.Call{Kind: check.Add, Key: Key(obj), New: obj, Initial: initial})
}

func (h typedHandler) OnUpdate(oldObj, newObj *corev1.ConfigMap) {
	h.call(check.Call{Kind: check.Update, Key: Key(newObj), Old: oldObj, New: newObj})
}

func (h typedHandler) OnDelete(obj cache.DeletedObject[*corev1.ConfigMap]) {
	h.call(check.Call{Kind: check.Delete, Key: obj.GetKey(), Old: obj.OptionalObj, Unknown: obj.FinalStateUnknown != nil})
}

func (h untypedHandler) OnAdd(obj any, initial bool) {
	o := obj.(check.Object)
	h.call(check.Call{Kind: check.Add, Key: Key(o), New: o, Initial: initial})
}

func (h untypedHandler) OnUpdate(oldObj, newObj any) {
	o := newObj.(check.Object)
	h.call(check.Call{Kind: check.Update, Key: Key(o), Old: oldObj.(check.Object), New: o})
}

func (h untypedHandler) OnDelete(obj any) {
	if unknown, ok := obj.(cache.DeletedFinalStateUnknown); ok {
		h.call(check.Call{Kind: check.Delete, Key: unknown.Key, Old: unknown.Obj.(check.Object), Unknown: true})
		return
	}
	o := obj.(check.Object)
	h.call(check.Call{Kind: check.Delete, Key: Key(o), Old: o})
}

// synced says whether somebody has seen the registration synced, as far as it is still there.
func (h *Handler) synced() bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.told.Until != check.End || h.told.CallsAtSync >= 0
}
