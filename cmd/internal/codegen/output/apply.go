package output

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// Apply makes the changes. All new contents are on disk, under temporary names, before the first file is replaced, and
// all files are replaced before the first one is removed: a full disk leaves everything as it was.
func Apply(changes []Change) error {
	var staged []string // the temporary names, parallel to the changes; "" for a removal
	for _, change := range changes {
		name, err := change.stage()
		if err != nil {
			err = errors.Join(err, removeAll(staged))
			for _, change := range changes[:len(staged)+1] {
				removeEmptyDirs(filepath.Dir(change.Name), change.root)
			}
			return err
		}
		staged = append(staged, name)
	}
	for i, change := range changes {
		if staged[i] == "" {
			continue
		}
		if err := os.Rename(staged[i], change.Name); err != nil {
			return errors.Join(err, removeAll(staged[i:]))
		}
	}
	for i, change := range changes {
		if staged[i] != "" {
			continue
		}
		if err := os.Remove(change.Name); err != nil {
			return err
		}
		removeEmptyDirs(filepath.Dir(change.Name), change.root)
	}
	return nil
}

// Diff writes the changes to w, as a unified diff.
func Diff(w io.Writer, changes []Change) error {
	for _, change := range changes {
		if _, err := io.WriteString(w, unified(filepath.ToSlash(change.Name), change.Before, change.After)); err != nil {
			return err
		}
	}
	return nil
}

// stage writes the new content beside the file and returns the name of what it wrote, or "" if the file is to be removed.
func (c *Change) stage() (name string, err error) {
	if c.After == nil {
		return "", nil
	}
	dir := filepath.Dir(c.Name)
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return "", err
	}
	temp, err := os.CreateTemp(dir, ".generating-*")
	if err != nil {
		return "", err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, temp.Close(), os.Remove(temp.Name()))
		}
	}()
	if _, err := temp.Write(c.After); err != nil {
		return "", err
	}
	mode := fs.FileMode(0o644)
	if info, err := os.Stat(c.Name); err == nil {
		mode = info.Mode().Perm()
	}
	if err := temp.Chmod(mode); err != nil {
		return "", err
	}
	return temp.Name(), temp.Close()
}

// removeAll removes the files, those without a name left out.
func removeAll(names []string) error {
	var errs []error
	for _, name := range names {
		if name != "" {
			errs = append(errs, os.Remove(name))
		}
	}
	return errors.Join(errs...)
}

// removeEmptyDirs removes a directory that became empty, and its parents up to but without root.
func removeEmptyDirs(dir, root string) {
	for dir != root && strings.HasPrefix(dir, root) {
		if os.Remove(dir) != nil { // fails for a directory that is not empty, which is where to stop
			return
		}
		dir = filepath.Dir(dir)
	}
}
