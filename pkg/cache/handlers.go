package cache

import (
	"time"

	"k8s.io/klog/v2"
)

// HandlerOptions are options of a handler. The zero value is fine.
type HandlerOptions struct {
	// Logger is used instead of klog.Background().
	Logger *klog.Logger
	// ResyncPeriod is how often the handler wants to be told of all objects again; zero is never. Nil is the
	// informer's own period.
	ResyncPeriod *time.Duration
	// Queue says what becomes of notifications that wait for the handler. The zero value keeps all.
	Queue HandlerQueue
	// OnPanic says what happens when the handler panics. Zero ends the process. Whichever it is, the informer's errors
	// tell of it (ObservedInformer.Errors).
	OnPanic PanicPolicy
}

// ResourceEventHandlerFuncs is a ResourceEventHandler of functions; those that are nil are not called.
type ResourceEventHandlerFuncs struct {
	AddFunc    func(obj interface{})
	UpdateFunc func(oldObj, newObj interface{})
	DeleteFunc func(obj interface{})
}

// OnAdd calls AddFunc, if set.
func (r ResourceEventHandlerFuncs) OnAdd(obj interface{}, isInInitialList bool) {
	if r.AddFunc != nil {
		r.AddFunc(obj)
	}
}

// OnUpdate calls UpdateFunc, if set.
func (r ResourceEventHandlerFuncs) OnUpdate(oldObj, newObj interface{}) {
	if r.UpdateFunc != nil {
		r.UpdateFunc(oldObj, newObj)
	}
}

// OnDelete calls DeleteFunc, if set.
func (r ResourceEventHandlerFuncs) OnDelete(obj interface{}) {
	if r.DeleteFunc != nil {
		r.DeleteFunc(obj)
	}
}

// ResourceEventHandlerDetailedFuncs is ResourceEventHandlerFuncs whose AddFunc is told whether the object is part of the
// initial list.
type ResourceEventHandlerDetailedFuncs struct {
	AddFunc    func(obj interface{}, isInInitialList bool)
	UpdateFunc func(oldObj, newObj interface{})
	DeleteFunc func(obj interface{})
}

// OnAdd calls AddFunc, if set.
func (r ResourceEventHandlerDetailedFuncs) OnAdd(obj interface{}, isInInitialList bool) {
	if r.AddFunc != nil {
		r.AddFunc(obj, isInInitialList)
	}
}

// OnUpdate calls UpdateFunc, if set.
func (r ResourceEventHandlerDetailedFuncs) OnUpdate(oldObj, newObj interface{}) {
	if r.UpdateFunc != nil {
		r.UpdateFunc(oldObj, newObj)
	}
}

// OnDelete calls DeleteFunc, if set.
func (r ResourceEventHandlerDetailedFuncs) OnDelete(obj interface{}) {
	if r.DeleteFunc != nil {
		r.DeleteFunc(obj)
	}
}

// FilteringResourceEventHandler passes on what concerns objects that pass a filter. An update that makes an object pass
// is passed on as an addition, and one after which it no longer passes as a deletion. The filter must not modify
// objects; like OnDelete, it is given a DeletedFinalStateUnknown for a deletion that was not seen.
type FilteringResourceEventHandler struct {
	FilterFunc func(obj interface{}) bool
	Handler    ResourceEventHandler
}

// OnAdd passes on what passes the filter.
func (r FilteringResourceEventHandler) OnAdd(obj interface{}, isInInitialList bool) {
	if r.FilterFunc(obj) {
		r.Handler.OnAdd(obj, isInInitialList)
	}
}

// OnUpdate passes on an addition, update or deletion, or nothing.
func (r FilteringResourceEventHandler) OnUpdate(oldObj, newObj interface{}) {
	switch before, after := r.FilterFunc(oldObj), r.FilterFunc(newObj); {
	case before && after:
		r.Handler.OnUpdate(oldObj, newObj)
	case after:
		r.Handler.OnAdd(newObj, false)
	case before:
		r.Handler.OnDelete(oldObj)
	}
}

// OnDelete passes on what passes the filter.
func (r FilteringResourceEventHandler) OnDelete(obj interface{}) {
	if r.FilterFunc(obj) {
		r.Handler.OnDelete(obj)
	}
}
