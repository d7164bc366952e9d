package discovery

import (
	"slices"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
)

// ResourcePredicate chooses resources.
type ResourcePredicate interface {
	// Match reports whether a resource of the version is chosen. It must not be changed.
	Match(groupVersion string, r *metav1.APIResource) bool
}

// ResourcePredicateFunc is a ResourcePredicate.
type ResourcePredicateFunc func(groupVersion string, r *metav1.APIResource) bool

// Match implements ResourcePredicate.
func (fn ResourcePredicateFunc) Match(groupVersion string, r *metav1.APIResource) bool {
	return fn(groupVersion, r)
}

// SupportsAllVerbs chooses resources that have all of Verbs.
type SupportsAllVerbs struct {
	Verbs []string
}

// Match implements ResourcePredicate.
func (p SupportsAllVerbs) Match(_ string, r *metav1.APIResource) bool {
	return !slices.ContainsFunc(p.Verbs, func(verb string) bool { return !slices.Contains(r.Verbs, verb) })
}

// FilteredBy returns lists of the resources that pred chooses, in the same order, without lists that are empty. rls is not
// changed. The result is not nil.
func FilteredBy(pred ResourcePredicate, rls []*metav1.APIResourceList) []*metav1.APIResourceList {
	result := []*metav1.APIResourceList{}
	for _, list := range rls {
		filtered := *list
		filtered.APIResources = nil
		for i := range list.APIResources {
			if pred.Match(list.GroupVersion, &list.APIResources[i]) {
				filtered.APIResources = append(filtered.APIResources, list.APIResources[i])
			}
		}
		if len(filtered.APIResources) > 0 {
			result = append(result, &filtered)
		}
	}
	return result
}

// GroupVersionResources returns the resources of all lists. It is an error if one is of no group and version.
func GroupVersionResources(rls []*metav1.APIResourceList) (map[schema.GroupVersionResource]struct{}, error) {
	resources := map[schema.GroupVersionResource]struct{}{}
	for _, list := range rls {
		gv, err := schema.ParseGroupVersion(list.GroupVersion)
		if err != nil {
			return nil, err
		}
		for i := range list.APIResources {
			resources[gv.WithResource(list.APIResources[i].Name)] = struct{}{}
		}
	}
	return resources, nil
}
