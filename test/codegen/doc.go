// Package codegen compares what the generators make with what code-generator's make of the same input, with the same
// flags. The cases in testdata/src have the shapes of projects in the field: several groups with every kind of tag, one
// API directory, import paths with capital letters, groups with hyphens, internal versions. Each is copied to a module of its own, both
// sets of generators run there, all output is type-checked, and what it exports is compared symbol by symbol.
// What differs on purpose is in differences.go, with the reasons.
//
// What code-generator v0.37.2 makes of a method with verb list and a subresource does not compile (its fake has another
// signature than its client), so there is none in the cases. The golden cases of cmd/internal/codegen have it.
package codegen
