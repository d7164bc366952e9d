// Package output brings generated files to disk, carefully: only files that differ are written, each in one step; only
// files that the same generator made are ever replaced or removed; and everything can be compared instead of written.
package output

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// Tree is the output of one run of a generator.
type Tree struct {
	// Dir is the output directory.
	Dir string
	// Header is the line that all files of the generator have before their package clause.
	Header string
	// Owned is the directory below Dir, slash-separated, in which files with Header that this run does not make are
	// left over from an earlier run.
	Owned string
	// Files are the contents by slash-separated path below Dir.
	Files map[string][]byte
}

// change is what has to happen to one file.
type change struct {
	path          string // below Dir, slash-separated
	before, after []byte // nil for a file that is not there
}

// Apply makes the directory equal to the tree: it writes what differs and removes what is left over. It looks at
// everything before it changes anything.
func (t *Tree) Apply() error {
	changes, err := t.changes()
	if err != nil {
		return err
	}
	for _, c := range changes {
		name := t.name(c.path)
		if c.after == nil {
			if err := os.Remove(name); err != nil {
				return err
			}
			removeEmptyDirs(filepath.Dir(name), t.Dir)
			continue
		}
		if err := writeFile(name, c.after); err != nil {
			return err
		}
	}
	return nil
}

// Diff writes what Apply would change to w, as a unified diff, and reports whether there is anything. It changes nothing.
func (t *Tree) Diff(w io.Writer) (differs bool, err error) {
	changes, err := t.changes()
	if err != nil {
		return false, err
	}
	for _, c := range changes {
		if _, err := io.WriteString(w, unified(filepath.ToSlash(t.name(c.path)), c.before, c.after)); err != nil {
			return true, err
		}
	}
	return len(changes) > 0, nil
}

func (t *Tree) name(path string) string {
	return filepath.Join(t.Dir, filepath.FromSlash(path))
}

// changes compares the tree with the directory, sorted by path. It returns an error if a file that somebody wrote by
// hand is where a generated file belongs.
func (t *Tree) changes() ([]change, error) {
	var changes []change
	var inTheWay []error
	for _, path := range slices.Sorted(maps.Keys(t.Files)) {
		after := t.Files[path]
		before, err := os.ReadFile(t.name(path))
		switch {
		case errors.Is(err, fs.ErrNotExist):
			changes = append(changes, change{path: path, after: after})
		case err != nil:
			return nil, err
		case bytes.Equal(before, after):
		case !IsGenerated(before):
			inTheWay = append(inTheWay, fmt.Errorf("file %s is not generated, and is where a generated file belongs (move it)", t.name(path)))
		default:
			changes = append(changes, change{path: path, before: before, after: after})
		}
	}
	if err := errors.Join(inTheWay...); err != nil {
		return nil, err
	}
	leftOver, err := t.leftOver()
	if err != nil {
		return nil, err
	}
	changes = append(changes, leftOver...)
	slices.SortFunc(changes, func(a, b change) int { return strings.Compare(a.path, b.path) })
	return changes, nil
}

// leftOver finds the files of the generator that the tree does not have. Directories that are modules of their own,
// and those that the go command ignores, are not searched.
func (t *Tree) leftOver() ([]change, error) {
	var found []change
	root := t.name(t.Owned)
	err := filepath.WalkDir(root, func(name string, entry fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) && name == root {
			return filepath.SkipAll
		}
		if err != nil {
			return err
		}
		if entry.IsDir() {
			if name != root && isForeignDir(name, entry.Name()) {
				return filepath.SkipDir
			}
			return nil
		}
		if !entry.Type().IsRegular() || filepath.Ext(name) != ".go" {
			return nil
		}
		path, err := filepath.Rel(t.Dir, name)
		if err != nil {
			return err
		}
		path = filepath.ToSlash(path)
		if _, ok := t.Files[path]; ok {
			return nil
		}
		content, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		if hasHeader(content, t.Header) {
			found = append(found, change{path: path, before: content})
		}
		return nil
	})
	return found, err
}

func isForeignDir(name, base string) bool {
	if base == "vendor" || base == "testdata" || strings.HasPrefix(base, ".") || strings.HasPrefix(base, "_") {
		return true
	}
	_, err := os.Stat(filepath.Join(name, "go.mod"))
	return err == nil
}

var (
	generatedLine = regexp.MustCompile(`(?m)^// Code generated .* DO NOT EDIT\.\r?$`)
	packageClause = regexp.MustCompile(`(?m)^package `)
)

// IsGenerated reports whether the content of a Go file says that some tool made it (https://go.dev/s/generatedcode).
func IsGenerated(content []byte) bool {
	return generatedLine.Match(beforePackage(content))
}

// hasHeader reports whether the header is a line of the file before its package clause.
func hasHeader(content []byte, header string) bool {
	for line := range bytes.Lines(beforePackage(content)) {
		if string(bytes.TrimRight(line, "\r\n")) == header {
			return true
		}
	}
	return false
}

func beforePackage(content []byte) []byte {
	if at := packageClause.FindIndex(content); at != nil {
		return content[:at[0]]
	}
	return content
}

// writeFile replaces a file in one step: readers see the old content or the new, also if the machine stops between.
func writeFile(name string, content []byte) (err error) {
	dir := filepath.Dir(name)
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	temp, err := os.CreateTemp(dir, ".generating-*")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, temp.Close(), os.Remove(temp.Name()))
		}
	}()
	if _, err := temp.Write(content); err != nil {
		return err
	}
	mode := fs.FileMode(0o644)
	if info, err := os.Stat(name); err == nil {
		mode = info.Mode().Perm()
	}
	if err := temp.Chmod(mode); err != nil {
		return err
	}
	if err := temp.Close(); err != nil {
		return err
	}
	return os.Rename(temp.Name(), name)
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
