package discovery

import (
	"context"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/version"

	"github.com/kubewright/kubewright/pkg/rest"
)

// DiscoveryInterfaces is all that a client of this package can do.
type DiscoveryInterfaces interface {
	DiscoveryInterface
	DiscoveryInterfaceWithContext
}

// DiscoveryInterfaceWithContext asks a server what it serves. Implementations are safe for concurrent use.
type DiscoveryInterfaceWithContext interface {
	RESTClient() rest.Interface
	ServerGroupsInterfaceWithContext
	ServerResourcesInterfaceWithContext
	ServerVersionInterfaceWithContext
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
}

// ServerVersionInterfaceWithContext finds the server's version.
type ServerVersionInterfaceWithContext interface {
	ServerVersionWithContext(ctx context.Context) (*version.Info, error)
}

// DiscoveryInterface is DiscoveryInterfaceWithContext without contexts, as client-go has it from before.
type DiscoveryInterface interface {
	RESTClient() rest.Interface
	ServerGroupsInterface
	ServerResourcesInterface
	ServerVersionInterface
}

// ServerGroupsInterface is ServerGroupsInterfaceWithContext without contexts.
type ServerGroupsInterface interface {
	ServerGroups() (*metav1.APIGroupList, error)
}

// ServerResourcesInterface is ServerResourcesInterfaceWithContext without contexts.
type ServerResourcesInterface interface {
	ServerResourcesForGroupVersion(groupVersion string) (*metav1.APIResourceList, error)
	ServerGroupsAndResources() ([]*metav1.APIGroup, []*metav1.APIResourceList, error)
}

// ServerVersionInterface is ServerVersionInterfaceWithContext without contexts.
type ServerVersionInterface interface {
	ServerVersion() (*version.Info, error)
}

var _ DiscoveryInterfaces = (*DiscoveryClient)(nil)
