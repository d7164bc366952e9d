package patch

import (
	"bytes"

	"k8s.io/apimachinery/pkg/api/equality"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/kubewright/kubewright/pkg/apiservertest/internal/kind"
)

// keepTimes gives object, which is of the kind of live, the managedFields of live if they differ in times only, and nothing else
// of the object differs. Whoever applies "1000m" again where "1" is stored has changed nothing, so there is nothing to store.
func keepTimes(live, object kind.Object) error {
	if live == nil || !sameButTimes(live.GetManagedFields(), object.GetManagedFields()) {
		return nil
	}
	changed := object.GetManagedFields()
	object.SetManagedFields(copyOf(live.GetManagedFields()))
	gvk := object.GetObjectKind().GroupVersionKind()
	before, err := encode(gvk, live)
	if err != nil {
		return err
	}
	after, err := encode(gvk, object)
	if err != nil {
		return err
	}
	if !bytes.Equal(before, after) {
		object.SetManagedFields(changed)
	}
	return nil
}

// inSeconds leaves out what a time in managedFields does not show when it is written, so that an object is the same after it went
// over the wire and came back.
func inSeconds(object kind.Object) {
	entries := copyOf(object.GetManagedFields())
	for i := range entries {
		if t := entries[i].Time; t != nil {
			entries[i].Time = new(t.Rfc3339Copy())
		}
	}
	object.SetManagedFields(entries)
}

func copyOf(entries []metav1.ManagedFieldsEntry) []metav1.ManagedFieldsEntry {
	if entries == nil {
		return nil
	}
	copied := make([]metav1.ManagedFieldsEntry, len(entries))
	for i := range entries {
		entries[i].DeepCopyInto(&copied[i])
	}
	return copied
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
