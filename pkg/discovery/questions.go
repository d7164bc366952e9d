package discovery

import (
	"fmt"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/version"
)

// IsResourceEnabled reports whether the server has a resource. It does not have those of a version that it does not find; any
// other failure is an error.
func IsResourceEnabled(client DiscoveryInterface, resourceToCheck schema.GroupVersionResource) (bool, error) {
	list, err := client.ServerResourcesForGroupVersion(resourceToCheck.GroupVersion().String())
	if apierrors.IsNotFound(err) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	for i := range list.APIResources {
		if list.APIResources[i].Name == resourceToCheck.Resource {
			return true, nil
		}
	}
	return false, nil
}

// MatchesServerVersion returns an error if the server is of another version than clientVersion, or does not tell.
func MatchesServerVersion(clientVersion version.Info, client DiscoveryInterface) error {
	serverVersion, err := client.ServerVersion()
	if err != nil {
		return fmt.Errorf("unable to read the version of the server: %w", err)
	}
	if serverVersion.GitVersion != clientVersion.GitVersion {
		return fmt.Errorf("the server is of version %s, the client of %s", serverVersion.GitVersion, clientVersion.GitVersion)
	}
	return nil
}

// ServerSupportsVersion returns an error if the server does not have the version, or does not tell.
func ServerSupportsVersion(client DiscoveryInterface, requiredGV schema.GroupVersion) error {
	groups, err := client.ServerGroups()
	if err != nil {
		return err
	}
	for i := range groups.Groups {
		for _, v := range groups.Groups[i].Versions {
			if v.GroupVersion == requiredGV.String() {
				return nil
			}
		}
	}
	return fmt.Errorf("the server does not support API version %q", requiredGV)
}
