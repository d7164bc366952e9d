// +k8s:deepcopy-gen=package
// +groupName=freight.example

// Package v1 has the external version.
package v1
