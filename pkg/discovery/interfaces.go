package discovery

import (
	"context"

	openapi_v2 "github.com/google/gnostic-models/openapiv2"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/version"

	"github.com/kubewright/kubewright/pkg/openapi"
	"github.com/kubewright/kubewright/pkg/rest"
)

// DiscoveryInterfaces is all that a client of this package can do.
type DiscoveryInterfaces interface {
	DiscoveryInterface
	DiscoveryInterfaceWithContext
}

// DiscoveryInterfaceWithContext asks a server what it serves. Implementations are safe for concurrent use.
type DiscoveryInterfaceWithContext interface {
	// RESTClient returns what the requests are sent through; nil if there are none.
	RESTClient() rest.Interface
	ServerGroupsInterfaceWithContext
	ServerResourcesInterfaceWithContext
	ServerVersionInterfaceWithContext
	OpenAPISchemaInterfaceWithContext
	OpenAPIV3SchemaInterfaceWithContext
	// WithLegacyWithContext returns a client that does not ask for the aggregated document; the same one if it never does.
	WithLegacyWithContext(ctx context.Context) DiscoveryInterfaceWithContext
}

// AggregatedDiscoveryInterfaceWithContext finds groups, and their resources as far as that takes no further request.
type AggregatedDiscoveryInterfaceWithContext interface {
	DiscoveryInterfaceWithContext

	// GroupsAndMaybeResourcesWithContext returns the groups with their versions, the core group first. The second result has
	// the resources of all of these versions, or is nil if the server did not tell them. The third has the versions that
	// are in neither of them because the server does not know what they have, and why; it is nil with an error only.
	GroupsAndMaybeResourcesWithContext(ctx context.Context) (*metav1.APIGroupList, map[schema.GroupVersion]*metav1.APIResourceList, map[schema.GroupVersion]error, error)
}

// CachedDiscoveryInterfaceWithContext keeps what it was told, that something does not exist included: only Invalidate makes
// it ask again.
type CachedDiscoveryInterfaceWithContext interface {
	DiscoveryInterfaceWithContext
	// FreshWithContext reports whether nothing has been answered from before the client was made, or last invalidated. If
	// not, what was not found may be found after InvalidateWithContext.
	FreshWithContext(ctx context.Context) bool
	// InvalidateWithContext makes the client forget what it was told before.
	InvalidateWithContext(ctx context.Context)
}

// ServerGroupsInterfaceWithContext finds groups.
type ServerGroupsInterfaceWithContext interface {
	// ServerGroupsWithContext returns the groups with their versions, the core group first.
	ServerGroupsWithContext(ctx context.Context) (*metav1.APIGroupList, error)
}

// ServerResourcesInterfaceWithContext finds resources.
type ServerResourcesInterfaceWithContext interface {
	// ServerResourcesForGroupVersionWithContext returns the resources of one version, such as "apps/v1" or "v1".
	ServerResourcesForGroupVersionWithContext(ctx context.Context, groupVersion string) (*metav1.APIResourceList, error)
	// ServerGroupsAndResourcesWithContext returns all groups and the resources of all versions. With an
	// ErrGroupDiscoveryFailed, what is returned is right and something is missing.
	ServerGroupsAndResourcesWithContext(ctx context.Context) ([]*metav1.APIGroup, []*metav1.APIResourceList, error)
	// ServerPreferredResourcesWithContext returns each resource once, in the version that the server prefers, without
	// subresources. With an ErrGroupDiscoveryFailed, something is missing, or is in a version that is not preferred.
	ServerPreferredResourcesWithContext(ctx context.Context) ([]*metav1.APIResourceList, error)
	// ServerPreferredNamespacedResourcesWithContext is ServerPreferredResourcesWithContext for resources in namespaces.
	ServerPreferredNamespacedResourcesWithContext(ctx context.Context) ([]*metav1.APIResourceList, error)
}

// ServerVersionInterfaceWithContext finds the server's version.
type ServerVersionInterfaceWithContext interface {
	ServerVersionWithContext(ctx context.Context) (*version.Info, error)
}

// OpenAPISchemaInterfaceWithContext reads the OpenAPI v2 document.
type OpenAPISchemaInterfaceWithContext interface {
	OpenAPISchemaWithContext(ctx context.Context) (*openapi_v2.Document, error)
}

// OpenAPIV3SchemaInterfaceWithContext reads the OpenAPI v3 documents.
type OpenAPIV3SchemaInterfaceWithContext interface {
	// OpenAPIV3WithContext returns a client for the documents. The context is not kept.
	OpenAPIV3WithContext(ctx context.Context) openapi.ClientWithContext
}
