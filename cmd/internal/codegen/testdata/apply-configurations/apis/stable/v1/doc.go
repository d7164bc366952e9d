// Package v1 has kinds whose parts are of every sort that apply configurations know.
//
// +k8s:deepcopy-gen=package
// +k8s:register-gen=true
// +groupName=stable.example.com
package v1
