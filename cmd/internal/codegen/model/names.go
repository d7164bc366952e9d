package model

import (
	"go/token"
	gotypes "go/types"
	"path"
	"slices"
	"strings"

	clientgentypes "k8s.io/code-generator/cmd/client-gen/types"
	"k8s.io/gengo/v2/namer"
	"k8s.io/gengo/v2/types"
)

// This file makes every name. The rules are the field's: programs contain the names that they lead to.

// newGroup names a group. The Go name is goName, or else the first label of the group's name.
func newGroup(dir, name, goName string) *Group {
	if goName == "" {
		goName, _, _ = strings.Cut(clientgentypes.Group(name).NonEmpty(), ".")
	}
	first, _, _ := strings.Cut(dir, ".")
	return &Group{
		Dir:     dir,
		Name:    name,
		GoName:  namer.IC(goName),
		Package: PackageName(first),
	}
}

// newVersion names a version of a group.
func newVersion(group *Group, importPath string) *Version {
	name := path.Base(importPath)
	goName := namer.IC(name)
	return &Version{
		Group:        group,
		Name:         name,
		GoName:       goName,
		Package:      PackageName(name),
		GroupVersion: group.GoName + goName,
		Field:        namer.IL(group.GoName) + goName,
		Alias:        strings.ToLower(group.GoName + goName),
		Path:         importPath,
		ClientFile:   group.Dir + "_client.go",
	}
}

// newInternalVersion names the internal version of a group.
func newInternalVersion(group *Group, importPath string) *Version {
	return &Version{
		Group:        group,
		Name:         internalVersion,
		GoName:       "InternalVersion",
		Package:      internalVersion,
		GroupVersion: group.GoName,
		Field:        namer.IL(group.GoName),
		Alias:        strings.ToLower(group.GoName) + internalVersion,
		Path:         importPath,
		ClientFile:   group.Dir + "_client.go",
		Internal:     true,
		Install:      path.Join(importPath, "install"),
	}
}

const internalVersion = "internalversion"

// newType names a kind. The plural is an exception, if there is one for the kind, or made by the rules of gengo.
func newType(version *Version, kind, resource string, pluralExceptions map[string]string) *Type {
	// The namers look at nothing but the name.
	named := &types.Type{Name: types.Name{Package: version.Path, Name: kind}}
	if resource == "" {
		resource = namer.NewAllLowercasePluralNamer(pluralExceptions).Name(named)
	}
	return &Type{
		Version:   version,
		Kind:      kind,
		Var:       variable(kind),
		Plural:    namer.NewPublicPluralNamer(pluralExceptions).Name(named),
		PluralVar: variable(namer.NewPrivatePluralNamer(pluralExceptions).Name(named)),
		Singular:  strings.ToLower(kind),
		Resource:  resource,
		File:      FileName(strings.ToLower(kind)),
	}
}

// newTypeRef names a type that a method refers to.
func newTypeRef(importPath, name string) TypeRef {
	return TypeRef{
		Path:  importPath,
		Alias: Alias(importPath),
		Name:  name,
		Var:   variable(name),
	}
}

// Alias returns the preferred import alias of a package: its last two path elements.
func Alias(importPath string) string {
	return PackageName(path.Base(path.Dir(importPath))) + PackageName(path.Base(importPath))
}

// parameters are the names that generated methods and functions give to their other parameters.
var parameters = []string{"b", "c", "ctx", "data", "err", "fieldManager", "listOpts", "name", "namespace", "opts", "pt", "result", "subresource", "subresources"}

// variable returns a name with its first letter in lower case, and an underscore behind it if it means something else
// already: a keyword, a predeclared identifier, another parameter.
func variable(name string) string {
	name = namer.IL(name)
	if token.IsKeyword(name) || gotypes.Universe.Lookup(name) != nil || slices.Contains(parameters, name) {
		return name + "_"
	}
	return name
}

// PackageName returns what of a path element can be in the name of a package.
func PackageName(element string) string {
	name := strings.NewReplacer("-", "", ".", "", "_", "").Replace(strings.ToLower(element))
	if token.IsKeyword(name) {
		return "_" + name
	}
	return name
}

// FileName returns the base name of a type's files: its name in lower case, with a suffix where that is the name of a
// file for the whole package (a kind Doc), or can have a meaning to the go command (a kind Node_linux).
func FileName(lower string) string {
	if lower == "doc" || lower == "interface" || strings.Contains(lower, "_") {
		return lower + "_type"
	}
	return lower
}
