package v1

import (
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// Stamp is a kind of version 1.
//
// +genclient
// +k8s:deepcopy-gen:interfaces=k8s.io/apimachinery/pkg/runtime.Object
type Stamp struct {
	metav1.TypeMeta   `json:",inline"`
	metav1.ObjectMeta `json:"metadata,omitempty"`

	Spec   StampSpec   `json:"spec,omitempty"`
	Status StampStatus `json:"status,omitempty"`
}

// StampList is what a list of Stamp objects looks like.
//
// +k8s:deepcopy-gen:interfaces=k8s.io/apimachinery/pkg/runtime.Object
type StampList struct {
	metav1.TypeMeta `json:",inline"`
	metav1.ListMeta `json:"metadata,omitempty"`

	Items []Stamp `json:"items"`
}

// StampSpec is wanted.
type StampSpec struct {
	Text string `json:"text,omitempty"`
}

// StampStatus is observed.
type StampStatus struct {
	Done bool `json:"done,omitempty"`
}
