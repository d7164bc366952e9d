// Package output brings generated files to disk, carefully: only files that differ are written, each in one step; only
// files that the same generator made are ever replaced or removed; and everything can be compared instead of written.
//
//	trees ──Changes──▶ what differs ──Apply──▶ disk
//	                        └────────Diff──▶ a unified diff
package output

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// Tree is what a generator makes of a directory, or what several make of it.
type Tree struct {
	// Dir is the output directory.
	Dir string
	// Headers are the lines of which the files of the generator, or of several that share the directory, have one before
	// their package clause.
	Headers []string
	// Owned is the directory below Dir, slash-separated, in which files with such a header that this run does not make are
	// left over from an earlier run.
	Owned string
	// Flat says that the directory itself has what may be left over, and not those below it.
	Flat bool
	// Files are the contents by slash-separated path below Dir.
	Files map[string][]byte
}

// Change is what has to happen to one file.
type Change struct {
	// Name is the name of the file.
	Name string
	// Before and After are its contents; nil stands for no file.
	Before, After []byte

	root string // the directory that stays when the file is removed and the directories above it become empty
}

// Changes compares the trees with what is on disk, and returns the differences sorted by name. It returns an error if two
// trees have the same file, or if a file that somebody wrote by hand is where a generated file belongs.
func Changes(trees ...*Tree) ([]Change, error) {
	var changes []Change
	var faults []error
	made := map[string]*Tree{}
	for _, tree := range trees {
		for _, path := range slices.Sorted(maps.Keys(tree.Files)) {
			name := tree.name(path)
			if other, ok := made[name]; ok {
				faults = append(faults, fmt.Errorf("file %s is made twice (give the generators directories of their own)\n\tfirst: %s\n\tthen: %s", name, strings.Join(other.Headers, ", "), strings.Join(tree.Headers, ", ")))
				continue
			}
			made[name] = tree
			change, err := tree.change(path)
			if err != nil {
				faults = append(faults, err)
			} else if change != nil {
				changes = append(changes, *change)
			}
		}
	}
	if err := errors.Join(faults...); err != nil {
		return nil, err
	}
	for _, tree := range trees {
		leftOver, err := tree.leftOver(func(name string) bool { _, ok := made[name]; return ok })
		if err != nil {
			return nil, err
		}
		changes = append(changes, leftOver...)
	}
	slices.SortFunc(changes, func(a, b Change) int { return strings.Compare(a.Name, b.Name) })
	return slices.CompactFunc(changes, func(a, b Change) bool { return a.Name == b.Name }), nil
}

func (t *Tree) name(path string) string {
	return filepath.Join(t.Dir, filepath.FromSlash(path))
}

// change compares one file of the tree with the one on disk. It returns nil if they are the same.
func (t *Tree) change(path string) (*Change, error) {
	change := &Change{Name: t.name(path), After: t.Files[path], root: t.Dir}
	before, err := os.ReadFile(change.Name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return change, nil
	case err != nil:
		return nil, err
	case bytes.Equal(before, change.After):
		return nil, nil
	case !IsGenerated(before):
		return nil, fmt.Errorf("file %s is not generated, and is where a generated file belongs (move it)", change.Name)
	}
	change.Before = before
	return change, nil
}

// leftOver finds the files of the generator that no tree makes. Directories that are modules of their own, and those
// that the go command ignores, are not searched.
func (t *Tree) leftOver(made func(name string) bool) ([]Change, error) {
	var found []Change
	root := t.name(t.Owned)
	err := filepath.WalkDir(root, func(name string, entry fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) && name == root {
			return filepath.SkipAll
		}
		if err != nil {
			return err
		}
		if entry.IsDir() {
			if name != root && (t.Flat || isForeignDir(name, entry.Name())) {
				return filepath.SkipDir
			}
			return nil
		}
		if !entry.Type().IsRegular() || filepath.Ext(name) != ".go" || made(name) {
			return nil
		}
		content, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		if HasHeader(content, t.Headers...) {
			found = append(found, Change{Name: name, Before: content, root: t.Dir})
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
