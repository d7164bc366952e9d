package catalog

import (
	"cmp"
	"maps"
	"reflect"
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/api/meta"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/version"

	"github.com/kubewright/kubewright/pkg/apiservertest/internal/kind"
)

// guess returns the resources of the types that the table cannot know.
func guess(types map[schema.GroupVersionKind]reflect.Type) []*kind.Resource {
	byKind := make(map[schema.GroupKind]*kind.Resource)
	for _, gvk := range slices.SortedFunc(maps.Keys(types), compareKinds) {
		list := gvk.GroupVersion().WithKind(gvk.Kind + "List")
		if !guessable(gvk, types[gvk]) || types[list] == nil {
			continue
		}
		r := byKind[gvk.GroupKind()]
		if r == nil {
			plural, singular := meta.UnsafeGuessKindToResource(gvk)
			r = &kind.Resource{
				Group: gvk.Group, Plural: plural.Resource, Singular: singular.Resource, Kind: gvk.Kind, ListKind: list.Kind,
				Namespaced: true, Storage: gvk.Version,
			}
			byKind[gvk.GroupKind()] = r
		}
		v := kind.Version{
			Name:    gvk.Version,
			Verbs:   []string{"create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"},
			New:     newObject(gvk, types[gvk]),
			NewList: newList(types[list]),
		}
		if hasStatus(types[gvk]) {
			v.Subresources = []kind.Subresource{{Name: "status", Verbs: []string{"get", "patch", "update"}, Kind: gvk}}
		}
		r.Versions = append(r.Versions, v)
	}
	return slices.SortedFunc(maps.Values(byKind), func(a, b *kind.Resource) int {
		return cmp.Or(cmp.Compare(a.Group, b.Group), cmp.Compare(a.Plural, b.Plural))
	})
}

// compareKinds orders kinds by group and name, and those of one name by stability of their
// versions, v2 before v1 before v1beta1.
func compareKinds(a, b schema.GroupVersionKind) int {
	return cmp.Or(cmp.Compare(a.Group, b.Group), cmp.Compare(a.Kind, b.Kind),
		version.CompareKubeAwareVersionStrings(b.Version, a.Version))
}

// guessable reports whether a type may be the object of a resource: it is not Kubernetes'
// own, of which the table knows all that are.
func guessable(gvk schema.GroupVersionKind, t reflect.Type) bool {
	for _, own := range []string{"k8s.io/api/", "k8s.io/apimachinery/"} {
		if strings.HasPrefix(t.PkgPath(), own) {
			return false
		}
	}
	for i := range table() {
		if row := &table()[i]; row.Group == gvk.Group && row.Kind == gvk.Kind {
			return false // the table has said what is served
		}
	}
	return gvk.Version != runtime.APIVersionInternal && isObject(t)
}

func hasStatus(t reflect.Type) bool {
	field, ok := t.FieldByName("Status")
	return ok && strings.HasPrefix(field.Tag.Get("json"), "status")
}
