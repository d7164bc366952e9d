// Package v1 is input.
//
// +groupName=types.example.com
package v1

import metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

// SchemeGroupVersion, AddToScheme and Resource stand for what register-gen makes.
var SchemeGroupVersion, AddToScheme, Resource = 1, 2, 3

// NotStruct is not a struct.
//
// +genclient
type NotStruct map[string]string

// Alias is another name.
//
// +genclient
type Alias = Bare

// Generic has a type parameter.
//
// +genclient
type Generic[T any] struct{}

// +genclient
type unexported struct{}

// Bare has nothing.
//
// +genclient
type Bare struct {
	TypeMeta   string
	ObjectMeta string
}

// Other has an ObjectMeta, but not that of apimachinery.
//
// +genclient
// +genclient:onlyVerbs=get
type Other struct {
	metav1.TypeMeta
	ObjectMeta
}

// DeepCopyObject stands for what deepcopy-gen makes.
func (o *Other) DeepCopyObject() any { return o }

// ObjectMeta has the name only.
type ObjectMeta struct{}

// NoList has no list.
//
// +genclient
type NoList struct {
	metav1.TypeMeta
	metav1.ObjectMeta
}

// DeepCopyObject stands for what deepcopy-gen makes.
func (o *NoList) DeepCopyObject() any { return o }

// BadList has a list of something else.
//
// +genclient
type BadList struct {
	metav1.TypeMeta
	metav1.ObjectMeta
}

// DeepCopyObject stands for what deepcopy-gen makes.
func (o *BadList) DeepCopyObject() any { return o }

// BadListList is not a list of BadLists.
type BadListList struct {
	Items []NoList
}

// wrapper is generic.
type wrapper[T any] struct {
	metav1.TypeMeta
	metav1.ObjectMeta
	Spec T
}

// NoStatus is right, but for a verb that needs a status.
//
// +genclient
// +genclient:onlyVerbs=get,updateStatus
type NoStatus struct {
	wrapper[string]
}

// DeepCopyObject stands for what deepcopy-gen makes.
func (o *NoStatus) DeepCopyObject() any { return o }
