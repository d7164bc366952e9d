// Package kubewright is the root of a code-generator-first Kubernetes SDK. It
// holds no code: start at README.md, or at one of these.
//
//   - generated/kubernetes: the clientset for the built-in API groups
//   - pkg/cache: informers, listers and what they are made of
//   - pkg/rest: configuration, requests and results
//   - cmd/client-gen, cmd/lister-gen, cmd/informer-gen: the same for your types
//
// ARCHITECTURE.md describes how they fit together.
package kubewright
