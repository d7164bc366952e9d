package fieldmanager

import (
	"bytes"
	"encoding/json"

	"k8s.io/apimachinery/pkg/api/equality"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/kubewright/kubewright/pkg/apiservertest/internal/kind"
	"github.com/kubewright/kubewright/pkg/internal/apiobject"
)

// keepTimes gives object, which is of the kind of live, the managedFields of live if they differ in times only, and nothing else
// of the object differs. Whoever applies "1000m" again where "1" is stored has changed nothing, so there is nothing to store.
func keepTimes(live, object kind.Object) error {
	if live == nil || !sameButTimes(live.GetManagedFields(), object.GetManagedFields()) {
		return nil
	}
	changed := object.GetManagedFields()
	object.SetManagedFields(apiobject.CopyEntries(live.GetManagedFields()))
	gvk := object.GetObjectKind().GroupVersionKind()
	before, err := json.Marshal(apiobject.WithKind(live, gvk))
	if err != nil {
		return err
	}
	after, err := json.Marshal(apiobject.WithKind(object, gvk))
	if err != nil {
		return err
	}
	if !bytes.Equal(before, after) {
		object.SetManagedFields(changed)
	}
	return nil
}

func sameButTimes(a, b []metav1.ManagedFieldsEntry) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		one, other := a[i], b[i]
		one.Time, other.Time = nil, nil
		if !equality.Semantic.DeepEqual(one, other) {
			return false
		}
	}
	return true
}
