package cache

import (
	"fmt"
	"reflect"

	"k8s.io/apimachinery/pkg/api/meta"

	"github.com/kubewright/kubewright/pkg/cache/internal/store"
)

// NamespaceIndex is the usual name of the index by namespace; see MetaNamespaceIndexFunc.
const NamespaceIndex string = "namespace"

// IndexFunc computes the values under which an index files an object. It must depend on the object only.
type IndexFunc func(obj interface{}) ([]string, error)

// Indexers are index functions by the names of their indexes.
type Indexers map[string]IndexFunc

// TypedIndexFunc is an IndexFunc for objects of type T.
type TypedIndexFunc[T any] func(obj T) ([]string, error)

// TypedIndexers are Indexers for objects of type T.
type TypedIndexers[T any] map[string]TypedIndexFunc[T]

// MetaNamespaceIndexFunc files an object under its namespace; one without a namespace under "".
func MetaNamespaceIndexFunc(obj interface{}) ([]string, error) {
	accessor, err := meta.Accessor(obj)
	if err != nil {
		return nil, fmt.Errorf("object has no meta: %w", err)
	}
	return []string{accessor.GetNamespace()}, nil
}

// TypedIndexerFuncToIndexerFunc makes an IndexFunc of a TypedIndexFunc. An object of another type is an error.
func TypedIndexerFuncToIndexerFunc[T any](indexer TypedIndexFunc[T]) IndexFunc {
	return func(obj interface{}) ([]string, error) {
		typed, err := as[T](obj)
		if err != nil {
			return nil, err
		}
		return indexer(typed)
	}
}

// TypedIndexersToIndexers makes Indexers of TypedIndexers, for SharedIndexInformerOptions and the like.
func TypedIndexersToIndexers[T any](indexers TypedIndexers[T]) Indexers {
	result := make(Indexers, len(indexers))
	for name, indexer := range indexers {
		result[name] = TypedIndexerFuncToIndexerFunc(indexer)
	}
	return result
}

// storeIndexes are Indexers as the store of Ts takes them.
func storeIndexes[T any](indexers Indexers) map[string]store.IndexFunc[T] {
	result := make(map[string]store.IndexFunc[T], len(indexers))
	for name, indexer := range indexers {
		result[name] = func(object T) ([]string, error) { return indexer(object) }
	}
	return result
}

// as is a type assertion that explains itself.
func as[T any](obj interface{}) (T, error) {
	typed, ok := obj.(T)
	if !ok {
		return typed, fmt.Errorf("object is a %T where %v is expected", obj, reflect.TypeFor[T]())
	}
	return typed, nil
}
