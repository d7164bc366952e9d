package cache

import (
	"fmt"
	"reflect"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
)

// expect returns a function that refuses objects of another type, or kind, than the example.
func expect(example interface{}) func(runtime.Object) (any, error) {
	if example == nil {
		return func(object runtime.Object) (any, error) { return object, nil }
	}
	want := reflect.TypeOf(example)
	kind := ""
	if u, ok := example.(*unstructured.Unstructured); ok && u != nil && !u.GroupVersionKind().Empty() {
		kind = describe(u)
	}
	return func(object runtime.Object) (any, error) {
		if got := reflect.TypeOf(object); got != want {
			return nil, fmt.Errorf("object is a %v where %v is expected", got, want)
		}
		if kind != "" && describe(object) != kind {
			return nil, fmt.Errorf("object is a %s where %s is expected", describe(object), kind)
		}
		return object, nil
	}
}

// describe names the type of an example.
func describe(example interface{}) string {
	if example == nil {
		return "<unspecified>"
	}
	if u, ok := example.(*unstructured.Unstructured); ok && u != nil {
		if gvk := u.GroupVersionKind(); !gvk.Empty() {
			return gvk.String()
		}
	}
	return reflect.TypeOf(example).String()
}
