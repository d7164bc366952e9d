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
	"sync"

	"golang.org/x/tools/go/packages"

	"github.com/kubewright/kubewright/cmd/internal/codegen/diag"
	"github.com/kubewright/kubewright/cmd/internal/codegen/skim"
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
	// Files are the files without tests, sorted by name: those that are written by hand, and those generated ones that
	// have tags or what generated clients call.
	Files []*File
	// Declared has the names that the package declares at its top level, those of generated files included.
	Declared map[string]bool
	// Methods has the names of the methods of each type, those in generated files included.
	Methods map[string]map[string]bool
	// Returns has what methods return that do nothing but return a string, or a slice of one, by type and method.
	Returns map[string]map[string]string
	// Strings has the constants whose values are written as strings, by name.
	Strings map[string]string
	// FileNames are the base names of all Go files, those of generated files included.
	FileNames []string

	// generated returns the generated files, which nobody reads before they ask for a type that is nowhere else.
	generated func() []*File
}

// FindType returns the declaration of a type in any file, hand-written or generated, or nil.
func (p *Package) FindType(name string) *TypeDecl {
	if decl := p.Type(name); decl != nil {
		return decl
	}
	for _, file := range p.generated() {
		for _, decl := range file.Types {
			if decl.Spec.Name.Name == name {
				return decl
			}
		}
	}
	return nil
}

// Type returns the declaration of a type, or nil.
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

// Loader loads packages as seen from a directory. It is safe for concurrent use.
type Loader struct {
	// Dir is the directory that relative patterns start from. Positions inside it are relative to it.
	Dir string
	// Overlay has the contents of files that count instead of what is on disk, by their absolute names. Nil stands for a
	// file that is not there.
	Overlay map[string][]byte

	mu   sync.Mutex
	dirs []string // of the packages that were parsed; guarded by mu
}

// Dirs returns the directories of all packages that were loaded, in no order. A directory may be there more than once.
func (l *Loader) Dirs() []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Clone(l.dirs)
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
		l.mu.Lock()
		l.dirs = append(l.dirs, pkg.Dir)
		l.mu.Unlock()
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

// errorPosition turns the place in an error of the go command into a position.
func (l *Loader) errorPosition(e packages.Error) token.Position {
	pos := diag.ParsePosition(e.Pos)
	if pos.IsValid() {
		pos.Filename = l.relative(pos.Filename)
	}
	return pos
}

// relative returns a file name as positions show it.
func (l *Loader) relative(file string) string { return diag.Relative(l.Dir, file) }

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
	p := &Package{
		Path:     pkg.PkgPath,
		Dir:      pkg.Dir,
		Declared: map[string]bool{},
		Methods:  map[string]map[string]bool{},
		Returns:  map[string]map[string]string{},
		Strings:  map[string]string{},
	}
	var generated []string
	p.generated = sync.OnceValue(func() []*File { return l.parseGenerated(generated) })
	p.Pos = token.Position{Filename: l.relative(slices.Min(pkg.GoFiles)), Line: 1, Column: 1}
	fset := token.NewFileSet()
	broken, handWritten := false, false
	for _, name := range l.goFiles(pkg) {
		source, err := l.read(name)
		if err != nil {
			return nil, err
		}
		p.FileNames = append(p.FileNames, filepath.Base(name))
		if isGenerated(source) && !declaresWanted(source) {
			generated = append(generated, name)
			continue
		}
		if isGenerated(source) && !hasTags(source) && !bytes.Contains(source, []byte("OpenAPI")) {
			skim.Skim(source) // nothing in it returns what Returns has
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
		file := newFile(fset, syntax, source)
		generated := ast.IsGenerated(syntax)
		if generated && !hasTags(source) {
			file.forgetComments()
		}
		p.Files = append(p.Files, file)
		if !generated && (!handWritten || filepath.Base(name) == "doc.go") {
			handWritten = true
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

// read returns the content of a file, which the caller may change.
func (l *Loader) read(name string) ([]byte, error) {
	if content, ok := l.Overlay[name]; ok {
		return bytes.Clone(content), nil
	}
	return os.ReadFile(name)
}

// parseGenerated reads generated files for their types. A file that cannot be read has none: the compiler complains of it.
func (l *Loader) parseGenerated(names []string) []*File {
	var files []*File
	fset := token.NewFileSet()
	for _, name := range names {
		source, err := l.read(name)
		if err != nil || !skim.Skim(source).HasTypes {
			continue
		}
		if syntax, err := parser.ParseFile(fset, l.relative(name), source, parser.ParseComments|parser.SkipObjectResolution); err == nil {
			files = append(files, newFile(fset, syntax, source))
		}
	}
	return files
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
		bytes.Contains(source, []byte("OpenAPIModelName")) || hasTags(source)
}

// hasTags reports whether a generated file has tags: API types are generated, too, from protobuf for example.
func hasTags(source []byte) bool {
	return bytes.Contains(source, []byte("\n// +genclient")) || bytes.Contains(source, []byte("// +groupName="))
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
				if result, ok := returned(decl); ok {
					if p.Returns[name.Name] == nil {
						p.Returns[name.Name] = map[string]string{}
					}
					p.Returns[name.Name][decl.Name.Name] = result
				}
			}
		case *ast.GenDecl:
			for _, spec := range decl.Specs {
				switch spec := spec.(type) {
				case *ast.TypeSpec:
					p.Declared[spec.Name.Name] = true
				case *ast.ValueSpec:
					for i, name := range spec.Names {
						p.Declared[name.Name] = true
						if value, ok := text(spec.Values, i); ok && decl.Tok == token.CONST {
							p.Strings[name.Name] = value
						}
					}
				}
			}
		}
	}
}

// returned returns the string that a function returns, itself or as the only element of a slice, if that is all it does.
func returned(decl *ast.FuncDecl) (string, bool) {
	if decl.Body == nil || len(decl.Body.List) != 1 {
		return "", false
	}
	statement, ok := decl.Body.List[0].(*ast.ReturnStmt)
	if !ok || len(statement.Results) != 1 {
		return "", false
	}
	result := statement.Results[0]
	if slice, ok := result.(*ast.CompositeLit); ok && len(slice.Elts) == 1 {
		result = slice.Elts[0]
	}
	return text([]ast.Expr{result}, 0)
}

// text returns the string that the i-th expression is, if it is one.
func text(expressions []ast.Expr, i int) (string, bool) {
	if i >= len(expressions) {
		return "", false
	}
	literal, ok := expressions[i].(*ast.BasicLit)
	if !ok || literal.Kind != token.STRING {
		return "", false
	}
	value, err := strconv.Unquote(literal.Value)
	return value, err == nil
}
