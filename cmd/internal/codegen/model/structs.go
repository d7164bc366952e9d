package model

import (
	"go/ast"
	"iter"
	"path"
	"regexp"
	"slices"

	"github.com/kubewright/kubewright/cmd/internal/codegen/load"
)

// metaPackage has ObjectMeta, ListMeta and TypeMeta.
const metaPackage = "k8s.io/apimachinery/pkg/apis/meta/v1"

// structOf returns the struct that a declaration defines, or nil.
func structOf(decl *load.TypeDecl) *ast.StructType {
	s, _ := decl.Spec.Type.(*ast.StructType)
	return s
}

// definedBy returns the import path ("" for the package itself) and the name of the type that a type is defined by, as in
// type Route v1.Route, or "". It may be an alias.
func definedBy(decl *load.TypeDecl) (importPath, name string) {
	switch expr := decl.Spec.Type.(type) {
	case *ast.Ident, *ast.SelectorExpr:
		return embedded(decl, &ast.Field{Type: expr})
	}
	return "", ""
}

// definition returns the declaration of the struct that a type is: its own, or the one that it is defined by, in whatever
// package. It returns nil if there is none.
func (b *builder) definition(pkg *load.Package, decl *load.TypeDecl) *load.TypeDecl {
	seen := map[*load.TypeDecl]bool{}
	for decl != nil && structOf(decl) == nil && !seen[decl] {
		seen[decl] = true
		importPath, name := definedBy(decl)
		if importPath != "" {
			pkg = b.packages[importPath]
		}
		if pkg == nil || name == "" {
			return nil
		}
		if decl = pkg.Type(name); decl != nil && decl.Spec.TypeParams != nil {
			return nil
		}
	}
	if decl == nil || structOf(decl) == nil {
		return nil
	}
	return decl
}

// hasStatus reports whether a struct, or nil, has a field Status of its own. One that an embedded struct brings does not count.
func hasStatus(decl *load.TypeDecl) bool {
	if decl == nil {
		return false
	}
	for _, field := range structOf(decl).Fields.List {
		for _, name := range field.Names {
			if name.Name == "Status" {
				return true
			}
		}
		if _, name := embedded(decl, field); name == "Status" {
			return true
		}
	}
	return false
}

// embedded returns the import path ("" for the package itself) and the name of the type that a field embeds, or "".
func embedded(decl *load.TypeDecl, field *ast.Field) (importPath, name string) {
	if len(field.Names) > 0 {
		return "", ""
	}
	expr := field.Type
	if star, ok := expr.(*ast.StarExpr); ok {
		expr = star.X
	}
	switch generic := expr.(type) {
	case *ast.IndexExpr:
		expr = generic.X
	case *ast.IndexListExpr:
		expr = generic.X
	}
	switch expr := expr.(type) {
	case *ast.Ident:
		return "", expr.Name
	case *ast.SelectorExpr:
		if pkg, ok := expr.X.(*ast.Ident); ok {
			return decl.File.ImportPath(pkg.Name), expr.Sel.Name
		}
	}
	return "", ""
}

var externalVersion = regexp.MustCompile(`^v[0-9]`)

// internal reports whether a package has the internal version of a group, <group> instead of <group>/<version>: its types
// are never sent, so that their metadata has no JSON tag.
func (p *inputPackage) internal() bool {
	if externalVersion.MatchString(path.Base(p.Path)) {
		return false
	}
	for _, t := range p.types {
		if s := structOf(t.decl); s != nil {
			for _, field := range s.Fields.List {
				if _, name := embedded(t.decl, field); name == "ObjectMeta" {
					return field.Tag == nil
				}
			}
		}
	}
	return false
}

// embedsDirectly reports whether a struct embeds a type of the given name, of whatever package.
func embedsDirectly(decl *load.TypeDecl, name string) bool {
	s := structOf(decl)
	return s != nil && slices.ContainsFunc(s.Fields.List, func(field *ast.Field) bool {
		_, embeds := embedded(decl, field)
		return embeds == name
	})
}

// foreignEmbeds yields the import paths of other packages whose types a type embeds or is defined by, itself or through the
// types of its package.
func foreignEmbeds(pkg *load.Package, decl *load.TypeDecl) iter.Seq[string] {
	return func(yield func(string) bool) {
		seen := map[*load.TypeDecl]bool{}
		var walk func(decl *load.TypeDecl) bool
		walk = func(decl *load.TypeDecl) bool {
			if decl == nil || seen[decl] {
				return true
			}
			seen[decl] = true
			visit := func(importPath, name string) bool {
				if importPath != "" {
					return yield(importPath)
				}
				return name == "" || walk(pkg.Type(name))
			}
			s := structOf(decl)
			if s == nil {
				return visit(definedBy(decl))
			}
			for _, field := range s.Fields.List {
				if !visit(embedded(decl, field)) {
					return false
				}
			}
			return true
		}
		walk(decl)
	}
}

// embedsMeta reports whether a struct embeds the named type of apimachinery's meta/v1: itself, or through structs or
// aliases of its own package or of other packages.
func (b *builder) embedsMeta(pkg *load.Package, decl *load.TypeDecl, meta string) bool {
	type place struct {
		path, name string
	}
	seen := map[place]bool{}
	var holds func(pkg *load.Package, decl *load.TypeDecl) bool
	is := func(pkg *load.Package, importPath, name string) bool {
		if importPath == metaPackage {
			return name == meta
		}
		if importPath != "" {
			pkg = b.packages[importPath]
		}
		if pkg == nil || name == "" || seen[place{pkg.Path, name}] {
			return false
		}
		seen[place{pkg.Path, name}] = true
		target := pkg.Type(name)
		return target != nil && holds(pkg, target)
	}
	holds = func(pkg *load.Package, decl *load.TypeDecl) bool {
		s := structOf(decl)
		if s == nil {
			// type ObjectMeta = metav1.ObjectMeta
			importPath, name := definedBy(decl)
			return is(pkg, importPath, name)
		}
		for _, field := range s.Fields.List {
			if importPath, name := embedded(decl, field); is(pkg, importPath, name) {
				return true
			}
		}
		return false
	}
	return holds(pkg, decl)
}
