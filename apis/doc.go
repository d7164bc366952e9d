// Package apis holds the sample APIs of this module: hand-written Go types in
// <group>/<version>, and beside them the manifests of the
// CustomResourceDefinitions that make a server accept them. Everything in
// generated/samples is generated from the types; `go generate ./...` does it.
package apis
