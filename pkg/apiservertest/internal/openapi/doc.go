// Package openapi describes the resources of the test server to clients: kubectl explain,
// kubectl apply, and whatever validates or generates from schemas.
//
//	GET /openapi/v3                          which documents there are, and their hashes
//	GET /openapi/v3/apis/<group>/<version>   the document of a group version
//	GET /openapi/v3/api/v1
//	GET /openapi/v2                          all in one, in the older form
//
//	catalog ──────────▶ paths, operations ─┐
//	Go types ─────────▶ definitions        ├──▶ document ──▶ JSON, hash ──▶ handler
//	smdschema ────────▶ facts (comments)   │
//	Options.Custom ───▶ custom resources ──┘
//
// The life of a request:
//
//  1. [Owns] tells the server which paths are for [Handler].
//  2. The documents are made at the first request, and again when the catalog has changed:
//     those whose resources are the same stay.
//  3. The list of documents has a URL with a hash for each. What such a URL answers may be
//     kept for ever; asked for with the hash of an older document, it redirects to the new.
//
// # Definitions
//
// Definitions come from Go types by reflection, with the names of kube-apiserver
// (io.k8s.api.core.v1.Pod). Tags say names and patch strategies, methods say formats and
// descriptions. What only comments say comes from two places: list types, atomic maps and
// defaults from package smdschema, exceptions of what is required from required.txt.
//
// # Differences
//
// The documents are not byte for byte those of kube-apiserver v1.36, which a test compares
// with (testdata/answers.jsonl, written by test/apiserver/cmd/record-answers):
//
//   - The fields are those of k8s.io/api, which is a release ahead.
//   - There are no enumerations (constants are not in a type), and no x-kubernetes-unions.
//   - A list that says nothing about its type is said to be atomic, which is what saying
//     nothing means.
//   - There are no documents of paths without resources (/version, /apis), no deprecated
//     paths (/watch/...), no paths behind proxies; delete is said to answer with a Status, as
//     it does for most resources.
package openapi
