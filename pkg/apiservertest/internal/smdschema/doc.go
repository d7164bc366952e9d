// Package smdschema derives the schema that server-side apply needs (of sigs.k8s.io/structured-merge-diff) from Go types of an API.
//
// Most of it is in the types: fields, their JSON names, patchStrategy and patchMergeKey in struct tags. The rest is in comments only:
// which lists are sets or maps, by which keys, which maps and structs are atomic, which defaults keys have. A command reads these
// [Markers] from sources and writes them to a file; those of k8s.io/api are embedded.
//
//	sources of k8s.io/api ── internal/markergen ──▶ markers.txt ─┐
//	                                                              ├─▶ New ──▶ typed.Parser ──▶ FieldManager
//	Go types ─────────────────── reflection ──────────────────────┘
//
// The rules are those by which kube-openapi makes OpenAPI definitions of Go types, and definitions a schema; so what comes out equals
// the schema that kube-apiserver itself works with.
package smdschema

//go:generate go run ./internal/markergen -out markers.txt k8s.io/api/... k8s.io/apimachinery/pkg/apis/meta/v1 k8s.io/apimachinery/pkg/runtime
