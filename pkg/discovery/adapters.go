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

// The functions of this file return what they are given if it has methods with contexts, or else an adapter whose methods look
// at the context only before they call those without.

// ToDiscoveryInterfaceWithContext returns i with contexts. What finds resources together with groups goes on to do so.
func ToDiscoveryInterfaceWithContext(i DiscoveryInterface) DiscoveryInterfaceWithContext {
	if withContext, ok := i.(DiscoveryInterfaceWithContext); ok {
		return withContext
	}
	if aggregated, ok := i.(AggregatedDiscoveryInterface); ok {
		return aggregatedAdapter{newDiscoveryAdapter(i), aggregated}
	}
	return newDiscoveryAdapter(i)
}

// ToAggregatedDiscoveryInterfaceWithContext returns i with contexts.
func ToAggregatedDiscoveryInterfaceWithContext(i AggregatedDiscoveryInterface) AggregatedDiscoveryInterfaceWithContext {
	if withContext, ok := i.(AggregatedDiscoveryInterfaceWithContext); ok {
		return withContext
	}
	return aggregatedAdapter{newDiscoveryAdapter(i), i}
}

// ToCachedDiscoveryInterfaceWithContext returns i with contexts.
func ToCachedDiscoveryInterfaceWithContext(i CachedDiscoveryInterface) CachedDiscoveryInterfaceWithContext {
	if withContext, ok := i.(CachedDiscoveryInterfaceWithContext); ok {
		return withContext
	}
	return cachedAdapter{newDiscoveryAdapter(i), i}
}

// ToServerGroupsInterfaceWithContext returns i with contexts.
func ToServerGroupsInterfaceWithContext(i ServerGroupsInterface) ServerGroupsInterfaceWithContext {
	if withContext, ok := i.(ServerGroupsInterfaceWithContext); ok {
		return withContext
	}
	return groupsAdapter{i}
}

// ToServerResourcesInterfaceWithContext returns i with contexts.
func ToServerResourcesInterfaceWithContext(i ServerResourcesInterface) ServerResourcesInterfaceWithContext {
	if withContext, ok := i.(ServerResourcesInterfaceWithContext); ok {
		return withContext
	}
	return resourcesAdapter{i}
}

// ToServerVersionInterfaceWithContext returns i with contexts.
func ToServerVersionInterfaceWithContext(i ServerVersionInterface) ServerVersionInterfaceWithContext {
	if withContext, ok := i.(ServerVersionInterfaceWithContext); ok {
		return withContext
	}
	return versionAdapter{i}
}

// ToOpenAPISchemaInterfaceWithContext returns i with contexts.
func ToOpenAPISchemaInterfaceWithContext(i OpenAPISchemaInterface) OpenAPISchemaInterfaceWithContext {
	if withContext, ok := i.(OpenAPISchemaInterfaceWithContext); ok {
		return withContext
	}
	return schemaAdapter{i}
}

// OpenAPIV3ToSchemaInterfaceWithContext returns i with contexts.
func OpenAPIV3ToSchemaInterfaceWithContext(i OpenAPIV3SchemaInterface) OpenAPIV3SchemaInterfaceWithContext {
	if withContext, ok := i.(OpenAPIV3SchemaInterfaceWithContext); ok {
		return withContext
	}
	return schemaV3Adapter{i}
}

// ToOpenAPIClientWithContext is openapi.ToClientWithContext.
func ToOpenAPIClientWithContext(i openapi.Client) openapi.ClientWithContext {
	return openapi.ToClientWithContext(i)
}

// bare is a DiscoveryInterface without the methods that its parts have.
type bare interface {
	RESTClient() rest.Interface
	WithLegacy() DiscoveryInterface
}

type discoveryAdapter struct {
	bare
	groupsAdapter
	resourcesAdapter
	versionAdapter
	schemaAdapter
	schemaV3Adapter
}

func newDiscoveryAdapter(i DiscoveryInterface) discoveryAdapter {
	return discoveryAdapter{i, groupsAdapter{i}, resourcesAdapter{i}, versionAdapter{i}, schemaAdapter{i}, schemaV3Adapter{i}}
}

func (a discoveryAdapter) WithLegacyWithContext(context.Context) DiscoveryInterfaceWithContext {
	return ToDiscoveryInterfaceWithContext(a.WithLegacy())
}

type aggregatedAdapter struct {
	discoveryAdapter
	aggregated AggregatedDiscoveryInterface
}

func (a aggregatedAdapter) GroupsAndMaybeResourcesWithContext(ctx context.Context) (*metav1.APIGroupList, map[schema.GroupVersion]*metav1.APIResourceList, map[schema.GroupVersion]error, error) {
	if err := ctx.Err(); err != nil {
		return nil, nil, nil, err
	}
	return a.aggregated.GroupsAndMaybeResources()
}

type cachedAdapter struct {
	discoveryAdapter
	cached CachedDiscoveryInterface
}

func (a cachedAdapter) FreshWithContext(context.Context) bool { return a.cached.Fresh() }
func (a cachedAdapter) InvalidateWithContext(context.Context) { a.cached.Invalidate() }

// orEnded is what ask answers, or the error of a context that has ended.
func orEnded[T any](ctx context.Context, ask func() (T, error)) (T, error) {
	if err := ctx.Err(); err != nil {
		var none T
		return none, err
	}
	return ask()
}

type groupsAdapter struct{ ServerGroupsInterface }

func (a groupsAdapter) ServerGroupsWithContext(ctx context.Context) (*metav1.APIGroupList, error) {
	return orEnded(ctx, a.ServerGroups)
}

type resourcesAdapter struct{ ServerResourcesInterface }

func (a resourcesAdapter) ServerResourcesForGroupVersionWithContext(ctx context.Context, groupVersion string) (*metav1.APIResourceList, error) {
	return orEnded(ctx, func() (*metav1.APIResourceList, error) { return a.ServerResourcesForGroupVersion(groupVersion) })
}

func (a resourcesAdapter) ServerGroupsAndResourcesWithContext(ctx context.Context) ([]*metav1.APIGroup, []*metav1.APIResourceList, error) {
	if err := ctx.Err(); err != nil {
		return nil, nil, err
	}
	return a.ServerGroupsAndResources()
}

func (a resourcesAdapter) ServerPreferredResourcesWithContext(ctx context.Context) ([]*metav1.APIResourceList, error) {
	return orEnded(ctx, a.ServerPreferredResources)
}

func (a resourcesAdapter) ServerPreferredNamespacedResourcesWithContext(ctx context.Context) ([]*metav1.APIResourceList, error) {
	return orEnded(ctx, a.ServerPreferredNamespacedResources)
}

type versionAdapter struct{ ServerVersionInterface }

func (a versionAdapter) ServerVersionWithContext(ctx context.Context) (*version.Info, error) {
	return orEnded(ctx, a.ServerVersion)
}

type schemaAdapter struct{ OpenAPISchemaInterface }

func (a schemaAdapter) OpenAPISchemaWithContext(ctx context.Context) (*openapi_v2.Document, error) {
	return orEnded(ctx, a.OpenAPISchema)
}

type schemaV3Adapter struct{ OpenAPIV3SchemaInterface }

func (a schemaV3Adapter) OpenAPIV3WithContext(context.Context) openapi.ClientWithContext {
	return openapi.ToClientWithContext(a.OpenAPIV3())
}
