package v1beta1

import (
	"context"

	eventsv1beta1 "k8s.io/api/events/v1beta1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
)

// EventExpansion has the methods of EventInterface that no tag describes. They send to the namespace that the event is in.
// The client must be of that namespace or of all.
type EventExpansion interface {
	// CreateWithEventNamespace stores a new event.
	CreateWithEventNamespace(event *eventsv1beta1.Event) (*eventsv1beta1.Event, error)
	// UpdateWithEventNamespace replaces an event.
	UpdateWithEventNamespace(event *eventsv1beta1.Event) (*eventsv1beta1.Event, error)
	// PatchWithEventNamespace changes the given event as data says, a strategic merge patch.
	PatchWithEventNamespace(event *eventsv1beta1.Event, data []byte) (*eventsv1beta1.Event, error)
}

func (c *events) CreateWithEventNamespace(event *eventsv1beta1.Event) (*eventsv1beta1.Event, error) {
	client, err := c.InNamespaceOf(event)
	if err != nil {
		return nil, err
	}
	return client.Create(context.Background(), event, metav1.CreateOptions{})
}

func (c *events) UpdateWithEventNamespace(event *eventsv1beta1.Event) (*eventsv1beta1.Event, error) {
	client, err := c.InNamespaceOf(event)
	if err != nil {
		return nil, err
	}
	return client.Update(context.Background(), event, metav1.UpdateOptions{})
}

func (c *events) PatchWithEventNamespace(event *eventsv1beta1.Event, data []byte) (*eventsv1beta1.Event, error) {
	client, err := c.InNamespaceOf(event)
	if err != nil {
		return nil, err
	}
	return client.Patch(context.Background(), event.Name, types.StrategicMergePatchType, data, metav1.PatchOptions{})
}
