// Package fieldmanager keeps the account of who set which field of an object, and merges what is applied by it.
//
//	current object ─┐ new object ────────┬─▶ FieldManagers.Update ─▶ new object with managedFields
//	                ├────────────────────┤   (for create, update and the patches of package patch)
//	body of apply ──┘                    └─▶ FieldManagers.Apply ──▶ new object with managedFields, or 409 with the conflicts
//
// The life of a server-side apply: the registry gives the stored object and the body to [FieldManagers.Apply], which returns
// an object of the storage version and is done with the managed fields. After every other write the registry puts back what
// clients may not change ([ResetFields]), converts to the storage version, and calls [FieldManagers.Update] with the stored
// and the new object.
//
// For writes to scale the Scale object has the managedFields of [ScaleFields]; [ParentFields] takes them back to the object.
//
// Errors are *apierrors.StatusError with the texts of kube-apiserver v1.36. Nothing here keeps or changes an object that it was
// given, but for [FieldManagers.Update], which says so; what comes out shares no map, list or object with it. The times in
// managedFields are those of package time, so they are fake in a testing/synctest bubble.
package fieldmanager
