// Package endpoint is the HTTP of the API: /api/<version>/... and /apis/<group>/<version>/...
//
//	request ──▶ target ──▶ Negotiate ──▶ options, Decode ──▶ registry ──▶ codec ──▶ response, gzip
//	              │ 404      │ 406         │ 400, 413, 415      │ 4xx, 5xx
//	              │ 405      ▼             ▼                    ▼
//	              └──────▶ Fail: a Status in the representation that the client accepts
//
// The life of a request:
//
//  1. The path names a resource of the catalog, and perhaps an object and a subresource of it (target.go); the method says the verb.
//  2. The Accept header chooses a representation; query and body become options and an object (input.go).
//  3. The registry carries out the verb. What it returns is written, with warnings in headers (output.go); lists and objects of more than 128 kB are
//     compressed if the client accepts that (gzip.go).
//  4. A watch goes on: each event is a frame, and frames are flushed as soon as none is pending (watch.go).
//
// Differences from kube-apiserver v1.36:
//
//   - Nothing runs behind the objects: attach, exec, portforward and proxy are refused with 501.
//   - Watches are not served over WebSockets.
//   - There are no X-Kubernetes-PF-* headers, since there is no priority and fairness.
//   - GET /api/v1/watch is 404, and not 500.
//   - Options are checked after the body was read, so that of two errors it may be the other that is told.
//
// All errors are a Status, but for groups that do not exist: these have the plain page that kube-apiserver sends.
package endpoint
