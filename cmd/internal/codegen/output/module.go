package output

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"

	"golang.org/x/mod/modfile"
)

// ErrNoModule is the error for a directory outside of any module.
var ErrNoModule = errors.New("no go.mod in it or above it")

// Module is the module that a directory belongs to.
type Module struct {
	// Path is its path, and Dir the directory of its go.mod.
	Path, Dir string
}

// ModuleOf returns the module of a directory, which need not exist. The error is [ErrNoModule] if there is none.
func ModuleOf(dir string) (Module, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return Module{}, err
	}
	for root := dir; ; root = filepath.Dir(root) {
		goMod, err := os.ReadFile(filepath.Join(root, "go.mod"))
		switch {
		case err == nil:
			return Module{Path: modfile.ModulePath(goMod), Dir: root}, nil
		case !errors.Is(err, fs.ErrNotExist):
			return Module{}, err
		case root == filepath.Dir(root):
			return Module{}, fmt.Errorf("directory %s has %w", dir, ErrNoModule)
		}
	}
}

// PackageOf returns what the go command calls the directory: the path of the module that has it, and the way from there.
// The directory need not exist. The error is [ErrNoModule] if it is outside of any module, where it can be any package.
func PackageOf(dir string) (string, error) {
	module, err := ModuleOf(dir)
	if err != nil {
		return "", err
	}
	dir, err = filepath.Abs(dir)
	if err != nil {
		return "", err
	}
	rel, err := filepath.Rel(module.Dir, dir)
	return path.Join(module.Path, filepath.ToSlash(rel)), err
}

// CheckPackage checks that importPath is what the go command calls the directory dir.
func CheckPackage(dir, importPath string) error {
	want, err := PackageOf(dir)
	if errors.Is(err, ErrNoModule) || err == nil && want == importPath {
		return nil
	}
	if err != nil {
		return err
	}
	module, err := ModuleOf(dir)
	if err != nil {
		return err
	}
	if dir, err = filepath.Abs(dir); err != nil {
		return err
	}
	return fmt.Errorf("--output-pkg=%s is not the import path of --output-dir: in module %s of %s, directory %s is %s (write --output-pkg=%s)",
		importPath, module.Path, filepath.Join(module.Dir, "go.mod"), dir, want, want)
}
