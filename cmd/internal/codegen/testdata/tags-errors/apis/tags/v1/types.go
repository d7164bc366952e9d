// Package v1 is input.
//
// +groupName=tags.example.com
package v1

import metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

// SchemeGroupVersion, AddToScheme and Resource stand for what register-gen makes.
var SchemeGroupVersion, AddToScheme, Resource = 1, 2, 3

// Typo is right but for its tags.
//
// +genclient
// +genclient:nonNamespace
// +genclient:noStatsu
// +genclient:whatever
type Typo struct {
	metav1.TypeMeta
	metav1.ObjectMeta
}

// DeepCopyObject stands for what deepcopy-gen makes.
func (o *Typo) DeepCopyObject() any { return o }

// TypoList is a list.
type TypoList struct {
	metav1.TypeMeta
	metav1.ListMeta
	Items []Typo
}

// DeepCopyObject stands for what deepcopy-gen makes.
func (o *TypoList) DeepCopyObject() any { return o }

// Gen is right but for its tags.
//
// +genclinet
type Gen struct {
	metav1.TypeMeta
	metav1.ObjectMeta
}

// DeepCopyObject stands for what deepcopy-gen makes.
func (o *Gen) DeepCopyObject() any { return o }

// GenList is a list.
type GenList struct {
	metav1.TypeMeta
	metav1.ListMeta
	Items []Gen
}

// DeepCopyObject stands for what deepcopy-gen makes.
func (o *GenList) DeepCopyObject() any { return o }

// Value is right but for its tags.
//
// +genclient=true
// +genclient:nonNamespaced=true
// +genclient:noStatus=x
type Value struct {
	metav1.TypeMeta
	metav1.ObjectMeta
}

// DeepCopyObject stands for what deepcopy-gen makes.
func (o *Value) DeepCopyObject() any { return o }

// ValueList is a list.
type ValueList struct {
	metav1.TypeMeta
	metav1.ListMeta
	Items []Value
}

// DeepCopyObject stands for what deepcopy-gen makes.
func (o *ValueList) DeepCopyObject() any { return o }

// Behind is right but for its tags.
//
// +genclient // with a comment
type Behind struct {
	metav1.TypeMeta
	metav1.ObjectMeta
}

// DeepCopyObject stands for what deepcopy-gen makes.
func (o *Behind) DeepCopyObject() any { return o }

// BehindList is a list.
type BehindList struct {
	metav1.TypeMeta
	metav1.ListMeta
	Items []Behind
}

// DeepCopyObject stands for what deepcopy-gen makes.
func (o *BehindList) DeepCopyObject() any { return o }

// Twice is right but for its tags.
//
// +genclient
// +genclient
// +genclient:onlyVerbs=get
// +genclient:onlyVerbs=list,get
// +resourceName=a
// +resourceName=b
type Twice struct {
	metav1.TypeMeta
	metav1.ObjectMeta
}

// DeepCopyObject stands for what deepcopy-gen makes.
func (o *Twice) DeepCopyObject() any { return o }

// TwiceList is a list.
type TwiceList struct {
	metav1.TypeMeta
	metav1.ListMeta
	Items []Twice
}

// DeepCopyObject stands for what deepcopy-gen makes.
func (o *TwiceList) DeepCopyObject() any { return o }

// Verbs is right but for its tags.
//
// +genclient
// +genclient:onlyVerbs=lsit,get,get,explode
type Verbs struct {
	metav1.TypeMeta
	metav1.ObjectMeta
}

// DeepCopyObject stands for what deepcopy-gen makes.
func (o *Verbs) DeepCopyObject() any { return o }

// VerbsList is a list.
type VerbsList struct {
	metav1.TypeMeta
	metav1.ListMeta
	Items []Verbs
}

// DeepCopyObject stands for what deepcopy-gen makes.
func (o *VerbsList) DeepCopyObject() any { return o }

// NoVerb is right but for its tags.
//
// +genclient
// +genclient:skipVerbs=
type NoVerb struct {
	metav1.TypeMeta
	metav1.ObjectMeta
}

// DeepCopyObject stands for what deepcopy-gen makes.
func (o *NoVerb) DeepCopyObject() any { return o }

// NoVerbList is a list.
type NoVerbList struct {
	metav1.TypeMeta
	metav1.ListMeta
	Items []NoVerb
}

// DeepCopyObject stands for what deepcopy-gen makes.
func (o *NoVerbList) DeepCopyObject() any { return o }

// Both is right but for its tags.
//
// +genclient
// +genclient:onlyVerbs=get
// +genclient:skipVerbs=list
// +genclient:readonly
type Both struct {
	metav1.TypeMeta
	metav1.ObjectMeta
}

// DeepCopyObject stands for what deepcopy-gen makes.
func (o *Both) DeepCopyObject() any { return o }

// BothList is a list.
type BothList struct {
	metav1.TypeMeta
	metav1.ListMeta
	Items []Both
}

// DeepCopyObject stands for what deepcopy-gen makes.
func (o *BothList) DeepCopyObject() any { return o }

// None is right but for its tags.
//
// +genclient
// +genclient:noVerbs
// +genclient:skipVerbs=list
// +genclient:method=Foo,verb=get
type None struct {
	metav1.TypeMeta
	metav1.ObjectMeta
}

// DeepCopyObject stands for what deepcopy-gen makes.
func (o *None) DeepCopyObject() any { return o }

// NoneList is a list.
type NoneList struct {
	metav1.TypeMeta
	metav1.ListMeta
	Items []None
}

// DeepCopyObject stands for what deepcopy-gen makes.
func (o *NoneList) DeepCopyObject() any { return o }

// Old is right but for its tags.
//
// +genclient
// +nonNamespaced=true
// +readonly
type Old struct {
	metav1.TypeMeta
	metav1.ObjectMeta
}

// DeepCopyObject stands for what deepcopy-gen makes.
func (o *Old) DeepCopyObject() any { return o }

// OldList is a list.
type OldList struct {
	metav1.TypeMeta
	metav1.ListMeta
	Items []Old
}

// DeepCopyObject stands for what deepcopy-gen makes.
func (o *OldList) DeepCopyObject() any { return o }

// Resource is right but for its tags.
//
// +genclient
// +resourceName=Cron_Tabs
type Resource struct {
	metav1.TypeMeta
	metav1.ObjectMeta
}

// DeepCopyObject stands for what deepcopy-gen makes.
func (o *Resource) DeepCopyObject() any { return o }

// ResourceList is a list.
type ResourceList struct {
	metav1.TypeMeta
	metav1.ListMeta
	Items []Resource
}

// DeepCopyObject stands for what deepcopy-gen makes.
func (o *ResourceList) DeepCopyObject() any { return o }

// Effectless is right but for its tags.
//
// +genclient:noStatus
// +resourceName=effectless
type Effectless struct {
	metav1.TypeMeta
	metav1.ObjectMeta
}

// DeepCopyObject stands for what deepcopy-gen makes.
func (o *Effectless) DeepCopyObject() any { return o }

// EffectlessList is a list.
type EffectlessList struct {
	metav1.TypeMeta
	metav1.ListMeta
	Items []Effectless
}

// DeepCopyObject stands for what deepcopy-gen makes.
func (o *EffectlessList) DeepCopyObject() any { return o }

// +genclient:nonNamespaced

// Between is a comment between the tag and the type.

// Stray has a tag too far above it.
//
// +genclient
type Stray struct {
	metav1.TypeMeta
	metav1.ObjectMeta

	// +genclient
	Field string // +genclient
}

// DeepCopyObject stands for what deepcopy-gen makes.
func (o *Stray) DeepCopyObject() any { return o }

// StrayList is a list.
type StrayList struct {
	metav1.TypeMeta
	metav1.ListMeta
	Items []Stray
}

// DeepCopyObject stands for what deepcopy-gen makes.
//
// +genclient
func (o *StrayList) DeepCopyObject() any { return o }

/*
+genclient:noStatus is prose in a block comment.
*/
