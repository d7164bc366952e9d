package helpers

import (
	"go/ast"
	"go/token"
	gotypes "go/types"
	"slices"

	"github.com/kubewright/kubewright/cmd/internal/codegen/universe"
)

// typeDecl is a type that somebody wrote in a package of the input.
type typeDecl struct {
	spec *ast.TypeSpec
	// named is nil for an alias.
	named *gotypes.Named
	tags  []universe.Tag
}

// typeDecls returns the types of the hand-written files of a package.
func typeDecls(p *universe.Package) []typeDecl {
	var decls []typeDecl
	for _, f := range p.Files {
		if f.Generated {
			continue
		}
		for _, decl := range f.Syntax.Decls {
			gen, ok := decl.(*ast.GenDecl)
			if !ok || gen.Tok != token.TYPE {
				continue
			}
			for _, spec := range gen.Specs {
				d := typeDecl{spec: spec.(*ast.TypeSpec)}
				d.tags = f.TagsAbove(d.spec.Name.Pos())
				if p.Types != nil {
					if object := p.Types.Scope().Lookup(d.spec.Name.Name); object != nil {
						d.named, _ = object.Type().(*gotypes.Named)
					}
				}
				decls = append(decls, d)
			}
		}
	}
	return decls
}

// tag returns the first tag of the type with a key.
func (d typeDecl) tag(key string) (tag universe.Tag, ok bool) {
	if i := slices.IndexFunc(d.tags, func(tag universe.Tag) bool { return tag.Key == key }); i >= 0 {
		return d.tags[i], true
	}
	return tag, false
}

// hasMethod reports whether a type has one of the methods.
func hasMethod(t *gotypes.Named, names ...string) bool {
	for method := range t.Methods() {
		if slices.Contains(names, method.Name()) {
			return true
		}
	}
	return false
}
