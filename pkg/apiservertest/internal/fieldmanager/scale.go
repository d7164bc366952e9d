package fieldmanager

import (
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/managedfields"

	"github.com/kubewright/kubewright/pkg/apiservertest/internal/kind"
	"github.com/kubewright/kubewright/pkg/internal/patch"
)

// ScaleFields returns the managedFields that the scale subresource of an object shows: who owns the number of replicas. The path is
// that of the number in the object, such as ".spec.replicas"; fields are the managedFields of the object.
func ScaleFields(resource *kind.Resource, version *kind.Version, path string, fields []metav1.ManagedFieldsEntry) ([]metav1.ManagedFieldsEntry, error) {
	scaled, err := scaleHandler(resource, version, path, fields).ToSubresource()
	return scaled, patch.Internal(err)
}

// ParentFields returns the managedFields of an object after a write to its scale subresource: fields are those that the object had,
// scaled those that the Scale object has after [FieldManagers.Update] or [FieldManagers.Apply].
func ParentFields(resource *kind.Resource, version *kind.Version, path string, fields, scaled []metav1.ManagedFieldsEntry) ([]metav1.ManagedFieldsEntry, error) {
	parent, err := scaleHandler(resource, version, path, fields).ToParent(scaled)
	return parent, patch.Internal(err)
}

func scaleHandler(resource *kind.Resource, version *kind.Version, path string, fields []metav1.ManagedFieldsEntry) *managedfields.ScaleHandler {
	mappings := make(managedfields.ResourcePathMappings)
	for i := range resource.Versions {
		mappings[resource.GroupVersionKind(&resource.Versions[i]).GroupVersion().String()] = pathOf(path)
	}
	return managedfields.NewScaleHandler(fields, resource.GroupVersionKind(version).GroupVersion(), mappings)
}
