// Package v1 has a namespaced and a cluster scoped type.
//
// +k8s:deepcopy-gen=package
// +k8s:register-gen=true
// +groupName=stable.example.com
package v1
