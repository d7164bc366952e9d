package rest

import (
	"errors"
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"

	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/types"

	"github.com/kubewright/kubewright/pkg/flowcontrol"
	"github.com/kubewright/kubewright/pkg/metrics"
	"github.com/kubewright/kubewright/pkg/rest/internal/codec"
)

// RESTClient begins requests to one group and version of an API. It is safe for concurrent use, and everything but Client
// is fixed at construction.
type RESTClient struct {
	// Client sends the requests; nil means one that uses http.DefaultTransport. It must not be changed once requests
	// are being sent. A client without CheckRedirect follows no redirects here.
	Client *http.Client

	base     *url.URL // scheme, user and host; the path is in the roots
	baseRoot root     // what an AbsPath is below
	apiRoot  root     // what all other paths are below
	content  content
	version  schema.GroupVersion
	limiter  flowcontrol.RateLimiter
	warnings WarningHandlerWithContext // nil means the default handler
	jsonOnly atomic.Bool               // the server did not take another content type
}

// NewRESTClient returns a client of the API that is at versionedAPIPath below baseURL. A nil rateLimiter means no limit, a
// nil client one that uses http.DefaultTransport.
func NewRESTClient(baseURL *url.URL, versionedAPIPath string, config ClientContentConfig, rateLimiter flowcontrol.RateLimiter, client *http.Client) (*RESTClient, error) {
	metrics.EnsureRegistered()
	if baseURL == nil {
		return nil, errors.New("a RESTClient needs the server's base URL, got nil")
	}
	base := &url.URL{Scheme: baseURL.Scheme, User: baseURL.User, Host: baseURL.Host}
	baseRoot := root{path: strings.TrimRight(baseURL.Path, "/"), raw: strings.TrimRight(baseURL.RawPath, "/")}
	segments, err := splitPath("API path", []string{versionedAPIPath})
	if err != nil {
		return nil, err
	}
	c := &RESTClient{
		base:     base,
		baseRoot: baseRoot,
		apiRoot:  baseRoot.child(joinPath("", segments, false, nil)),
		content:  newContent(config),
		version:  config.GroupVersion,
		limiter:  rateLimiter,
	}
	if client != nil {
		c.Client = withoutRedirects(client)
	}
	return c, nil
}

// RESTClientFor returns a client for config, with a rate limiter of its own; connections are shared as HTTPClientFor says.
// config needs GroupVersion and NegotiatedSerializer.
func RESTClientFor(config *Config) (*RESTClient, error) {
	if config.GroupVersion == nil {
		return nil, errNoGroupVersion
	}
	return UnversionedRESTClientFor(config)
}

// RESTClientForConfigAndClient is RESTClientFor with an http.Client, which clients for several APIs can share. It wins over
// everything that config says about connections and credentials.
func RESTClientForConfigAndClient(config *Config, httpClient *http.Client) (*RESTClient, error) {
	if config.GroupVersion == nil {
		return nil, errNoGroupVersion
	}
	return UnversionedRESTClientForConfigAndClient(config, httpClient)
}

// UnversionedRESTClientFor is RESTClientFor for a config that may have no GroupVersion.
func UnversionedRESTClientFor(config *Config) (*RESTClient, error) {
	if config.NegotiatedSerializer == nil {
		return nil, errNoSerializer
	}
	httpClient, err := HTTPClientFor(config)
	if err != nil {
		return nil, err
	}
	return UnversionedRESTClientForConfigAndClient(config, httpClient)
}

// UnversionedRESTClientForConfigAndClient is RESTClientForConfigAndClient for a config that may have no GroupVersion.
func UnversionedRESTClientForConfigAndClient(config *Config, httpClient *http.Client) (*RESTClient, error) {
	if config.NegotiatedSerializer == nil {
		return nil, errNoSerializer
	}
	base, apiPath, err := DefaultServerUrlFor(config)
	if err != nil {
		return nil, err
	}
	var gv schema.GroupVersion
	if config.GroupVersion != nil {
		gv = *config.GroupVersion
	}
	limiter, err := rateLimiterFor(config)
	if err != nil {
		return nil, err
	}
	client, err := NewRESTClient(base, apiPath, ClientContentConfig{
		AcceptContentTypes: config.AcceptContentTypes,
		ContentType:        config.ContentType,
		GroupVersion:       gv,
		Negotiator:         runtime.NewClientNegotiator(codec.Faster(config.NegotiatedSerializer), gv),
	}, limiter, httpClient)
	if err != nil {
		return nil, err
	}
	client.warnings = warningHandlerOf(config)
	return client, nil
}

var (
	errNoGroupVersion = errors.New("a RESTClient needs Config.GroupVersion: set it, or use UnversionedRESTClientFor")
	errNoSerializer   = errors.New("a RESTClient needs Config.NegotiatedSerializer: set it to the WithoutConversion() of a codec factory")
)

// rateLimiterFor returns the limiter that config asks for; nil means no limit.
func rateLimiterFor(config *Config) (flowcontrol.RateLimiter, error) {
	qps, burst := config.QPS, config.Burst
	switch {
	case config.RateLimiter != nil:
		return config.RateLimiter, nil
	case qps < 0:
		return nil, nil
	case burst < 0:
		return nil, errors.New("Config.Burst is negative: set it to the number of requests that may be sent at once, or QPS to -1 for no limit")
	}
	if qps == 0 {
		qps = DefaultQPS
	}
	if burst == 0 {
		burst = DefaultBurst
	}
	return flowcontrol.NewTokenBucketRateLimiter(qps, burst), nil
}

// GetRateLimiter returns the limiter that requests wait for; nil means none.
func (c *RESTClient) GetRateLimiter() flowcontrol.RateLimiter {
	if c == nil {
		return nil
	}
	return c.limiter
}

// Verb begins a request with any HTTP method.
func (c *RESTClient) Verb(verb string) *Request { return NewRequest(c).Verb(verb) }

// Post begins a POST request.
func (c *RESTClient) Post() *Request { return c.Verb(http.MethodPost) }

// Put begins a PUT request.
func (c *RESTClient) Put() *Request { return c.Verb(http.MethodPut) }

// Patch begins a PATCH request whose body is of type pt.
func (c *RESTClient) Patch(pt types.PatchType) *Request {
	return c.Verb(http.MethodPatch).SetHeader(contentTypeHeader, string(pt))
}

// Get begins a GET request.
func (c *RESTClient) Get() *Request { return c.Verb(http.MethodGet) }

// Delete begins a DELETE request.
func (c *RESTClient) Delete() *Request { return c.Verb(http.MethodDelete) }

// APIVersion is the group and version that c is for.
func (c *RESTClient) APIVersion() schema.GroupVersion { return c.version }
