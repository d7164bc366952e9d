package core

import (
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// Cargo is a kind of the internal version.
//
// +genclient
// +k8s:deepcopy-gen:interfaces=k8s.io/apimachinery/pkg/runtime.Object
type Cargo struct {
	metav1.TypeMeta
	metav1.ObjectMeta

	Spec   CargoSpec
	Status CargoStatus
}

// CargoList is what a list of Cargo objects looks like.
//
// +k8s:deepcopy-gen:interfaces=k8s.io/apimachinery/pkg/runtime.Object
type CargoList struct {
	metav1.TypeMeta
	metav1.ListMeta

	Items []Cargo
}

// CargoSpec is wanted.
type CargoSpec struct {
	Text string
}

// CargoStatus is observed.
type CargoStatus struct {
	Done bool
}
