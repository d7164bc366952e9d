// +k8s:deepcopy-gen=package
// +groupName=customs.internal.example

// Package v1 has the external version.
package v1
