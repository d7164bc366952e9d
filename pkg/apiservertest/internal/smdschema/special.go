package smdschema

import (
	"encoding/json"
	"reflect"

	"sigs.k8s.io/structured-merge-diff/v6/schema"
)

// These two types are in every schema, under these names: what is not known, in one piece, and what is not known, with its parts
// as they come.
var (
	untypedName = "__untyped_atomic_"
	deducedName = "__untyped_deduced_"

	untypedDef = schema.TypeDef{Name: untypedName, Atom: schema.Atom{
		Scalar: atomScalar(schema.Untyped),
		List:   &schema.List{ElementType: schema.TypeRef{NamedType: &untypedName}, ElementRelationship: schema.Atomic},
		Map:    &schema.Map{ElementType: schema.TypeRef{NamedType: &untypedName}, ElementRelationship: schema.Atomic},
	}}
	deducedDef = schema.TypeDef{Name: deducedName, Atom: schema.Atom{
		Scalar: atomScalar(schema.Untyped),
		List:   &schema.List{ElementType: schema.TypeRef{NamedType: &untypedName}, ElementRelationship: schema.Atomic},
		Map:    &schema.Map{ElementType: schema.TypeRef{NamedType: &deducedName}, ElementRelationship: schema.Separable},
	}}
)

// specialAtom describes the structs whose JSON is not that of their fields: those that say so by the methods of kube-openapi, and
// two which kube-openapi knows by name.
func specialAtom(name string, t reflect.Type) (schema.Atom, bool) {
	switch name {
	case "io.k8s.apimachinery.pkg.api.resource.Quantity":
		return schema.Atom{Scalar: atomScalar(schema.Untyped)}, true
	case "io.k8s.apimachinery.pkg.runtime.RawExtension":
		return untypedDef.Atom, true
	}
	zero := reflect.Zero(t).Interface()
	if _, ok := zero.(interface{ OpenAPIV3OneOfTypes() []string }); ok {
		return anything(), true
	}
	typer, ok := zero.(interface {
		OpenAPISchemaType() []string
		OpenAPISchemaFormat() string
	})
	if !ok {
		return schema.Atom{}, false
	}
	types := typer.OpenAPISchemaType()
	if len(types) == 0 {
		return anything(), true
	}
	switch types[0] {
	case "string":
		if format := typer.OpenAPISchemaFormat(); format != "" && format != "byte" {
			return schema.Atom{Scalar: atomScalar(schema.Untyped)}, true
		}
		return schema.Atom{Scalar: atomScalar(schema.String)}, true
	case "integer", "number":
		return schema.Atom{Scalar: atomScalar(schema.Numeric)}, true
	case "boolean":
		return schema.Atom{Scalar: atomScalar(schema.Boolean)}, true
	default:
		return anything(), true
	}
}

// ownJSON says whether a type reads its JSON itself, so that it may be anything.
func ownJSON(t reflect.Type) bool {
	return reflect.PointerTo(t).Implements(reflect.TypeFor[json.Unmarshaler]())
}

// anything describes a value of which no type is known.
func anything() schema.Atom {
	return schema.Atom{
		Scalar: atomScalar(schema.Untyped),
		List:   &schema.List{ElementType: schema.TypeRef{NamedType: &untypedName}, ElementRelationship: schema.Atomic},
		Map:    &schema.Map{ElementType: schema.TypeRef{NamedType: &deducedName}},
	}
}

func atomScalar(s schema.Scalar) *schema.Scalar { return &s }

func scalar(s schema.Scalar) schema.TypeRef {
	return schema.TypeRef{Inlined: schema.Atom{Scalar: atomScalar(s)}}
}
