package runtime

import (
	"context"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/apimachinery/pkg/watch"

	"github.com/kubewright/kubewright/pkg/rest"
)

// objectWithMeta is what every API object of a generated client is.
type objectWithMeta interface {
	runtime.Object
	metav1.Object
}

// Client is the typed client of one resource: T is a pointer to the Go type of
// its objects, for example *corev1.ConfigMap. It is immutable and safe for
// concurrent use.
//
// Methods that return an object return an empty one, never nil, along with an
// error. Errors that the server reports are *errors.StatusError.
type Client[T objectWithMeta] struct {
	resource  resource
	newObject func() T
}

// Option changes how a client talks to the server.
type Option[T objectWithMeta] func(*Client[T])

// PrefersProtobuf makes a client send and ask for protobuf where the
// configuration names no content type of its own. It is for types that have a
// protobuf representation: the built-in ones.
func PrefersProtobuf[T objectWithMeta]() Option[T] {
	return func(c *Client[T]) { c.resource.protobuf = true }
}

// NewClient returns the client of the named resource (plural, lower case), in
// a namespace, or in the cluster if namespace is empty. newObject returns an
// empty object for the client to decode into.
func NewClient[T objectWithMeta](
	resourceName string, client rest.Interface, parameterCodec runtime.ParameterCodec, namespace string, newObject func() T,
	options ...Option[T],
) *Client[T] {
	c := &Client[T]{
		resource: resource{
			client:         client,
			parameterCodec: parameterCodec,
			name:           resourceName,
			namespace:      namespace,
		},
		newObject: newObject,
	}
	for _, option := range options {
		option(c)
	}
	return c
}

// GetClient returns the REST client that carries the requests.
func (c *Client[T]) GetClient() rest.Interface { return c.resource.client }

// GetNamespace returns the namespace of the client, empty for the cluster.
func (c *Client[T]) GetNamespace() string { return c.resource.namespace }

// Create stores a new object and returns it as the server stored it, with the
// server's defaults, UID and resource version.
func (c *Client[T]) Create(ctx context.Context, obj T, opts metav1.CreateOptions) (T, error) {
	return into(ctx, c.resource.create(obj, opts), c.newObject())
}

// Update replaces the object of the same name and returns what the server
// stored. If obj carries a resource version and the object has changed since,
// the error is a conflict.
func (c *Client[T]) Update(ctx context.Context, obj T, opts metav1.UpdateOptions) (T, error) {
	return into(ctx, c.resource.update(obj.GetName(), obj, opts), c.newObject())
}

// UpdateStatus replaces the status of the object of the same name, and nothing
// else of it. It needs the status subresource.
func (c *Client[T]) UpdateStatus(ctx context.Context, obj T, opts metav1.UpdateOptions) (T, error) {
	return into(ctx, c.resource.update(obj.GetName(), obj, opts).SubResource("status"), c.newObject())
}

// Delete removes the named object, or marks it for deletion while finalizers
// or a grace period hold it.
func (c *Client[T]) Delete(ctx context.Context, name string, opts metav1.DeleteOptions) error {
	return c.resource.delete(name, opts).Do(ctx).Error()
}

// Get returns the named object.
func (c *Client[T]) Get(ctx context.Context, name string, opts metav1.GetOptions) (T, error) {
	return into(ctx, c.resource.get(name, opts), c.newObject())
}

// Watch streams the changes of the objects that opts selects, from the
// resource version in opts. The caller must Stop the watch.
func (c *Client[T]) Watch(ctx context.Context, opts metav1.ListOptions) (watch.Interface, error) {
	return c.resource.watch(opts).Watch(ctx)
}

// Patch changes the named object, or the named subresource of it, as data says
// in the format pt, and returns the result.
func (c *Client[T]) Patch(ctx context.Context, name string, pt types.PatchType, data []byte, opts metav1.PatchOptions, subresources ...string) (T, error) {
	return into(ctx, c.resource.patch(name, pt, data, opts).SubResource(subresources...), c.newObject())
}

func (c *Client[T]) requests() *resource { return &c.resource }

// into sends a request and decodes the answer into obj.
func into[R runtime.Object](ctx context.Context, request *rest.Request, obj R) (R, error) {
	err := request.Do(ctx).Into(obj)
	return obj, err
}
