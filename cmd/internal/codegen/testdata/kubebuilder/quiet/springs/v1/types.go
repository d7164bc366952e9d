// Package v1 opts out of listers, and so of informers.
// +groupName=springs.example.com
// +k8s:lister-gen=false
package v1

import metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

// Spring has a client only.
//
// +genclient
// +k8s:deepcopy-gen:interfaces=k8s.io/apimachinery/pkg/runtime.Object
type Spring struct {
	metav1.TypeMeta   `json:",inline"`
	metav1.ObjectMeta `json:"metadata,omitempty"`
}

// SpringList is a list of Spring objects.
//
// +k8s:deepcopy-gen:interfaces=k8s.io/apimachinery/pkg/runtime.Object
type SpringList struct {
	metav1.TypeMeta `json:",inline"`
	metav1.ListMeta `json:"metadata,omitempty"`

	Items []Spring `json:"items"`
}
