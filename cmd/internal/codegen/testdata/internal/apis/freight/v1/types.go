package v1

import (
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// Bill is a kind of version 1.
//
// +genclient
// +k8s:deepcopy-gen:interfaces=k8s.io/apimachinery/pkg/runtime.Object
type Bill struct {
	metav1.TypeMeta   `json:",inline"`
	metav1.ObjectMeta `json:"metadata,omitempty"`

	Spec   BillSpec   `json:"spec,omitempty"`
	Status BillStatus `json:"status,omitempty"`
}

// BillList is what a list of Bill objects looks like.
//
// +k8s:deepcopy-gen:interfaces=k8s.io/apimachinery/pkg/runtime.Object
type BillList struct {
	metav1.TypeMeta `json:",inline"`
	metav1.ListMeta `json:"metadata,omitempty"`

	Items []Bill `json:"items"`
}

// BillSpec is wanted.
type BillSpec struct {
	Text string `json:"text,omitempty"`
}

// BillStatus is observed.
type BillStatus struct {
	Done bool `json:"done,omitempty"`
}

// Port is a kind of version 1.
//
// +genclient
// +genclient:nonNamespaced
// +k8s:deepcopy-gen:interfaces=k8s.io/apimachinery/pkg/runtime.Object
type Port struct {
	metav1.TypeMeta   `json:",inline"`
	metav1.ObjectMeta `json:"metadata,omitempty"`

	Spec   PortSpec   `json:"spec,omitempty"`
	Status PortStatus `json:"status,omitempty"`
}

// PortList is what a list of Port objects looks like.
//
// +k8s:deepcopy-gen:interfaces=k8s.io/apimachinery/pkg/runtime.Object
type PortList struct {
	metav1.TypeMeta `json:",inline"`
	metav1.ListMeta `json:"metadata,omitempty"`

	Items []Port `json:"items"`
}

// PortSpec is wanted.
type PortSpec struct {
	Text string `json:"text,omitempty"`
}

// PortStatus is observed.
type PortStatus struct {
	Done bool `json:"done,omitempty"`
}
