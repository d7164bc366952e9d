// +k8s:deepcopy-gen=package
// +groupName=freight.example

// Package freight has the internal version of the group.
package freight
