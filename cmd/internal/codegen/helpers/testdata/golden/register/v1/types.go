package v1

import metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

// LabelPrefix is made of a name that register-gen declares.
const LabelPrefix = GroupName + "/"

// +k8s:deepcopy-gen:interfaces=k8s.io/apimachinery/pkg/runtime.Object
type Gadget struct {
	metav1.TypeMeta   `json:",inline"`
	metav1.ObjectMeta `json:"metadata"`
}

// +k8s:deepcopy-gen:interfaces=k8s.io/apimachinery/pkg/runtime.Object
type GadgetList struct {
	metav1.TypeMeta `json:",inline"`
	metav1.ListMeta `json:"metadata"`
	Items           []Gadget
}

type Plain struct{ Name string }
