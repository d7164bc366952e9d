// +groupName=opts.example.com
// +k8s:client-gen=true
// +k8s:client-gen=false
// +k8s:deepcopy-gne=package
// +k8s:deepcpy-gen=package
// +k8s:nothing-like-a-gen=x
// +k8s:openapi-gen=true
package v1

import metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

// SchemeGroupVersion and AddToScheme stand for what register-gen makes.
var SchemeGroupVersion, AddToScheme = 1, 2

// Opt is named in --included-types-overrides with a wrong letter, Other without having +genclient.
//
// +genclient
// +genclient:onlyVerbs=get
type Opt struct {
	metav1.TypeMeta
	metav1.ObjectMeta
}

// DeepCopyObject stands for what deepcopy-gen makes.
func (o *Opt) DeepCopyObject() any { return o }

// Other has no client.
type Other struct{}
