// Package reference makes references to objects, as events have them.
package reference

import (
	"errors"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/meta"
	"k8s.io/apimachinery/pkg/runtime"
)

// ErrNilObject is the error for an object that is nil.
var ErrNilObject = errors.New("can't reference a nil object")

// GetReference returns a reference to an object. A reference is returned as it is. The kind and the API version are those
// that the object says, or else those of its type in the scheme, which is not needed otherwise. Lists have no name. What has
// no metadata is an error.
func GetReference(scheme *runtime.Scheme, obj runtime.Object) (*corev1.ObjectReference, error) {
	if obj == nil {
		return nil, ErrNilObject
	}
	if ref, ok := obj.(*corev1.ObjectReference); ok {
		return ref, nil
	}
	gvk := obj.GetObjectKind().GroupVersionKind()
	if gvk.Empty() {
		gvks, _, err := scheme.ObjectKinds(obj)
		if err != nil {
			return nil, err
		}
		gvk = gvks[0]
	}
	list, err := meta.CommonAccessor(obj)
	if err != nil {
		return nil, err
	}
	ref := &corev1.ObjectReference{Kind: gvk.Kind, APIVersion: gvk.GroupVersion().String(), ResourceVersion: list.GetResourceVersion()}
	if object, err := meta.Accessor(obj); err == nil {
		ref.Namespace, ref.Name, ref.UID = object.GetNamespace(), object.GetName(), object.GetUID()
	}
	return ref, nil
}

// GetPartialReference returns a reference as GetReference does, to a part of the object: fieldPath is, for example,
// "spec.containers{app}".
func GetPartialReference(scheme *runtime.Scheme, obj runtime.Object, fieldPath string) (*corev1.ObjectReference, error) {
	ref, err := GetReference(scheme, obj)
	if err != nil {
		return nil, err
	}
	ref.FieldPath = fieldPath
	return ref, nil
}
