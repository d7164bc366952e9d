// Package lash has types without tags.
//
// +k8s:deepcopy-gen=package
package lash

// Rope holds things together.
type Rope struct {
	Meters int `json:"meters"`
}

// Knot is in a rope.
type Knot struct {
	Kind string `json:"knotKind,omitempty"`
}
