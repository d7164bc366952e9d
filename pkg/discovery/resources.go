package discovery

import (
	"context"
	"fmt"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/kubewright/kubewright/pkg/internal/parallel"
)

// maxParallel is how many versions are asked for at the same time.
const maxParallel = 16

// ServerResourcesForGroupVersionWithContext implements DiscoveryInterfaceWithContext.
func (d *DiscoveryClient) ServerResourcesForGroupVersionWithContext(ctx context.Context, groupVersion string) (*metav1.APIResourceList, error) {
	gv, err := schema.ParseGroupVersion(groupVersion)
	if err != nil {
		return nil, err
	}
	if gv.Version == "" {
		return nil, fmt.Errorf("group version %q has no version: want <group>/<version>, or <version> for the core group", groupVersion)
	}
	path := []string{"apis", gv.Group, gv.Version}
	if gv.Group == "" {
		if d.LegacyPrefix == "" {
			return nil, fmt.Errorf("group version %q is of the core group, which this client does not know: its LegacyPrefix is empty", groupVersion)
		}
		path = []string{d.LegacyPrefix, gv.Version}
	}
	resources := &metav1.APIResourceList{}
	if err := d.restClient.Get().AbsPath(path...).MaxBodyBytes(maxBytes).Do(ctx).Into(resources); err != nil {
		return nil, err
	}
	if resources.GroupVersion == "" && len(resources.APIResources) == 0 { // which says nothing, not that there is nothing
		return nil, fmt.Errorf("the server's answer for %s is no list of resources: it names neither a version nor resources", groupVersion)
	}
	resources.GroupVersion = groupVersion
	return resources, nil
}

// ServerGroupsAndResourcesWithContext implements DiscoveryInterfaceWithContext.
func (d *DiscoveryClient) ServerGroupsAndResourcesWithContext(ctx context.Context) ([]*metav1.APIGroup, []*metav1.APIResourceList, error) {
	return ServerGroupsAndResourcesWithContext(ctx, d)
}

// ServerGroupsAndResourcesWithContext returns all groups and the resources of all versions, in the order of the groups and of
// their versions. With an ErrGroupDiscoveryFailed, what is returned is right and something is missing. Where d does not tell
// resources together with groups, it is asked for some versions at a time.
func ServerGroupsAndResourcesWithContext(ctx context.Context, d DiscoveryInterfaceWithContext) ([]*metav1.APIGroup, []*metav1.APIResourceList, error) {
	groups, known, failed, err := groupsAndMaybeResources(ctx, d)
	if err != nil {
		return nil, nil, err
	}
	groupPointers := make([]*metav1.APIGroup, len(groups.Groups))
	var versions []string
	for i := range groups.Groups {
		groupPointers[i] = &groups.Groups[i]
		for _, v := range groups.Groups[i].Versions {
			versions = append(versions, v.GroupVersion)
		}
	}
	lists := make([]*metav1.APIResourceList, len(versions))
	errs := make([]error, len(versions))
	parallel.Do(len(versions), maxParallel, func(i int) {
		if known == nil {
			lists[i], errs[i] = d.ServerResourcesForGroupVersionWithContext(ctx, versions[i])
			return
		}
		lists[i] = known[parsed(versions[i])]
	})

	found := make([]*metav1.APIResourceList, 0, len(versions))
	for i, list := range lists {
		if errs[i] != nil {
			failed[parsed(versions[i])] = errs[i]
		} else if list != nil {
			found = append(found, list)
		}
	}
	if len(failed) > 0 {
		return groupPointers, found, &ErrGroupDiscoveryFailed{Groups: failed}
	}
	return groupPointers, found, nil
}

// groupsAndMaybeResources is that of d, or the groups of d if it has no such method.
func groupsAndMaybeResources(ctx context.Context, d DiscoveryInterfaceWithContext) (
	groups *metav1.APIGroupList, resources map[schema.GroupVersion]*metav1.APIResourceList, failed map[schema.GroupVersion]error, err error,
) {
	if aggregated, ok := d.(AggregatedDiscoveryInterfaceWithContext); ok {
		groups, resources, failed, err = aggregated.GroupsAndMaybeResourcesWithContext(ctx)
	} else {
		groups, err = d.ServerGroupsWithContext(ctx)
	}
	if err == nil && failed == nil {
		failed = map[schema.GroupVersion]error{}
	}
	return groups, resources, failed, err
}

// parsed returns groupVersion as such. What is none, the server's own invention, is kept for the report.
func parsed(groupVersion string) schema.GroupVersion {
	gv, err := schema.ParseGroupVersion(groupVersion)
	if err != nil {
		return schema.GroupVersion{Group: groupVersion}
	}
	return gv
}
