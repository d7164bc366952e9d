package openapi

import (
	"maps"
	"reflect"
	"slices"
	"strings"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	gvkschema "k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/kubewright/kubewright/pkg/apiservertest/internal/kind"
)

// customObject defines the objects of a custom resource: what its CustomResourceDefinition
// says, with the fields that every object has.
func (b *builder) customObject(r *kind.Resource, v *kind.Version) *schema {
	gvk := r.GroupVersionKind(v)
	name := customName(gvk)
	if _, ok := b.doc.Components.Schemas[name]; ok {
		return refTo(name)
	}
	def := map[string]any{"type": "object", "x-kubernetes-preserve-unknown-fields": true}
	if b.custom != nil {
		if given := b.custom(r, v); given != nil {
			def = maps.Clone(given)
		}
	}
	properties := make(map[string]any)
	if given, ok := def["properties"].(map[string]any); ok {
		maps.Copy(properties, given)
	}
	maps.Copy(properties, b.common(reflect.TypeFor[metav1.ObjectMeta](), "Standard object's metadata. More info: "+conventions+"#metadata"))
	def["properties"] = properties
	def["x-kubernetes-group-version-kind"] = []groupVersionKind{kindOf(gvk)}
	b.doc.Components.Schemas[name] = def
	return refTo(name)
}

// customList defines the lists of a custom resource.
func (b *builder) customList(r *kind.Resource, v *kind.Version) *schema {
	gvk := gvkschema.GroupVersionKind{Group: r.Group, Version: v.Name, Kind: r.ListKind}
	name := customName(gvk)
	if _, ok := b.doc.Components.Schemas[name]; ok {
		return refTo(name)
	}
	properties := b.common(reflect.TypeFor[metav1.ListMeta](), "Standard list metadata. More info: "+conventions+"#types-kinds")
	properties["items"] = &schema{Description: "List of " + r.Plural + ". More info: " + conventions, Type: "array", Items: b.customObject(r, v)}
	b.doc.Components.Schemas[name] = map[string]any{
		"description": r.ListKind + " is a list of " + r.Kind, "type": "object", "required": []string{"items"},
		"properties": properties, "x-kubernetes-group-version-kind": []groupVersionKind{kindOf(gvk)},
	}
	return refTo(name)
}

const conventions = "https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md"

// common returns the fields that every object has, with metadata of a type.
func (b *builder) common(metadata reflect.Type, description string) map[string]any {
	typeMeta := b.definitions.of(reflect.TypeFor[metav1.TypeMeta]()).schema.Properties
	return map[string]any{
		"apiVersion": typeMeta["apiVersion"],
		"kind":       typeMeta["kind"],
		"metadata":   describe(b.define(metadata), description),
	}
}

// customName is the name of a definition, such as com.example.stable.v1.CronTab.
func customName(gvk gvkschema.GroupVersionKind) string {
	parts := strings.Split(gvk.Group, ".")
	slices.Reverse(parts)
	return strings.Join(append(parts, gvk.Version, gvk.Kind), ".")
}
