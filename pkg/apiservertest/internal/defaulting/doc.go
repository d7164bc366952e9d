// Package defaulting sets the defaults of built-in objects: what a kube-apiserver fills in when a client leaves a field out.
//
//	object ──▶ Default ──▶ table: Go type ─▶ function of the kind ─▶ functions of its parts (pod, volumes, selectors, ...)
//
// The rules are those that the comments of the types in k8s.io/api state ("Defaults to ..."), and where these are silent, what a kube-apiserver v1.36
// answered: testdata has minimal objects (*.yaml) and what it made of them (*.golden; test/differential writes them). The defaults are those of the version
// of a resource that the server stores: objects of other versions are converted first.
//
// Defaults depend on nothing but the object. What is allocated or known only to a server (addresses of services, the labels of a job's pods, the first status
// of most objects) belongs to the creation of objects, and so to package registry.
package defaulting
