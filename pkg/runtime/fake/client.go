package fake

import (
	"context"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/apimachinery/pkg/watch"

	"github.com/kubewright/kubewright/pkg/testing"
)

// objectWithMeta is what every API object of a generated client is.
type objectWithMeta interface {
	runtime.Object
	metav1.Object
}

// FakeClient is the fake client of one resource: T is a pointer to the Go type of its objects, for example
// *corev1.ConfigMap. Its own state is immutable; it is safe for concurrent use.
type FakeClient[T objectWithMeta] struct {
	*testing.Fake

	target    target
	newObject func() T
}

// target is where the actions of a client go.
type target struct {
	fake      *testing.Fake
	namespace string
	resource  schema.GroupVersionResource
	kind      schema.GroupVersionKind
}

// NewFakeClient returns the client of a resource in a namespace, or in the cluster if namespace is empty. newObject returns an
// empty object.
func NewFakeClient[T objectWithMeta](
	fake *testing.Fake, namespace string, resource schema.GroupVersionResource, kind schema.GroupVersionKind, newObject func() T,
) *FakeClient[T] {
	return &FakeClient[T]{Fake: fake, target: target{fake, namespace, resource, kind}, newObject: newObject}
}

// Resource returns the resource of the client.
func (c *FakeClient[T]) Resource() schema.GroupVersionResource { return c.target.resource }

// Kind returns the kind of the client's objects.
func (c *FakeClient[T]) Kind() schema.GroupVersionKind { return c.target.kind }

// Namespace returns the namespace of the client, empty for the cluster.
func (c *FakeClient[T]) Namespace() string { return c.target.namespace }

// Create stores a new object and returns it as it is stored.
func (c *FakeClient[T]) Create(ctx context.Context, obj T, opts metav1.CreateOptions) (T, error) {
	return CreateAs(ctx, c, c.newObject(), "", "", obj, opts)
}

// Update replaces the object of the same name and returns what is stored.
func (c *FakeClient[T]) Update(ctx context.Context, obj T, opts metav1.UpdateOptions) (T, error) {
	return UpdateAs(ctx, c, c.newObject(), obj.GetName(), "", obj, opts)
}

// UpdateStatus replaces the status of the object of the same name.
func (c *FakeClient[T]) UpdateStatus(ctx context.Context, obj T, opts metav1.UpdateOptions) (T, error) {
	return UpdateAs(ctx, c, c.newObject(), obj.GetName(), "status", obj, opts)
}

// Delete removes the named object.
func (c *FakeClient[T]) Delete(_ context.Context, name string, opts metav1.DeleteOptions) error {
	_, err := invoke(c.target, testing.NewDeleteActionWithOptions(c.target.resource, c.target.namespace, name, opts), c.newObject())
	return err
}

// Get returns the named object.
func (c *FakeClient[T]) Get(ctx context.Context, name string, opts metav1.GetOptions) (T, error) {
	return GetAs(ctx, c, c.newObject(), name, "", opts)
}

// Watch tells what happens to the objects that opts selects. The caller must Stop the watch.
func (c *FakeClient[T]) Watch(_ context.Context, opts metav1.ListOptions) (watch.Interface, error) {
	if _, err := testing.ParseListOptions(opts); err != nil {
		return nil, err
	}
	opts.Watch = true
	return c.target.fake.InvokesWatch(testing.NewWatchActionWithOptions(c.target.resource, c.target.namespace, opts))
}

// Patch changes the named object, or the named subresource of it, as data says in the format pt, and returns the result.
func (c *FakeClient[T]) Patch(ctx context.Context, name string, pt types.PatchType, data []byte, opts metav1.PatchOptions, subresources ...string) (T, error) {
	return PatchAs(ctx, c, c.newObject(), name, pt, data, opts, subresources...)
}

func (c *FakeClient[T]) targets() target { return c.target }
