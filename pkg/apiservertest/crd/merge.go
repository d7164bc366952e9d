package crd

import (
	structural "k8s.io/apiextensions-apiserver/pkg/apiserver/schema"
	"k8s.io/kube-openapi/pkg/schemaconv"
	"k8s.io/kube-openapi/pkg/validation/spec"
	smdschema "sigs.k8s.io/structured-merge-diff/v6/schema"
	"sigs.k8s.io/structured-merge-diff/v6/typed"
)

// mergeType returns how the fields of an object are merged: as list types and map types say, the metadata as that of any object.
func mergeType(s *structural.Structural) (*typed.ParseableType, error) {
	root := s.ToKubeOpenAPI()
	if root.Properties == nil {
		root.Properties = map[string]spec.Schema{}
	}
	root.Properties["apiVersion"] = *spec.StringProperty()
	root.Properties["kind"] = *spec.StringProperty()
	root.Properties["metadata"] = metadata()
	merged, err := schemaconv.ToSchemaFromOpenAPI(map[string]*spec.Schema{"object": root}, s.XPreserveUnknownFields)
	if err != nil {
		return nil, err
	}
	parsed := (&typed.Parser{Schema: smdschema.Schema{Types: merged.Types}}).Type("object")
	return &parsed, nil
}

// metadata is the schema of the metadata of an object.
func metadata() spec.Schema {
	finalizers := spec.ArrayProperty(spec.StringProperty())
	finalizers.AddExtension("x-kubernetes-list-type", "set")
	owner := spec.Schema{SchemaProps: spec.SchemaProps{Type: []string{"object"}, Properties: map[string]spec.Schema{
		"apiVersion": *spec.StringProperty(), "kind": *spec.StringProperty(), "name": *spec.StringProperty(), "uid": *spec.StringProperty(),
		"controller": *spec.BooleanProperty(), "blockOwnerDeletion": *spec.BooleanProperty(),
	}}}
	owner.AddExtension("x-kubernetes-map-type", "atomic")
	owners := spec.ArrayProperty(&owner)
	owners.AddExtension("x-kubernetes-list-type", "map")
	owners.AddExtension("x-kubernetes-list-map-keys", []any{"uid"})
	m := spec.Schema{SchemaProps: spec.SchemaProps{Type: []string{"object"}, Properties: map[string]spec.Schema{
		"labels":          *spec.MapProperty(spec.StringProperty()),
		"annotations":     *spec.MapProperty(spec.StringProperty()),
		"finalizers":      *finalizers,
		"ownerReferences": *owners,
	}}}
	m.Properties["managedFields"] = spec.Schema{SchemaProps: spec.SchemaProps{Type: []string{"array"}, Items: &spec.SchemaOrArray{Schema: &spec.Schema{}}}}
	m.Properties["deletionGracePeriodSeconds"] = *spec.Int64Property()
	m.Properties["generation"] = *spec.Int64Property()
	for _, name := range []string{"name", "generateName", "namespace", "selfLink", "uid", "resourceVersion", "creationTimestamp", "deletionTimestamp"} {
		m.Properties[name] = *spec.StringProperty()
	}
	return m
}
