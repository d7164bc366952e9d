package rest

import (
	"context"
	"io"
	"net/http"

	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/types"

	"github.com/kubewright/kubewright/pkg/flowcontrol"
)

// Interface begins requests to an API. Implementations are safe for concurrent use.
type Interface interface {
	// GetRateLimiter returns the limiter that requests wait for; nil means none.
	GetRateLimiter() flowcontrol.RateLimiter
	// Verb begins a request with any HTTP method.
	Verb(verb string) *Request
	Post() *Request
	Put() *Request
	// Patch begins a PATCH whose body is of the given type, which becomes its Content-Type.
	Patch(pt types.PatchType) *Request
	Get() *Request
	Delete() *Request
	// APIVersion is the group and version that the client is for.
	APIVersion() schema.GroupVersion
}

// HTTPClient is the part of *http.Client that tests tend to replace.
type HTTPClient interface {
	Do(req *http.Request) (*http.Response, error)
}

// ResponseWrapper is a request that is ready to be sent for its body.
type ResponseWrapper interface {
	// DoRaw returns the whole body.
	DoRaw(context.Context) ([]byte, error)
	// Stream returns the body to be read and closed by the caller.
	Stream(context.Context) (io.ReadCloser, error)
}

// AuthProviderConfigPersister stores the configuration of one credential plugin.
type AuthProviderConfigPersister interface {
	Persist(map[string]string) error
}

var (
	_ Interface       = (*RESTClient)(nil)
	_ ResponseWrapper = (*Request)(nil)
)
