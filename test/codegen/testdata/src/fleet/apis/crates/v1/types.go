package v1

import (
	"example.test/cases/fleet/lash"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// Crate embeds structs of its own and of others.
//
// +genclient
// +k8s:deepcopy-gen:interfaces=k8s.io/apimachinery/pkg/runtime.Object
type Crate struct {
	metav1.TypeMeta   `json:",inline"`
	metav1.ObjectMeta `json:"metadata,omitempty"`

	Spec   CrateSpec   `json:"spec,omitempty"`
	Status CrateStatus `json:"status,omitempty"`
}

// CrateList is what a list of Crate objects looks like.
//
// +k8s:deepcopy-gen:interfaces=k8s.io/apimachinery/pkg/runtime.Object
type CrateList struct {
	metav1.TypeMeta `json:",inline"`
	metav1.ListMeta `json:"metadata,omitempty"`

	Items []Crate `json:"items"`
}

// CrateSpec embeds a struct, one that is a field by its name, and one of a package without tags.
type CrateSpec struct {
	Lid       `json:",inline"`
	Bottom    `json:"bottom,omitempty"`
	lash.Knot `json:",inline"`

	// Mark is that of the crate itself.
	Mark string `json:"mark,omitempty"`
}

// Lid is on top.
type Lid struct {
	Nails int `json:"nails,omitempty"`
}

// Bottom is below.
type Bottom struct {
	Label string `json:"label,omitempty"`
}

// CrateStatus refers to a type of a package without tags.
type CrateStatus struct {
	Rope  lash.Rope   `json:"rope,omitempty"`
	Knots []lash.Knot `json:"knots,omitempty"`
}
