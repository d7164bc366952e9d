// Package v1 has the API of a project that kubebuilder laid out: the group is not in the path, and there is no
// SchemeGroupVersion and no Resource.
// +kubebuilder:object:generate=true
// +groupName=clocks.example.com
package v1

import (
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
)

var (
	// GroupVersion is the group and the version of this package.
	GroupVersion = schema.GroupVersion{Group: "clocks.example.com", Version: "v1"}

	// SchemeBuilder adds the types of this package to a scheme.
	SchemeBuilder = runtime.NewSchemeBuilder(func(scheme *runtime.Scheme) error {
		scheme.AddKnownTypes(GroupVersion, &Clock{}, &ClockList{}, &Tower{}, &TowerList{})
		metav1.AddToGroupVersion(scheme, GroupVersion)
		return nil
	})
)
