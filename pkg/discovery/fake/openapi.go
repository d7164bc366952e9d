package fake

import (
	"context"

	openapi_v2 "github.com/google/gnostic-models/openapiv2"

	"github.com/kubewright/kubewright/pkg/openapi"
)

// OpenAPISchemaWithContext returns an empty document. It is no action, as in client-go.
func (c *FakeDiscovery) OpenAPISchemaWithContext(context.Context) (*openapi_v2.Document, error) {
	return &openapi_v2.Document{}, nil
}

// OpenAPIV3WithContext returns a client that has no documents.
func (c *FakeDiscovery) OpenAPIV3WithContext(context.Context) openapi.ClientWithContext {
	return noDocuments{}
}

type noDocuments struct{}

func (noDocuments) PathsWithContext(context.Context) (map[string]openapi.GroupVersionWithContext, error) {
	return map[string]openapi.GroupVersionWithContext{}, nil
}

func (noDocuments) Paths() (map[string]openapi.GroupVersion, error) {
	return map[string]openapi.GroupVersion{}, nil
}
