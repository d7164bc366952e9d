package v1

import (
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// Ship has a status, a scale of another package, and a method of its own.
//
// +genclient
// +genclient:method=GetScale,verb=get,subresource=scale,result=k8s.io/api/autoscaling/v1.Scale
// +genclient:method=UpdateScale,verb=update,subresource=scale,input=k8s.io/api/autoscaling/v1.Scale,result=k8s.io/api/autoscaling/v1.Scale
// +k8s:deepcopy-gen:interfaces=k8s.io/apimachinery/pkg/runtime.Object
type Ship struct {
	metav1.TypeMeta   `json:",inline"`
	metav1.ObjectMeta `json:"metadata,omitempty"`

	Spec   ShipSpec   `json:"spec,omitempty"`
	Status ShipStatus `json:"status,omitempty"`
}

// ShipList is what a list of Ship objects looks like.
//
// +k8s:deepcopy-gen:interfaces=k8s.io/apimachinery/pkg/runtime.Object
type ShipList struct {
	metav1.TypeMeta `json:",inline"`
	metav1.ListMeta `json:"metadata,omitempty"`

	Items []Ship `json:"items"`
}

// ShipSpec is what its owner wants.
type ShipSpec struct {
	// Crew is how many sail it.
	Crew *int32 `json:"crew,omitempty"`
	// Holds are by deck.
	Holds map[string]Hold `json:"holds,omitempty"`
	// Course is where it goes, in order.
	// +listType=atomic
	Course []string `json:"course,omitempty"`
	// Selector says which crew may board.
	Selector *metav1.LabelSelector `json:"selector,omitempty"`
}

// Hold is a part of a ship.
type Hold struct {
	Tons  int64       `json:"tons"`
	Since metav1.Time `json:"since,omitempty"`
}

// ShipStatus is where it is.
type ShipStatus struct {
	// +listType=map
	// +listMapKey=type
	Conditions []metav1.Condition `json:"conditions,omitempty"`
	Afloat     bool               `json:"afloat"`
}

// Harbor belongs to no namespace and has no status.
//
// +genclient
// +genclient:nonNamespaced
// +k8s:deepcopy-gen:interfaces=k8s.io/apimachinery/pkg/runtime.Object
type Harbor struct {
	metav1.TypeMeta   `json:",inline"`
	metav1.ObjectMeta `json:"metadata,omitempty"`

	Spec HarborSpec `json:"spec,omitempty"`
}

// HarborList is what a list of Harbor objects looks like.
//
// +k8s:deepcopy-gen:interfaces=k8s.io/apimachinery/pkg/runtime.Object
type HarborList struct {
	metav1.TypeMeta `json:",inline"`
	metav1.ListMeta `json:"metadata,omitempty"`

	Items []Harbor `json:"items"`
}

// HarborSpec is what a harbor has.
type HarborSpec struct {
	Berths []Berth `json:"berths,omitempty"`
}

// Berth is one place.
type Berth struct {
	Name   string `json:"name"`
	Length int32  `json:"length,omitempty"`
}
