package discovery

import (
	"context"
	"sync"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
)

// maxParallel is how many versions are asked for at the same time.
const maxParallel = 16

// ServerGroupsAndResourcesWithContext implements DiscoveryInterfaceWithContext. The lists are in the order of the groups and
// of their versions.
func (d *DiscoveryClient) ServerGroupsAndResourcesWithContext(ctx context.Context) ([]*metav1.APIGroup, []*metav1.APIResourceList, error) {
	groups, err := d.ServerGroupsWithContext(ctx)
	if err != nil {
		return nil, nil, err
	}
	groupPointers := make([]*metav1.APIGroup, 0, len(groups.Groups))
	var versions []string
	for i := range groups.Groups {
		group := &groups.Groups[i]
		groupPointers = append(groupPointers, group)
		for _, v := range group.Versions {
			versions = append(versions, v.GroupVersion)
		}
	}

	found, failed := d.resourcesOf(ctx, versions)
	if len(failed) > 0 {
		return groupPointers, found, &ErrGroupDiscoveryFailed{Groups: failed}
	}
	return groupPointers, found, nil
}

// resourcesOf returns the resources of versions in their order, without those that failed.
func (d *DiscoveryClient) resourcesOf(ctx context.Context, versions []string) ([]*metav1.APIResourceList, map[schema.GroupVersion]error) {
	lists := make([]*metav1.APIResourceList, len(versions))
	errs := make([]error, len(versions))
	slots := make(chan struct{}, maxParallel)
	var wg sync.WaitGroup
	for i, groupVersion := range versions {
		slots <- struct{}{}
		wg.Go(func() {
			lists[i], errs[i] = d.ServerResourcesForGroupVersionWithContext(ctx, groupVersion)
			<-slots
		})
	}
	wg.Wait()

	found := make([]*metav1.APIResourceList, 0, len(versions))
	failed := map[schema.GroupVersion]error{}
	for i, groupVersion := range versions {
		if errs[i] == nil {
			found = append(found, lists[i])
			continue
		}
		gv, err := schema.ParseGroupVersion(groupVersion)
		if err != nil { // the server's own invention, which is kept for the report
			gv = schema.GroupVersion{Group: groupVersion}
		}
		failed[gv] = errs[i]
	}
	return found, failed
}
