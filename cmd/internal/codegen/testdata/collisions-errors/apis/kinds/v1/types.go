// Package v1 is input.
//
// +groupName=kinds.example.com
package v1

import metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

// SchemeGroupVersion, AddToScheme and Resource stand for what register-gen makes.
var SchemeGroupVersion, AddToScheme, Resource = 1, 2, 3

// CronTab is right but for its tags.
//
// +genclient
type CronTab struct {
	metav1.TypeMeta
	metav1.ObjectMeta
}

// DeepCopyObject stands for what deepcopy-gen makes.
func (o *CronTab) DeepCopyObject() any { return o }

// CronTabList is a list.
type CronTabList struct {
	metav1.TypeMeta
	metav1.ListMeta
	Items []CronTab
}

// DeepCopyObject stands for what deepcopy-gen makes.
func (o *CronTabList) DeepCopyObject() any { return o }

// Crontab is right but for its tags.
//
// +genclient
type Crontab struct {
	metav1.TypeMeta
	metav1.ObjectMeta
}

// DeepCopyObject stands for what deepcopy-gen makes.
func (o *Crontab) DeepCopyObject() any { return o }

// CrontabList is a list.
type CrontabList struct {
	metav1.TypeMeta
	metav1.ListMeta
	Items []Crontab
}

// DeepCopyObject stands for what deepcopy-gen makes.
func (o *CrontabList) DeepCopyObject() any { return o }

// Policy is right but for its tags.
//
// +genclient
type Policy struct {
	metav1.TypeMeta
	metav1.ObjectMeta
}

// DeepCopyObject stands for what deepcopy-gen makes.
func (o *Policy) DeepCopyObject() any { return o }

// PolicyList is a list.
type PolicyList struct {
	metav1.TypeMeta
	metav1.ListMeta
	Items []Policy
}

// DeepCopyObject stands for what deepcopy-gen makes.
func (o *PolicyList) DeepCopyObject() any { return o }

// Policie is right but for its tags.
//
// +genclient
type Policie struct {
	metav1.TypeMeta
	metav1.ObjectMeta
}

// DeepCopyObject stands for what deepcopy-gen makes.
func (o *Policie) DeepCopyObject() any { return o }

// PolicieList is a list.
type PolicieList struct {
	metav1.TypeMeta
	metav1.ListMeta
	Items []Policie
}

// DeepCopyObject stands for what deepcopy-gen makes.
func (o *PolicieList) DeepCopyObject() any { return o }

// Alpha is right but for its tags.
//
// +genclient
type Alpha struct {
	metav1.TypeMeta
	metav1.ObjectMeta
}

// DeepCopyObject stands for what deepcopy-gen makes.
func (o *Alpha) DeepCopyObject() any { return o }

// AlphaList is a list.
type AlphaList struct {
	metav1.TypeMeta
	metav1.ListMeta
	Items []Alpha
}

// DeepCopyObject stands for what deepcopy-gen makes.
func (o *AlphaList) DeepCopyObject() any { return o }

// Beta is right but for its tags.
//
// +genclient
// +resourceName=alphas
type Beta struct {
	metav1.TypeMeta
	metav1.ObjectMeta
}

// DeepCopyObject stands for what deepcopy-gen makes.
func (o *Beta) DeepCopyObject() any { return o }

// BetaList is a list.
type BetaList struct {
	metav1.TypeMeta
	metav1.ListMeta
	Items []Beta
}

// DeepCopyObject stands for what deepcopy-gen makes.
func (o *BetaList) DeepCopyObject() any { return o }

// Gamma is right but for its tags.
//
// +genclient
type Gamma struct {
	metav1.TypeMeta
	metav1.ObjectMeta
}

// DeepCopyObject stands for what deepcopy-gen makes.
func (o *Gamma) DeepCopyObject() any { return o }

// GammaList is a list.
type GammaList struct {
	metav1.TypeMeta
	metav1.ListMeta
	Items []Gamma
}

// DeepCopyObject stands for what deepcopy-gen makes.
func (o *GammaList) DeepCopyObject() any { return o }

// GammaIndex is right but for its tags.
//
// +genclient
type GammaIndex struct {
	metav1.TypeMeta
	metav1.ObjectMeta
}

// DeepCopyObject stands for what deepcopy-gen makes.
func (o *GammaIndex) DeepCopyObject() any { return o }

// GammaIndexList is a list.
type GammaIndexList struct {
	metav1.TypeMeta
	metav1.ListMeta
	Items []GammaIndex
}

// DeepCopyObject stands for what deepcopy-gen makes.
func (o *GammaIndexList) DeepCopyObject() any { return o }

// KindsV1 is right but for its tags.
//
// +genclient
// +genclient:skipVerbs=watch
type KindsV1 struct {
	metav1.TypeMeta
	metav1.ObjectMeta
}

// DeepCopyObject stands for what deepcopy-gen makes.
func (o *KindsV1) DeepCopyObject() any { return o }

// KindsV1List is a list.
type KindsV1List struct {
	metav1.TypeMeta
	metav1.ListMeta
	Items []KindsV1
}

// DeepCopyObject stands for what deepcopy-gen makes.
func (o *KindsV1List) DeepCopyObject() any { return o }
