package discovery

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"time"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
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
	// defaultLegacyPrefix is where the core group is.
	defaultLegacyPrefix = "/api"
)

// DiscoveryClient implements DiscoveryInterfaces. It keeps nothing: each call asks the server.
type DiscoveryClient struct {
	restClient rest.Interface

	// LegacyPrefix is the path of the core group; empty means that there is none.
	LegacyPrefix string
	// UseLegacyDiscovery asks for one document per group and version, as this version always does.
	UseLegacyDiscovery bool
}

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

// ServerVersionWithContext implements DiscoveryInterfaceWithContext.
func (d *DiscoveryClient) ServerVersionWithContext(ctx context.Context) (*version.Info, error) {
	body, err := d.restClient.Get().AbsPath("/version").DoRaw(ctx)
	if err != nil {
		return nil, err
	}
	var info version.Info
	if err := json.Unmarshal(body, &info); err != nil {
		return nil, fmt.Errorf("unable to parse the server version: %w", err)
	}
	return &info, nil
}

// ServerGroupsWithContext implements DiscoveryInterfaceWithContext. A server without core group, or with nothing but that,
// answers with 404 to one of the questions.
func (d *DiscoveryClient) ServerGroupsWithContext(ctx context.Context) (*metav1.APIGroupList, error) {
	groups := &metav1.APIGroupList{}
	if d.LegacyPrefix != "" {
		var core metav1.APIVersions
		err := d.get(ctx, &core, d.LegacyPrefix)
		if err != nil && !apierrors.IsNotFound(err) {
			return nil, fmt.Errorf("unable to discover the core group: %w", err)
		}
		if len(core.Versions) > 0 {
			groups.Groups = append(groups.Groups, coreGroup(core.Versions))
		}
	}
	var named metav1.APIGroupList
	err := d.get(ctx, &named, "/apis")
	if err != nil && !apierrors.IsNotFound(err) {
		return nil, fmt.Errorf("unable to discover API groups: %w", err)
	}
	groups.Groups = append(groups.Groups, named.Groups...)
	return groups, nil
}

func coreGroup(versions []string) metav1.APIGroup {
	group := metav1.APIGroup{}
	for _, v := range versions {
		group.Versions = append(group.Versions, metav1.GroupVersionForDiscovery{GroupVersion: v, Version: v})
	}
	group.PreferredVersion = group.Versions[0]
	return group
}

// ServerResourcesForGroupVersionWithContext implements DiscoveryInterfaceWithContext.
func (d *DiscoveryClient) ServerResourcesForGroupVersionWithContext(ctx context.Context, groupVersion string) (*metav1.APIResourceList, error) {
	gv, err := schema.ParseGroupVersion(groupVersion)
	if err != nil {
		return nil, err
	}
	if gv.Version == "" {
		return nil, fmt.Errorf("group version %q has no version: want <group>/<version>, or <version> for the core group", groupVersion)
	}
	path := []string{"apis", gv.Group, gv.Version}
	if gv.Group == "" {
		if d.LegacyPrefix == "" {
			return nil, fmt.Errorf("group version %q is of the core group, which this client does not know: its LegacyPrefix is empty", groupVersion)
		}
		path = []string{d.LegacyPrefix, gv.Version}
	}
	resources := &metav1.APIResourceList{}
	if err := d.get(ctx, resources, path...); err != nil {
		return nil, err
	}
	resources.GroupVersion = groupVersion
	return resources, nil
}

func (d *DiscoveryClient) get(ctx context.Context, into runtime.Object, path ...string) error {
	return d.restClient.Get().AbsPath(path...).Do(ctx).Into(into)
}
