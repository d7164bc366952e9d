package cache

import (
	"context"
	"errors"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/watch"
)

// ListWithContextFunc lists a resource.
type ListWithContextFunc func(ctx context.Context, options metav1.ListOptions) (runtime.Object, error)

// WatchFuncWithContext watches a resource.
type WatchFuncWithContext func(ctx context.Context, options metav1.ListOptions) (watch.Interface, error)

// ListFunc lists a resource.
//
// Deprecated: use ListWithContextFunc, which can be cancelled.
type ListFunc func(options metav1.ListOptions) (runtime.Object, error)

// WatchFunc watches a resource.
//
// Deprecated: use WatchFuncWithContext, which can be cancelled.
type WatchFunc func(options metav1.ListOptions) (watch.Interface, error)

// ListWatch is a ListerWatcher, with and without context, of two functions. Of each pair one function must be set; the
// one with a context is preferred where there is a context, and the other where there is none.
type ListWatch struct {
	// Deprecated: set ListWithContextFunc.
	ListFunc ListFunc
	// Deprecated: set WatchFuncWithContext.
	WatchFunc WatchFunc

	ListWithContextFunc  ListWithContextFunc
	WatchFuncWithContext WatchFuncWithContext

	// DisableChunking asks for lists in one piece, whatever limit the caller wants.
	DisableChunking bool
}

var (
	_ ListerWatcher            = &ListWatch{}
	_ ListerWatcherWithContext = &ListWatch{}
)

// List lists the resource.
//
// Deprecated: use ListWithContext.
func (lw *ListWatch) List(options metav1.ListOptions) (runtime.Object, error) {
	if lw.ListFunc != nil {
		return lw.ListFunc(lw.chunked(options))
	}
	return lw.ListWithContext(context.Background(), options)
}

// Watch watches the resource.
//
// Deprecated: use WatchWithContext.
func (lw *ListWatch) Watch(options metav1.ListOptions) (watch.Interface, error) {
	if lw.WatchFunc != nil {
		return lw.WatchFunc(options)
	}
	return lw.WatchWithContext(context.Background(), options)
}

// ListWithContext lists the resource.
func (lw *ListWatch) ListWithContext(ctx context.Context, options metav1.ListOptions) (runtime.Object, error) {
	switch {
	case lw.ListWithContextFunc != nil:
		return lw.ListWithContextFunc(ctx, lw.chunked(options))
	case lw.ListFunc != nil:
		return lw.ListFunc(lw.chunked(options))
	}
	return nil, errors.New("ListWatch cannot list: set ListWithContextFunc")
}

// WatchWithContext watches the resource.
func (lw *ListWatch) WatchWithContext(ctx context.Context, options metav1.ListOptions) (watch.Interface, error) {
	switch {
	case lw.WatchFuncWithContext != nil:
		return lw.WatchFuncWithContext(ctx, options)
	case lw.WatchFunc != nil:
		return lw.WatchFunc(options)
	}
	return nil, errors.New("ListWatch cannot watch: set WatchFuncWithContext")
}

// chunked removes the limit if that is wanted.
func (lw *ListWatch) chunked(options metav1.ListOptions) metav1.ListOptions {
	if lw.DisableChunking {
		options.Limit = 0
	}
	return options
}

// ToListerWithContext returns l itself if it is a ListerWithContext, else one that ignores its context.
func ToListerWithContext(l Lister) ListerWithContext {
	if l, ok := l.(ListerWithContext); ok {
		return l
	}
	return withoutContext{lister: l}
}

// ToWatcherWithContext returns w itself if it is a WatcherWithContext, else one that ignores its context.
func ToWatcherWithContext(w Watcher) WatcherWithContext {
	if w, ok := w.(WatcherWithContext); ok {
		return w
	}
	return withoutContext{watcher: w}
}

// ToListerWatcherWithContext returns lw itself if it is a ListerWatcherWithContext, else one that ignores its context.
func ToListerWatcherWithContext(lw ListerWatcher) ListerWatcherWithContext {
	if lw, ok := lw.(ListerWatcherWithContext); ok {
		return lw
	}
	return withoutContext{lister: lw, watcher: lw}
}

// withoutContext gives functions that cannot be cancelled a context to ignore.
type withoutContext struct {
	lister  Lister
	watcher Watcher
}

func (w withoutContext) ListWithContext(_ context.Context, options metav1.ListOptions) (runtime.Object, error) {
	return w.lister.List(options)
}

func (w withoutContext) WatchWithContext(_ context.Context, options metav1.ListOptions) (watch.Interface, error) {
	return w.watcher.Watch(options)
}

func (w withoutContext) IsWatchListSemanticsUnSupported() bool { return refusesWatchList(w.watcher) }

// ToListWatcherWithWatchListSemantics returns lw with the knowledge whether client refuses streaming lists (KEP-3157), as
// fake clients do. A client says so with a method IsWatchListSemanticsUnSupported that returns true, and so does the
// result. Reflectors then ask for pages at once. Every other client is asked to stream first, and for pages if it does not.
// Lists of every other client are to have a resource version, as those of servers do: a first one that has none and is empty is
// no list, perhaps, and is believed only when three more in a row say the same.
func ToListWatcherWithWatchListSemantics(lw *ListWatch, client any) ListerWatcher {
	if refusesWatchList(client) {
		return withoutWatchList{lw}
	}
	return lw
}

// refusesWatchList says whether a client does not know streaming lists.
func refusesWatchList(client any) bool {
	refuser, ok := client.(interface{ IsWatchListSemanticsUnSupported() bool })
	return ok && refuser.IsWatchListSemanticsUnSupported()
}

// withoutWatchList is a ListWatch of a client that does not know streaming lists.
type withoutWatchList struct {
	*ListWatch
}

func (withoutWatchList) IsWatchListSemanticsUnSupported() bool { return true }
