// Package fields is what the generators know about the insides of API types: the structs that can be reached through the
// fields of a kind, in whatever package they are, with what JSON and the merging of objects make of each field.
//
//	declarations ──Build──▶ Graph ──Types──▶ schema
//	      ▲           │        │
//	      └── Load ───┘        └──▶ apply configurations
//
// It reads declarations and checks no types. Packages are loaded when a field refers to them, many at a time. A type that
// nothing can be made of is no problem by itself: it becomes Opaque, with the reason, and whoever needs it complains.
package fields

import "go/token"

// Name is the name of a Go type.
type Name struct {
	// Path is the import path of the package that declares it; "" for predeclared types.
	Path string
	Name string
}

// Graph has all structs that can be reached from some kinds.
type Graph struct {
	structs map[Name]*Struct
}

// Struct returns a struct of the graph, or nil.
func (g *Graph) Struct(name Name) *Struct { return g.structs[name] }

// Struct is a struct type with a name.
type Struct struct {
	Name Name
	// Pos is the place of its name.
	Pos token.Position
	// Doc is its documentation, without tags.
	Doc []string
	// Model is what schemas call it: "io.k8s.api.core.v1.Pod".
	Model string
	// Fields are those that JSON has, in the order of their declaration.
	Fields []*Field

	tags tags
	// ownJSON: methods of its own read its JSON, so that its fields say nothing about that.
	ownJSON bool
	// openAPI says that the type describes its JSON itself: as a scalar of type openAPIType and openAPIFormat.
	openAPI                    bool
	openAPIType, openAPIFormat string
}

// Kind says what a type is.
type Kind int

// What there is. An Opaque type is one of which nothing can be made.
const (
	Opaque Kind = iota
	Basic
	StructType
	Pointer
	Slice
	Map
)

// Type is the type of a field.
type Type struct {
	Kind Kind
	// Name is the type's name, if it has one. Names of aliases are not kept.
	Name Name
	// Basic is the predeclared type that a Basic is in the end: "string".
	Basic string
	// Key is that of a Map; Elem what a Map, Pointer or Slice has.
	Key, Elem *Type
	// Struct is that of a StructType.
	Struct *Struct
	// Why says of an Opaque what is wrong with it.
	Why *Fault

	tags tags // in the comment of the type's declaration
}

// Field is a field of a struct that JSON has.
type Field struct {
	// Name is the field's name in Go; that of an embedded type is the type's.
	Name string
	// JSON is its name in JSON; "" says that its own fields stand in its place.
	JSON string
	// OmitEmpty says that JSON does without the zero value.
	OmitEmpty bool
	// Untagged fields have no JSON tag. A struct that has no others is no part of an API, but of some library.
	Untagged bool
	// Embedded fields have no name of their own in Go.
	Embedded bool
	Type     *Type
	// Pos is the place of the field.
	Pos token.Position
	// Doc is its documentation, without tags.
	Doc []string

	tags tags
	// wrong is what its struct tag or its comment tags have wrong.
	wrong []Fault
}

// Inline reports whether the fields of the field's struct stand in its place in JSON.
func (f *Field) Inline() bool { return f.JSON == "" }

// Deref returns the type behind pointers.
func (t *Type) Deref() *Type {
	for t.Kind == Pointer {
		t = t.Elem
	}
	return t
}
