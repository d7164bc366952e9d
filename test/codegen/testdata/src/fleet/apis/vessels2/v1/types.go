package v1

import (
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// Raft is a vessel of others.
//
// +genclient
// +k8s:deepcopy-gen:interfaces=k8s.io/apimachinery/pkg/runtime.Object
type Raft struct {
	metav1.TypeMeta   `json:",inline"`
	metav1.ObjectMeta `json:"metadata,omitempty"`

	Spec   RaftSpec   `json:"spec,omitempty"`
	Status RaftStatus `json:"status,omitempty"`
}

// RaftList is what a list of Raft objects looks like.
//
// +k8s:deepcopy-gen:interfaces=k8s.io/apimachinery/pkg/runtime.Object
type RaftList struct {
	metav1.TypeMeta `json:",inline"`
	metav1.ListMeta `json:"metadata,omitempty"`

	Items []Raft `json:"items"`
}

// RaftSpec is small.
type RaftSpec struct {
	Logs int `json:"logs"`
}

// RaftStatus is smaller.
type RaftStatus struct {
	Dry bool `json:"dry"`
}
