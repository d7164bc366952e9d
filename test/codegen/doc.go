// Package codegen compares what the generators make with what code-generator's make of the same input, with the same
// flags. The cases in testdata/src have the shapes of projects in the field: several groups with every kind of tag, one
// API directory, import paths with capital letters, groups with hyphens, internal versions. Each is copied to a module of its own, both
// sets of generators run there, all output is type-checked, and what it exports is compared symbol by symbol.
// What differs on purpose is in differences.go, with the reasons.
//
// Four things are not in the cases, because what code-generator v0.37.2 makes of them does not compile: a method with verb
// list and a subresource (its fake has another signature than its client), an embedded struct with a field that the struct
// itself has, too, an embedded struct of a package without tags with a field that is no pointer, and a method with verb apply
// for a type of another package without a flag for its apply configuration.
package codegen
