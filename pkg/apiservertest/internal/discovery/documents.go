package discovery

import (
	"slices"
	"sync"

	apidiscoveryv2 "k8s.io/api/apidiscovery/v2"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/version"

	"github.com/kubewright/kubewright/pkg/apiservertest/internal/catalog"
	"github.com/kubewright/kubewright/pkg/apiservertest/internal/kind"
)

// documents makes the documents of a catalog, and keeps them while it is unchanged.
type documents struct {
	catalog *catalog.Catalog

	mu      sync.Mutex // guards set and changed
	set     *set
	changed <-chan struct{} // closed: set is of the past
}

// set is all documents of one state of a catalog. Nothing in it is changed.
type set struct {
	groups           metav1.APIGroupList // without the core group
	legacyVersions   []string
	resources        map[schema.GroupVersion]*metav1.APIResourceList
	compiledIn       map[string]bool // groups with resources that no CustomResourceDefinition declares
	aggregated       *aggregation
	legacyAggregated *aggregation
}

func (d *documents) current() *set {
	d.mu.Lock()
	defer d.mu.Unlock()
	select {
	case <-d.changed:
	default:
		if d.set != nil {
			return d.set
		}
	}
	d.changed = d.catalog.Changed() // before All: what changes in between is seen next time
	d.set = newSet(d.catalog.All())
	return d.set
}

func newSet(all []*kind.Resource) *set {
	s := &set{
		groups:     metav1.APIGroupList{TypeMeta: metav1.TypeMeta{APIVersion: "v1", Kind: "APIGroupList"}, Groups: []metav1.APIGroup{}},
		resources:  make(map[schema.GroupVersion]*metav1.APIResourceList),
		compiledIn: make(map[string]bool),
	}
	var items, legacy []apidiscoveryv2.APIGroupDiscovery
	for len(all) > 0 {
		name := all[0].Group
		end := slices.IndexFunc(all, func(r *kind.Resource) bool { return r.Group != name })
		if end < 0 {
			end = len(all)
		}
		group, versions := all[:end], versionsOf(all[:end])
		all = all[end:]
		if len(versions) == 0 {
			continue
		}
		s.compiledIn[name] = slices.ContainsFunc(group, func(r *kind.Resource) bool { return !r.Custom })
		for _, v := range versions {
			s.resources[schemaVersion(name, v)] = resourceList(group, name, v)
		}
		if name == "" {
			s.legacyVersions = versions
			legacy = append(legacy, aggregate(group, name, versions))
			continue
		}
		s.groups.Groups = append(s.groups.Groups, apiGroup(name, versions))
		items = append(items, aggregate(group, name, versions))
	}
	s.aggregated, s.legacyAggregated = newAggregation(items), newAggregation(legacy)
	return s
}

// versionsOf returns the versions of a group, the preferred one first.
func versionsOf(group []*kind.Resource) []string {
	var versions []string
	for _, r := range group {
		for _, v := range r.Versions {
			if !slices.Contains(versions, v.Name) {
				versions = append(versions, v.Name)
			}
		}
	}
	slices.SortFunc(versions, func(a, b string) int { return version.CompareKubeAwareVersionStrings(b, a) })
	return versions
}

// legacy is the document of /api for a client that calls the server host.
func (s *set) legacy(host string) *metav1.APIVersions {
	return &metav1.APIVersions{
		TypeMeta:                   metav1.TypeMeta{Kind: "APIVersions"},
		Versions:                   s.legacyVersions,
		ServerAddressByClientCIDRs: []metav1.ServerAddressByClientCIDR{{ClientCIDR: "0.0.0.0/0", ServerAddress: host}},
	}
}

// group is the document of one group; nil if there is none.
func (s *set) group(name string) *metav1.APIGroup {
	for _, g := range s.groups.Groups {
		if g.Name == name {
			g.TypeMeta = metav1.TypeMeta{APIVersion: "v1", Kind: "APIGroup"}
			return &g
		}
	}
	return nil
}

func apiGroup(name string, versions []string) metav1.APIGroup {
	g := metav1.APIGroup{Name: name}
	for _, v := range versions {
		g.Versions = append(g.Versions, metav1.GroupVersionForDiscovery{GroupVersion: schemaVersion(name, v).String(), Version: v})
	}
	g.PreferredVersion = g.Versions[0]
	return g
}

func schemaVersion(group, version string) schema.GroupVersion {
	return schema.GroupVersion{Group: group, Version: version}
}
