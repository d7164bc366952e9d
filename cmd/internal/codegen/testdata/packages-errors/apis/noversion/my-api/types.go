// Package api is input.
//
// +groupName=noversion.example.com
package api

import metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

// SchemeGroupVersion, AddToScheme and Resource stand for what register-gen makes.
var SchemeGroupVersion, AddToScheme, Resource = 1, 2, 3

// Thing is right but for its tags.
//
// +genclient
type Thing struct {
	metav1.TypeMeta   `json:",inline"`
	metav1.ObjectMeta `json:"metadata,omitempty"`
}

// DeepCopyObject stands for what deepcopy-gen makes.
func (o *Thing) DeepCopyObject() any { return o }

// ThingList is a list.
type ThingList struct {
	metav1.TypeMeta `json:",inline"`
	metav1.ListMeta
	Items []Thing
}

// DeepCopyObject stands for what deepcopy-gen makes.
func (o *ThingList) DeepCopyObject() any { return o }
