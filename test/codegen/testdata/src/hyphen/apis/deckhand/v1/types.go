package v1

import (
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// Hand is on deck.
//
// +genclient
// +k8s:deepcopy-gen:interfaces=k8s.io/apimachinery/pkg/runtime.Object
type Hand struct {
	metav1.TypeMeta   `json:",inline"`
	metav1.ObjectMeta `json:"metadata,omitempty"`

	Spec   HandSpec   `json:"spec,omitempty"`
	Status HandStatus `json:"status,omitempty"`
}

// HandList is what a list of Hand objects looks like.
//
// +k8s:deepcopy-gen:interfaces=k8s.io/apimachinery/pkg/runtime.Object
type HandList struct {
	metav1.TypeMeta `json:",inline"`
	metav1.ListMeta `json:"metadata,omitempty"`

	Items []Hand `json:"items"`
}

// HandSpec is its name.
type HandSpec struct {
	Name string `json:"name,omitempty"`
}

// HandStatus is what it does.
type HandStatus struct {
	Idle bool `json:"idle,omitempty"`
}
