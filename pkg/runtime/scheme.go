package runtime

import (
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	utilruntime "k8s.io/apimachinery/pkg/util/runtime"
)

// NewScheme returns a scheme that holds the types which addToScheme registers,
// and the options, Status and watch events of meta/v1. It panics if two types
// claim one name: the packages then do not fit together, and no call could be
// right.
func NewScheme(addToScheme ...func(*runtime.Scheme) error) *runtime.Scheme {
	scheme := runtime.NewScheme()
	metav1.AddToGroupVersion(scheme, schema.GroupVersion{Version: "v1"})
	for _, add := range addToScheme {
		utilruntime.Must(add(scheme))
	}
	return scheme
}
