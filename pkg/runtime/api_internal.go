package runtime

import (
	"sync"

	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/serializer"

	"github.com/kubewright/kubewright/pkg/rest"
)

// NewInternalAPI describes the internal version of a group to the clients generated for it. They take and return internal
// types; over the wire goes the external version that the scheme prefers, into and from which the scheme converts. install
// registers all versions of the group with their conversions, addToScheme other types; both run once, when the first client
// is made.
func NewInternalAPI(group, path string, install func(*runtime.Scheme), addToScheme ...func(*runtime.Scheme) error) *API {
	return &API{
		path: path,
		codecs: sync.OnceValue(func() codecs {
			scheme := NewScheme(append([]func(*runtime.Scheme) error{Installed(install)}, addToScheme...)...)
			internal := codecs{
				objects:    rest.CodecFactoryForGeneratedClient(scheme, serializer.NewCodecFactory(scheme)),
				parameters: runtime.NewParameterCodec(scheme),
			}
			if versions := scheme.PrioritizedVersionsForGroup(group); len(versions) > 0 {
				internal.groupVersion = versions[0]
			}
			return internal
		}),
	}
}

// Installed makes of a package's function Install what NewScheme takes.
func Installed(install func(*runtime.Scheme)) func(*runtime.Scheme) error {
	return func(scheme *runtime.Scheme) error {
		install(scheme)
		return nil
	}
}
