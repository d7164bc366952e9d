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

// CheckPackage checks that importPath is what the go command calls the directory dir: the path of the module that has
// the directory, and the way from there. A directory outside of any module can be any package. The directory need not
// exist.
func CheckPackage(dir, importPath string) error {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return err
	}
	for root := dir; ; root = filepath.Dir(root) {
		goMod, err := os.ReadFile(filepath.Join(root, "go.mod"))
		if errors.Is(err, fs.ErrNotExist) {
			if root == filepath.Dir(root) {
				return nil
			}
			continue
		}
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(root, dir)
		if err != nil {
			return err
		}
		module := modfile.ModulePath(goMod)
		if want := path.Join(module, filepath.ToSlash(rel)); want != importPath {
			return fmt.Errorf("--output-pkg=%s is not the import path of --output-dir: in module %s of %s, directory %s is %s (write --output-pkg=%s)",
				importPath, module, filepath.Join(root, "go.mod"), dir, want, want)
		}
		return nil
	}
}
