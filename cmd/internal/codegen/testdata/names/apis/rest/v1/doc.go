// Package v1 is a group named like a package that generated code imports.
//
// +k8s:deepcopy-gen=package
// +k8s:register-gen=true
// +groupName=rest.example.com
package v1
