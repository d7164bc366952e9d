package universe

import (
	"cmp"
	"fmt"
	"go/ast"
	"go/token"
	"path/filepath"
	"reflect"

	"golang.org/x/tools/go/packages"
	"k8s.io/gengo/v2/parser"
)

// Parsers makes gengo parsers that have a world loaded. Generators get at packages through their parser only, and a parser
// has no other way to get packages than loading them itself. So what it would keep after its load is put where it keeps it.
type Parsers struct {
	packages map[string]*packages.Package
	comments reflect.Value
	inputs   []string
	fset     *token.FileSet
	buildTag string
}

// commentPlace is the layout of the key that gengo's parser finds comments by: where they end.
type commentPlace struct {
	file string
	line int
}

// Parsers returns what makes parsers of the world. It fails if gengo's parser is not the one that this package was written
// for.
func (w *World) Parsers(buildTag string) (*Parsers, error) {
	p := &Parsers{packages: map[string]*packages.Package{}, fset: w.Fset, buildTag: buildTag}
	for _, input := range w.Inputs {
		p.inputs = append(p.inputs, input.Path)
	}
	w.addPackages(p.packages)
	commentsType, err := parserLayout(reflect.TypeFor[parser.Parser]())
	if err != nil {
		return nil, err
	}
	p.comments = reflect.MakeMap(commentsType)
	key := reflect.New(commentsType.Key())
	for _, s := range w.sources {
		for _, f := range s.files {
			for _, group := range f.syntax.Comments {
				if f.trailing[group] {
					continue
				}
				end := w.Fset.Position(group.End())
				*(*commentPlace)(key.UnsafePointer()) = commentPlace{end.Filename, end.Line}
				p.comments.SetMapIndex(key.Elem(), reflect.ValueOf(group))
			}
		}
	}
	return p, nil
}

// New returns a parser that has been asked for the input.
func (p *Parsers) New() (*parser.Parser, error) {
	made := parser.NewWithOptions(parser.Options{BuildTags: []string{p.buildTag}})
	value := reflect.ValueOf(made).Elem()
	field(value, "goPkgs").Set(reflect.ValueOf(p.packages))
	field(value, "fset").Set(reflect.ValueOf(p.fset))
	field(value, "endLineToCommentGroup").Set(p.comments)
	return made, made.LoadPackages(p.inputs...)
}

// field returns an unexported field, to be set.
func field(value reflect.Value, name string) reflect.Value {
	f := value.FieldByName(name)
	return reflect.NewAt(f.Type(), f.Addr().UnsafePointer()).Elem()
}

// parserLayout returns the type of the comments in the parser, if its fields are those of the one that we know.
func parserLayout(layout reflect.Type) (comments reflect.Type, err error) {
	for name, want := range map[string]reflect.Type{
		"goPkgs": reflect.TypeFor[map[string]*packages.Package](),
		"fset":   reflect.TypeFor[*token.FileSet](),
	} {
		if f, ok := layout.FieldByName(name); !ok || f.Type != want {
			return nil, fmt.Errorf("the parser of this version of k8s.io/gengo/v2 has no %s of type %v", name, want)
		}
	}
	f, ok := layout.FieldByName("endLineToCommentGroup")
	place := reflect.TypeFor[commentPlace]()
	if !ok || f.Type.Kind() != reflect.Map || f.Type.Elem() != reflect.TypeFor[*ast.CommentGroup]() || f.Type.Key().Kind() != reflect.Struct ||
		f.Type.Key().NumField() != 2 || f.Type.Key().Field(0).Type != place.Field(0).Type || f.Type.Key().Field(1).Type != place.Field(1).Type {
		return nil, fmt.Errorf("the parser of this version of k8s.io/gengo/v2 has no comments by file and line")
	}
	return f.Type, nil
}

// addPackages adds the packages that were checked, with their imports. Of other packages gengo knows that they exist.
func (w *World) addPackages(to map[string]*packages.Package) {
	all := map[string]*packages.Package{}
	for path, s := range w.sources {
		p := &packages.Package{ID: path, Name: s.Name, PkgPath: path, Types: s.checked, Fset: w.Fset, Imports: map[string]*packages.Package{}}
		for _, name := range s.GoFiles {
			p.GoFiles = append(p.GoFiles, filepath.Join(s.Dir, name))
		}
		if s.Module != nil {
			p.Module = &packages.Module{Path: s.Module.Path, Dir: s.Module.Dir}
		}
		for _, f := range s.files {
			p.Syntax = append(p.Syntax, f.syntax)
		}
		all[path] = p
		if s.checked != nil {
			to[path] = p
		}
	}
	for path, s := range w.sources {
		for _, imported := range s.Imports {
			if p := all[cmp.Or(s.ImportMap[imported], imported)]; p != nil {
				all[path].Imports[imported] = p
			}
		}
	}
}
