// Package v1 has a type with every kind of additional method.
//
// +k8s:deepcopy-gen=package
// +k8s:register-gen=true
// +groupName=methods.example.com
package v1
