package v1

import (
	"context"
	"fmt"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/fields"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/types"

	"github.com/kubewright/kubewright/pkg/reference"
)

// EventExpansion has the methods of EventInterface that no tag describes.
//
// Those with EventNamespace in their names send to the namespace that the event is in. The client must be of that
// namespace or of all.
type EventExpansion interface {
	// CreateWithEventNamespace is CreateWithEventNamespaceWithContext without a context.
	//
	// Deprecated: use CreateWithEventNamespaceWithContext.
	CreateWithEventNamespace(event *corev1.Event) (*corev1.Event, error)
	// UpdateWithEventNamespace is UpdateWithEventNamespaceWithContext without a context.
	//
	// Deprecated: use UpdateWithEventNamespaceWithContext.
	UpdateWithEventNamespace(event *corev1.Event) (*corev1.Event, error)
	// PatchWithEventNamespace is PatchWithEventNamespaceWithContext without a context.
	//
	// Deprecated: use PatchWithEventNamespaceWithContext.
	PatchWithEventNamespace(event *corev1.Event, data []byte) (*corev1.Event, error)
	// Search is SearchWithContext without a context.
	//
	// Deprecated: use SearchWithContext.
	Search(scheme *runtime.Scheme, objOrRef runtime.Object) (*corev1.EventList, error)

	// CreateWithEventNamespaceWithContext stores a new event.
	CreateWithEventNamespaceWithContext(ctx context.Context, event *corev1.Event) (*corev1.Event, error)
	// UpdateWithEventNamespaceWithContext replaces an event.
	UpdateWithEventNamespaceWithContext(ctx context.Context, event *corev1.Event) (*corev1.Event, error)
	// PatchWithEventNamespaceWithContext changes the given event as data says, a strategic merge patch.
	PatchWithEventNamespaceWithContext(ctx context.Context, event *corev1.Event, data []byte) (*corev1.Event, error)
	// SearchWithContext lists the events about an object, given itself or as a reference. The scheme tells what kind it
	// is if it does not say so.
	SearchWithContext(ctx context.Context, scheme *runtime.Scheme, objOrRef runtime.Object) (*corev1.EventList, error)
	// GetFieldSelector returns the selector of the events about an object, of which nil leaves something open.
	GetFieldSelector(involvedObjectName, involvedObjectNamespace, involvedObjectKind, involvedObjectUID *string) fields.Selector
}

func (c *events) CreateWithEventNamespaceWithContext(ctx context.Context, event *corev1.Event) (*corev1.Event, error) {
	client, err := c.InNamespaceOf(event)
	if err != nil {
		return nil, err
	}
	return client.Create(ctx, event, metav1.CreateOptions{})
}

func (c *events) UpdateWithEventNamespaceWithContext(ctx context.Context, event *corev1.Event) (*corev1.Event, error) {
	client, err := c.InNamespaceOf(event)
	if err != nil {
		return nil, err
	}
	return client.Update(ctx, event, metav1.UpdateOptions{})
}

func (c *events) PatchWithEventNamespaceWithContext(ctx context.Context, event *corev1.Event, data []byte) (*corev1.Event, error) {
	client, err := c.InNamespaceOf(event)
	if err != nil {
		return nil, err
	}
	return client.Patch(ctx, event.Name, types.StrategicMergePatchType, data, metav1.PatchOptions{})
}

func (c *events) SearchWithContext(ctx context.Context, scheme *runtime.Scheme, objOrRef runtime.Object) (*corev1.EventList, error) {
	ref, err := reference.GetReference(scheme, objOrRef)
	if err != nil {
		return nil, err
	}
	if namespace := c.GetNamespace(); namespace != "" && ref.Namespace != namespace {
		return nil, fmt.Errorf("events about an object in namespace %q are not in namespace %q: use a client of all namespaces or of that one", ref.Namespace, namespace)
	}
	selector := c.GetFieldSelector(&ref.Name, &ref.Namespace, ifSet(ref.Kind), ifSet(string(ref.UID)))
	return c.List(ctx, metav1.ListOptions{FieldSelector: selector.String()})
}

func ifSet(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

func (c *events) GetFieldSelector(involvedObjectName, involvedObjectNamespace, involvedObjectKind, involvedObjectUID *string) fields.Selector {
	var terms []fields.Selector
	for _, term := range []struct {
		field string
		value *string
	}{
		{"involvedObject.name", involvedObjectName},
		{"involvedObject.namespace", involvedObjectNamespace},
		{"involvedObject.kind", involvedObjectKind},
		{"involvedObject.uid", involvedObjectUID},
	} {
		if term.value != nil {
			terms = append(terms, fields.OneTermEqualSelector(term.field, *term.value))
		}
	}
	return fields.AndSelectors(terms...)
}

func (c *events) CreateWithEventNamespace(event *corev1.Event) (*corev1.Event, error) {
	return c.CreateWithEventNamespaceWithContext(context.Background(), event)
}

func (c *events) UpdateWithEventNamespace(event *corev1.Event) (*corev1.Event, error) {
	return c.UpdateWithEventNamespaceWithContext(context.Background(), event)
}

func (c *events) PatchWithEventNamespace(event *corev1.Event, data []byte) (*corev1.Event, error) {
	return c.PatchWithEventNamespaceWithContext(context.Background(), event, data)
}

func (c *events) Search(scheme *runtime.Scheme, objOrRef runtime.Object) (*corev1.EventList, error) {
	return c.SearchWithContext(context.Background(), scheme, objOrRef)
}

// GetInvolvedObjectNameFieldLabel returns "involvedObject.name", for every version.
//
// Deprecated: write "involvedObject.name".
func GetInvolvedObjectNameFieldLabel(version string) string { return "involvedObject.name" }

// EventSinkImpl writes events into the namespaces that they are in. Recorders of events write to it.
type EventSinkImpl struct {
	Interface EventInterface
}

// Create stores a new event.
func (e *EventSinkImpl) Create(event *corev1.Event) (*corev1.Event, error) {
	return e.Interface.CreateWithEventNamespace(event)
}

// Update replaces an event.
func (e *EventSinkImpl) Update(event *corev1.Event) (*corev1.Event, error) {
	return e.Interface.UpdateWithEventNamespace(event)
}

// Patch changes an event as data says, a strategic merge patch.
func (e *EventSinkImpl) Patch(event *corev1.Event, data []byte) (*corev1.Event, error) {
	return e.Interface.PatchWithEventNamespace(event, data)
}
