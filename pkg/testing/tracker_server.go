package testing

import (
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"

	"github.com/kubewright/kubewright/pkg/internal/apiobject"
)

// asCreated makes of an object what a create stores.
func (t *tracker) asCreated(r request, object apiobject.Object) (apiobject.Object, error) {
	if t.fields == nil {
		return object, nil
	}
	return t.fields.update(r, nil, identified(object))
}

// identified gives an object an identity if it has none yet.
func identified(object apiobject.Object) apiobject.Object {
	if object.GetUID() == "" {
		object.SetUID(apiobject.NewUID())
	}
	if created := object.GetCreationTimestamp(); created.IsZero() {
		object.SetCreationTimestamp(metav1.Now().Rfc3339Copy())
	}
	return object
}

// asUpdated makes of an object what an update, or a patch, stores in place of current.
func (t *tracker) asUpdated(r request, current, object apiobject.Object) (apiobject.Object, error) {
	if err := t.checkVersion(r, current, object); err != nil {
		return nil, err
	}
	if t.fields == nil {
		return object, nil
	}
	if r.subresource == "status" {
		var err error
		if object, err = onlyStatus(current, object); err != nil {
			return nil, err
		}
	}
	if object.GetUID() == "" {
		object.SetUID(current.GetUID())
	}
	if created := object.GetCreationTimestamp(); created.IsZero() {
		object.SetCreationTimestamp(current.GetCreationTimestamp())
	}
	return t.fields.update(r, current, object)
}

// onlyStatus returns what a write to the status subresource makes of current: the status that was sent, and the metadata.
// The rest stays.
func onlyStatus(current, sent apiobject.Object) (apiobject.Object, error) {
	before, err := runtime.DefaultUnstructuredConverter.ToUnstructured(apiobject.Copy(current)) // which may be the map itself
	if err != nil {
		return nil, err
	}
	written, err := runtime.DefaultUnstructuredConverter.ToUnstructured(sent)
	if err != nil {
		return nil, err
	}
	for _, part := range []string{"metadata", "status"} {
		if value, ok := written[part]; ok {
			before[part] = value
		} else {
			delete(before, part)
		}
	}
	object := apiobject.NewLike(current)
	return object, runtime.DefaultUnstructuredConverter.FromUnstructured(before, object)
}
