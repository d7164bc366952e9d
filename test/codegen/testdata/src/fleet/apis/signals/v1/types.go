package v1

import (
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// Signal can be sent in many ways.
//
// +genclient
// +genclient:method=CreateExtra,verb=create
// +genclient:method=CreateFlags,verb=create,subresource=flags
// +genclient:method=CreateColors,verb=create,subresource=colors,input=Colors,result=Signal
// +genclient:method=UpdateExtra,verb=update
// +genclient:method=UpdateFlags,verb=update,subresource=flags
// +genclient:method=UpdateColors,verb=update,subresource=colors,input=Colors,result=Signal
// +genclient:method=GetExtra,verb=get
// +genclient:method=GetFlags,verb=get,subresource=flags
// +genclient:method=GetColors,verb=get,subresource=colors,result=Colors
// +genclient:method=ListExtra,verb=list
// +genclient:method=PatchExtra,verb=patch
// +genclient:method=PatchFlags,verb=patch,subresource=flags
// +genclient:method=PatchColors,verb=patch,subresource=colors,result=Colors
// +genclient:method=ApplyExtra,verb=apply
// +genclient:method=ApplyFlags,verb=apply,subresource=flags
// +k8s:deepcopy-gen:interfaces=k8s.io/apimachinery/pkg/runtime.Object
type Signal struct {
	metav1.TypeMeta   `json:",inline"`
	metav1.ObjectMeta `json:"metadata,omitempty"`

	Spec SignalSpec `json:"spec,omitempty"`
}

// SignalList is what a list of Signal objects looks like.
//
// +k8s:deepcopy-gen:interfaces=k8s.io/apimachinery/pkg/runtime.Object
type SignalList struct {
	metav1.TypeMeta `json:",inline"`
	metav1.ListMeta `json:"metadata,omitempty"`

	Items []Signal `json:"items"`
}

// SignalSpec is its meaning.
type SignalSpec struct {
	Text string `json:"text,omitempty"`
}

// Colors are a kind and a subresource.
//
// +genclient
// +genclient:skipVerbs=deleteCollection
// +k8s:deepcopy-gen:interfaces=k8s.io/apimachinery/pkg/runtime.Object
type Colors struct {
	metav1.TypeMeta   `json:",inline"`
	metav1.ObjectMeta `json:"metadata,omitempty"`
}

// ColorsList is what a list of Colors objects looks like.
//
// +k8s:deepcopy-gen:interfaces=k8s.io/apimachinery/pkg/runtime.Object
type ColorsList struct {
	metav1.TypeMeta `json:",inline"`
	metav1.ListMeta `json:"metadata,omitempty"`

	Items []Colors `json:"items"`
}

// Beacon can only be read.
//
// +genclient
// +genclient:readonly
// +genclient:nonNamespaced
// +k8s:deepcopy-gen:interfaces=k8s.io/apimachinery/pkg/runtime.Object
type Beacon struct {
	metav1.TypeMeta   `json:",inline"`
	metav1.ObjectMeta `json:"metadata,omitempty"`
}

// BeaconList is what a list of Beacon objects looks like.
//
// +k8s:deepcopy-gen:interfaces=k8s.io/apimachinery/pkg/runtime.Object
type BeaconList struct {
	metav1.TypeMeta `json:",inline"`
	metav1.ListMeta `json:"metadata,omitempty"`

	Items []Beacon `json:"items"`
}

// Review can only be created.
//
// +genclient
// +genclient:onlyVerbs=create
// +genclient:noStatus
// +k8s:deepcopy-gen:interfaces=k8s.io/apimachinery/pkg/runtime.Object
type Review struct {
	metav1.TypeMeta   `json:",inline"`
	metav1.ObjectMeta `json:"metadata,omitempty"`

	Spec   SignalSpec `json:"spec,omitempty"`
	Status SignalSpec `json:"status,omitempty"`
}

// ReviewList is what a list of Review objects looks like.
//
// +k8s:deepcopy-gen:interfaces=k8s.io/apimachinery/pkg/runtime.Object
type ReviewList struct {
	metav1.TypeMeta `json:",inline"`
	metav1.ListMeta `json:"metadata,omitempty"`

	Items []Review `json:"items"`
}

// Silent has a client without methods.
//
// +genclient
// +genclient:noVerbs
// +k8s:deepcopy-gen:interfaces=k8s.io/apimachinery/pkg/runtime.Object
type Silent struct {
	metav1.TypeMeta   `json:",inline"`
	metav1.ObjectMeta `json:"metadata,omitempty"`
}

// SilentList is what a list of Silent objects looks like.
//
// +k8s:deepcopy-gen:interfaces=k8s.io/apimachinery/pkg/runtime.Object
type SilentList struct {
	metav1.TypeMeta `json:",inline"`
	metav1.ListMeta `json:"metadata,omitempty"`

	Items []Silent `json:"items"`
}

// Quiet has a status that nobody updates.
//
// +genclient
// +genclient:noStatus
// +k8s:deepcopy-gen:interfaces=k8s.io/apimachinery/pkg/runtime.Object
type Quiet struct {
	metav1.TypeMeta   `json:",inline"`
	metav1.ObjectMeta `json:"metadata,omitempty"`

	Spec   SignalSpec `json:"spec,omitempty"`
	Status SignalSpec `json:"status,omitempty"`
}

// QuietList is what a list of Quiet objects looks like.
//
// +k8s:deepcopy-gen:interfaces=k8s.io/apimachinery/pkg/runtime.Object
type QuietList struct {
	metav1.TypeMeta `json:",inline"`
	metav1.ListMeta `json:"metadata,omitempty"`

	Items []Quiet `json:"items"`
}
