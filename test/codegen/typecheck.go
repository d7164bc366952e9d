package codegen

import (
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/tools/go/packages"
)

// checker type-checks the packages of a module from their sources; what they import from elsewhere comes from the compiler's
// export data. To compile all packages, as the go command does to tell their types, takes several times as long.
type checker struct {
	fset *token.FileSet
	// sources are the files of the module, by the import paths of their packages.
	sources map[string][]*ast.File
	// done are the packages that are known: those from elsewhere, and those of the module that have been checked.
	done map[string]*types.Package
	errs []error
}

// typeCheck returns the packages of the module in a directory by their import paths. All that does not compile is an error.
func typeCheck(dir string) (map[string]*types.Package, error) {
	c := &checker{fset: token.NewFileSet(), sources: map[string][]*ast.File{}, done: map[string]*types.Package{}}
	if err := c.parse(dir); err != nil {
		return nil, err
	}
	if err := c.importLibraries(dir); err != nil {
		return nil, err
	}
	checked := map[string]*types.Package{}
	for _, importPath := range slices.Sorted(maps.Keys(c.sources)) {
		pkg, err := c.Import(importPath)
		if err != nil {
			return nil, err
		}
		checked[importPath] = pkg
	}
	return checked, errors.Join(c.errs...)
}

// parse parses all files below the directory.
func (c *checker) parse(dir string) error {
	return filepath.WalkDir(dir, func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || filepath.Ext(name) != ".go" {
			return err
		}
		file, err := parser.ParseFile(c.fset, name, nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		below, err := filepath.Rel(dir, filepath.Dir(name))
		importPath := path.Join(module, filepath.ToSlash(below))
		c.sources[importPath] = append(c.sources[importPath], file)
		return err
	})
}

// importLibraries imports what the module imports from elsewhere.
func (c *checker) importLibraries(dir string) error {
	imported := map[string]bool{}
	for _, files := range c.sources {
		for _, file := range files {
			for _, spec := range file.Imports {
				importPath, err := strconv.Unquote(spec.Path.Value)
				if err != nil {
					return err
				}
				if !strings.HasPrefix(importPath, module+"/") {
					imported[importPath] = true
				}
			}
		}
	}
	libraries, err := packages.Load(&packages.Config{
		Mode: packages.NeedName | packages.NeedTypes | packages.NeedImports | packages.NeedDeps | packages.NeedExportFile,
		Dir:  dir,
		Env:  append(os.Environ(), "GOFLAGS=-mod=mod"), // generated code imports more than go.mod was made for
	}, slices.Sorted(maps.Keys(imported))...)
	if err != nil {
		return err
	}
	for _, pkg := range libraries {
		for _, e := range pkg.Errors {
			c.errs = append(c.errs, fmt.Errorf("%s: %w", pkg.PkgPath, e))
		}
		c.done[pkg.PkgPath] = pkg.Types
	}
	return nil
}

// Import implements types.Importer.
func (c *checker) Import(importPath string) (*types.Package, error) {
	if pkg, ok := c.done[importPath]; ok {
		return pkg, nil
	}
	files, ok := c.sources[importPath]
	if !ok {
		return nil, fmt.Errorf("no package %s", importPath)
	}
	config := types.Config{Importer: c, Error: func(err error) { c.errs = append(c.errs, err) }}
	pkg, _ := config.Check(importPath, c.fset, files, nil) // errors are collected
	c.done[importPath] = pkg
	return pkg, nil
}
