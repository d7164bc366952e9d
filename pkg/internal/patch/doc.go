// Package patch makes a new object out of a current one and a patch that a client sent, for the test server and the fakes.
//
//	current object ──▶ Patch ──▶ new object of the same Go type, which shares nothing with it
//	body of patch  ──▶
//
// [TypeOf] reads which of the four languages a Content-Type names; 415 if the resource does not speak it. Server-side apply
// is not made here: it needs to know who owns which field.
//
// Errors are *apierrors.StatusError with the texts of kube-apiserver v1.36.
//
// What differs from the real server: a JSON or merge patch that makes a built-in object one of another kind is refused with the
// words that are for an unknown kind, whichever kind it is; the real server tries to read the object as one of that kind. A JSON
// patch that replaces the whole object without a value is refused; the real server breaks the connection.
package patch
