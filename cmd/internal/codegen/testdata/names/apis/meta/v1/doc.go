// Package v1 has a group whose alias is that of apimachinery, and types named like keywords, files and packages.
//
// +k8s:deepcopy-gen=package
// +k8s:register-gen=true
// +groupName=meta.example.com
package v1
