// Package crd makes the test server understand the schemas of custom resources: unknown fields are pruned, defaults set, values validated, list types and
// rules in CEL checked, by the libraries that kube-apiserver itself uses (k8s.io/apiextensions-apiserver).
//
//	server, err := apiservertest.NewServer(crd.WithSchemas())
//
//	CustomResourceDefinition ─▶ Validate: forbidden fields ─▶ structure ─▶ defaults ─▶ CEL rules and their costs
//	                         └▶ Compile ─▶ structural schema ─┬─ Prune    fields that are not in it
//	                                                          ├─ Default
//	                                                          ├─ Validate values, embedded objects, list types, CEL rules (with ratcheting)
//	                                                          └─ Type     how server-side apply merges
//
// It is a module of its own: these libraries are 74 modules and 8 MB of a program (37 MB instead of 29, stripped), which who tests without custom resources
// does not need.
//
// What differs from kube-apiserver v1.36:
//
//   - Embedded metadata of a wrong type is an invalid object (422), not one that cannot be read (400): it is found when the object is validated.
//   - A schema that a definition had before is not looked at again, while kube-apiserver looks for what it lets through in old schemas only.
//   - If rules cost too much together, the four that cost most are named.
package crd
