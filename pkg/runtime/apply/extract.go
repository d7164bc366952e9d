package apply

import (
	"fmt"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"sigs.k8s.io/structured-merge-diff/v6/fieldpath"
)

// Object is an object of an API.
type Object interface {
	runtime.Object
	metav1.Object
}

// Extract sets configuration, a pointer to an apply configuration, to those fields of the object that the field manager
// applied through the subresource ("" is the object itself). Without such fields the configuration is left as it is. The
// name is that of the object's type in the schema.
//
// It does what managedfields.ExtractInto of apimachinery does for the types of Go, which would link OpenAPI and protobuf
// into every client that can apply.
func (s *Schema) Extract(object Object, name, fieldManager string, configuration any, subresource string) error {
	entry := applied(object.GetManagedFields(), fieldManager, subresource)
	if entry == nil {
		return nil
	}
	var owned fieldpath.Set
	if err := owned.FromJSON(entry.FieldsV1.GetRawReader()); err != nil {
		return fmt.Errorf("managed fields of %s: %w", fieldManager, err)
	}
	whole, err := s.Type(name).FromStructured(object)
	if err != nil {
		return fmt.Errorf("object does not fit schema %s: %w", name, err)
	}
	part, ok := whole.ExtractItems(owned.Leaves()).AsValue().Unstructured().(map[string]any)
	if !ok {
		return nil // not one of its fields is there any more
	}
	if err := runtime.DefaultUnstructuredConverter.FromUnstructured(part, configuration); err != nil {
		return fmt.Errorf("read the fields of %s: %w", fieldManager, err)
	}
	return nil
}

// applied returns what the manager applied through the subresource, or nil.
func applied(entries []metav1.ManagedFieldsEntry, fieldManager, subresource string) *metav1.ManagedFieldsEntry {
	for i, entry := range entries {
		if entry.Manager == fieldManager && entry.Operation == metav1.ManagedFieldsOperationApply && entry.Subresource == subresource && entry.FieldsV1 != nil {
			return &entries[i]
		}
	}
	return nil
}
