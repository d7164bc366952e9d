package cache

import (
	"fmt"
	"reflect"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"

	"github.com/kubewright/kubewright/pkg/cache/internal/reflector"
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
			return nil, otherKind(got, want)
		}
		if kind != "" && describe(object) != kind {
			return nil, otherKind(describe(object), kind)
		}
		return object, nil
	}
}

// otherKindError says that an object is of another type or kind than is expected. It is a reflector.ErrOtherKind.
type otherKindError struct{ got, want any }

func otherKind(got, want any) error { return &otherKindError{got, want} }

func (e *otherKindError) Error() string {
	return fmt.Sprintf("object is a %v where %v is expected", e.got, e.want)
}

func (e *otherKindError) Is(target error) bool { return target == reflector.ErrOtherKind }

// expectTyped returns a function that refuses objects that are no T.
func expectTyped[T any]() func(runtime.Object) (T, error) {
	return func(object runtime.Object) (T, error) {
		typed, ok := object.(T)
		if !ok {
			return typed, otherKind(fmt.Sprintf("%T", object), reflect.TypeFor[T]())
		}
		return typed, nil
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
