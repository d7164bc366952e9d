package apiobject

import metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

// RoundTimes leaves out what a time in managedFields does not show when it is written, so that an object is the same
// after it went over the wire and came back. The entries that o had are not changed.
func RoundTimes(o Object) {
	entries := CopyEntries(o.GetManagedFields())
	for i := range entries {
		if t := entries[i].Time; t != nil {
			entries[i].Time = new(t.Rfc3339Copy())
		}
	}
	o.SetManagedFields(entries)
}

// CopyEntries returns entries that share nothing with the others; nil for nil.
func CopyEntries(entries []metav1.ManagedFieldsEntry) []metav1.ManagedFieldsEntry {
	if entries == nil {
		return nil
	}
	copied := make([]metav1.ManagedFieldsEntry, len(entries))
	for i := range entries {
		entries[i].DeepCopyInto(&copied[i])
	}
	return copied
}
