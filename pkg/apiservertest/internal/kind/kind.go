// Package kind is the vocabulary of the test server's rooms: what a resource is, and where a request to it is addressed.
//
//	catalog ── knows all ──▶ Resource ── has ──▶ Version ── has ──▶ Subresource
//	path    ── names one ──▶ Target   ── is of ──▶ one of these
package kind

import (
	"slices"

	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/kubewright/kubewright/pkg/internal/apiobject"
)

// Object is an object of an API. Those of built-in resources have the Go types of k8s.io/api, those of custom resources are
// *unstructured.Unstructured. An object in the storage is never changed: who wants to, changes a copy.
type Object = apiobject.Object

// Resource is a collection of objects, in all its versions. It is immutable.
type Resource struct {
	Group    string
	Plural   string // the name in paths
	Singular string
	Kind     string
	ListKind string

	ShortNames []string
	Categories []string
	Namespaced bool

	// Versions are those that are served, the preferred one first.
	Versions []Version
	// Storage is the name of the version whose type objects have in the storage.
	Storage string
	// Custom says that a CustomResourceDefinition declares the resource.
	Custom bool
}

// Version is a resource as one version of its group has it.
type Version struct {
	Name string
	// Verbs are those of the resource itself: create, delete, deletecollection, get, list, patch, update, watch.
	Verbs        []string
	Subresources []Subresource
	// New and NewList return empty objects of the version, of kinds Resource.Kind and Resource.ListKind.
	New     func() Object
	NewList func() runtime.Object
}

// Subresource is what a path may name behind the name of an object.
type Subresource struct {
	Name  string
	Verbs []string
	// Kind is of the objects that are sent and answered: that of the resource for status, autoscaling/v1 Scale for scale.
	Kind schema.GroupVersionKind
}

// GroupResource names the resource in all versions.
func (r *Resource) GroupResource() schema.GroupResource {
	return schema.GroupResource{Group: r.Group, Resource: r.Plural}
}

// Version returns the version of that name; nil if it is not served.
func (r *Resource) Version(name string) *Version {
	for i := range r.Versions {
		if r.Versions[i].Name == name {
			return &r.Versions[i]
		}
	}
	return nil
}

// GroupVersionKind is the kind of the objects of version v.
func (r *Resource) GroupVersionKind(v *Version) schema.GroupVersionKind {
	return schema.GroupVersionKind{Group: r.Group, Version: v.Name, Kind: r.Kind}
}

// Subresource returns the subresource of that name; nil if there is none.
func (v *Version) Subresource(name string) *Subresource {
	i := slices.IndexFunc(v.Subresources, func(s Subresource) bool { return s.Name == name })
	if i < 0 {
		return nil
	}
	return &v.Subresources[i]
}

// Target is what a request is addressed to: a collection, an object or a subresource of one.
type Target struct {
	Resource    *Resource
	Version     *Version
	Namespace   string       // empty for resources of the cluster, and for a collection in all namespaces
	Name        string       // empty for a collection
	Subresource *Subresource // nil for the object itself
}
