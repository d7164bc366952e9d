package runtime

import (
	"context"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"

	"github.com/kubewright/kubewright/pkg/internal/applytarget"
	"github.com/kubewright/kubewright/pkg/rest"
)

// namedObject is what every apply configuration of an object is.
type namedObject interface {
	comparable
	GetName() *string
}

// ClientWithApply is a Client that also applies configurations: C is a pointer
// to the Go type of those, for example *ConfigMapApplyConfiguration.
type ClientWithApply[T objectWithMeta, C namedObject] struct {
	*Client[T]
	applier[T, C]
}

// NewClientWithApply returns the client of the named resource as NewClient does.
func NewClientWithApply[T objectWithMeta, C namedObject](
	resourceName string, client rest.Interface, parameterCodec runtime.ParameterCodec, namespace string, newObject func() T,
	options ...Option[T],
) *ClientWithApply[T, C] {
	c := NewClient(resourceName, client, parameterCodec, namespace, newObject, options...)
	return &ClientWithApply[T, C]{Client: c, applier: applier[T, C]{c}}
}

// ClientWithListAndApply is a Client that also handles collections and applies
// configurations.
type ClientWithListAndApply[T objectWithMeta, L runtime.Object, C namedObject] struct {
	*Client[T]
	collection[L]
	applier[T, C]
}

// NewClientWithListAndApply returns the client of the named resource as
// NewClientWithList does.
func NewClientWithListAndApply[T objectWithMeta, L runtime.Object, C namedObject](
	resourceName string, client rest.Interface, parameterCodec runtime.ParameterCodec, namespace string, newObject func() T,
	newList func() L, options ...Option[T],
) *ClientWithListAndApply[T, L, C] {
	c := NewClientWithList(resourceName, client, parameterCodec, namespace, newObject, newList, options...)
	return &ClientWithListAndApply[T, L, C]{Client: c.Client, collection: c.collection, applier: applier[T, C]{c.Client}}
}

// applier holds server-side apply. It is embedded, so that clients with and
// without lists share it.
type applier[T objectWithMeta, C namedObject] struct {
	client *Client[T]
}

// Apply sets the fields that a configuration has in the object of its name, or
// creates that, and returns the result. The fields belong to the field manager
// in opts from then on, which the server requires; what it has applied before
// and not now is removed. If another manager has other values for one of the
// fields, the error is a conflict, unless opts.Force takes the fields over.
func (a applier[T, C]) Apply(ctx context.Context, obj C, opts metav1.ApplyOptions) (T, error) {
	return ApplyAs(ctx, a.client, a.client.newObject(), "", "", obj, opts)
}

// ApplyStatus is Apply for the status of the object, which must be there. It
// needs the status subresource.
func (a applier[T, C]) ApplyStatus(ctx context.Context, obj C, opts metav1.ApplyOptions) (T, error) {
	return ApplyAs(ctx, a.client, a.client.newObject(), applytarget.In(obj), "status", obj, opts)
}
