// Package catalog knows which resources the test server has. Every room that asks "what is
// this path?" asks here, and custom resources come and go here while the server runs.
//
//	kube-apiserver ── dump-resources ──▶ resources.jsonl (plurals, short names, verbs, ...)
//	                                          │
//	k8s.io/api ──▶ Scheme (Go types) ──▶ FromScheme ──▶ []*kind.Resource
//	                                                          │
//	CustomResourceDefinitions ── Add, Remove ──────────▶ Catalog ──▶ Lookup, All, Changed
//
// # The table
//
// What a Go type does not say (plural, scope, short names, categories, verbs, subresources)
// is in resources.jsonl, one resource per line, in the order in which the server presents
// them. It is the discovery of kube-apiserver v1.36, with every feature gate and version
// that it knows, each marked with whether a server serves it by default. After a change of
// the version in test/apiserver/components/go.mod, write it again:
//
//	go run -C test/apiserver ./cmd/dump-resources
//
// A row becomes a resource when a scheme has its types (those of all of k8s.io/api, which
// [Builtin] links, are 3 MB of a binary). That decides what of the table a
// server has:
//
//   - customresourcedefinitions (apiextensions.k8s.io) and apiservices
//     (apiregistration.k8s.io) have types outside k8s.io/api, and are so not in [Builtin].
//     FromScheme makes a resource of the former from a scheme that has its type.
//   - The types of k8s.io/api, which is a release ahead of the table, have moved on from
//     some alpha versions: the test of this package lists rows without a type, and types
//     without a row, each with its reason.
//
// # Versions and storage
//
// The versions of a resource are in the order of preference. Objects are stored in the
// version that kube-apiserver stores, where that is served, else in the preferred one: v1
// of MutatingAdmissionPolicy, say, whose beta version kube-apiserver stores so that its
// predecessor can read it. What discovery says about storage remains kube-apiserver's
// word: [StorageKind]. Resources that are never stored, the reviews, bindings and
// componentstatuses, have no storage version.
//
// Events are one collection with two faces, "events" of the core group and of
// events.k8s.io, on kube-apiserver: what is created as one is got as the other.
// [StorageKey] names the collection that both are kept in.
package catalog
