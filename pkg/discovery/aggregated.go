package discovery

import (
	"mime"

	apidiscovery "k8s.io/api/apidiscovery/v2"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
)

// What can be accepted from /api and /apis. The order of the parameters is part of what servers understand.
const (
	// AcceptV1 asks for the groups and their versions.
	AcceptV1 = runtime.ContentTypeJSON
	// AcceptV2 asks for the aggregated document: groups, versions and resources.
	AcceptV2 = runtime.ContentTypeJSON + ";" + "g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList"
	// AcceptV2NoPeer asks for what the one API server that answers serves, without what it knows of its peers.
	AcceptV2NoPeer = AcceptV2 + ";profile=nopeer"
)

var aggregatedKind = schema.GroupVersionKind{Group: "apidiscovery.k8s.io", Version: "v2", Kind: "APIGroupDiscoveryList"}

// ContentTypeIsGVK reports whether contentType is JSON with the parameters g, v and as of gvk, in any order and with others. It
// is an error if contentType is none.
func ContentTypeIsGVK(contentType string, gvk schema.GroupVersionKind) (bool, error) {
	base, params, err := mime.ParseMediaType(contentType)
	if err != nil {
		return false, err
	}
	return base == runtime.ContentTypeJSON && params["g"] == gvk.Group && params["v"] == gvk.Version && params["as"] == gvk.Kind, nil
}

// StaleGroupVersionError is why a version is missing whose server does not answer: all that the API server knows of it is old.
type StaleGroupVersionError struct {
	gv schema.GroupVersion
}

// Error implements error.
func (s StaleGroupVersionError) Error() string {
	return "stale GroupVersion discovery: " + s.gv.String()
}

// SplitGroupsAndResources makes of an aggregated document what servers without it answer: the groups with their versions, and
// the resources of each version, subresources after their resource. Versions that are stale are in neither of them but in the
// last result, which is not nil. Resources of no kind are left out, and their subresources are not.
func SplitGroupsAndResources(aggregatedGroups apidiscovery.APIGroupDiscoveryList) (
	*metav1.APIGroupList,
	map[schema.GroupVersion]*metav1.APIResourceList,
	map[schema.GroupVersion]error,
) {
	groups := &metav1.APIGroupList{Groups: make([]metav1.APIGroup, 0, len(aggregatedGroups.Items))}
	resources := map[schema.GroupVersion]*metav1.APIResourceList{}
	failed := map[schema.GroupVersion]error{}
	for _, g := range aggregatedGroups.Items {
		group := metav1.APIGroup{Name: g.Name}
		for _, v := range g.Versions {
			gv := schema.GroupVersion{Group: g.Name, Version: v.Version}
			if v.Freshness == apidiscovery.DiscoveryFreshnessStale {
				failed[gv] = StaleGroupVersionError{gv}
				continue
			}
			group.Versions = append(group.Versions, metav1.GroupVersionForDiscovery{GroupVersion: gv.String(), Version: gv.Version})
			list := &metav1.APIResourceList{GroupVersion: gv.String()}
			for i := range v.Resources {
				list.APIResources = appendResources(list.APIResources, &v.Resources[i])
			}
			resources[gv] = list
		}
		if len(group.Versions) > 0 {
			group.PreferredVersion = group.Versions[0]
		}
		groups.Groups = append(groups.Groups, group)
	}
	return groups, resources, failed
}

// appendResources appends a resource and its subresources.
func appendResources(list []metav1.APIResource, r *apidiscovery.APIResourceDiscovery) []metav1.APIResource {
	common := metav1.APIResource{SingularName: r.SingularResource, Namespaced: r.Scope == apidiscovery.ScopeNamespace}
	if hasKind(r.ResponseKind) {
		resource := withKind(common, r.ResponseKind)
		resource.Name, resource.Verbs, resource.ShortNames, resource.Categories = r.Resource, r.Verbs, r.ShortNames, r.Categories
		list = append(list, resource)
	}
	for i := range r.Subresources {
		if sub := &r.Subresources[i]; hasKind(sub.ResponseKind) {
			resource := withKind(common, sub.ResponseKind)
			resource.Name, resource.Verbs = r.Resource+"/"+sub.Subresource, sub.Verbs
			list = append(list, resource)
		}
	}
	return list
}

func hasKind(k *metav1.GroupVersionKind) bool { return k != nil && *k != (metav1.GroupVersionKind{}) }

func withKind(r metav1.APIResource, k *metav1.GroupVersionKind) metav1.APIResource {
	r.Group, r.Version, r.Kind = k.Group, k.Version, k.Kind
	return r
}
