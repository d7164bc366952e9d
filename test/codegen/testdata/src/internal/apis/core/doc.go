// +k8s:deepcopy-gen=package
// +groupName=

// Package core has the internal version of the group.
package core
