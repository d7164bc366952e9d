// Package patch makes a new object out of a current one and what a client sent, and keeps the account of who set which field.
//
//	current object ─┐                     ┌─▶ FieldManagers.Update ─▶ new object with managedFields
//	                ├─▶ Patch ── new object ┘             (also for create and update, without a patch)
//	body of patch ──┤
//	                └─▶ FieldManagers.Apply ─────────────▶ new object with managedFields, or 409 with the conflicts
//
// The life of a patch:
//
//  1. [TypeOf] reads the Content-Type: which of the four languages; 415 if the resource does not speak it.
//  2. The registry converts the stored object to the version of the request and gives it to [Patch], which returns another object
//     of the same Go type. For server-side apply it gives the stored object to [FieldManagers.Apply], which returns one of the
//     storage version, and is done with the managed fields.
//  3. The registry puts back what clients may not change ([ResetFields]), converts to the storage version, and calls
//     [FieldManagers.Update] with the stored and the new object, as it does for create and update.
//
// For writes to scale the Scale object has the managedFields of [ScaleFields]; [ParentFields] takes them back to the object.
//
// Errors are *apierrors.StatusError with the texts of kube-apiserver v1.36. Nothing here keeps or changes an object that it was
// given, but for [FieldManagers.Update], which says so; what comes out shares no map, list or object with it.
//
// What differs from the real server: a JSON or merge patch that makes a built-in object one of another kind is refused with the
// words that are for an unknown kind, whichever kind it is; the real server tries to read the object as one of that kind. A JSON
// patch that replaces the whole object without a value is refused; the real server breaks the connection. The times in
// managedFields are those of package time, so they are fake in a testing/synctest bubble.
package patch
