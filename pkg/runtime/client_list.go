package runtime

import (
	"context"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"

	"github.com/kubewright/kubewright/pkg/rest"
)

// ClientWithList is a Client that also handles collections: L is a pointer to
// the Go type of the list, for example *corev1.ConfigMapList.
type ClientWithList[T objectWithMeta, L runtime.Object] struct {
	*Client[T]
	collection[L]
}

// NewClientWithList returns the client of the named resource as NewClient does.
// newList returns an empty list for the client to decode into.
func NewClientWithList[T objectWithMeta, L runtime.Object](
	resourceName string, client rest.Interface, parameterCodec runtime.ParameterCodec, namespace string, newObject func() T,
	newList func() L, options ...Option[T],
) *ClientWithList[T, L] {
	c := NewClient(resourceName, client, parameterCodec, namespace, newObject, options...)
	return &ClientWithList[T, L]{Client: c, collection: collection[L]{resource: &c.resource, newList: newList}}
}

// collection holds the verbs on all objects of a resource. It is embedded, so
// that clients with and without apply configurations share it.
type collection[L runtime.Object] struct {
	resource *resource
	newList  func() L
}

// List returns the objects that opts selects: all of them, or one page if
// opts.Limit is set, with a continue token for the next in the list's metadata.
func (c collection[L]) List(ctx context.Context, opts metav1.ListOptions) (L, error) {
	return into(ctx, c.resource.list(opts), c.newList())
}

// DeleteCollection deletes the objects that listOpts selects, each as opts says.
func (c collection[L]) DeleteCollection(ctx context.Context, opts metav1.DeleteOptions, listOpts metav1.ListOptions) error {
	return c.resource.deleteCollection(opts, listOpts).Do(ctx).Error()
}
