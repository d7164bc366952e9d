// Package v1 opts out of clients, though it is among the input.
// +groupName=coils.example.com
// +k8s:client-gen=false
package v1

import metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

// SchemeGroupVersion and AddToScheme stand for what register-gen makes.
var SchemeGroupVersion, AddToScheme = 1, 2

// Coil has no client.
//
// +genclient
// +genclient:onlyVerbs=get
type Coil struct {
	metav1.TypeMeta   `json:",inline"`
	metav1.ObjectMeta `json:"metadata,omitempty"`
}

// DeepCopyObject stands for what deepcopy-gen makes.
func (o *Coil) DeepCopyObject() any { return o }
