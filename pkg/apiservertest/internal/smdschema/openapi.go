package smdschema

import (
	"encoding/json"
	"fmt"
	"maps"
	"reflect"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/kube-openapi/pkg/schemaconv"
	"k8s.io/kube-openapi/pkg/validation/spec"
	"sigs.k8s.io/structured-merge-diff/v6/schema"
	"sigs.k8s.io/structured-merge-diff/v6/typed"
)

// FromOpenAPI makes the schema of a custom resource: document is the JSON of the openAPIV3Schema of a version in its
// CustomResourceDefinition. What Kubernetes defines for every object (apiVersion, kind, metadata) is added, to embedded resources,
// too.
func FromOpenAPI(document []byte) (*typed.ParseableType, error) {
	var root spec.Schema
	if err := json.Unmarshal(document, &root); err != nil {
		return nil, fmt.Errorf("the schema is not OpenAPI: %w", err)
	}
	metadata := reflect.TypeFor[metav1.ObjectMeta]()
	completed := complete(root, true, spec.RefSchema("#/definitions/"+Name(metadata)))
	const name = "object"
	converted, err := schemaconv.ToSchemaFromOpenAPI(map[string]*spec.Schema{name: &completed}, false)
	if err != nil {
		return nil, fmt.Errorf("the schema is not structural: %w", err)
	}
	parser, err := New(Builtin(), metadata)
	if err != nil {
		return nil, err
	}
	for _, definition := range converted.Types {
		if definition.Name == name { // the others are in the parser already
			parser.Schema.Types = append(parser.Schema.Types, definition)
		}
	}
	parseable := (&typed.Parser{Schema: schema.Schema{Types: parser.Schema.Types}}).Type(name)
	return &parseable, nil
}

// complete adds to the schema of an object what is in each object of Kubernetes, and does so wherever one is embedded.
func complete(s spec.Schema, object bool, metadata *spec.Schema) spec.Schema {
	properties := make(map[string]spec.Schema, len(s.Properties)+3)
	for name, property := range s.Properties {
		properties[name] = complete(property, embedded(property), metadata)
	}
	if object {
		maps.Copy(properties, map[string]spec.Schema{"apiVersion": *spec.StringProperty(), "kind": *spec.StringProperty(), "metadata": *metadata})
	}
	if len(properties) > 0 {
		s.Properties = properties
	}
	if s.Items != nil && s.Items.Schema != nil {
		item := complete(*s.Items.Schema, embedded(*s.Items.Schema), metadata)
		s.Items = &spec.SchemaOrArray{Schema: &item}
	}
	if s.AdditionalProperties != nil && s.AdditionalProperties.Schema != nil {
		value := complete(*s.AdditionalProperties.Schema, embedded(*s.AdditionalProperties.Schema), metadata)
		s.AdditionalProperties = &spec.SchemaOrBool{Allows: true, Schema: &value}
	}
	return s
}

func embedded(s spec.Schema) bool {
	is, _ := s.Extensions.GetBool("x-kubernetes-embedded-resource")
	return is
}
