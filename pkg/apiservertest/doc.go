// Package apiservertest is for Kubernetes what net/http/httptest is for HTTP: an API server within a test, a demonstration or any
// other program, up in milliseconds, that does what a kube-apiserver does as far as its clients can see.
//
//	server := apiservertest.NewServerForTest(t)
//	client := kubernetes.NewForConfigOrDie(server.Config())
//
//	conn ─▶ TLS, HTTP/1.1 or 2 ─▶ middleware ─▶ access ──▶ endpoint ──▶ registry ──────────▶ storage
//	        (loopback or memory)                 │ 401     │ codec       │ patch, defaults     │ one counter of versions,
//	                                             │ 403     ▼             │                     ▼ all history
//	                                             │     discovery,        └─▶ catalog ◀── CustomResourceDefinitions
//	                                             │     openapi                (which resources there are)
//
// The life of a request: who sent it and whether they may (access); what it is for and how it is encoded (endpoint, codec); what the
// verb does to the object (registry), in one transaction that gets the next resourceVersion (storage); and the same event to
// every watch that selects it, in order, once.
//
// # What it has
//
//   - Every type of k8s.io/api in the versions that kube-apiserver v1.36 serves by default (WithAllVersions: all), or those of a
//     scheme (WithScheme), and custom resources as soon as their CustomResourceDefinition is created.
//   - All verbs, patches and server-side apply, subresources, preconditions, finalizers, dry runs, field validation, selectors, pages,
//     watches from any version with bookmarks and initial events, JSON, YAML, protobuf, CBOR, tables and metadata only, discovery
//     and OpenAPI: so kubectl and client-go work with it.
//   - Users with tokens and certificates, impersonation, and rules of access if a test wants some (WithAuthorizer).
//   - Time and network of testing/synctest (WithInMemoryNetwork): hours of a controller's life in a moment, deterministically.
//
// # Faults, and what happened
//
// Rules make requests fail in the ways of servers, proxies and networks (Server.Faults, package fault). The server can be stopped and
// started, its history compacted, an older state restored, its certificates rotated, a token revoked. Server.Record has every
// request and what became of it (package record).
//
// # What differs from a kube-apiserver
//
// The module test/differential plays some 220 scenarios on a kube-apiserver v1.36.3 and on this server, and compares the answers field
// by field. What stays different, with reasons:
//
//   - The fields of built-in kinds are checked as far as clients depend on it (metadata, immutable fields, references between versions),
//     not as to all that their kinds demand: that code is in k8s.io/kubernetes, which is no library. A pod without containers is
//     accepted.
//   - Fields and descriptions are those of k8s.io/api v0.37, a release ahead.
//   - There is no etcd, no admission plugin and no controller but for two: namespaces that are deleted are emptied and go, and, as an
//     option, garbage is collected (WithGarbageCollection). Nothing schedules or runs pods; no ServiceAccount and no service
//     "kubernetes" is made.
//   - Lists and watches always read the newest state: there is no cache that could lag (fault.AsOf pretends to be one). History begins
//     when the server does, and is kept until it is compacted (Compact, WithHistory).
//   - CustomResourceDefinitions work, but objects are kept as they are sent unless there is a library of schemas
//     (WithCustomResourceSchemas); conversion webhooks are not called.
//   - Connections to pods (exec, attach, port-forward, proxy) are refused, as there is no kubelet; logs are canned.
//   - CBOR is served without a feature gate, for tests of clients that speak it.
//   - Objects that are answered and not stored (reviews, tokens) have no managedFields; a few error texts lack the dumps of internal
//     types; an empty list stays one where protobuf in etcd would lose it.
//
// The packages below internal say more of each.
package apiservertest
