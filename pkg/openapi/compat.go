package openapi

import (
	"context"

	"k8s.io/apimachinery/pkg/util/managedfields"

	"github.com/kubewright/kubewright/pkg/rest"
)

// Client is ClientWithContext without contexts, as client-go has it from before.
type Client interface {
	Paths() (map[string]GroupVersion, error)
}

// GroupVersion is GroupVersionWithContext without contexts.
type GroupVersion interface {
	Schema(contentType string) ([]byte, error)

	// ServerRelativeURL is that of GroupVersionWithContext.
	ServerRelativeURL() string
}

// NewClient is NewClientWithContext for a Client.
func NewClient(restClient rest.Interface) Client {
	return &client{restClient: restClient}
}

// NewTypeConverter is NewTypeConverterWithContext without a context.
func NewTypeConverter(client Client, preserveUnknownFields bool) (managedfields.TypeConverter, error) {
	return NewTypeConverterWithContext(context.Background(), ToClientWithContext(client), preserveUnknownFields)
}

// Paths is PathsWithContext without a context.
func (c *client) Paths() (map[string]GroupVersion, error) {
	return read[GroupVersion](context.Background(), c)
}

// Schema is SchemaWithContext without a context.
func (g *groupVersion) Schema(contentType string) ([]byte, error) {
	return g.SchemaWithContext(context.Background(), contentType)
}

// ToClientWithContext returns c if it has methods with contexts, or else a client that looks at contexts only before it asks c.
func ToClientWithContext(c Client) ClientWithContext {
	if withContext, ok := c.(ClientWithContext); ok {
		return withContext
	}
	return clientAdapter{c}
}

// ToGroupVersionWithContext is ToClientWithContext for a document.
func ToGroupVersionWithContext(gv GroupVersion) GroupVersionWithContext {
	if withContext, ok := gv.(GroupVersionWithContext); ok {
		return withContext
	}
	return groupVersionAdapter{gv}
}

type clientAdapter struct{ Client }

func (a clientAdapter) PathsWithContext(ctx context.Context) (map[string]GroupVersionWithContext, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	paths, err := a.Paths()
	if err != nil {
		return nil, err
	}
	withContext := make(map[string]GroupVersionWithContext, len(paths))
	for name, gv := range paths {
		withContext[name] = ToGroupVersionWithContext(gv)
	}
	return withContext, nil
}

type groupVersionAdapter struct{ GroupVersion }

func (a groupVersionAdapter) SchemaWithContext(ctx context.Context, contentType string) ([]byte, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	return a.Schema(contentType)
}
