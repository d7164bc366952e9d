// Package apiobject has what the test server and the fakes do to objects of any kind.
package apiobject

import (
	"maps"
	"reflect"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
)

// Object is an object of an API: a pointer to a Go type, or *unstructured.Unstructured.
type Object interface {
	runtime.Object
	metav1.Object
}

// Copy returns a copy that shares nothing with o.
func Copy(o Object) Object { return o.DeepCopyObject().(Object) }

// NewLike returns an empty object of the Go type of the other.
func NewLike(o Object) Object {
	return reflect.New(reflect.TypeOf(o).Elem()).Interface().(Object)
}

// WithKind returns the object itself if it says of which kind it is, else a copy that does and shares all the rest.
func WithKind(o Object, gvk schema.GroupVersionKind) Object {
	if o.GetObjectKind().GroupVersionKind() == gvk {
		return o
	}
	if custom, ok := o.(*unstructured.Unstructured); ok {
		shallow := &unstructured.Unstructured{Object: map[string]any{}}
		maps.Copy(shallow.Object, custom.Object)
		shallow.SetGroupVersionKind(gvk)
		return shallow
	}
	shallow := NewLike(o)
	reflect.ValueOf(shallow).Elem().Set(reflect.ValueOf(o).Elem())
	shallow.GetObjectKind().SetGroupVersionKind(gvk)
	return shallow
}
