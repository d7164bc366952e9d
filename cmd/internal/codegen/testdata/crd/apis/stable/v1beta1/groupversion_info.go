// The group is named in a file that is not doc.go, as kubebuilder does.
// +groupName=stable.example.com
package v1beta1

import (
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
)

// SchemeGroupVersion is the group and the version of this package.
var SchemeGroupVersion = schema.GroupVersion{Group: "stable.example.com", Version: "v1beta1"}

// Resource returns the group and the resource of an object of this package.
func Resource(resource string) schema.GroupResource {
	return SchemeGroupVersion.WithResource(resource).GroupResource()
}

// AddToScheme adds the types of this package to a scheme.
func AddToScheme(scheme *runtime.Scheme) error {
	scheme.AddKnownTypes(SchemeGroupVersion, &CronTab{}, &CronTabList{})
	metav1.AddToGroupVersion(scheme, SchemeGroupVersion)
	return nil
}
