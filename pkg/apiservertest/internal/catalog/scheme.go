package catalog

import (
	"fmt"
	"reflect"
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/kubewright/kubewright/pkg/apiservertest/internal/kind"
)

// Serve decides whether a version of a resource of the table is served. byDefault says
// whether kube-apiserver serves it when its --runtime-config and --feature-gates say nothing.
type Serve func(resource schema.GroupVersionResource, byDefault bool) bool

// Default serves what kube-apiserver serves by default.
func Default(_ schema.GroupVersionResource, byDefault bool) bool { return byDefault }

// Everything serves every version, as kube-apiserver with --runtime-config=api/all=true and
// all feature gates on.
func Everything(schema.GroupVersionResource, bool) bool { return true }

// FromScheme returns the resources of the types in a scheme, the known ones as kube-apiserver
// serves them by default. It is Select with Default.
func FromScheme(scheme *runtime.Scheme) []*kind.Resource { return Select(scheme, Default) }

// Select returns the resources of the types in a scheme.
//
//   - Those that the table has are as the table says, in the versions that serve chooses.
//   - Other types of k8s.io/api are requests, parts of objects, and versions that are no
//     longer served: they make no resource.
//   - A type from elsewhere makes a resource if it has metadata and a list type of its name
//     with "List". Its plural name is guessed as [k8s.io/apimachinery/pkg/api/meta.UnsafeGuessKindToResource]
//     does; it is namespaced, has all verbs, and a status subresource if the type has a field
//     Status. Its versions are ordered by stability, and the first is that of the storage.
//
// The resources are the caller's own, but what they refer to is shared and not to be changed.
func Select(scheme *runtime.Scheme, serve Serve) []*kind.Resource {
	types := scheme.AllKnownTypes()
	var resources []*kind.Resource
	for i := range table() {
		if r := fromRow(&table()[i], types, serve); r != nil {
			resources = append(resources, r)
		}
	}
	return append(resources, guess(types)...)
}

// fromRow returns the resource of a row; nil if no version of it is served.
func fromRow(row *row, types map[schema.GroupVersionKind]reflect.Type, serve Serve) *kind.Resource {
	r := &kind.Resource{
		Group: row.Group, Plural: row.Resource, Singular: row.Singular, Kind: row.Kind,
		ShortNames: row.ShortNames, Categories: row.Categories, Namespaced: row.Namespaced,
	}
	for _, v := range row.Versions {
		gvk := row.groupVersionKind(v.Name)
		if types[gvk] == nil || !serve(gvk.GroupVersion().WithResource(row.Resource), v.Default) {
			continue
		}
		version := kind.Version{Name: v.Name, Verbs: strings.Split(v.Verbs, ","), New: newObject(gvk, types[gvk])}
		for _, s := range v.Subresources {
			version.Subresources = append(version.Subresources, kind.Subresource{
				Name: s.Name, Verbs: strings.Split(s.Verbs, ","), Kind: row.kindOf(v.Name, s),
			})
		}
		if list := gvk.GroupVersion().WithKind(row.Kind + "List"); types[list] != nil && slices.Contains(version.Verbs, "list") {
			r.ListKind, version.NewList = list.Kind, newList(types[list])
		}
		r.Versions = append(r.Versions, version)
	}
	if len(r.Versions) == 0 {
		return nil
	}
	if row.Storage != "" {
		r.Storage = row.storageKind().Version
		if r.Version(r.Storage) == nil {
			r.Storage = r.Versions[0].Name
		}
	}
	return r
}

// newObject returns the constructor of the objects of a type. It panics if they have no
// metadata, which is an error in the table or in the scheme.
func newObject(gvk schema.GroupVersionKind, t reflect.Type) func() kind.Object {
	if !isObject(t) {
		panic(fmt.Sprintf("catalog: %v is of type %v, which has no metadata", gvk, t))
	}
	return func() kind.Object { return reflect.New(t).Interface().(kind.Object) }
}

func newList(t reflect.Type) func() runtime.Object {
	return func() runtime.Object { return reflect.New(t).Interface().(runtime.Object) }
}

func isObject(t reflect.Type) bool {
	return reflect.PointerTo(t).Implements(reflect.TypeFor[kind.Object]())
}
