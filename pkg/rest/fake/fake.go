// Package fake has a client for tests that sends no request over the network: a function, or a fixed response, answers.
//
//	code under test ──▶ RESTClient ──▶ rest.Request ──▶ Err, else Client, else Resp
//
// Requests are built, and answers decoded, as by the real client.
package fake

import (
	"errors"
	"net/http"
	"net/url"

	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/types"

	"github.com/kubewright/kubewright/pkg/flowcontrol"
	"github.com/kubewright/kubewright/pkg/rest"
)

// CreateHTTPClient returns an http.Client whose requests roundTripper answers.
func CreateHTTPClient(roundTripper func(*http.Request) (*http.Response, error)) *http.Client {
	return &http.Client{Transport: roundTripFunc(roundTripper)}
}

type roundTripFunc func(*http.Request) (*http.Response, error)

func (f roundTripFunc) RoundTrip(req *http.Request) (*http.Response, error) { return f(req) }

// RESTClient is a rest.Interface. Its fields are set before requests are sent; since Req records them, requests are sent one
// at a time.
type RESTClient struct {
	// NegotiatedSerializer encodes and decodes objects, as JSON unless a response says otherwise.
	NegotiatedSerializer runtime.NegotiatedSerializer
	GroupVersion         schema.GroupVersion
	// VersionedAPIPath is the path that requests are below, such as "/api/v1".
	VersionedAPIPath string

	// Err, if set, is what all requests fail with: nothing else happens then.
	Err error
	// Req is the last request that was sent.
	Req *http.Request
	// Client, if set, answers the requests.
	Client *http.Client
	// Resp answers the requests if there is no Client. Its body can be read once.
	Resp *http.Response
}

var _ rest.Interface = (*RESTClient)(nil)

// GetRateLimiter returns nil: there is no limit.
func (c *RESTClient) GetRateLimiter() flowcontrol.RateLimiter { return nil }

// APIVersion returns GroupVersion.
func (c *RESTClient) APIVersion() schema.GroupVersion { return c.GroupVersion }

// Get begins a GET request.
func (c *RESTClient) Get() *rest.Request { return c.Verb(http.MethodGet) }

// Put begins a PUT request.
func (c *RESTClient) Put() *rest.Request { return c.Verb(http.MethodPut) }

// Patch begins a PATCH request whose body is of type pt.
func (c *RESTClient) Patch(pt types.PatchType) *rest.Request {
	return c.Verb(http.MethodPatch).SetHeader("Content-Type", string(pt))
}

// Post begins a POST request.
func (c *RESTClient) Post() *rest.Request { return c.Verb(http.MethodPost) }

// Delete begins a DELETE request.
func (c *RESTClient) Delete() *rest.Request { return c.Verb(http.MethodDelete) }

// Verb begins a request with any HTTP method.
func (c *RESTClient) Verb(verb string) *rest.Request { return c.Request().Verb(verb) }

// Request begins a request that has no method yet.
func (c *RESTClient) Request() *rest.Request {
	content := rest.ClientContentConfig{ContentType: runtime.ContentTypeJSON, GroupVersion: c.GroupVersion}
	if c.NegotiatedSerializer != nil {
		content.Negotiator = runtime.NewClientNegotiator(c.NegotiatedSerializer, c.GroupVersion)
	}
	base := &url.URL{Scheme: "https", Host: "localhost"}
	return rest.NewRequestWithClient(base, c.VersionedAPIPath, content, CreateHTTPClient(c.roundTrip))
}

// roundTrip answers a request.
func (c *RESTClient) roundTrip(req *http.Request) (*http.Response, error) {
	if c.Err != nil {
		return nil, c.Err
	}
	c.Req = req
	switch {
	case c.Client != nil:
		return c.Client.Do(req) //nolint:gosec // G704: the test that made the request also says who answers
	case c.Resp != nil:
		return c.Resp, nil
	}
	return nil, errors.New("this fake has no answer: set its Resp, Client or Err")
}
