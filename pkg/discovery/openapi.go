package discovery

import (
	"context"
	"errors"
	"fmt"

	openapi_v2 "github.com/google/gnostic-models/openapiv2"
	"google.golang.org/protobuf/proto"

	"github.com/kubewright/kubewright/pkg/openapi"
)

const (
	// contentTypeOpenAPIV2PB is the form of the OpenAPI v2 document that takes the least time to read.
	contentTypeOpenAPIV2PB = "application/com.github.proto-openapi.spec.v2@v1.0+protobuf"
	// maxSchemaBytes bounds the OpenAPI v2 document, which describes all groups: some 2 MiB for the built-in ones.
	maxSchemaBytes = 256 << 20
)

// OpenAPISchemaWithContext implements DiscoveryInterfaceWithContext.
func (d *DiscoveryClient) OpenAPISchemaWithContext(ctx context.Context) (*openapi_v2.Document, error) {
	body, err := d.restClient.Get().AbsPath("/openapi/v2").SetHeader("Accept", contentTypeOpenAPIV2PB).MaxBodyBytes(maxSchemaBytes).DoRaw(ctx)
	if err != nil {
		return nil, err
	}
	document := &openapi_v2.Document{}
	if err := proto.Unmarshal(body, document); err != nil {
		return nil, fmt.Errorf("unable to parse the OpenAPI document: %w", err)
	}
	// Protobuf takes much for a message, nothing included.
	if document.GetSwagger() == "" {
		return nil, errors.New("the server's answer is no OpenAPI document: it does not say of which version it is")
	}
	return document, nil
}

// OpenAPIV3WithContext implements DiscoveryInterfaceWithContext.
func (d *DiscoveryClient) OpenAPIV3WithContext(context.Context) openapi.ClientWithContext {
	return openapi.NewClientWithContext(d.restClient)
}
