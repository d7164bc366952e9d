// Package v1 is laid out as kubebuilder does it.
// +kubebuilder:object:generate=true
// +groupName=markers.example.com
package v1

import (
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
)

var (
	GroupVersion  = schema.GroupVersion{Group: "markers.example.com", Version: "v1"}
	SchemeBuilder = runtime.NewSchemeBuilder(func(s *runtime.Scheme) error {
		s.AddKnownTypes(GroupVersion, &Sensor{}, &SensorList{})
		return nil
	})
	AddToScheme = SchemeBuilder.AddToScheme
)
