package v1

import (
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// Cargo is a kind of version 1.
//
// +genclient
// +k8s:deepcopy-gen:interfaces=k8s.io/apimachinery/pkg/runtime.Object
type Cargo struct {
	metav1.TypeMeta   `json:",inline"`
	metav1.ObjectMeta `json:"metadata,omitempty"`

	Spec   CargoSpec   `json:"spec,omitempty"`
	Status CargoStatus `json:"status,omitempty"`
}

// CargoList is what a list of Cargo objects looks like.
//
// +k8s:deepcopy-gen:interfaces=k8s.io/apimachinery/pkg/runtime.Object
type CargoList struct {
	metav1.TypeMeta `json:",inline"`
	metav1.ListMeta `json:"metadata,omitempty"`

	Items []Cargo `json:"items"`
}

// CargoSpec is wanted.
type CargoSpec struct {
	Text string `json:"text,omitempty"`
}

// CargoStatus is observed.
type CargoStatus struct {
	Done bool `json:"done,omitempty"`
}
