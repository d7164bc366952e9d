// +k8s:deepcopy-gen=package
// +groupName=signals.fleet.example

// Package v1 has every kind of additional method.
package v1
