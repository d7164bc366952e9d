// Package v1alpha1 has a group with hyphens and dots in its directory.
//
// +k8s:deepcopy-gen=package
// +k8s:register-gen=true
// +groupName=hyphen-group.example.com
// +groupGoName=HyphenGroup
package v1alpha1
