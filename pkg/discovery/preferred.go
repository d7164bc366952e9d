package discovery

import (
	"context"
	"strings"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// ServerPreferredResourcesWithContext implements DiscoveryInterfaceWithContext.
func (d *DiscoveryClient) ServerPreferredResourcesWithContext(ctx context.Context) ([]*metav1.APIResourceList, error) {
	return ServerPreferredResourcesWithContext(ctx, d)
}

// ServerPreferredNamespacedResourcesWithContext implements DiscoveryInterfaceWithContext.
func (d *DiscoveryClient) ServerPreferredNamespacedResourcesWithContext(ctx context.Context) ([]*metav1.APIResourceList, error) {
	return ServerPreferredNamespacedResourcesWithContext(ctx, d)
}

// ServerPreferredResourcesWithContext returns each resource once, without subresources: in the preferred version of its group,
// or else in the first of the group's versions that has it. There is a list for each version, in the order of
// ServerGroupsAndResourcesWithContext, even if none of its resources is preferred. With an ErrGroupDiscoveryFailed, something
// is missing, or is in a version that is not preferred.
func ServerPreferredResourcesWithContext(ctx context.Context, d DiscoveryInterfaceWithContext) ([]*metav1.APIResourceList, error) {
	groups, lists, err := ServerGroupsAndResourcesWithContext(ctx, d)
	if groups == nil {
		return nil, err
	}
	byVersion := make(map[string]*metav1.APIResourceList, len(lists))
	for _, list := range lists {
		byVersion[list.GroupVersion] = list
	}
	result := make([]*metav1.APIResourceList, 0, len(lists))
	for _, group := range groups {
		result = append(result, preferred(group, byVersion)...)
	}
	return result, err
}

// preferred returns the resources that the versions of a group have in lists.
func preferred(group *metav1.APIGroup, lists map[string]*metav1.APIResourceList) []*metav1.APIResourceList {
	versionOf := map[string]string{} // by name of the resource
	for _, v := range group.Versions {
		if list := lists[v.GroupVersion]; list != nil {
			for i := range list.APIResources {
				name := list.APIResources[i].Name
				if versionOf[name] == "" || v.Version == group.PreferredVersion.Version {
					versionOf[name] = v.GroupVersion
				}
			}
		}
	}
	var result []*metav1.APIResourceList
	for _, v := range group.Versions {
		list := lists[v.GroupVersion]
		if list == nil {
			continue
		}
		chosen := &metav1.APIResourceList{GroupVersion: v.GroupVersion}
		for _, r := range list.APIResources {
			if versionOf[r.Name] == v.GroupVersion && !strings.Contains(r.Name, "/") {
				chosen.APIResources = append(chosen.APIResources, r)
			}
		}
		result = append(result, chosen)
	}
	return result
}

// ServerPreferredNamespacedResourcesWithContext is ServerPreferredResourcesWithContext for resources in namespaces, without
// lists that are empty then.
func ServerPreferredNamespacedResourcesWithContext(ctx context.Context, d DiscoveryInterfaceWithContext) ([]*metav1.APIResourceList, error) {
	all, err := ServerPreferredResourcesWithContext(ctx, d)
	return FilteredBy(ResourcePredicateFunc(func(_ string, r *metav1.APIResource) bool { return r.Namespaced }), all), err
}
