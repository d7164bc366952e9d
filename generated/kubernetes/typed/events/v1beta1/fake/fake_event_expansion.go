package fake

import (
	"context"

	eventsv1beta1 "k8s.io/api/events/v1beta1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
)

// CreateWithEventNamespace creates an event in the namespace that it is in.
func (c *fakeEvents) CreateWithEventNamespace(event *eventsv1beta1.Event) (*eventsv1beta1.Event, error) {
	return c.InNamespaceOf(event).Create(context.Background(), event, metav1.CreateOptions{})
}

// UpdateWithEventNamespace updates an event in the namespace that it is in.
func (c *fakeEvents) UpdateWithEventNamespace(event *eventsv1beta1.Event) (*eventsv1beta1.Event, error) {
	return c.InNamespaceOf(event).Update(context.Background(), event, metav1.UpdateOptions{})
}

// PatchWithEventNamespace patches an event in the namespace that it is in.
func (c *fakeEvents) PatchWithEventNamespace(event *eventsv1beta1.Event, data []byte) (*eventsv1beta1.Event, error) {
	return c.InNamespaceOf(event).Patch(context.Background(), event.Name, types.StrategicMergePatchType, data, metav1.PatchOptions{})
}
