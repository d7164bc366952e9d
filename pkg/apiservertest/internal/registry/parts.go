package registry

import (
	"reflect"

	"k8s.io/apimachinery/pkg/api/equality"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/kubewright/kubewright/pkg/apiservertest/internal/kind"
)

// The parts of an object are its fields beside type and metadata, by their Go names: Spec and Status are spec and status of unstructured ones.

func typeOrMetadata(name string) bool {
	return name == "TypeMeta" || name == "ObjectMeta" || name == "metadata" || name == "apiVersion" || name == "kind"
}

// takeStatus makes the status of obj that of from, which is of the same type; none if from is nil.
func takeStatus(obj, from kind.Object) {
	if u, ok := obj.(*unstructured.Unstructured); ok {
		delete(u.Object, "status")
		if f, ok := from.(*unstructured.Unstructured); ok && f.Object["status"] != nil {
			u.Object["status"] = f.DeepCopy().Object["status"]
		}
		return
	}
	status := reflect.ValueOf(obj).Elem().FieldByName("Status")
	if !status.IsValid() {
		return
	}
	if from == nil {
		status.SetZero()
		return
	}
	status.Set(reflect.ValueOf(from.DeepCopyObject()).Elem().FieldByName("Status"))
}

// takeAllButStatus makes all parts of obj but its status those of from.
func takeAllButStatus(obj, from kind.Object) {
	from = from.DeepCopyObject().(kind.Object)
	if u, ok := obj.(*unstructured.Unstructured); ok {
		f, ok := from.(*unstructured.Unstructured)
		if !ok {
			return
		}
		for _, name := range []string{"apiVersion", "kind", "metadata", "status"} {
			if value, found := u.Object[name]; found {
				f.Object[name] = value
			} else {
				delete(f.Object, name)
			}
		}
		u.Object = f.Object
		return
	}
	target, source := reflect.ValueOf(obj).Elem(), reflect.ValueOf(from).Elem()
	for i := range target.NumField() {
		if name := target.Type().Field(i).Name; name != "Status" && !typeOrMetadata(name) {
			target.Field(i).Set(source.Field(i))
		}
	}
}

// changed reports whether the parts of two objects differ; the status counts only if asked to.
func changed(obj, old kind.Object, status bool) bool {
	if u, ok := obj.(*unstructured.Unstructured); ok {
		o, ok := old.(*unstructured.Unstructured)
		return !ok || !equality.Semantic.DeepEqual(unstructuredParts(u, status), unstructuredParts(o, status))
	}
	a, b := reflect.ValueOf(obj).Elem(), reflect.ValueOf(old).Elem()
	if a.Type() != b.Type() {
		return true
	}
	for i := range a.NumField() {
		name := a.Type().Field(i).Name
		if typeOrMetadata(name) || name == "Status" && !status {
			continue
		}
		if !equality.Semantic.DeepEqual(a.Field(i).Interface(), b.Field(i).Interface()) {
			return true
		}
	}
	return false
}

func unstructuredParts(u *unstructured.Unstructured, status bool) map[string]any {
	parts := make(map[string]any, len(u.Object))
	for name, value := range u.Object {
		if !typeOrMetadata(name) && (name != "status" || status) {
			parts[name] = value
		}
	}
	return parts
}

// same reports whether a write changes nothing. The resourceVersion does not count.
func same(obj, old kind.Object) bool {
	return !changed(obj, old, true) && equality.Semantic.DeepEqual(metadata(obj), metadata(old))
}

// metadata copies what clients see of an object's metadata, but for the resourceVersion.
func metadata(obj kind.Object) metav1.ObjectMeta {
	return metav1.ObjectMeta{
		Name:                       obj.GetName(),
		GenerateName:               obj.GetGenerateName(),
		Namespace:                  obj.GetNamespace(),
		UID:                        obj.GetUID(),
		Generation:                 obj.GetGeneration(),
		CreationTimestamp:          obj.GetCreationTimestamp(),
		DeletionTimestamp:          obj.GetDeletionTimestamp(),
		DeletionGracePeriodSeconds: obj.GetDeletionGracePeriodSeconds(),
		Labels:                     obj.GetLabels(),
		Annotations:                obj.GetAnnotations(),
		OwnerReferences:            obj.GetOwnerReferences(),
		Finalizers:                 obj.GetFinalizers(),
		ManagedFields:              obj.GetManagedFields(),
	}
}
