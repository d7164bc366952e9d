package fields

import (
	"encoding/json"
	"slices"
	"strings"

	"sigs.k8s.io/structured-merge-diff/v6/schema"
)

// The names of types that schemas treat as none of their kind.
const (
	quantityModel     = "io.k8s.apimachinery.pkg.api.resource.Quantity"
	rawExtensionModel = "io.k8s.apimachinery.pkg.runtime.RawExtension"
	untypedModel      = "__untyped_atomic_"
	deducedModel      = "__untyped_deduced_"
)

// Types returns the types of the named structs in a schema, and those that they are made of, sorted by name. They are
// what an API server has of types that kube-openapi describes to it.
func (g *Graph) Types(roots ...Name) []schema.TypeDef {
	s := &schemaBuilder{graph: g, types: map[string]schema.TypeDef{}}
	for _, root := range roots {
		if root := g.structs[root]; root != nil {
			s.define(root)
		}
	}
	var types []schema.TypeDef
	for _, t := range s.types {
		types = append(types, t)
	}
	slices.SortFunc(types, func(a, b schema.TypeDef) int { return strings.Compare(a.Name, b.Name) })
	return types
}

type schemaBuilder struct {
	graph *Graph
	types map[string]schema.TypeDef
}

func named(name string) schema.TypeRef { return schema.TypeRef{NamedType: &name} }

func inlined(atom schema.Atom) schema.TypeRef { return schema.TypeRef{Inlined: atom} }

func scalar(s schema.Scalar) schema.Atom { return schema.Atom{Scalar: &s} }

// anything is what accepts every value, with an owner for each entry of a map.
func anything() schema.Atom {
	return schema.Atom{
		Scalar: new(schema.Untyped),
		List:   &schema.List{ElementType: named(untypedModel), ElementRelationship: schema.Atomic},
		Map:    &schema.Map{ElementType: named(deducedModel), ElementRelationship: schema.Separable},
	}
}

// define adds the type of a struct.
func (s *schemaBuilder) define(st *Struct) {
	if _, ok := s.types[st.Model]; ok {
		return
	}
	s.types[st.Model] = schema.TypeDef{} // a struct may be part of itself
	s.types[st.Model] = schema.TypeDef{Name: st.Model, Atom: s.structAtom(st)}
}

// structAtom returns the type of a struct.
func (s *schemaBuilder) structAtom(st *Struct) schema.Atom {
	switch {
	case st.Model == quantityModel:
		return scalar(schema.Untyped)
	case st.openAPI:
		return openAPIAtom(st.openAPIType, st.openAPIFormat)
	}
	fields, unions := s.members(st)
	if tagged := slices.ContainsFunc(st.Fields, func(f *Field) bool { return !f.Untagged }); len(fields) == 0 || st.ownJSON && !tagged {
		if st.ownJSON && !strings.HasPrefix(st.Model, "io.k8s.apimachinery.") {
			return anything()
		}
		return schema.Atom{Map: &schema.Map{ElementType: named(deducedModel)}}
	}
	m := &schema.Map{Fields: fields, Unions: unions, ElementRelationship: mapRelationship(st.tags)}
	if preservesUnknown(st.tags) {
		m.ElementType = named(deducedModel)
	}
	return schema.Atom{Map: m}
}

// members returns the fields of a struct, with those of structs that it inlines.
func (s *schemaBuilder) members(st *Struct) (fields []schema.StructField, unions []schema.Union) {
	seen := map[string]bool{}
	if union, ok := union(st); ok {
		unions = append(unions, union)
	}
	var add func(st *Struct, stack []*Struct)
	add = func(st *Struct, stack []*Struct) {
		for _, field := range st.Fields { // its own fields hide those that it inlines
			if !field.Inline() && !seen[field.JSON] {
				seen[field.JSON] = true
				fields = append(fields, schema.StructField{Name: field.JSON, Type: s.field(field), Default: defaultOf(field)})
			}
		}
		for _, field := range st.Fields {
			if t := field.Type.Deref(); field.Inline() && t.Kind == StructType && !slices.Contains(stack, t.Struct) {
				add(t.Struct, append(stack, t.Struct))
			}
		}
	}
	add(st, []*Struct{st})
	slices.SortFunc(fields, func(a, b schema.StructField) int { return strings.Compare(a.Name, b.Name) })
	return fields, unions
}

// field returns the type of a field.
func (s *schemaBuilder) field(f *Field) schema.TypeRef {
	t := f.Type.Deref()
	ref := s.ref(t, f.tags)
	if ref.NamedType == nil || t.Kind != StructType || *ref.NamedType == untypedModel {
		return ref
	}
	if preservesUnknown(f.tags) {
		atom := s.structAtom(t.Struct)
		if atom.Map != nil {
			atom.Map.ElementType = named(deducedModel)
		}
		return inlined(atom)
	}
	if relationship := mapRelationship(f.tags); relationship != "" {
		ref.ElementRelationship = &relationship
	}
	return ref
}

// ref returns a type whose field, if it is that of a field, has the given tags.
func (s *schemaBuilder) ref(t *Type, fieldTags tags) schema.TypeRef {
	t = t.Deref()
	switch t.Kind {
	case Basic:
		return inlined(basicAtom(t.Basic))
	case StructType:
		if t.Struct.Model == rawExtensionModel {
			return named(untypedModel)
		}
		if t.Name == (Name{"time", "Time"}) {
			return inlined(scalar(schema.Untyped))
		}
		s.define(t.Struct)
		return named(t.Struct.Model)
	case Slice:
		if elem := t.Elem.Deref(); elem.Kind == Basic && (elem.Basic == "byte" || elem.Basic == "uint8") {
			return inlined(scalar(schema.String))
		}
		list := &schema.List{ElementType: s.ref(t.Elem, nil), ElementRelationship: schema.Atomic}
		if associative, keys := listRelationship(fieldTags, t.tags); associative {
			list.ElementRelationship, list.Keys = schema.Associative, keys
		}
		return inlined(schema.Atom{List: list})
	case Map:
		relationship := mapRelationship(fieldTags)
		if relationship == "" {
			relationship = mapRelationship(t.tags)
		}
		return inlined(schema.Atom{Map: &schema.Map{ElementType: s.ref(t.Elem, nil), ElementRelationship: relationship}})
	}
	return named(deducedModel)
}

// basicAtom returns the type of a predeclared type.
func basicAtom(basic string) schema.Atom {
	switch basic {
	case "string":
		return scalar(schema.String)
	case "bool":
		return scalar(schema.Boolean)
	}
	return scalar(schema.Numeric)
}

// openAPIAtom returns the type of what describes itself.
func openAPIAtom(openAPIType, format string) schema.Atom {
	switch openAPIType {
	case "integer", "number":
		return scalar(schema.Numeric)
	case "boolean":
		return scalar(schema.Boolean)
	case "string":
		if format == "" || format == "byte" {
			return scalar(schema.String)
		}
		return scalar(schema.Untyped)
	}
	return anything()
}

// mapRelationship returns what the tags say about the owners of entries of a map, or of fields of a struct; "" is nothing.
func mapRelationship(t tags) schema.ElementRelationship {
	for _, key := range []string{"mapType", "structType"} {
		switch value, _ := t.first(key); value {
		case "atomic":
			return schema.Atomic
		case "granular":
			return schema.Separable
		}
	}
	return ""
}

// preservesUnknown reports whether the tags let values have fields that their type does not have.
func preservesUnknown(t tags) bool {
	return t.has("kubebuilder:pruning:PreserveUnknownFields", "kubebuilder:validation:XPreserveUnknownFields") ||
		slices.Contains(t["k8s:openapi-gen"], "x-kubernetes-preserve-unknown-fields:true")
}

// union returns the union that a struct with +union is: its optional fields, of which the discriminator tells which is set.
func union(st *Struct) (schema.Union, bool) {
	if !st.tags.has("union") {
		return schema.Union{}, false
	}
	var u schema.Union
	for _, field := range st.Fields {
		switch {
		case field.tags.has("unionDiscriminator"):
			u.Discriminator = &field.JSON
		case field.tags.has("optional"):
			u.Fields = append(u.Fields, schema.UnionField{FieldName: field.JSON, DiscriminatorValue: field.Name})
		}
	}
	slices.SortFunc(u.Fields, func(a, b schema.UnionField) int { return strings.Compare(a.FieldName, b.FieldName) })
	return u, true
}

// defaultOf returns the value that a field has when nobody sets it, or nil: what its tags say, or else what Go makes of
// a field that JSON always has.
func defaultOf(f *Field) any {
	if text, ok := f.tags.first("default"); ok {
		var value any
		if json.Unmarshal([]byte(text), &value) == nil {
			return value
		}
		return nil // a reference to a constant of Go
	}
	if text, ok := f.tags.first("kubebuilder:default"); ok {
		var value any
		if json.Unmarshal([]byte(text), &value) == nil {
			return value
		}
		return text // these tags need no quotes
	}
	switch f.Type.Kind {
	case StructType:
		st := f.Type.Struct
		if st.ownJSON || f.Type.Name == (Name{"time", "Time"}) {
			return nil
		}
		if len(st.Fields) == 1 && st.Fields[0].Embedded {
			return defaultOf(&Field{Type: st.Fields[0].Type, OmitEmpty: f.OmitEmpty})
		}
		return map[string]any{}
	case Basic:
		if f.OmitEmpty {
			return nil
		}
		switch f.Type.Basic {
		case "string":
			return ""
		case "bool":
			return false
		}
		return int64(0)
	}
	return nil
}
