// Package load reads API packages: which there are, by asking the go command, and what they declare, by parsing them.
//
// Nothing is type-checked and no dependency is read. Client, lister and informer generators need comment tags, the
// members of a few structs and import paths, so a load costs one `go list -find` and the parsing of the named
// packages. The go command does the finding: modules, workspaces, vendor directories and build constraints work as
// they do in a build.
package load

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/scanner"
	"go/token"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/tools/go/packages"

	"github.com/kubewright/kubewright/cmd/internal/codegen/diag"
)

// Package is one loaded package.
type Package struct {
	// Path is the import path.
	Path string
	// Dir is the directory.
	Dir string
	// Pos is the package clause of doc.go, or of the first hand-written file if there is no doc.go: the place of
	// problems with the package as a whole. Without hand-written files it is the first line of the first file.
	Pos token.Position
	// Files are the hand-written files without tests, sorted by name.
	Files []*File
	// GeneratedTags are the generated files with +genclient tags. Tags are not read from generated files.
	GeneratedTags []string
	// Declared has the names that the package declares at its top level, those of generated files included.
	Declared map[string]bool
	// Methods has the names of the methods of each type, those in generated files included.
	Methods map[string]map[string]bool
}

// Type returns the declaration of a type in the hand-written files, or nil.
func (p *Package) Type(name string) *TypeDecl {
	for _, file := range p.Files {
		for _, decl := range file.Types {
			if decl.Spec.Name.Name == name {
				return decl
			}
		}
	}
	return nil
}

// Loader loads packages as seen from a directory.
type Loader struct {
	// Dir is the directory that relative patterns start from. Positions inside it are relative to it.
	Dir string
	// Overlay has the contents of files that count instead of what is on disk, by their absolute names. Nil stands for a
	// file that is not there.
	Overlay map[string][]byte
}

// Load returns the packages that the patterns name, sorted by import path. Patterns are those of the go command:
// import paths, directories that start with ./, ../ or /, and both with "...". What cannot be found or parsed becomes a
// problem.
func (l *Loader) Load(ctx context.Context, problems *diag.Problems, patterns ...string) ([]*Package, error) {
	found, err := l.Find(ctx, patterns...)
	if err != nil {
		return nil, err
	}
	return l.Parse(found, problems)
}

// Find returns the packages that the patterns name, sorted by import path, without reading their files.
func (l *Loader) Find(ctx context.Context, patterns ...string) ([]*packages.Package, error) {
	if len(patterns) == 0 {
		return nil, nil
	}
	found, err := packages.Load(&packages.Config{
		Mode:    packages.NeedName | packages.NeedFiles | packages.NeedModule,
		Context: ctx,
		Dir:     l.Dir,
	}, patterns...)
	if err != nil {
		return nil, fmt.Errorf("find packages %s: %w", strings.Join(patterns, " "), err)
	}
	slices.SortFunc(found, func(a, b *packages.Package) int { return strings.Compare(a.PkgPath, b.PkgPath) })
	return found, nil
}

// Parse reads the files of packages that were found. What could not be found or cannot be parsed becomes a problem.
func (l *Loader) Parse(found []*packages.Package, problems *diag.Problems) ([]*Package, error) {
	var loaded []*Package
	for _, pkg := range found {
		for _, e := range pkg.Errors {
			problems.Errorf(l.errorPosition(e), diag.CannotLoad, "cannot load package %s: %s", pkg.PkgPath, l.shorten(e.Msg))
		}
		if len(pkg.Errors) > 0 || len(pkg.GoFiles) == 0 {
			continue
		}
		p, err := l.parse(pkg, problems)
		if err != nil {
			return nil, err
		}
		if p != nil {
			loaded = append(loaded, p)
		}
	}
	return loaded, nil
}

// errorPosition turns the place in an error of the go command, "file:line:col" or "-", into a position.
func (l *Loader) errorPosition(e packages.Error) token.Position {
	rest, column := cutNumber(e.Pos)
	file, line := cutNumber(rest)
	if line == 0 {
		file, line, column = rest, column, 0
	}
	if line == 0 {
		return token.Position{}
	}
	return token.Position{Filename: l.relative(file), Line: line, Column: column}
}

func cutNumber(s string) (string, int) {
	if i := strings.LastIndexByte(s, ':'); i >= 0 {
		if n, err := strconv.Atoi(s[i+1:]); err == nil {
			return s[:i], n
		}
	}
	return s, 0
}

// relative returns a file name as positions show it.
func (l *Loader) relative(file string) string {
	dir, err := filepath.Abs(l.Dir)
	if err != nil {
		return file
	}
	if rel, err := filepath.Rel(dir, file); err == nil && filepath.IsLocal(rel) {
		return rel
	}
	return file
}

// shorten makes an error message of the go command independent of where the directory is.
func (l *Loader) shorten(message string) string {
	message = strings.TrimSpace(message)
	if dir, err := filepath.Abs(l.Dir); err == nil {
		message = strings.ReplaceAll(message, dir+string(filepath.Separator), "")
	}
	return message
}

// parse reads the files of a package. It returns nil when a file has syntax errors.
func (l *Loader) parse(pkg *packages.Package, problems *diag.Problems) (*Package, error) {
	p := &Package{Path: pkg.PkgPath, Dir: pkg.Dir, Declared: map[string]bool{}, Methods: map[string]map[string]bool{}}
	p.Pos = token.Position{Filename: l.relative(slices.Min(pkg.GoFiles)), Line: 1, Column: 1}
	fset := token.NewFileSet()
	broken := false
	for _, name := range l.goFiles(pkg) {
		source, err := l.read(name)
		if err != nil {
			return nil, err
		}
		if isGenerated(source) && !declaresWanted(source) {
			continue
		}
		syntax, err := parser.ParseFile(fset, l.relative(name), source, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			broken = true
			var list scanner.ErrorList
			if !errors.As(err, &list) {
				return nil, err
			}
			for _, e := range list {
				problems.Errorf(e.Pos, diag.SyntaxError, "%s", e.Msg)
			}
			continue
		}
		p.declare(syntax)
		if ast.IsGenerated(syntax) {
			if bytes.Contains(source, []byte("\n// +genclient")) {
				p.GeneratedTags = append(p.GeneratedTags, l.relative(name))
			}
			continue
		}
		file := newFile(fset, syntax, source)
		p.Files = append(p.Files, file)
		if len(p.Files) == 1 || filepath.Base(name) == "doc.go" {
			p.Pos = fset.Position(syntax.Package)
		}
	}
	if broken {
		return nil, nil
	}
	return p, nil
}

// goFiles returns the names of the files of a package, sorted, with those of the overlay and without those that are not
// there in it.
func (l *Loader) goFiles(pkg *packages.Package) []string {
	var names []string
	for _, name := range pkg.GoFiles {
		if content, ok := l.Overlay[name]; !ok || content != nil {
			names = append(names, name)
		}
	}
	for name, content := range l.Overlay {
		if content != nil && filepath.Dir(name) == pkg.Dir && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

func (l *Loader) read(name string) ([]byte, error) {
	if content, ok := l.Overlay[name]; ok {
		return content, nil
	}
	return os.ReadFile(name)
}

// isGenerated reports whether the file says that it is generated, without parsing it. A false positive is harmless
// together with declaresWanted, since ast.IsGenerated has the last word.
func isGenerated(source []byte) bool {
	return bytes.Contains(source, []byte("\n// Code generated ")) || bytes.HasPrefix(source, []byte("// Code generated "))
}

// declaresWanted reports whether a generated file can hold a declaration that generated clients need. Files that do
// not, such as protobuf code with tens of thousands of lines, are not parsed.
func declaresWanted(source []byte) bool {
	return bytes.Contains(source, []byte("SchemeGroupVersion")) || bytes.Contains(source, []byte("DeepCopyObject")) ||
		bytes.Contains(source, []byte("\n// +genclient"))
}

// declare records the top-level names and the methods of a file.
func (p *Package) declare(file *ast.File) {
	for _, decl := range file.Decls {
		switch decl := decl.(type) {
		case *ast.FuncDecl:
			if decl.Recv == nil {
				p.Declared[decl.Name.Name] = true
				continue
			}
			receiver := decl.Recv.List[0].Type
			if star, ok := receiver.(*ast.StarExpr); ok {
				receiver = star.X
			}
			if name, ok := receiver.(*ast.Ident); ok {
				if p.Methods[name.Name] == nil {
					p.Methods[name.Name] = map[string]bool{}
				}
				p.Methods[name.Name][decl.Name.Name] = true
			}
		case *ast.GenDecl:
			for _, spec := range decl.Specs {
				switch spec := spec.(type) {
				case *ast.TypeSpec:
					p.Declared[spec.Name.Name] = true
				case *ast.ValueSpec:
					for _, name := range spec.Names {
						p.Declared[name.Name] = true
					}
				}
			}
		}
	}
}
