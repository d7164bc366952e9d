// Package shapes has types of all shapes that can be copied.
//
// +k8s:deepcopy-gen=package,register
package shapes
