// Package v1 has types whose clients apply configurations.
//
// +k8s:deepcopy-gen=package
// +groupName=shop.example.com
package v1
