package universe

import (
	"errors"
	"fmt"
	"go/ast"
	"go/scanner"
	"go/token"
	gotypes "go/types"
	"runtime"
	"slices"
	"strings"

	"github.com/kubewright/kubewright/cmd/internal/codegen/diag"
)

// checker type-checks what was kept, a package after those that it imports.
type checker struct {
	fset     *token.FileSet
	sizes    gotypes.Sizes
	sources  map[string]*source
	problems *diag.Problems
	loader   *Loader
}

// check type-checks a package. Mistakes are problems in the modules of the input; those in others are for their owners.
func (c *checker) check(s *source) *gotypes.Package {
	if s.checked != nil || s.checking { // the go command has found import cycles
		return s.checked
	}
	s.checking = true
	if s.Error != nil && !s.input { // those of the input have been reported
		c.problems.Errorf(c.loader.position(s.Error.Pos), diag.CannotLoad, "cannot load package %s: %s", s.ImportPath, c.loader.shorten(s.Error.Err))
	}
	c.reportUnread(s)
	syntax := make([]*ast.File, len(s.files))
	for i, f := range s.files {
		syntax[i] = f.slice()
	}
	config := gotypes.Config{
		IgnoreFuncBodies: true,
		FakeImportC:      true,
		Importer:         importer{c, s},
		Sizes:            c.sizes,
		Error: func(err error) {
			if s.ours {
				c.report(err)
			}
		},
	}
	s.checked, _ = config.Check(s.ImportPath, c.fset, syntax, nil) // errors went to config.Error
	return s.checked
}

// reportUnread reports why files of the package could not be read.
func (c *checker) reportUnread(s *source) {
	for _, err := range s.failed {
		var list scanner.ErrorList
		if !errors.As(err, &list) {
			c.problems.Errorf(token.Position{}, diag.CannotLoad, "cannot load package %s: %v", s.ImportPath, err)
		}
		for _, e := range list {
			c.problems.Errorf(e.Pos, diag.SyntaxError, "%s", e.Msg)
		}
	}
}

// registration is what register-gen declares. No type is made of it, and its file is left out.
var registration = []string{"AddToScheme", "GroupName", "GroupVersion", "Install", "Resource", "SchemeBuilder", "SchemeGroupVersion"}

// report makes a problem of a type error, unless it is about what was left out.
func (c *checker) report(err error) {
	var e gotypes.Error
	if !errors.As(err, &e) {
		return
	}
	switch {
	case strings.HasPrefix(e.Msg, "\t"): // more about the last one
	case strings.Contains(e.Msg, "imported and not used"): // by what is left
	case strings.Contains(e.Msg, "does not satisfy"): // methods are left out
	case strings.HasPrefix(e.Msg, "could not import"): // reported with the package
	case slices.Contains(registration, strings.TrimPrefix(e.Msg, "undefined: ")): // the name of a group in constants, for example
	default:
		c.problems.Errorf(e.Fset.Position(e.Pos), diag.TypeError, "%s", e.Msg).Fix("correct it: code is generated from this type")
	}
}

// importer is what a package imports by.
type importer struct {
	*checker
	of *source
}

// Import returns a package by the path in the source of the importing package.
func (i importer) Import(path string) (*gotypes.Package, error) {
	if mapped := i.of.ImportMap[path]; mapped != "" {
		path = mapped
	}
	if path == "unsafe" {
		return gotypes.Unsafe, nil
	}
	if s := i.sources[path]; s != nil {
		if p := i.check(s); p != nil {
			return p, nil
		}
	}
	return nil, fmt.Errorf("package %s was not found", path)
}

func newSizes() gotypes.Sizes { return gotypes.SizesFor("gc", runtime.GOARCH) }
