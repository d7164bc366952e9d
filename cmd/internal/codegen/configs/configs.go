// Package configs decides what the apply configurations of an API look like: which structs get one, in which package,
// with which fields and methods.
//
//	model.API ─┐
//	           ├──Build──▶ Set ──render──▶ files
//	Graph ─────┘    │
//	                └──▶ every problem, with its place
//
// An apply configuration is a struct whose fields can all be absent, so that it says about an object what one field
// manager wants, and nothing else. Structs of the input packages get apply configurations of the output; those of
// k8s.io/api and of apimachinery's meta/v1 have them in the runtime's module; all others are used as they are.
package configs

import (
	"go/token"

	"github.com/kubewright/kubewright/cmd/internal/codegen/fields"
	"github.com/kubewright/kubewright/cmd/internal/codegen/model"
)

// Generator is the name of the generator, which packages can opt out of.
const Generator = "applyconfiguration-gen"

// Set is everything that one run generates.
type Set struct {
	// Packages are sorted by Dir.
	Packages []*Package
}

// Package is the package with the apply configurations for one package of API types.
type Package struct {
	// Dir is below the output directory: "apps/v1".
	Dir string
	// Path is the import path, and Name what the package clause says.
	Path, Name string
	// Alias is the preferred import alias: "appsv1".
	Alias string
	// Group and Version are those of the API.
	Group, Version string
	// Configs are sorted by name.
	Configs []*Config

	api string         // the import path of the API package
	pos token.Position // of that package
}

// Config is the apply configuration of one struct.
type Config struct {
	Package *Package
	// Kind is the struct's name, Name that of its apply configuration: "DeploymentApplyConfiguration".
	Kind, Name string
	// File is the base name of its file without .go.
	File string
	// Model is what the schema calls the struct.
	Model string
	// Doc is the documentation of the struct.
	Doc []string
	// Type is the kind of the API that the struct is, or nil if it is only a part of one.
	Type *model.Type
	// Object says that it has a kind and an API version.
	Object bool
	// Fields are in the order of their declaration.
	Fields []*Field
	// Setters are the With methods, and Getters the Get methods.
	Setters []*Setter
	Getters []*Getter

	source *fields.Struct
}

// APIType refers to the struct.
func (c *Config) APIType() GoType {
	return GoType{Ref{Path: c.source.Name.Path, Name: c.source.Name.Name}}
}

// Shape is how a field and its With method look.
type Shape string

// The shapes of fields.
const (
	// Value is *T, set by WithF(value T).
	Value Shape = "value"
	// One is *C, set by WithF(value *C); C is an apply configuration.
	One Shape = "one"
	// Values is []T, appended to by WithF(values ...T).
	Values Shape = "values"
	// Many is []C, appended to by WithF(values ...*C).
	Many Shape = "many"
	// Entries is map[K]V, added to by WithF(entries map[K]V).
	Entries Shape = "entries"
	// EmbeddedValue is C and EmbeddedPointer is *C, embedded: it has the With methods of C.
	EmbeddedValue   Shape = "embedded value"
	EmbeddedPointer Shape = "embedded pointer"
)

// Field is a field of an apply configuration.
type Field struct {
	// Name is that of the field; embedded fields have none of their own, but that of their type.
	Name  string
	Shape Shape
	// Type is T, C, or the type of the whole map.
	Type GoType
	// Tag is the field's JSON tag.
	Tag string
	// Doc is its documentation.
	Doc []string

	source *fields.Field
	inner  *fields.Struct // the struct that an embedded field embeds
}

// Setter is a With method.
type Setter struct {
	// Field is the name of the field.
	Field string
	Shape Shape
	Type  GoType
	// Embedded is the field that has the field, or nil.
	Embedded *Field
}

// Getter is a Get method, which returns a string that may be absent.
type Getter struct {
	// Field is what it returns: "Name".
	Field string
	// Embedded is the field that has the field, or nil.
	Embedded *Field
}

// GoType is the spelling of a type: strings, and Refs to types of packages.
type GoType []any

// Ref refers to a type of a package.
type Ref struct {
	Path, Name string
}

// Var is the name of parameters that are objects of the kind.
func (c *Config) Var() string {
	if c.Type == nil {
		return ""
	}
	return c.Type.Var
}

// APIVersion is what objects of the kind say: "apps/v1".
func (c *Config) APIVersion() string {
	if c.Package.Group == "" {
		return c.Package.Version
	}
	return c.Package.Group + "/" + c.Package.Version
}

// Title is how documentation names the package's API group.
func (p *Package) Title() string {
	if p.Group == "" {
		return "core"
	}
	return p.Group
}
