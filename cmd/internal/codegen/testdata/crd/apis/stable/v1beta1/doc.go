// Package v1beta1 is an earlier version with tags in another file.
//
// +k8s:deepcopy-gen=package
package v1beta1
