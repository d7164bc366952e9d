package universe

import (
	"go/ast"
	"go/parser"
	"go/token"
	gotypes "go/types"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/kubewright/kubewright/cmd/internal/codegen/skim"
)

// source is the source of one package, as far as it was read.
type source struct {
	*listed
	// input says that the package is one to generate for.
	input bool
	// ours says that the package belongs to a module of the input, so that its mistakes are for the same people.
	ours bool

	files []*file
	// left are the files that were not parsed, since they declare no types, constants and functions of interest.
	left []*file
	// decls are the declarations by name, methods of interest by that of their type. It is nil until the package is read.
	decls map[string][]*decl

	checked  *gotypes.Package
	checking bool
	failed   []error // of reading files
}

// file is one file of a package.
type file struct {
	name    string // as in positions
	content []byte
	syntax  *ast.File
	imports map[string]*ast.ImportSpec // by the name that the file calls it by
	dots    []*ast.ImportSpec          // those without a name, whose names stand for themselves
	used    map[*ast.ImportSpec]bool   // by what is kept
	decls   []*decl
	// trailing are the comments behind code on the same line.
	trailing map[*ast.CommentGroup]bool
}

// decl is a declaration of a package: a function, or one spec of a group; constants stay together, for their values.
type decl struct {
	file *file
	fn   *ast.FuncDecl
	gen  *ast.GenDecl
	spec ast.Spec // nil: all of gen
	kept bool
}

// Functions and methods that the generators look for. All others are left out.
func isWanted(function string) bool {
	for _, prefix := range []string{"DeepCopy", "SetDefaults_", "SetObjectDefaults_", "Convert_"} {
		if strings.HasPrefix(function, prefix) {
			return true
		}
	}
	return false
}

// read reads and parses the files of the package. It may run beside the reading of other packages.
func (s *source) read(fset *token.FileSet, relative func(string) string) {
	for _, name := range slices.Concat(s.GoFiles, s.CgoFiles) {
		path := filepath.Join(s.Dir, name)
		content, err := os.ReadFile(path)
		if err != nil {
			s.failed = append(s.failed, err)
			continue
		}
		f := &file{name: relative(path), content: content}
		skimmed := skim.Skim(content)
		switch {
		case skimmed.HasTypes, slices.ContainsFunc(skimmed.Funcs, isWanted), name == "doc.go", s.input && !isGenerated(content):
			s.parse(fset, f)
		default:
			s.left = append(s.left, f)
		}
	}
}

// readLeft parses the files that were left out.
func (s *source) readLeft(fset *token.FileSet) {
	for _, f := range s.left {
		s.parse(fset, f)
	}
	s.left = nil
}

func (s *source) parse(fset *token.FileSet, f *file) {
	syntax, err := parser.ParseFile(fset, f.name, f.content, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		s.failed = append(s.failed, err)
		return
	}
	f.syntax = syntax
	f.used = map[*ast.ImportSpec]bool{}
	f.trailing = trailing(fset, f)
	f.content = nil
	s.files = append(s.files, f)
	for _, d := range syntax.Decls {
		switch d := d.(type) {
		case *ast.FuncDecl:
			if d.Recv == nil {
				s.declare(d.Name.Name, &decl{file: f, fn: d})
			} else if receiver := receiverName(d); receiver != "" && isWanted(d.Name.Name) {
				s.declare(receiver, &decl{file: f, fn: d})
			}
		case *ast.GenDecl:
			s.declareGroup(f, d)
		}
	}
}

func (s *source) declareGroup(f *file, gen *ast.GenDecl) {
	if gen.Tok == token.CONST {
		group := &decl{file: f, gen: gen}
		for _, spec := range gen.Specs {
			for _, name := range spec.(*ast.ValueSpec).Names {
				s.decls[name.Name] = append(s.decls[name.Name], group)
			}
		}
		f.decls = append(f.decls, group)
		return
	}
	for _, spec := range gen.Specs {
		switch spec := spec.(type) {
		case *ast.TypeSpec:
			s.declare(spec.Name.Name, &decl{file: f, gen: gen, spec: spec})
		case *ast.ValueSpec:
			d := &decl{file: f, gen: gen, spec: spec}
			for _, name := range spec.Names {
				s.decls[name.Name] = append(s.decls[name.Name], d)
			}
			f.decls = append(f.decls, d)
		}
	}
}

func (s *source) declare(name string, d *decl) {
	s.decls[name] = append(s.decls[name], d)
	d.file.decls = append(d.file.decls, d)
}

// isRoot reports whether a declaration of a whole package is kept though nothing may refer to it, besides types.
func (d *decl) isRoot() bool {
	if d.fn != nil {
		return d.fn.Recv == nil && isWanted(d.fn.Name.Name)
	}
	return d.gen.Tok == token.CONST
}

// receiverName returns the name of the type that a method is declared for.
func receiverName(method *ast.FuncDecl) string {
	if len(method.Recv.List) != 1 {
		return ""
	}
	t := ast.Unparen(method.Recv.List[0].Type)
	if star, ok := t.(*ast.StarExpr); ok {
		t = ast.Unparen(star.X)
	}
	switch generic := t.(type) {
	case *ast.IndexExpr:
		t = generic.X
	case *ast.IndexListExpr:
		t = generic.X
	}
	if name, ok := t.(*ast.Ident); ok {
		return name.Name
	}
	return ""
}

// slice returns the file with the declarations that are kept and the imports that they need.
func (f *file) slice() *ast.File {
	syntax := *f.syntax
	syntax.Decls = nil
	imports := &ast.GenDecl{Tok: token.IMPORT, TokPos: syntax.Name.End(), Lparen: syntax.Name.End()}
	for _, spec := range f.syntax.Imports {
		if f.used[spec] {
			imports.Specs = append(imports.Specs, spec)
		}
	}
	if len(imports.Specs) > 0 {
		syntax.Decls = append(syntax.Decls, imports)
	}
	groups := map[*ast.GenDecl]*ast.GenDecl{}
	for _, d := range f.decls {
		switch {
		case !d.kept:
		case d.fn != nil:
			syntax.Decls = append(syntax.Decls, d.fn)
		case d.spec == nil:
			syntax.Decls = append(syntax.Decls, d.gen)
		default:
			if groups[d.gen] == nil {
				group := *d.gen
				group.Specs = nil
				groups[d.gen] = &group
				syntax.Decls = append(syntax.Decls, &group)
			}
			groups[d.gen].Specs = append(groups[d.gen].Specs, d.spec)
		}
	}
	return &syntax
}
