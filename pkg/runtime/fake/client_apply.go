package fake

import (
	"context"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/kubewright/kubewright/pkg/internal/applytarget"
	"github.com/kubewright/kubewright/pkg/testing"
)

// namedObject is what every apply configuration of an object is.
type namedObject interface {
	comparable
	GetName() *string
}

// FakeClientWithApply is a FakeClient that also applies configurations: C is a pointer to the Go type of those.
type FakeClientWithApply[T objectWithMeta, C namedObject] struct {
	*FakeClient[T]
	applier[T, C]
}

// NewFakeClientWithApply returns the client of a resource as NewFakeClient does.
func NewFakeClientWithApply[T objectWithMeta, C namedObject](
	fake *testing.Fake, namespace string, resource schema.GroupVersionResource, kind schema.GroupVersionKind, newObject func() T,
) *FakeClientWithApply[T, C] {
	c := NewFakeClient(fake, namespace, resource, kind, newObject)
	return &FakeClientWithApply[T, C]{FakeClient: c, applier: applier[T, C]{c}}
}

// FakeClientWithListAndApply is a FakeClient that also handles collections and applies configurations.
type FakeClientWithListAndApply[T objectWithMeta, L runtime.Object, C namedObject] struct {
	*FakeClient[T]
	collection[T, L]
	applier[T, C]
}

// NewFakeClientWithListAndApply returns the client of a resource as NewFakeClientWithList does.
func NewFakeClientWithListAndApply[T objectWithMeta, L runtime.Object, C namedObject](
	fake *testing.Fake, namespace string, resource schema.GroupVersionResource, kind schema.GroupVersionKind, newObject func() T,
	newList func() L, copyListMeta func(L, L), items func(L) []T, setItems func(L, []T),
) *FakeClientWithListAndApply[T, L, C] {
	c := NewFakeClientWithList(fake, namespace, resource, kind, newObject, newList, copyListMeta, items, setItems)
	return &FakeClientWithListAndApply[T, L, C]{FakeClient: c.FakeClient, collection: c.collection, applier: applier[T, C]{c.FakeClient}}
}

// applier holds server-side apply. It is embedded, so that clients with and without lists share it.
type applier[T objectWithMeta, C namedObject] struct {
	client *FakeClient[T]
}

// Apply merges a configuration into the object of its name, or creates that, and returns the result.
func (a applier[T, C]) Apply(ctx context.Context, configuration C, opts metav1.ApplyOptions) (T, error) {
	return ApplyAs(ctx, a.client, a.client.newObject(), "", "", configuration, opts)
}

// ApplyStatus merges a configuration into the status of the object of its name, and returns the object.
func (a applier[T, C]) ApplyStatus(ctx context.Context, configuration C, opts metav1.ApplyOptions) (T, error) {
	return ApplyAs(ctx, a.client, a.client.newObject(), applytarget.In(configuration), "status", configuration, opts)
}
