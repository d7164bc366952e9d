package v1

import (
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// Buoy marks a place.
//
// +genclient
// +k8s:deepcopy-gen:interfaces=k8s.io/apimachinery/pkg/runtime.Object
type Buoy struct {
	metav1.TypeMeta   `json:",inline"`
	metav1.ObjectMeta `json:"metadata,omitempty"`

	Spec   BuoySpec   `json:"spec,omitempty"`
	Status BuoyStatus `json:"status,omitempty"`
}

// BuoyList is what a list of Buoy objects looks like.
//
// +k8s:deepcopy-gen:interfaces=k8s.io/apimachinery/pkg/runtime.Object
type BuoyList struct {
	metav1.TypeMeta `json:",inline"`
	metav1.ListMeta `json:"metadata,omitempty"`

	Items []Buoy `json:"items"`
}

// Tide is everywhere.
//
// +genclient
// +genclient:nonNamespaced
// +genclient:noStatus
// +k8s:deepcopy-gen:interfaces=k8s.io/apimachinery/pkg/runtime.Object
type Tide struct {
	metav1.TypeMeta   `json:",inline"`
	metav1.ObjectMeta `json:"metadata,omitempty"`

	Spec   BuoySpec   `json:"spec,omitempty"`
	Status BuoyStatus `json:"status,omitempty"`
}

// TideList is what a list of Tide objects looks like.
//
// +k8s:deepcopy-gen:interfaces=k8s.io/apimachinery/pkg/runtime.Object
type TideList struct {
	metav1.TypeMeta `json:",inline"`
	metav1.ListMeta `json:"metadata,omitempty"`

	Items []Tide `json:"items"`
}

// BuoySpec is where it is.
type BuoySpec struct {
	Depth int `json:"depth,omitempty"`
}

// BuoyStatus is how it is.
type BuoyStatus struct {
	Lit bool `json:"lit,omitempty"`
}
