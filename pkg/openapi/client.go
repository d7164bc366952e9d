package openapi

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"k8s.io/apimachinery/pkg/runtime"

	"github.com/kubewright/kubewright/pkg/rest"
)

// ContentTypeOpenAPIV3PB asks for a document as message of gnostic's openapi_v3. The other content type of an API server
// is application/json.
const ContentTypeOpenAPIV3PB = "application/com.github.proto-openapi.spec.v3@v1.0+protobuf"

const (
	// maxIndexBytes bounds the list of documents: a line for each group version.
	maxIndexBytes = 16 << 20
	// maxDocumentBytes bounds a document. That of the built-in group with the largest has 2 MiB.
	maxDocumentBytes = 256 << 20
)

// ClientWithContext finds documents. Implementations are safe for concurrent use.
type ClientWithContext interface {
	// PathsWithContext returns the documents by names such as "apis/apps/v1" and "api/v1". The map is the caller's.
	PathsWithContext(ctx context.Context) (map[string]GroupVersionWithContext, error)
}

// GroupVersionWithContext is a document. Implementations are safe for concurrent use.
type GroupVersionWithContext interface {
	// SchemaWithContext returns the document in one of the forms that the server has, as it came.
	SchemaWithContext(ctx context.Context, contentType string) ([]byte, error)

	// ServerRelativeURL returns the path and query of the document. They name its content: another one has another hash.
	ServerRelativeURL() string
}

// NewClientWithContext returns a client that sends its requests through restClient. It keeps nothing.
func NewClientWithContext(restClient rest.Interface) ClientWithContext {
	return &client{restClient: restClient}
}

type client struct {
	restClient rest.Interface
}

// PathsWithContext implements ClientWithContext.
func (c *client) PathsWithContext(ctx context.Context) (map[string]GroupVersionWithContext, error) {
	return read[GroupVersionWithContext](ctx, c)
}

// read returns the documents as values of T, which *groupVersion implements.
func read[T any](ctx context.Context, c *client) (map[string]T, error) {
	body, err := c.restClient.Get().AbsPath("/openapi/v3").SetHeader("Accept", runtime.ContentTypeJSON+", */*").MaxBodyBytes(maxIndexBytes).DoRaw(ctx)
	if err != nil {
		return nil, err
	}
	var index struct {
		Paths map[string]struct {
			ServerRelativeURL string `json:"serverRelativeURL"`
		} `json:"paths"`
	}
	if err := json.Unmarshal(body, &index); err != nil {
		return nil, fmt.Errorf("unable to parse the list of OpenAPI documents: %w", err)
	}
	if index.Paths == nil {
		return nil, errors.New("the server's answer is no list of OpenAPI documents: it has no paths")
	}
	base := strings.TrimSuffix(c.restClient.Get().AbsPath("/").URL().Path, "/")
	paths := make(map[string]T, len(index.Paths))
	for name, document := range index.Paths {
		// rest.Request puts the path below which the server is before that of a document. A proxy may have done so already.
		url := document.ServerRelativeURL
		if strings.HasPrefix(url, base+"/openapi/") {
			url = url[len(base):]
		}
		paths[name] = any(&groupVersion{restClient: c.restClient, url: url}).(T)
	}
	return paths, nil
}

type groupVersion struct {
	restClient rest.Interface
	url        string
}

// SchemaWithContext implements GroupVersionWithContext. If the document has changed since its URL was read, it is the new one.
func (g *groupVersion) SchemaWithContext(ctx context.Context, contentType string) ([]byte, error) {
	body, status, err := g.read(ctx, g.url, contentType)
	if status == http.StatusMovedPermanently {
		// The server redirects from an old hash to the new one. Redirects are not followed: without a hash it need not.
		path, _, _ := strings.Cut(g.url, "?")
		body, _, err = g.read(ctx, path, contentType)
	}
	if err != nil {
		return nil, err
	}
	return body, nil
}

func (g *groupVersion) read(ctx context.Context, url, contentType string) (body []byte, status int, err error) {
	request := g.restClient.Get().RequestURI(url).SetHeader("Accept", contentType).MaxBodyBytes(maxDocumentBytes)
	body, err = request.Do(ctx).StatusCode(&status).Raw()
	return body, status, err
}

// ServerRelativeURL implements GroupVersionWithContext.
func (g *groupVersion) ServerRelativeURL() string { return g.url }
