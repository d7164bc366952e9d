package cache

import (
	"k8s.io/apimachinery/pkg/api/errors"
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
	return genericLister{genericNamespaceLister{indexer: indexer, resource: resource}}
}

// genericLister is the lister of all namespaces.
type genericLister struct {
	genericNamespaceLister
}

func (l genericLister) ByNamespace(namespace string) GenericNamespaceLister {
	return genericNamespaceLister{indexer: l.indexer, resource: l.resource, namespace: namespace}
}

// genericNamespaceLister is the lister of a namespace, or of all for "".
type genericNamespaceLister struct {
	indexer   Indexer
	resource  schema.GroupResource
	namespace string
}

func (l genericNamespaceLister) List(selector labels.Selector) (ret []runtime.Object, err error) {
	var failed error
	err = ListAllByNamespace(l.indexer, l.namespace, selector, func(obj interface{}) {
		object, err := as[runtime.Object](obj)
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

func (l genericNamespaceLister) Get(name string) (runtime.Object, error) {
	obj, exists, err := l.indexer.GetByKey(NewObjectName(l.namespace, name).String())
	if err != nil {
		return nil, err
	}
	if !exists {
		return nil, errors.NewNotFound(l.resource, name)
	}
	return as[runtime.Object](obj)
}
