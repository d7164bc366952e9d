// Package fake has a discovery client for tests, which fake clientsets use: it says what the test says that there is.
package fake

import (
	"context"
	"fmt"
	"net/http"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
	apimachineryversion "k8s.io/apimachinery/pkg/version"

	"github.com/kubewright/kubewright/pkg/discovery"
	"github.com/kubewright/kubewright/pkg/rest"
	"github.com/kubewright/kubewright/pkg/testing"
	"github.com/kubewright/kubewright/pkg/version"
)

// FakeDiscovery is a discovery client that finds what the field Resources of its Fake says: groups and versions in the order
// in which they stand there, of which the first of each group is the preferred one.
//
// Each question is an action with verb get, on resource "group", "resource" or "version". The object that a reactor answers
// is ignored; an error of it is the error of the question. Answers are copies.
type FakeDiscovery struct {
	*testing.Fake

	// FakedServerVersion is the version of the server; nil is that of this module.
	FakedServerVersion *apimachineryversion.Info
}

var _ discovery.DiscoveryInterfaces = (*FakeDiscovery)(nil)

// ask notes a question. It returns the error of the reactor that answers it.
func (c *FakeDiscovery) ask(resource string) error {
	_, err := c.Invokes(testing.ActionImpl{Verb: "get", Resource: schema.GroupVersionResource{Resource: resource}}, nil)
	return err
}

// resources returns copies of all lists of resources.
func (c *FakeDiscovery) resources() []*metav1.APIResourceList {
	c.RLock()
	defer c.RUnlock()
	lists := make([]*metav1.APIResourceList, len(c.Resources))
	for i, list := range c.Resources {
		lists[i] = list.DeepCopy()
	}
	return lists
}

// ServerResourcesForGroupVersionWithContext returns the first list of the version. The error is NotFound if there is none.
func (c *FakeDiscovery) ServerResourcesForGroupVersionWithContext(_ context.Context, groupVersion string) (*metav1.APIResourceList, error) {
	if err := c.ask("resource"); err != nil {
		return nil, err
	}
	for _, list := range c.resources() {
		if list.GroupVersion == groupVersion {
			return list, nil
		}
	}
	return nil, &apierrors.StatusError{ErrStatus: metav1.Status{
		Status:  metav1.StatusFailure,
		Code:    http.StatusNotFound,
		Reason:  metav1.StatusReasonNotFound,
		Message: fmt.Sprintf("the server could not find the requested resource, GroupVersion %q not found", groupVersion),
	}}
}

// ServerGroupsAndResourcesWithContext returns the groups, and all lists.
func (c *FakeDiscovery) ServerGroupsAndResourcesWithContext(ctx context.Context) ([]*metav1.APIGroup, []*metav1.APIResourceList, error) {
	groups, err := c.ServerGroupsWithContext(ctx)
	if err != nil {
		return nil, nil, err
	}
	if err := c.ask("resource"); err != nil {
		return nil, nil, err
	}
	var pointers []*metav1.APIGroup
	for i := range groups.Groups {
		pointers = append(pointers, &groups.Groups[i])
	}
	return pointers, c.resources(), nil
}

// ServerPreferredResourcesWithContext returns each resource in the first version of its group that has it.
func (c *FakeDiscovery) ServerPreferredResourcesWithContext(ctx context.Context) ([]*metav1.APIResourceList, error) {
	return discovery.ServerPreferredResourcesWithContext(ctx, c)
}

// ServerPreferredNamespacedResourcesWithContext is ServerPreferredResourcesWithContext for resources in namespaces.
func (c *FakeDiscovery) ServerPreferredNamespacedResourcesWithContext(ctx context.Context) ([]*metav1.APIResourceList, error) {
	return discovery.ServerPreferredNamespacedResourcesWithContext(ctx, c)
}

// ServerGroupsWithContext returns the groups of all lists. It is an error if one is of no group and version.
func (c *FakeDiscovery) ServerGroupsWithContext(context.Context) (*metav1.APIGroupList, error) {
	if err := c.ask("group"); err != nil {
		return nil, err
	}
	list := &metav1.APIGroupList{}
	at := map[string]int{} // in list
	seen := map[schema.GroupVersion]bool{}
	for _, resources := range c.resources() {
		gv, err := schema.ParseGroupVersion(resources.GroupVersion)
		if err != nil {
			return nil, err
		}
		if seen[gv] {
			continue
		}
		seen[gv] = true
		version := metav1.GroupVersionForDiscovery{GroupVersion: resources.GroupVersion, Version: gv.Version}
		i, known := at[gv.Group]
		if !known {
			i = len(list.Groups)
			at[gv.Group] = i
			list.Groups = append(list.Groups, metav1.APIGroup{Name: gv.Group, PreferredVersion: version})
		}
		list.Groups[i].Versions = append(list.Groups[i].Versions, version)
	}
	return list, nil
}

// ServerVersionWithContext returns FakedServerVersion, or the version of this module.
func (c *FakeDiscovery) ServerVersionWithContext(context.Context) (*apimachineryversion.Info, error) {
	if err := c.ask("version"); err != nil {
		return nil, err
	}
	info := version.Get()
	if c.FakedServerVersion != nil {
		info = *c.FakedServerVersion
	}
	return &info, nil
}

// WithLegacyWithContext returns the same client: it knows nothing of documents.
func (c *FakeDiscovery) WithLegacyWithContext(context.Context) discovery.DiscoveryInterfaceWithContext {
	return c
}

// RESTClient returns nil: a fake sends nothing.
func (c *FakeDiscovery) RESTClient() rest.Interface { return nil }
