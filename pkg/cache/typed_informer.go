package cache

import (
	"fmt"
)

// NewTypedSharedIndexInformer returns informer itself if it is one of Ts, as those of generated code are, and otherwise
// a view of it that asserts the type of each object. Objects of another type then make typed handlers panic, and typed
// queries return an error: the informer has to be one of Ts.
func NewTypedSharedIndexInformer[T Object](informer SharedIndexInformer) TypedSharedIndexInformer[T] {
	if typed, ok := informer.(TypedSharedIndexInformer[T]); ok {
		return typed
	}
	return typedView[T]{informer}
}

// typedInformer is a sharedInformer of a type that handlers and indexers can be typed to. No type is asserted.
type typedInformer[T Object] struct {
	*sharedInformer[T]
}

func (s typedInformer[T]) AddTypedEventHandler(handler TypedResourceEventHandler[T], options ...HandlerOptions) (ResourceEventHandlerRegistration, error) {
	option, err := onlyOption(options)
	if err != nil {
		return nil, err
	}
	if handler == nil {
		return nil, errNilHandler
	}
	return s.join(typedHandler(handler), option, fmt.Sprintf("%T", handler))
}

func (s typedInformer[T]) AddTypedIndexers(indexers TypedIndexers[T]) error {
	return s.indexer.AddTypedIndexers(indexers)
}

func (s typedInformer[T]) GetTypedIndexer() TypedIndexer[T] { return s.indexer }

// typedView is a view of an informer of some other make.
type typedView[T Object] struct {
	SharedIndexInformer
}

func (v typedView[T]) AddTypedEventHandler(handler TypedResourceEventHandler[T], options ...HandlerOptions) (ResourceEventHandlerRegistration, error) {
	option, err := onlyOption(options)
	if err != nil {
		return nil, err
	}
	if handler == nil {
		return nil, errNilHandler
	}
	return v.AddEventHandlerWithOptions(assertingHandler[T]{handler}, option)
}

func (v typedView[T]) unwrap() SharedIndexInformer { return v.SharedIndexInformer }

func (v typedView[T]) AddTypedIndexers(indexers TypedIndexers[T]) error {
	return v.AddIndexers(TypedIndexersToIndexers(indexers))
}

func (v typedView[T]) GetTypedIndexer() TypedIndexer[T] {
	return typedIndexerView[T]{v.GetIndexer()}
}

// assertingHandler is a typed handler for untyped objects.
type assertingHandler[T Object] struct {
	handler TypedResourceEventHandler[T]
}

func (a assertingHandler[T]) OnAdd(obj interface{}, isInInitialList bool) {
	a.handler.OnAdd(obj.(T), isInInitialList)
}

func (a assertingHandler[T]) OnUpdate(oldObj, newObj interface{}) {
	a.handler.OnUpdate(oldObj.(T), newObj.(T))
}

func (a assertingHandler[T]) OnDelete(obj interface{}) {
	unknown, ok := obj.(DeletedFinalStateUnknown)
	if !ok {
		a.handler.OnDelete(DeletedObject[T]{OptionalObj: obj.(T)})
		return
	}
	deleted := DeletedObject[T]{FinalStateUnknown: &unknown}
	if unknown.Obj != nil {
		deleted.OptionalObj = unknown.Obj.(T)
	}
	a.handler.OnDelete(deleted)
}

// typedIndexerView is a typed view of an indexer of some other make.
type typedIndexerView[T any] struct {
	Indexer
}

func (v typedIndexerView[T]) TypedIndex(indexName string, obj T) ([]T, error) {
	objects, err := v.Index(indexName, obj)
	if err != nil {
		return nil, err
	}
	return typed[T](objects)
}

func (v typedIndexerView[T]) ByTypedIndex(indexName, indexedValue string) ([]T, error) {
	objects, err := v.ByIndex(indexName, indexedValue)
	if err != nil {
		return nil, err
	}
	return typed[T](objects)
}

func (v typedIndexerView[T]) AddTypedIndexers(newIndexers TypedIndexers[T]) error {
	return v.AddIndexers(TypedIndexersToIndexers(newIndexers))
}

// typed asserts the type of each object.
func typed[T any](objects []interface{}) ([]T, error) {
	result := make([]T, len(objects))
	for i, object := range objects {
		var err error
		if result[i], err = as[T](object); err != nil {
			return nil, err
		}
	}
	return result, nil
}

// onlyOption is the one HandlerOptions of a variadic call, or the default.
func onlyOption(options []HandlerOptions) (HandlerOptions, error) {
	switch len(options) {
	case 0:
		return HandlerOptions{}, nil
	case 1:
		return options[0], nil
	default:
		return HandlerOptions{}, fmt.Errorf("handler was not added: %d HandlerOptions were given, at most one is allowed", len(options))
	}
}
