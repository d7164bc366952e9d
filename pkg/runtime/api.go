package runtime

import (
	"errors"
	"net/http"
	"sync"

	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/runtime/serializer"

	"github.com/kubewright/kubewright/pkg/rest"
)

// API describes one group version to the clients generated for it: where it is
// served, and the types that go over the wire. Each generated client package
// has one of its own, so that a program links the types of the groups it uses
// and of no others. It is immutable and safe for concurrent use.
type API struct {
	path   string
	codecs func() codecs
}

type codecs struct {
	groupVersion schema.GroupVersion
	objects      runtime.NegotiatedSerializer
	parameters   runtime.ParameterCodec
}

// NewAPI describes the group version that is served below path: "/apis", or
// "/api" for the legacy core group. addToScheme registers its types; it runs
// once, when the first client is made, and a conflict then panics.
func NewAPI(groupVersion schema.GroupVersion, path string, addToScheme ...func(*runtime.Scheme) error) *API {
	return &API{
		path: path,
		codecs: sync.OnceValue(func() codecs {
			scheme := NewScheme(addToScheme...)
			factory := rest.CodecFactoryForGeneratedClient(scheme, serializer.NewCodecFactory(scheme))
			return codecs{
				groupVersion: groupVersion,
				objects:      factory.WithoutConversion(),
				parameters:   runtime.NewParameterCodec(scheme),
			}
		}),
	}
}

// ParameterCodec turns options into the query parameters of requests.
func (a *API) ParameterCodec() runtime.ParameterCodec { return a.codecs().parameters }

// RESTClientFor returns a client for the group version with a rate limiter of its
// own. The config is not changed.
func (a *API) RESTClientFor(c *rest.Config) (rest.Interface, error) {
	config, err := a.configFor(c)
	if err != nil {
		return nil, err
	}
	return restClient(rest.RESTClientFor(config))
}

// RESTClientForConfigAndClient returns a client for the group version that
// sends through h, whose transport must already carry TLS and credentials. The
// config is not changed.
func (a *API) RESTClientForConfigAndClient(c *rest.Config, h *http.Client) (rest.Interface, error) {
	config, err := a.configFor(c)
	if err != nil {
		return nil, err
	}
	return restClient(rest.RESTClientForConfigAndClient(config, h))
}

// restClient keeps a nil *RESTClient from becoming an interface that is not nil.
func restClient(client *rest.RESTClient, err error) (rest.Interface, error) {
	if err != nil {
		return nil, err
	}
	return client, nil
}

func (a *API) configFor(c *rest.Config) (*rest.Config, error) {
	config, err := withUserAgent(c)
	if err != nil {
		return nil, err
	}
	codecs := a.codecs()
	if codecs.groupVersion.Empty() {
		return nil, errors.New("the API group has no external version in its scheme: its package install must add one")
	}
	config.GroupVersion = &codecs.groupVersion
	config.APIPath = a.path
	config.NegotiatedSerializer = codecs.objects
	return config, nil
}

// withUserAgent copies a config and names the program in it if the caller did not.
func withUserAgent(c *rest.Config) (*rest.Config, error) {
	if c == nil {
		return nil, errors.New("no rest.Config: pass one, for example from clientcmd.BuildConfigFromFlags or rest.InClusterConfig")
	}
	config := rest.CopyConfig(c)
	if config.UserAgent == "" {
		config.UserAgent = rest.DefaultKubernetesUserAgent()
	}
	return config, nil
}
