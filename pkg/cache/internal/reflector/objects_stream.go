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
		return failedEvent[T](e.Object)
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
		result.InitialEnd = accessor.GetAnnotations()[metav1.InitialEventsAnnotationKey] == "true"
	case watch.Added, watch.Modified, watch.Deleted:
		if result.Object, err = acceptNamed(e.Object, s.accept); err != nil {
			return poisoned(result, poisonOf(e.Object, err))
		}
	default:
		return Event[T]{}, Lost(fmt.Errorf("event of unknown type %q", e.Type))
	}
	return result, nil
}

// poisoned is an event about an object that was not accepted. If it does not say which one that was, and since when, or
// of which kind, then only a list can tell what has changed.
func poisoned[T any](event Event[T], p *Poison) (Event[T], error) {
	if p.Name == "" || p.Version == "" || errors.Is(p, ErrOtherKind) {
		return Event[T]{}, Lost(fmt.Errorf("event %s: %w", event.Type, p))
	}
	return Event[T]{Type: event.Type, Version: p.Version, Poison: p}, nil
}

// failedEvent is what an error event stands for: an event that the client could not decode, or an error.
func failedEvent[T any](object runtime.Object) (Event[T], error) {
	err := apierrors.FromObject(object)
	if status, ok := object.(*metav1.Status); ok {
		if o, ok := watchcause.ParseUndecodable(status); ok {
			return poisoned(Event[T]{Type: o.Event}, newPoison(o.Namespace, o.Name, o.UID, o.ResourceVersion, err))
		}
	}
	switch {
	case apierrors.IsTooManyRequests(err): // the server only wants to be left alone for a while
		return Event[T]{}, err
	case apierrors.HasStatusCause(err, watchcause.Broken): // it can be taken up where it was
		return Event[T]{}, err
	}
	return Event[T]{}, Lost(err)
}
