// Package cached keeps the OpenAPI documents that a client has read.
package cached

import (
	"context"
	"sync"

	"github.com/kubewright/kubewright/pkg/openapi"
)

// Client asks another client once for the list of documents, and once for each form of each document. It never asks again:
// where documents may change, make a new one. Failures are not kept. It is safe for concurrent use; who asks for what somebody
// else is asking for waits, as long as its own context allows.
type Client struct {
	other openapi.ClientWithContext
	paths *memo[map[string]*groupVersion]
}

// NewClient is NewClientWithContext for an openapi.Client.
func NewClient(other openapi.Client) openapi.Client {
	return NewClientWithContext(openapi.ToClientWithContext(other))
}

// NewClientWithContext returns a client that keeps what other answers.
func NewClientWithContext(other openapi.ClientWithContext) *Client {
	return &Client{other: other, paths: newMemo[map[string]*groupVersion]()}
}

// PathsWithContext implements openapi.ClientWithContext.
func (c *Client) PathsWithContext(ctx context.Context) (map[string]openapi.GroupVersionWithContext, error) {
	return read[openapi.GroupVersionWithContext](ctx, c)
}

// Paths is PathsWithContext without a context.
func (c *Client) Paths() (map[string]openapi.GroupVersion, error) {
	return read[openapi.GroupVersion](context.Background(), c)
}

// read returns the documents as values of T, which *groupVersion implements.
func read[T any](ctx context.Context, c *Client) (map[string]T, error) {
	known, err := c.paths.get(ctx, func() (map[string]*groupVersion, error) {
		paths, err := c.other.PathsWithContext(ctx)
		if err != nil {
			return nil, err
		}
		known := make(map[string]*groupVersion, len(paths))
		for name, gv := range paths {
			known[name] = &groupVersion{GroupVersionWithContext: gv, documents: map[string]*memo[[]byte]{}}
		}
		return known, nil
	})
	if err != nil {
		return nil, err
	}
	paths := make(map[string]T, len(known))
	for name, gv := range known {
		paths[name] = any(gv).(T)
	}
	return paths, nil
}

type groupVersion struct {
	openapi.GroupVersionWithContext

	mu        sync.Mutex               // guards documents
	documents map[string]*memo[[]byte] // by content type
}

// SchemaWithContext implements openapi.GroupVersionWithContext. The bytes are shared and must not be changed.
func (g *groupVersion) SchemaWithContext(ctx context.Context, contentType string) ([]byte, error) {
	return g.document(contentType).get(ctx, func() ([]byte, error) {
		return g.GroupVersionWithContext.SchemaWithContext(ctx, contentType)
	})
}

// Schema is SchemaWithContext without a context.
func (g *groupVersion) Schema(contentType string) ([]byte, error) {
	return g.SchemaWithContext(context.Background(), contentType)
}

func (g *groupVersion) document(contentType string) *memo[[]byte] {
	g.mu.Lock()
	defer g.mu.Unlock()
	document := g.documents[contentType]
	if document == nil {
		document = newMemo[[]byte]()
		g.documents[contentType] = document
	}
	return document
}
