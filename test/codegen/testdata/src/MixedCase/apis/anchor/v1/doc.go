// +k8s:deepcopy-gen=package
// +groupName=anchor.mixed.example

// Package v1 is below a directory with capital letters.
package v1
