// Package v1 has a type for each way to choose verbs.
//
// +k8s:deepcopy-gen=package
// +k8s:register-gen=true
// +groupName=verbs.example.com
package v1
