package apply

import (
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/util/managedfields"
)

// Extract sets configuration, a pointer to an apply configuration, to those fields of the object that the field manager
// applied through the subresource ("" is the object itself). Without such fields the configuration is left as it is. The
// name is that of the object's type in the schema.
func (s *Schema) Extract(object runtime.Object, name, fieldManager string, configuration any, subresource string) error {
	return managedfields.ExtractInto(object, s.Type(name), fieldManager, configuration, subresource)
}
