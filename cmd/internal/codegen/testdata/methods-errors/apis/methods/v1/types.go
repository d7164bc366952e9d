// Package v1 is input.
//
// +groupName=methods.example.com
package v1

import metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

// SchemeGroupVersion, AddToScheme and Resource stand for what register-gen makes.
var SchemeGroupVersion, AddToScheme, Resource = 1, 2, 3

// Wrong is right but for its tags.
//
// +genclient
// +genclient:method=
// +genclient:method
// +genclient:method=lower,verb=get
// +genclient:method=NoVerb
// +genclient:method=NoVerbValue,verb=
// +genclient:method=Unknown,verb=explode
// +genclient:method=Misspelled,verb=udpate
// +genclient:method=Watcher,verb=watch
// +genclient:method=Deleter,verb=delete
// +genclient:method=Key,verb=get,subresuorce=scale
// +genclient:method=Key2,verb=get,colour=red
// +genclient:method=Pair,verb=get,subresource
// +genclient:method=Double,verb=get,verb=update
// +genclient:method=Input,verb=get,input=Wrong
// +genclient:method=Path,verb=get,subresource=a/b
// +genclient:method=Same,verb=get
// +genclient:method=Same,verb=update
// +genclient:method=Get,verb=get
// +genclient:method=Result,verb=get,result=Wrnog
// +genclient:method=Result2,verb=get,result=k8s.io/api/autoscaling/v1.Scael
// +genclient:method=Result3,verb=get,result=example.com/not/there.Scale
// +genclient:method=NoList,verb=list,result=Part
// +genclient:method=NoName,verb=update,input=Part
// +genclient:method=Fine,verb=update,subresource=part,input=Part
type Wrong struct {
	metav1.TypeMeta
	metav1.ObjectMeta
}

// DeepCopyObject stands for what deepcopy-gen makes.
func (o *Wrong) DeepCopyObject() any { return o }

// WrongList is a list.
type WrongList struct {
	metav1.TypeMeta
	metav1.ListMeta
	Items []Wrong
}

// DeepCopyObject stands for what deepcopy-gen makes.
func (o *WrongList) DeepCopyObject() any { return o }

// Part has neither metadata nor a list.
type Part struct {
	metav1.TypeMeta
}
