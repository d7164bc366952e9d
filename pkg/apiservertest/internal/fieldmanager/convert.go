package fieldmanager

import (
	"fmt"
	"reflect"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/util/managedfields"
	"sigs.k8s.io/structured-merge-diff/v6/typed"

	"github.com/kubewright/kubewright/pkg/apiservertest/internal/kind"
	"github.com/kubewright/kubewright/pkg/internal/apiobject"
)

// converter is for one target what a field manager needs of a scheme: what creates objects, sets defaults,
// and converts between versions, and between objects and values with a schema.
type converter struct {
	managers *FieldManagers
	target   kind.Target
	example  kind.Object    // of the subresource, if it has a kind of its own
	home     *kind.Resource // as which objects are stored
	hub      *kind.Version  // of home
}

var (
	_ managedfields.TypeConverter = &converter{}
	_ runtime.ObjectConvertor     = &converter{}
	_ runtime.ObjectCreater       = &converter{}
	_ runtime.ObjectDefaulter     = &converter{}
)

// own says whether the objects are of a kind that only the subresource has, as those of scale are. (A request to pods/eviction has
// such a kind, too, but what it writes is a pod.)
func (c *converter) own() bool {
	s := c.target.Subresource
	return s != nil && s.Kind.Kind != "" && s.Kind.Kind != c.target.Resource.Kind &&
		(c.example == nil || reflect.TypeOf(c.example) != reflect.TypeOf(c.hub.New()))
}

// kind is that of the objects of requests.
func (c *converter) kind() schema.GroupVersionKind {
	if c.own() {
		return c.target.Subresource.Kind
	}
	return c.target.Resource.GroupVersionKind(c.target.Version)
}

// hubKind is that of the objects of the storage.
func (c *converter) hubKind() schema.GroupVersionKind {
	if c.own() {
		return c.target.Subresource.Kind
	}
	return c.home.GroupVersionKind(c.hub)
}

// kindOf is that of an object, which may have none written in it: then it is of the storage.
func (c *converter) kindOf(object runtime.Object) schema.GroupVersionKind {
	if gvk := object.GetObjectKind().GroupVersionKind(); !gvk.Empty() {
		return gvk
	}
	return c.hubKind()
}

// find returns the resource and the version of a kind; nil if it is neither of the target nor that of the storage.
func (c *converter) find(gvk schema.GroupVersionKind) (*kind.Resource, *kind.Version) {
	for _, resource := range []*kind.Resource{c.target.Resource, c.home} {
		if version := resource.Version(gvk.Version); version != nil && gvk.Group == resource.Group && gvk.Kind == resource.Kind {
			return resource, version
		}
	}
	return nil, nil
}

// New implements runtime.ObjectCreater.
func (c *converter) New(gvk schema.GroupVersionKind) (runtime.Object, error) {
	var object kind.Object
	switch _, version := c.find(gvk); {
	case c.own() && c.example == nil:
		return nil, fmt.Errorf("%s: there is no object whose subresource it could be", gvk)
	case c.own():
		object = apiobject.NewLike(c.example)
	case version == nil:
		return nil, runtime.NewNotRegisteredErrForKind("apiservertest", gvk)
	default:
		object = version.New()
	}
	object.GetObjectKind().SetGroupVersionKind(gvk)
	return object, nil
}

// Default implements runtime.ObjectDefaulter.
func (c *converter) Default(object runtime.Object) {
	if c.managers.config.Default != nil {
		c.managers.config.Default(object)
	}
}

// ConvertToVersion implements runtime.ObjectConvertor. What it returns may share memory with what it gets.
func (c *converter) ConvertToVersion(in runtime.Object, to runtime.GroupVersioner) (runtime.Object, error) {
	gvk := c.kindOf(in)
	version, ok := to.(schema.GroupVersion)
	if !ok {
		return nil, fmt.Errorf("%s is not a single version", to.Identifier())
	}
	object, err := c.structured(in, gvk)
	if err != nil {
		return nil, err
	}
	if gvk.GroupVersion() == version {
		return apiobject.WithKind(object, gvk), nil
	}
	want := version.WithKind(c.target.Resource.Kind)
	resource, found := c.find(want)
	switch {
	case found == nil:
		// An entry of managedFields may name a version that was served once: it is dropped upon this error.
		return nil, runtime.NewNotRegisteredErrForKind("apiservertest", want)
	case c.managers.config.Convert == nil:
		return nil, fmt.Errorf("%s cannot be converted to %s", gvk, version)
	}
	converted, err := c.managers.config.Convert(apiobject.WithKind(object, gvk), found, resource)
	if err != nil {
		return nil, err
	}
	return apiobject.WithKind(converted, want), nil
}

// structured makes of the map of a built-in object one of its Go type.
func (c *converter) structured(in runtime.Object, gvk schema.GroupVersionKind) (kind.Object, error) {
	object := in.(kind.Object)
	values, ok := in.(*unstructured.Unstructured)
	if !ok || c.target.Resource.Custom && !c.own() {
		return object, nil
	}
	created, err := c.New(gvk)
	if err != nil {
		return nil, err
	}
	if err := runtime.DefaultUnstructuredConverter.FromUnstructured(values.Object, created); err != nil {
		return nil, err
	}
	return created.(kind.Object), nil
}

// Convert implements runtime.ObjectConvertor; nobody calls it.
func (c *converter) Convert(_, _, _ any) error {
	return fmt.Errorf("objects are converted by ConvertToVersion")
}

// ConvertFieldLabel implements runtime.ObjectConvertor; nobody calls it.
func (c *converter) ConvertFieldLabel(schema.GroupVersionKind, string, string) (label, value string, err error) {
	return "", "", fmt.Errorf("field labels are not for managed fields")
}

// ObjectToTyped implements managedfields.TypeConverter.
func (c *converter) ObjectToTyped(object runtime.Object, options ...typed.ValidationOptions) (*typed.TypedValue, error) {
	t, err := c.schemaOf(c.kindOf(object))
	if err != nil {
		return nil, err
	}
	if values, ok := object.(*unstructured.Unstructured); ok {
		return t.FromUnstructured(values.Object, options...)
	}
	return t.FromStructured(object, options...)
}

// TypedToObject implements managedfields.TypeConverter.
func (c *converter) TypedToObject(value *typed.TypedValue) (runtime.Object, error) {
	values, ok := value.AsValue().Unstructured().(map[string]any)
	if !ok {
		return nil, fmt.Errorf("an object must be a map, not %T", value.AsValue().Unstructured())
	}
	return &unstructured.Unstructured{Object: values}, nil
}

func (c *converter) schemaOf(gvk schema.GroupVersionKind) (*typed.ParseableType, error) {
	if c.target.Resource.Custom && !c.own() {
		if c.managers.config.Schema != nil {
			if t := c.managers.config.Schema(gvk); t != nil {
				return t, nil
			}
		}
		return &typed.DeducedParseableType, nil
	}
	object, err := c.New(gvk)
	if err != nil {
		return nil, err
	}
	return c.managers.typeOf(reflect.TypeOf(object).Elem())
}
