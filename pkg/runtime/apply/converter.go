package apply

import (
	"fmt"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"sigs.k8s.io/structured-merge-diff/v6/typed"
)

// TypeConverter is a managedfields.TypeConverter. This package does not import that one, see [Schema.Extract].
type TypeConverter struct {
	scheme *runtime.Scheme
	types  *Schema
}

// NewTypeConverter returns a converter for all kinds of the scheme. A kind whose type is not in the schema is taken as
// API servers take a custom resource without one: each entry of a map has an owner, a list as a whole has one.
func NewTypeConverter(scheme *runtime.Scheme, types *Schema) *TypeConverter {
	return &TypeConverter{scheme: scheme, types: types}
}

// ObjectToTyped returns the object with its type. Its kind must be set, and be one of the scheme.
func (c *TypeConverter) ObjectToTyped(obj runtime.Object, opts ...typed.ValidationOptions) (*typed.TypedValue, error) {
	name, err := c.scheme.ToOpenAPIDefinitionName(obj.GetObjectKind().GroupVersionKind())
	if err != nil {
		return nil, err
	}
	t := typed.DeducedParseableType
	if c.types.Has(name) {
		t = c.types.Type(name)
	}
	if u, ok := obj.(*unstructured.Unstructured); ok {
		return t.FromUnstructured(u.UnstructuredContent(), opts...)
	}
	return t.FromStructured(obj, opts...)
}

// TypedToObject returns the value as an unstructured object.
func (c *TypeConverter) TypedToObject(value *typed.TypedValue) (runtime.Object, error) {
	object, ok := value.AsValue().Unstructured().(map[string]any)
	if !ok {
		return nil, fmt.Errorf("value is a %T, and an object is a map", value.AsValue().Unstructured())
	}
	return &unstructured.Unstructured{Object: object}, nil
}
