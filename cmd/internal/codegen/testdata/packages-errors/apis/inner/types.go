// Package v1 is input.
//
// +groupName=inner.example.com
package inner

import metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

// Thing is right but for its tags.
//
// +genclient
type Thing struct {
	metav1.TypeMeta
	metav1.ObjectMeta
}

// DeepCopyObject stands for what deepcopy-gen makes.
func (o *Thing) DeepCopyObject() any { return o }

// ThingList is a list.
type ThingList struct {
	metav1.TypeMeta
	metav1.ListMeta
	Items []Thing
}

// DeepCopyObject stands for what deepcopy-gen makes.
func (o *ThingList) DeepCopyObject() any { return o }
