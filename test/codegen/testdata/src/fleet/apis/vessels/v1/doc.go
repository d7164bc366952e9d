// +k8s:deepcopy-gen=package
// +groupName=vessels.fleet.example

// Package v1 has what floats.
package v1
