package discovery

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/runtime/serializer"
	"k8s.io/apimachinery/pkg/version"

	"github.com/kubewright/kubewright/pkg/rest"
)

const (
	// defaultTimeout bounds each request, since servers of aggregated APIs may hang.
	defaultTimeout = 32 * time.Second
	// defaultBurst lets all documents of a server with many groups be read at once.
	defaultBurst = 300
	// maxBytes bounds a document: the aggregated one of a server with a thousand custom resources has 1 MiB.
	maxBytes = 64 << 20
	// defaultLegacyPrefix is where the core group is.
	defaultLegacyPrefix = "/api"
)

// DiscoveryClient implements DiscoveryInterfaces. It keeps nothing: each call asks the server. Its fields may be set before it
// is used.
type DiscoveryClient struct {
	restClient rest.Interface

	// LegacyPrefix is the path of the core group; empty means that there is none.
	LegacyPrefix string
	// UseLegacyDiscovery asks for one document per group and version, never for the aggregated one.
	UseLegacyDiscovery bool
	// NoPeerDiscovery asks for what the one API server that answers serves, without what it knows of its peers.
	NoPeerDiscovery bool
}

var _ DiscoveryInterfaces = (*DiscoveryClient)(nil)

// NewDiscoveryClient returns a client that sends its requests through c, which must decode the types of apimachinery's meta/v1.
func NewDiscoveryClient(c rest.Interface) *DiscoveryClient {
	return &DiscoveryClient{restClient: c, LegacyPrefix: defaultLegacyPrefix}
}

// NewDiscoveryClientForConfig returns a client for the server that c names. Where c sets no Timeout it is 32 seconds, and
// where it sets no Burst that is 300.
func NewDiscoveryClientForConfig(c *rest.Config) (*DiscoveryClient, error) {
	config := configFor(c)
	httpClient, err := rest.HTTPClientFor(config)
	if err != nil {
		return nil, err
	}
	return NewDiscoveryClientForConfigAndClient(config, httpClient)
}

// NewDiscoveryClientForConfigAndClient is NewDiscoveryClientForConfig with an http.Client, which wins over what c says about
// connections and credentials.
func NewDiscoveryClientForConfigAndClient(c *rest.Config, httpClient *http.Client) (*DiscoveryClient, error) {
	client, err := rest.UnversionedRESTClientForConfigAndClient(configFor(c), httpClient)
	if err != nil {
		return nil, err
	}
	return NewDiscoveryClient(client), nil
}

// NewDiscoveryClientForConfigOrDie is NewDiscoveryClientForConfig that panics on an error.
func NewDiscoveryClientForConfigOrDie(c *rest.Config) *DiscoveryClient {
	client, err := NewDiscoveryClientForConfig(c)
	if err != nil {
		panic(err)
	}
	return client
}

func configFor(c *rest.Config) *rest.Config {
	config := rest.CopyConfig(c)
	config.APIPath = ""
	config.GroupVersion = nil
	if config.Timeout == 0 {
		config.Timeout = defaultTimeout
	}
	if config.Burst == 0 {
		config.Burst = defaultBurst
	}
	if config.UserAgent == "" {
		config.UserAgent = rest.DefaultKubernetesUserAgent()
	}
	// Discovery documents are of meta/v1, which is all that this scheme knows: no API group gets linked in.
	scheme := runtime.NewScheme()
	metav1.AddToGroupVersion(scheme, schema.GroupVersion{Version: "v1"})
	config.NegotiatedSerializer = serializer.NewCodecFactory(scheme).WithoutConversion()
	config.ContentType, config.AcceptContentTypes = runtime.ContentTypeJSON, runtime.ContentTypeJSON
	return config
}

// RESTClient returns what the requests are sent through; nil for a nil client.
func (d *DiscoveryClient) RESTClient() rest.Interface {
	if d == nil {
		return nil
	}
	return d.restClient
}

// WithLegacyWithContext implements DiscoveryInterfaceWithContext: a copy with UseLegacyDiscovery.
func (d *DiscoveryClient) WithLegacyWithContext(context.Context) DiscoveryInterfaceWithContext {
	return d.withLegacy()
}

func (d *DiscoveryClient) withLegacy() *DiscoveryClient {
	legacy := *d
	legacy.UseLegacyDiscovery = true
	return &legacy
}

// ServerVersionWithContext implements DiscoveryInterfaceWithContext.
func (d *DiscoveryClient) ServerVersionWithContext(ctx context.Context) (*version.Info, error) {
	body, err := d.restClient.Get().AbsPath("/version").MaxBodyBytes(maxBytes).DoRaw(ctx)
	if err != nil {
		return nil, err
	}
	var info version.Info
	if err := json.Unmarshal(body, &info); err != nil {
		return nil, fmt.Errorf("unable to parse the server version: %w", err)
	}
	return &info, nil
}
