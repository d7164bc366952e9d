package universe

import (
	"go/ast"
	"go/token"
	gotypes "go/types"
	"path"
	"strconv"

	"github.com/kubewright/kubewright/cmd/internal/codegen/parallel"
)

// reach keeps what the roots need: names of packages, and all that their declarations refer to, in other packages too.
// Packages are read when the first of their names is needed, those of one round beside each other.
type reach struct {
	fset     *token.FileSet
	relative func(string) string
	sources  map[string]*source
	pending  []reference
	seen     map[reference]bool
}

// reference is a name of a package; the name "" is the whole package.
type reference struct{ path, name string }

func (r *reach) add(path, name string) {
	ref := reference{path, name}
	if !r.seen[ref] {
		r.seen[ref] = true
		r.pending = append(r.pending, ref)
	}
}

// run keeps all that is pending, and what that needs.
func (r *reach) run() {
	for len(r.pending) > 0 {
		round := r.pending
		r.pending = nil
		r.read(round)
		for _, ref := range round {
			s := r.sources[ref.path]
			switch {
			case s == nil:
			case ref.name == "":
				r.keepRoots(s)
			default:
				r.keepName(s, ref.name)
			}
		}
	}
}

// read reads the packages that are not read yet.
func (r *reach) read(round []reference) {
	var unread []*source
	for _, ref := range round {
		if s := r.sources[ref.path]; s != nil && s.decls == nil {
			s.decls = map[string][]*decl{}
			unread = append(unread, s)
		}
	}
	parallel.Do(len(unread), func(i int) { unread[i].read(r.fset, r.relative) })
}

// keepRoots keeps the types, constants and functions of interest of a package.
func (r *reach) keepRoots(s *source) {
	for _, f := range s.files {
		for _, d := range f.decls {
			if spec, ok := d.spec.(*ast.TypeSpec); ok {
				r.keepName(s, spec.Name.Name)
			} else if d.isRoot() {
				r.keep(s, d)
			}
		}
	}
}

// keepName keeps the declaration of a name, and the methods of interest if it is a type.
func (r *reach) keepName(s *source, name string) {
	if s.decls[name] == nil && len(s.left) > 0 {
		s.readLeft(r.fset)
	}
	for _, d := range s.decls[name] {
		r.keep(s, d)
	}
}

// keep keeps a declaration and asks for what it refers to.
func (r *reach) keep(s *source, d *decl) {
	if d.kept {
		return
	}
	d.kept = true
	r.resolveImports(s, d.file)
	visitor := func(node ast.Node) bool { return r.visit(s, d.file, node) }
	switch {
	case d.fn != nil:
		if d.fn.Recv != nil {
			ast.Inspect(d.fn.Recv, visitor)
		}
		ast.Inspect(d.fn.Type, visitor)
	case d.spec == nil:
		for _, spec := range d.gen.Specs {
			ast.Inspect(spec, visitor)
		}
	default:
		ast.Inspect(d.spec, visitor)
	}
}

// visit asks for what a node refers to. Names that are local are asked for, too: that costs little and changes nothing.
func (r *reach) visit(s *source, f *file, node ast.Node) bool {
	switch node := node.(type) {
	case *ast.Field: // its names are no references
		ast.Inspect(node.Type, func(node ast.Node) bool { return r.visit(s, f, node) })
		return false
	case *ast.SelectorExpr:
		if x, ok := node.X.(*ast.Ident); ok {
			if spec := f.imports[x.Name]; spec != nil {
				f.used[spec] = true
				r.add(s.importPath(spec), node.Sel.Name)
				return false
			}
		}
		ast.Inspect(node.X, func(node ast.Node) bool { return r.visit(s, f, node) })
		return false
	case *ast.Ident:
		if gotypes.Universe.Lookup(node.Name) != nil && s.decls[node.Name] == nil {
			return true
		}
		r.add(s.ImportPath, node.Name)
		for _, spec := range f.dots {
			f.used[spec] = true
			r.add(s.importPath(spec), node.Name)
		}
	}
	return true
}

// resolveImports finds out what a file calls its imports.
func (r *reach) resolveImports(s *source, f *file) {
	if f.imports != nil {
		return
	}
	f.imports = map[string]*ast.ImportSpec{}
	for _, spec := range f.syntax.Imports {
		name := path.Base(s.importPath(spec))
		if imported := r.sources[s.importPath(spec)]; imported != nil {
			name = imported.Name
		}
		if spec.Name != nil {
			name = spec.Name.Name
		}
		if name == "." {
			f.dots = append(f.dots, spec)
		} else {
			f.imports[name] = spec
		}
	}
}

// importPath returns what a file of the package imports: the path in its source, or what stands for it in a vendor directory.
func (s *source) importPath(spec *ast.ImportSpec) string {
	path, err := strconv.Unquote(spec.Path.Value)
	if err != nil {
		return ""
	}
	if mapped := s.ImportMap[path]; mapped != "" {
		return mapped
	}
	return path
}
