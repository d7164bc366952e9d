package v1

import (
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// Thing has every kind of additional method. ApplyScale is left out: it needs apply configurations.
//
// +genclient
// +genclient:method=CreatePlain,verb=create
// +genclient:method=CreateSub,verb=create,subresource=sub
// +genclient:method=CreateOwn,verb=create,input=Own,result=Own
// +genclient:method=CreateOwnSub,verb=create,subresource=sub,input=Own,result=Own
// +genclient:method=CreateOther,verb=create,input=k8s.io/api/autoscaling/v1.Scale,result=k8s.io/api/autoscaling/v1.Scale
// +genclient:method=CreateOtherSub,verb=create,subresource=sub,input=k8s.io/api/autoscaling/v1.Scale,result=k8s.io/api/autoscaling/v1.Scale
// +genclient:method=UpdatePlain,verb=update
// +genclient:method=UpdateSub,verb=update,subresource=sub
// +genclient:method=UpdateOwn,verb=update,input=Own,result=Own
// +genclient:method=UpdateOwnSub,verb=update,subresource=sub,input=Own,result=Own
// +genclient:method=UpdateOther,verb=update,input=k8s.io/api/autoscaling/v1.Scale,result=k8s.io/api/autoscaling/v1.Scale
// +genclient:method=UpdateOtherSub,verb=update,subresource=sub,input=k8s.io/api/autoscaling/v1.Scale,result=k8s.io/api/autoscaling/v1.Scale
// +genclient:method=GetPlain,verb=get
// +genclient:method=GetSub,verb=get,subresource=sub
// +genclient:method=GetOwn,verb=get,result=Own
// +genclient:method=GetOwnSub,verb=get,subresource=sub,result=Own
// +genclient:method=GetOther,verb=get,result=k8s.io/api/autoscaling/v1.Scale
// +genclient:method=GetOtherSub,verb=get,subresource=sub,result=k8s.io/api/autoscaling/v1.Scale
// +genclient:method=ListPlain,verb=list
// +genclient:method=ListSub,verb=list,subresource=sub
// +genclient:method=ListOwn,verb=list,result=Own
// +genclient:method=ListOwnSub,verb=list,subresource=sub,result=Own
// +genclient:method=ListOther,verb=list,result=k8s.io/api/autoscaling/v2.HorizontalPodAutoscaler
// +genclient:method=ListOtherSub,verb=list,subresource=sub,result=k8s.io/api/autoscaling/v2.HorizontalPodAutoscaler
// +genclient:method=PatchPlain,verb=patch
// +genclient:method=PatchSub,verb=patch,subresource=sub
// +genclient:method=PatchOwn,verb=patch,result=Own
// +genclient:method=PatchOwnSub,verb=patch,subresource=sub,result=Own
// +genclient:method=PatchOther,verb=patch,result=k8s.io/api/autoscaling/v1.Scale
// +genclient:method=PatchOtherSub,verb=patch,subresource=sub,result=k8s.io/api/autoscaling/v1.Scale
// +genclient:method=ApplyScale,verb=apply,subresource=scale,input=k8s.io/api/autoscaling/v1.Scale,result=k8s.io/api/autoscaling/v1.Scale
// +k8s:deepcopy-gen:interfaces=k8s.io/apimachinery/pkg/runtime.Object
type Thing struct {
	metav1.TypeMeta   `json:",inline"`
	metav1.ObjectMeta `json:"metadata,omitempty"`
}

// ThingList is a list of Thing objects.
//
// +k8s:deepcopy-gen:interfaces=k8s.io/apimachinery/pkg/runtime.Object
type ThingList struct {
	metav1.TypeMeta `json:",inline"`
	metav1.ListMeta `json:"metadata,omitempty"`

	Items []Thing `json:"items"`
}

// Own is an input and a result. Its methods have the names of verbs that it does not have.
//
// +genclient
// +genclient:nonNamespaced
// +genclient:onlyVerbs=get
// +genclient:method=Update,verb=update
// +genclient:method=List,verb=list
// +k8s:deepcopy-gen:interfaces=k8s.io/apimachinery/pkg/runtime.Object
type Own struct {
	metav1.TypeMeta   `json:",inline"`
	metav1.ObjectMeta `json:"metadata,omitempty"`
}

// OwnList is a list of Own objects.
//
// +k8s:deepcopy-gen:interfaces=k8s.io/apimachinery/pkg/runtime.Object
type OwnList struct {
	metav1.TypeMeta `json:",inline"`
	metav1.ListMeta `json:"metadata,omitempty"`

	Items []Own `json:"items"`
}
