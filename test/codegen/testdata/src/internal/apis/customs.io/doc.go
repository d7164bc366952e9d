// +k8s:deepcopy-gen=package
// +groupName=customs.internal.example

// Package customs has the internal version of the group.
package customs
