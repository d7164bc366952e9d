// Package lash has types without tags.
//
// +k8s:deepcopy-gen=package
package lash
