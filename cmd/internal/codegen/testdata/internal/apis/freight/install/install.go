// Package install adds all versions of the group to a scheme.
package install

import (
	"k8s.io/apimachinery/pkg/runtime"
	utilruntime "k8s.io/apimachinery/pkg/util/runtime"

	internal "github.com/kubewright/kubewright/cmd/internal/codegen/testdata/internal/apis/freight"
	v1 "github.com/kubewright/kubewright/cmd/internal/codegen/testdata/internal/apis/freight/v1"
)

// Install adds the internal and the external version.
func Install(scheme *runtime.Scheme) {
	utilruntime.Must(internal.AddToScheme(scheme))
	utilruntime.Must(v1.AddToScheme(scheme))
	utilruntime.Must(scheme.SetVersionPriority(v1.SchemeGroupVersion))
}
