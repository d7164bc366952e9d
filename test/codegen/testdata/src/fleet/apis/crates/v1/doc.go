// +k8s:deepcopy-gen=package
// +groupName=crates.fleet.example

// Package v1 has embedded structs whose fields have the same names.
package v1
