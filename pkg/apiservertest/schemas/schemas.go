// Package schemas is what the test server asks of whoever understands the schemas of custom resources.
//
// The server itself knows CustomResourceDefinitions, but not what openAPIV3Schema says: pruning, defaults, validation and CEL rules take libraries that weigh
// more than the server. They are in the module pkg/apiservertest/crd, which implements [Library]; without one every object of a custom resource is kept
// as it was sent.
//
//	CustomResourceDefinition ─▶ Library.Validate   (may it be stored?)
//	                         └▶ Library.Compile ──▶ Schema of one version
//	body of a request ─────────▶ Schema.Prune ─▶ Schema.Default ─▶ ... ─▶ Schema.Validate ─▶ storage
//	server-side apply ─────────▶ Schema.Type
package schemas

import (
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/util/validation/field"
	"sigs.k8s.io/structured-merge-diff/v6/typed"
)

// Library understands the schemas of CustomResourceDefinitions of apiextensions.k8s.io/v1. Its methods may be called concurrently, and keep nothing of the
// objects that they are given.
type Library interface {
	// Validate returns what is wrong with the schemas of a definition, and with what refers to them; names, versions and other fields are the server's
	// business. old is the definition that it replaces, nil for a new one.
	Validate(definition, old *unstructured.Unstructured) field.ErrorList
	// Warnings returns what the client is told about the schemas of a definition that is right.
	Warnings(definition *unstructured.Unstructured) []string
	// Compile returns the schema of a version of a definition. An error says that it cannot be used, and the server then refuses objects of that version.
	Compile(definition *unstructured.Unstructured, version string) (Schema, error)
}

// Schema is what one version of a custom resource says about its objects. Its methods may be called concurrently.
type Schema interface {
	// Prune removes the fields of obj that the schema does not have, and returns their paths (spec.list[0].field), sorted.
	Prune(obj *unstructured.Unstructured) (unknown []string)
	// Default sets the fields of obj that are missing and have a default.
	Default(obj *unstructured.Unstructured)
	// Validate returns what is wrong with obj, which replaces old; old is nil for a new object.
	Validate(obj, old *unstructured.Unstructured) field.ErrorList
	// ValidateStatus is Validate for an object of which only the status is new.
	ValidateStatus(obj, old *unstructured.Unstructured) field.ErrorList
	// Type tells server-side apply how fields and items of lists are merged. Nil: each list is a single field.
	Type() *typed.ParseableType
}
