package freight

import (
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// Bill is a kind of the internal version.
//
// +genclient
// +k8s:deepcopy-gen:interfaces=k8s.io/apimachinery/pkg/runtime.Object
type Bill struct {
	metav1.TypeMeta
	metav1.ObjectMeta

	Spec   BillSpec
	Status BillStatus
}

// BillList is what a list of Bill objects looks like.
//
// +k8s:deepcopy-gen:interfaces=k8s.io/apimachinery/pkg/runtime.Object
type BillList struct {
	metav1.TypeMeta
	metav1.ListMeta

	Items []Bill
}

// BillSpec is wanted.
type BillSpec struct {
	Text string
}

// BillStatus is observed.
type BillStatus struct {
	Done bool
}

// Port is a kind of the internal version.
//
// +genclient
// +genclient:nonNamespaced
// +k8s:deepcopy-gen:interfaces=k8s.io/apimachinery/pkg/runtime.Object
type Port struct {
	metav1.TypeMeta
	metav1.ObjectMeta

	Spec   PortSpec
	Status PortStatus
}

// PortList is what a list of Port objects looks like.
//
// +k8s:deepcopy-gen:interfaces=k8s.io/apimachinery/pkg/runtime.Object
type PortList struct {
	metav1.TypeMeta
	metav1.ListMeta

	Items []Port
}

// PortSpec is wanted.
type PortSpec struct {
	Text string
}

// PortStatus is observed.
type PortStatus struct {
	Done bool
}
