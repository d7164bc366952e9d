// Package install registers all versions of the API group client.authentication.k8s.io.
package install

import (
	"k8s.io/apimachinery/pkg/runtime"
	utilruntime "k8s.io/apimachinery/pkg/util/runtime"

	"github.com/kubewright/kubewright/pkg/apis/clientauthentication"
	v1 "github.com/kubewright/kubewright/pkg/apis/clientauthentication/v1"
	"github.com/kubewright/kubewright/pkg/apis/clientauthentication/v1beta1"
)

// Install registers the types of the group, their conversions and defaults. v1 is preferred to v1beta1.
func Install(scheme *runtime.Scheme) {
	utilruntime.Must(clientauthentication.AddToScheme(scheme))
	utilruntime.Must(v1.AddToScheme(scheme))
	utilruntime.Must(v1beta1.AddToScheme(scheme))
	utilruntime.Must(scheme.SetVersionPriority(v1.SchemeGroupVersion, v1beta1.SchemeGroupVersion))
}
