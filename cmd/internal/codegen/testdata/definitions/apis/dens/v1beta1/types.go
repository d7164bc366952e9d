// Package v1beta1 is an older version, whose types are defined by those of the newest one.
//
// +groupName=dens.example.com
package v1beta1

import (
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"

	"github.com/kubewright/kubewright/cmd/internal/codegen/testdata/definitions/apis/dens/v1"
)

// Den has the fields of another version, a status among them.
//
// +genclient
type Den v1.Den

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

// Burrow has the fields of a type of this package, which has no client.
//
// +genclient
// +genclient:nonNamespaced
type Burrow hole

type hole struct {
	metav1.TypeMeta   `json:",inline"`
	metav1.ObjectMeta `json:"metadata,omitempty"`

	// Depth is in metres.
	Depth int `json:"depth,omitempty"`
}

// DeepCopyObject makes it an object.
func (b *Burrow) DeepCopyObject() runtime.Object { c := *b; return &c }

// BurrowList is a list of burrows.
type BurrowList struct {
	metav1.TypeMeta `json:",inline"`
	metav1.ListMeta `json:"metadata,omitempty"`

	Items []Burrow `json:"items"`
}

// DeepCopyObject makes it an object.
func (l *BurrowList) DeepCopyObject() runtime.Object { c := *l; return &c }
