package reflector

import (
	"context"
	"errors"
	"fmt"
	"io"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/watch"

	"github.com/kubewright/kubewright/pkg/internal/watchcause"
)

// ListWatcher is a client of one resource whose objects are runtime.Objects.
type ListWatcher interface {
	ListWithContext(ctx context.Context, options metav1.ListOptions) (runtime.Object, error)
	WatchWithContext(ctx context.Context, options metav1.ListOptions) (watch.Interface, error)
}

// Objects makes a source of a ListWatcher. accept turns a decoded object into a T, or refuses it; it is called once for
// each object, which nobody else has seen. This is the only place where the type of an object is asserted.
func Objects[T any](lw ListWatcher, accept func(runtime.Object) (T, error)) Source[T] {
	return &objects[T]{lw: lw, accept: accept}
}

type objects[T any] struct {
	lw     ListWatcher
	accept func(runtime.Object) (T, error)
}

// List gives each object memory of its own: one that stays in a cache does not keep the whole list alive.
func (o *objects[T]) List(ctx context.Context, options metav1.ListOptions, each func(Item[T]) error) (Page, error) {
	list, err := o.lw.ListWithContext(ctx, options)
	if err != nil {
		return Page{}, err
	}
	if list == nil {
		return Page{}, errors.New("the list function returned neither a list nor an error")
	}
	accessor, err := meta.ListAccessor(list)
	if err != nil {
		return Page{}, fmt.Errorf("%T is not a list: %w", list, err)
	}
	err = meta.EachListItemWithAlloc(list, func(object runtime.Object) error {
		accepted, err := o.accept(object)
		if err != nil {
			return fmt.Errorf("object %s: %w", nameOf(object), err)
		}
		return each(Item[T]{Object: accepted})
	})
	if err != nil {
		return Page{}, err
	}
	return Page{Version: accessor.GetResourceVersion(), Continue: accessor.GetContinue()}, nil
}

func (o *objects[T]) Watch(ctx context.Context, options metav1.ListOptions) (Stream[T], error) {
	w, err := o.lw.WatchWithContext(ctx, options)
	if err != nil {
		return nil, err
	}
	if w == nil {
		return nil, errors.New("the watch function returned neither a watch nor an error")
	}
	return &objectStream[T]{watch: w, accept: o.accept}, nil
}

func (o *objects[T]) StreamsLists() bool { return false }

// objectStream is a stream over a watch.Interface.
type objectStream[T any] struct {
	watch  watch.Interface
	accept func(runtime.Object) (T, error)
}

func (s *objectStream[T]) Stop() { s.watch.Stop() }

func (s *objectStream[T]) Next(ctx context.Context) (Event[T], error) {
	select {
	case event, open := <-s.watch.ResultChan():
		if !open {
			return Event[T]{}, io.EOF
		}
		return s.event(event)
	case <-ctx.Done():
		return Event[T]{}, context.Cause(ctx)
	}
}

// event checks an event and accepts its object.
func (s *objectStream[T]) event(e watch.Event) (Event[T], error) {
	if e.Type == watch.Error {
		err := apierrors.FromObject(e.Object)
		switch {
		case apierrors.IsTooManyRequests(err): // the server only wants to be left alone for a while
			return Event[T]{}, err
		case apierrors.HasStatusCause(err, watchcause.Broken): // it can be taken up where it was
			return Event[T]{}, err
		}
		return Event[T]{}, Lost(err)
	}
	if e.Object == nil {
		return Event[T]{}, Lost(fmt.Errorf("event %s without an object", e.Type))
	}
	accessor, err := meta.Accessor(e.Object)
	if err != nil {
		return Event[T]{}, Lost(fmt.Errorf("event %s with a %T: %w", e.Type, e.Object, err))
	}
	result := Event[T]{Type: e.Type, Version: accessor.GetResourceVersion()}
	switch e.Type {
	case watch.Bookmark:
		if result.Version == "" {
			return Event[T]{}, Lost(errors.New("bookmark without a resource version"))
		}
	case watch.Added, watch.Modified, watch.Deleted:
		if result.Object, err = s.accept(e.Object); err != nil {
			return Event[T]{}, Lost(fmt.Errorf("event %s, object %s: %w", e.Type, nameOf(e.Object), err))
		}
	default:
		return Event[T]{}, Lost(fmt.Errorf("event of unknown type %q", e.Type))
	}
	return result, nil
}

// nameOf is an object's name for messages.
func nameOf(object runtime.Object) string {
	accessor, err := meta.Accessor(object)
	if err != nil {
		return fmt.Sprintf("of type %T", object)
	}
	if namespace := accessor.GetNamespace(); namespace != "" {
		return namespace + "/" + accessor.GetName()
	}
	return accessor.GetName()
}
