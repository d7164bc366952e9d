// Package listers offers the generic lister under the names that client-go
// gives it, for hand-written listers that come from there. The listers of each
// group are in the packages below.
package listers

import (
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/kubewright/kubewright/pkg/cache"
)

// ResourceIndexer lists and gets objects of one resource from an indexer.
type ResourceIndexer[T runtime.Object] struct {
	cache.ResourceIndexer[T]
}

// New returns the lister of a resource.
func New[T runtime.Object](indexer cache.Indexer, resource schema.GroupResource) ResourceIndexer[T] {
	return ResourceIndexer[T]{cache.NewResourceIndexer[T](indexer, resource)}
}

// NewNamespaced narrows a lister down to one namespace.
func NewNamespaced[T runtime.Object](parent ResourceIndexer[T], namespace string) ResourceIndexer[T] {
	return ResourceIndexer[T]{cache.NewNamespacedResourceIndexer(parent.ResourceIndexer, namespace)}
}
