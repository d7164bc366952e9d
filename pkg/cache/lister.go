package cache

import (
	"k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/meta"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/kubewright/kubewright/pkg/cache/internal/store"
)

// ResourceIndexer reads objects of one resource from an Indexer, from all namespaces or from one. It is what generated
// listers are made of. The objects are shared with the cache and must not be modified.
type ResourceIndexer[T runtime.Object] struct {
	indexer   Indexer
	resource  schema.GroupResource
	namespace string // empty: all
}

// NewResourceIndexer returns a lister of the objects in indexer. resource is for error messages.
func NewResourceIndexer[T runtime.Object](indexer Indexer, resource schema.GroupResource) ResourceIndexer[T] {
	return ResourceIndexer[T]{indexer: indexer, resource: resource}
}

// NewNamespacedResourceIndexer returns the lister of one namespace.
func NewNamespacedResourceIndexer[T runtime.Object](parent ResourceIndexer[T], namespace string) ResourceIndexer[T] {
	return ResourceIndexer[T]{indexer: parent.indexer, resource: parent.resource, namespace: namespace}
}

// List returns the objects that match, in no particular order. An object that is not a T is an error.
func (l ResourceIndexer[T]) List(selector labels.Selector) (ret []T, err error) {
	if indexer, ok := l.indexer.(*indexer[T]); ok {
		return selectObjects(inNamespace(indexer.ReadOnly(), l.namespace), selector), nil
	}
	var failed error
	err = ListAllByNamespace(l.indexer, l.namespace, selector, func(obj interface{}) {
		object, err := as[T](obj)
		if err != nil {
			failed = err
			return
		}
		ret = append(ret, object)
	})
	if err == nil {
		err = failed
	}
	if err != nil {
		return nil, err
	}
	return ret, nil
}

// Get returns the object of this name, or an error that errors.IsNotFound recognises.
func (l ResourceIndexer[T]) Get(name string) (T, error) {
	key := NewObjectName(l.namespace, name).String()
	var none T
	if indexer, ok := l.indexer.(*indexer[T]); ok {
		if object, exists := indexer.ReadOnly().Get(key); exists {
			return object, nil
		}
		return none, errors.NewNotFound(l.resource, name)
	}
	obj, exists, err := l.indexer.GetByKey(key)
	if err != nil {
		return none, err
	}
	if !exists {
		return none, errors.NewNotFound(l.resource, name)
	}
	return as[T](obj)
}

// inNamespace returns the objects of a namespace, from the index by namespace if there is one; of all for "".
func inNamespace[T any](reader *store.Reader[T], namespace string) []T {
	if namespace == "" {
		return reader.List()
	}
	if objects, err := reader.ByIndex(NamespaceIndex, namespace); err == nil {
		return objects
	}
	objects := reader.List()
	kept := objects[:0]
	for _, object := range objects {
		if accessor, err := meta.Accessor(object); err == nil && accessor.GetNamespace() == namespace {
			kept = append(kept, object)
		}
	}
	return kept
}

// selectObjects keeps the objects whose labels match. It reuses the slice.
func selectObjects[T any](objects []T, selector labels.Selector) []T {
	if selector.Empty() {
		return objects
	}
	kept := objects[:0]
	for _, object := range objects {
		if accessor, err := meta.Accessor(object); err == nil && selector.Matches(labels.Set(accessor.GetLabels())) {
			kept = append(kept, object)
		}
	}
	return kept
}
