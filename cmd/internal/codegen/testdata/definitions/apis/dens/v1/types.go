// Package v1 is the newest version.
//
// +groupName=dens.example.com
package v1

import (
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
)

// Den is where a fox lives.
//
// +genclient
type Den struct {
	metav1.TypeMeta   `json:",inline"`
	metav1.ObjectMeta `json:"metadata,omitempty"`

	Spec   DenSpec   `json:"spec"`
	Status DenStatus `json:"status,omitempty"`
}

// DenSpec says how it should be.
type DenSpec struct {
	Exits int `json:"exits,omitempty"`
}

// DenStatus says how it is.
type DenStatus struct {
	Foxes []string `json:"foxes,omitempty"`
}

// DeepCopyObject makes it an object.
func (d *Den) DeepCopyObject() runtime.Object { c := *d; return &c }

// DenList is a list of dens.
type DenList struct {
	metav1.TypeMeta `json:",inline"`
	metav1.ListMeta `json:"metadata,omitempty"`

	Items []Den `json:"items"`
}

// DeepCopyObject makes it an object.
func (l *DenList) DeepCopyObject() runtime.Object { c := *l; return &c }
