// +k8s:deepcopy-gen=package
// +groupName=

// Package v1 has the external version.
package v1
