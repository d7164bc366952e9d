// +k8s:deepcopy-gen=package
// +groupName=single.example

// Package v1 is the only API of its project.
package v1
