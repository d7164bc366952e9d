package v1

import metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

// SensorSpec has a tag behind a field, which is none of the next one's business.
type SensorSpec struct {
	Name  string // +optional
	Names []string
	Pairs [2]*string
}

//+kubebuilder:object:root=true
//+kubebuilder:subresource:status

// Sensor is a root, and keeps its markers apart.
type Sensor struct {
	metav1.TypeMeta   `json:",inline"`
	metav1.ObjectMeta `json:"metadata,omitempty"`

	Spec SensorSpec `json:"spec,omitempty"`
}

// +kubebuilder:object:root=true
type SensorList struct {
	metav1.TypeMeta `json:",inline"`
	metav1.ListMeta `json:"metadata,omitempty"`
	Items           []Sensor `json:"items"`
}

// +kubebuilder:object:generate=false
type NotCopied struct{ Names []string }
