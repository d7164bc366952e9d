package cache

import (
	"k8s.io/apimachinery/pkg/api/meta"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
)

// AppendFunc is given one object after the other.
type AppendFunc func(interface{})

// ListAll calls appendFn for each object in the store that matches.
func ListAll(store Store, selector labels.Selector, appendFn AppendFunc) error {
	return appendMatching(store.List(), selector, appendFn)
}

// ListAllByNamespace calls appendFn for each object of a namespace that matches; of all namespaces for "". It uses the
// index named NamespaceIndex if there is one, and otherwise looks at all objects.
func ListAllByNamespace(indexer Indexer, namespace string, selector labels.Selector, appendFn AppendFunc) error {
	if namespace == "" {
		return ListAll(indexer, selector, appendFn)
	}
	objects, err := indexer.ByIndex(NamespaceIndex, namespace)
	if err == nil {
		return appendMatching(objects, selector, appendFn)
	}
	for _, obj := range indexer.List() {
		accessor, err := meta.Accessor(obj)
		if err != nil {
			return err
		}
		if accessor.GetNamespace() == namespace && selector.Matches(labels.Set(accessor.GetLabels())) {
			appendFn(obj)
		}
	}
	return nil
}

func appendMatching(objects []interface{}, selector labels.Selector, appendFn AppendFunc) error {
	everything := selector.Empty()
	for _, obj := range objects {
		if !everything {
			accessor, err := meta.Accessor(obj)
			if err != nil {
				return err
			}
			if !selector.Matches(labels.Set(accessor.GetLabels())) {
				continue
			}
		}
		appendFn(obj)
	}
	return nil
}

// NewGenericLister returns a lister of the objects in indexer. resource is for error messages.
func NewGenericLister(indexer Indexer, resource schema.GroupResource) GenericLister {
	return genericLister{NewResourceIndexer[runtime.Object](indexer, resource)}
}

// genericLister is a ResourceIndexer of any object.
type genericLister struct {
	ResourceIndexer[runtime.Object]
}

func (l genericLister) ByNamespace(namespace string) GenericNamespaceLister {
	return NewNamespacedResourceIndexer(l.ResourceIndexer, namespace)
}
