package customs

import (
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// Stamp is a kind of the internal version.
//
// +genclient
// +k8s:deepcopy-gen:interfaces=k8s.io/apimachinery/pkg/runtime.Object
type Stamp struct {
	metav1.TypeMeta
	metav1.ObjectMeta

	Spec   StampSpec
	Status StampStatus
}

// StampList is what a list of Stamp objects looks like.
//
// +k8s:deepcopy-gen:interfaces=k8s.io/apimachinery/pkg/runtime.Object
type StampList struct {
	metav1.TypeMeta
	metav1.ListMeta

	Items []Stamp
}

// StampSpec is wanted.
type StampSpec struct {
	Text string
}

// StampStatus is observed.
type StampStatus struct {
	Done bool
}
