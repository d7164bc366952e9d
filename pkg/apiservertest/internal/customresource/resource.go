package customresource

import (
	"fmt"
	"slices"
	"time"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	apiversion "k8s.io/apimachinery/pkg/version"

	"github.com/kubewright/kubewright/pkg/apiservertest/internal/codec"
	"github.com/kubewright/kubewright/pkg/apiservertest/internal/kind"
	"github.com/kubewright/kubewright/pkg/apiservertest/schemas"
)

// served is a custom resource as it is served: a definition, compiled. It is immutable.
type served struct {
	definition *CustomResourceDefinition
	resource   *kind.Resource
	versions   map[string]servedVersion
}

// servedVersion is what a version has beyond what kind.Version says.
type servedVersion struct {
	schema  schemas.Schema // nil: everything is allowed, and kept
	broken  error          // why schema is missing
	columns []codec.Column
}

var scaleKind = schema.GroupVersionKind{Group: "autoscaling", Version: "v1", Kind: "Scale"}

// newServed returns the resource that a definition declares; nil if no version of it is served.
func newServed(d *CustomResourceDefinition, obj *unstructured.Unstructured, library schemas.Library, now func() time.Time) *served {
	resource := newResource(d)
	if len(resource.Versions) == 0 {
		return nil
	}
	s := &served{definition: d, resource: resource, versions: map[string]servedVersion{}}
	for i := range d.Spec.Versions {
		v := &d.Spec.Versions[i]
		compiled := servedVersion{columns: compileColumns(v, now)}
		if library != nil {
			if compiled.schema, compiled.broken = library.Compile(obj, v.Name); compiled.broken != nil {
				compiled.broken = fmt.Errorf("schema of %s in version %s: %w", d.Name, v.Name, compiled.broken)
			}
		}
		s.versions[v.Name] = compiled
	}
	return s
}

// newResource returns the resource that a definition declares, under the names that were accepted.
func newResource(d *CustomResourceDefinition) *kind.Resource {
	names := d.Status.AcceptedNames
	r := &kind.Resource{
		Group:      d.Spec.Group,
		Plural:     names.Plural,
		Singular:   names.Singular,
		Kind:       names.Kind,
		ListKind:   names.ListKind,
		ShortNames: names.ShortNames,
		Categories: names.Categories,
		Namespaced: d.Spec.Scope == "Namespaced",
		Custom:     true,
	}
	for i := range d.Spec.Versions {
		if v := &d.Spec.Versions[i]; v.Served && (v.Storage || d.Spec.Conversion == nil || d.Spec.Conversion.Strategy != webhook) {
			r.Versions = append(r.Versions, newVersion(d, v))
		}
	}
	slices.SortStableFunc(r.Versions, func(a, b kind.Version) int { return apiversion.CompareKubeAwareVersionStrings(b.Name, a.Name) })
	// All versions have the same fields, so it makes no difference in which an object is stored if that which should be is not served.
	if r.Storage = d.storageVersion(); r.Version(r.Storage) == nil && len(r.Versions) > 0 {
		r.Storage = r.Versions[0].Name
	}
	return r
}

// newVersion returns a version with its verbs, in the order in which discovery of kube-apiserver presents them.
func newVersion(d *CustomResourceDefinition, v *CustomResourceDefinitionVersion) kind.Version {
	gvk := schema.GroupVersionKind{Group: d.Spec.Group, Version: v.Name, Kind: d.Status.AcceptedNames.Kind}
	version := kind.Version{
		Name:    v.Name,
		Verbs:   []string{"delete", "deletecollection", "get", "list", "patch", "create", "update", "watch"},
		New:     newObject(gvk),
		NewList: newList(gvk.GroupVersion().WithKind(d.Status.AcceptedNames.ListKind)),
	}
	if s := v.Subresources; s != nil && s.Status != nil {
		version.Subresources = append(version.Subresources, kind.Subresource{Name: "status", Verbs: []string{"get", "patch", "update"}, Kind: gvk})
	}
	if s := v.Subresources; s != nil && s.Scale != nil {
		version.Subresources = append(version.Subresources, kind.Subresource{Name: "scale", Verbs: []string{"get", "patch", "update"}, Kind: scaleKind})
	}
	return version
}
