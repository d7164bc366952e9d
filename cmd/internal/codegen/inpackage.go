package codegen

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"

	"golang.org/x/tools/go/packages"

	"github.com/kubewright/kubewright/cmd/internal/codegen/diag"
	"github.com/kubewright/kubewright/cmd/internal/codegen/helpers"
	"github.com/kubewright/kubewright/cmd/internal/codegen/output"
	"github.com/kubewright/kubewright/cmd/internal/codegen/render"
)

// InPackage says which generators run that make code inside API packages: deep copies, registration, defaults, conversions.
// The zero value runs none. They run for packages of the module itself, or of the workspace, and leave all others alone.
type InPackage struct {
	// Generators are those to run, each with the name of its file.
	Generators map[helpers.Generator]string
	// ExtraPeers are patterns of packages with hand-written conversions and defaults.
	ExtraPeers []string
}

// inPackages is what was made inside packages.
type inPackages struct {
	trees []*output.Tree
	// dirs are the directories that were read for it.
	dirs []string
}

// makeInPackages runs the generators that make code inside packages, and lets the loader see what they have made.
func (r *Run) makeInPackages(ctx context.Context, in *input, found []*packages.Package, problems *diag.Problems) error {
	if len(r.InPackage.Generators) == 0 {
		return nil
	}
	r.step("making code inside packages")
	var headers []string
	for generator := range r.InPackage.Generators {
		headers = append(headers, render.Header(string(generator)))
	}
	in.loader.Overlay = map[string][]byte{}
	byDir := map[string]*output.Tree{}
	var paths []string
	for _, pkg := range found {
		if pkg.Module == nil || !pkg.Module.Main || len(pkg.Errors) > 0 {
			continue
		}
		tagged, made, err := scan(pkg.GoFiles, headers)
		if err != nil {
			return err
		}
		if tagged {
			paths = append(paths, pkg.PkgPath)
		}
		if !tagged && len(made) == 0 {
			continue
		}
		for _, name := range made {
			in.loader.Overlay[name] = nil
		}
		byDir[pkg.Dir] = &output.Tree{Dir: shown(pkg.Dir), Headers: headers, Flat: true, Files: map[string][]byte{}}
		in.trees = append(in.trees, byDir[pkg.Dir])
	}
	if len(paths) == 0 {
		return nil
	}
	header, remove, err := r.headerFile(slices.Sorted(maps.Keys(byDir)))
	if err != nil {
		return err
	}
	result, err := helpers.Run(ctx, helpers.Options{
		Dir:        ".",
		Packages:   paths,
		Generators: r.InPackage.Generators,
		HeaderFile: header,
		ExtraPeers: r.InPackage.ExtraPeers,
	})
	if failed := remove(); failed != nil {
		return failed
	}
	var failed *diag.ProblemsError
	switch {
	case errors.As(err, &failed):
		problems.Take(failed.Problems...)
	case err != nil:
		return err
	}
	problems.Take(result.Warnings...)
	in.dirs = result.Dirs
	for _, file := range result.Files {
		in.loader.Overlay[file.Path] = file.Content
		tree := byDir[filepath.Dir(file.Path)]
		if tree == nil {
			return fmt.Errorf("%s made %s, which is in none of the packages", file.Generator, file.Path)
		}
		tree.Files[filepath.Base(file.Path)] = file.Content
	}
	return nil
}

// headerFile returns the name of a file with what comes first in each file, for the generators that read one. Those fill in
// the current year, so that a header with a year is given to them with the right one, in a file that remove removes.
func (r *Run) headerFile(dirs []string) (name string, remove func() error, err error) {
	header, err := r.header(dirs...)
	if err != nil || header == "" {
		return "", func() error { return nil }, err
	}
	file, err := os.CreateTemp("", "kubewright-header-*.txt")
	if err != nil {
		return "", nil, err
	}
	_, err = file.WriteString(header)
	return file.Name(), func() error { return os.Remove(file.Name()) }, errors.Join(err, file.Close())
}

// scan reports whether one of the files may have a tag of the generators, and which of them they have made.
func scan(names []string, headers []string) (tagged bool, made []string, err error) {
	for _, name := range names {
		content, err := os.ReadFile(name)
		if err != nil {
			return false, nil, err
		}
		if output.HasHeader(content, headers...) {
			made = append(made, name)
			continue
		}
		for _, mark := range []string{"+k8s:", "+groupName", "+kubebuilder:object:"} {
			tagged = tagged || bytes.Contains(content, []byte(mark))
		}
	}
	return tagged, made, nil
}

// shown returns a directory as output shows it: relative to the current one if it is below it.
func shown(dir string) string {
	if rel, err := relative(dir); err == nil && filepath.IsLocal(rel) {
		return rel
	}
	return dir
}
