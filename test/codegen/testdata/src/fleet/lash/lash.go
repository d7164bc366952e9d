package lash

// Rope holds things together.
type Rope struct {
	Meters int `json:"meters"`
}

// Knot is in a rope.
type Knot struct {
	Kind *string `json:"knotKind,omitempty"`
}
