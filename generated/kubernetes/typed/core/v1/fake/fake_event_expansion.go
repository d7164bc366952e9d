package fake

import (
	"context"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/fields"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/types"

	"github.com/kubewright/kubewright/pkg/testing"
)

// CreateWithEventNamespaceWithContext creates an event in the namespace that it is in.
func (c *fakeEvents) CreateWithEventNamespaceWithContext(ctx context.Context, event *corev1.Event) (*corev1.Event, error) {
	return c.InNamespaceOf(event).Create(ctx, event, metav1.CreateOptions{})
}

// UpdateWithEventNamespaceWithContext updates an event in the namespace that it is in.
func (c *fakeEvents) UpdateWithEventNamespaceWithContext(ctx context.Context, event *corev1.Event) (*corev1.Event, error) {
	return c.InNamespaceOf(event).Update(ctx, event, metav1.UpdateOptions{})
}

// PatchWithEventNamespaceWithContext patches an event in the namespace that it is in.
func (c *fakeEvents) PatchWithEventNamespaceWithContext(ctx context.Context, event *corev1.Event, data []byte) (*corev1.Event, error) {
	return c.InNamespaceOf(event).Patch(ctx, event.Name, types.StrategicMergePatchType, data, metav1.PatchOptions{})
}

// SearchWithContext lists all events, whatever they are about: the fields of objects select nothing in a fake.
func (c *fakeEvents) SearchWithContext(ctx context.Context, _ *runtime.Scheme, _ runtime.Object) (*corev1.EventList, error) {
	return c.List(ctx, metav1.ListOptions{})
}

// GetFieldSelector returns a selector of everything. It is an action with verb "get-field-selector", as in client-go's fake.
func (c *fakeEvents) GetFieldSelector(_, _, _, _ *string) fields.Selector {
	action := testing.GenericActionImpl{ActionImpl: testing.ActionImpl{Verb: "get-field-selector", Resource: c.Resource()}}
	_, _ = c.Fake.Invokes(action, nil)
	return fields.Everything()
}

// CreateWithEventNamespace is CreateWithEventNamespaceWithContext without a context.
//
// Deprecated: use CreateWithEventNamespaceWithContext.
func (c *fakeEvents) CreateWithEventNamespace(event *corev1.Event) (*corev1.Event, error) {
	return c.CreateWithEventNamespaceWithContext(context.Background(), event)
}

// UpdateWithEventNamespace is UpdateWithEventNamespaceWithContext without a context.
//
// Deprecated: use UpdateWithEventNamespaceWithContext.
func (c *fakeEvents) UpdateWithEventNamespace(event *corev1.Event) (*corev1.Event, error) {
	return c.UpdateWithEventNamespaceWithContext(context.Background(), event)
}

// PatchWithEventNamespace is PatchWithEventNamespaceWithContext without a context.
//
// Deprecated: use PatchWithEventNamespaceWithContext.
func (c *fakeEvents) PatchWithEventNamespace(event *corev1.Event, data []byte) (*corev1.Event, error) {
	return c.PatchWithEventNamespaceWithContext(context.Background(), event, data)
}

// Search is SearchWithContext without a context.
//
// Deprecated: use SearchWithContext.
func (c *fakeEvents) Search(scheme *runtime.Scheme, objOrRef runtime.Object) (*corev1.EventList, error) {
	return c.SearchWithContext(context.Background(), scheme, objOrRef)
}
