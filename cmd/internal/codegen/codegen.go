// Package codegen is the engine of client-gen, lister-gen, informer-gen and applyconfiguration-gen.
//
//	packages ──load──▶ declarations ──model──▶ API ──render──▶ files ──output──▶ disk, or a diff
//	                        │           │
//	                        └───────────┴──▶ problems: file:line:col: error: what (cure)
//
// A run goes through these steps:
//
//  1. The go command finds the input packages; package load parses them, and nothing but them.
//  2. Package tags reads the +genclient tags of each type and the +group tags of each package.
//  3. Package model makes groups, versions and types of it, gives each name once, and checks everything.
//  4. For apply configurations, package fields finds the structs that the types are made of, in whatever package they are,
//     and package configs decides what becomes of each.
//  5. If there is a problem, all problems are returned and the run ends: nothing was written.
//  6. Package render makes all files in memory. It is a pure function of the model.
//  7. Package output writes the files that differ and removes those that earlier runs left over, or prints the
//     difference.
package codegen

import (
	"context"
	"errors"
	"fmt"
	"go/token"
	"os"
	"path/filepath"
	"strings"

	"github.com/kubewright/kubewright/cmd/internal/codegen/diag"
	"github.com/kubewright/kubewright/cmd/internal/codegen/load"
	"github.com/kubewright/kubewright/cmd/internal/codegen/model"
	"github.com/kubewright/kubewright/cmd/internal/codegen/output"
	"github.com/kubewright/kubewright/cmd/internal/codegen/render"
)

// ErrDiffers is the error of a run with Verify whose output is not what is on disk.
var ErrDiffers = errors.New("generated files are not up to date (run the generator without --verify)")

// UsageError is the error of a run with options that make no sense, whatever the input.
type UsageError struct {
	message string
}

// UsageErrorf returns a UsageError.
func UsageErrorf(format string, args ...any) error {
	return &UsageError{message: fmt.Sprintf(format, args...)}
}

// Error says which option is wrong and what would be right.
func (e *UsageError) Error() string { return e.message }

// run is one run of a generator.
type run struct {
	Options
	generator string
	patterns  []string
	// owned is the directory below OutputDir that no other run of the same generator writes to.
	owned string
	// skipEmpty accepts packages without kinds: they have parts of kinds.
	skipEmpty bool
}

// input is what a run has read.
type input struct {
	api      *model.API
	packages []*load.Package
	loader   *load.Loader
}

// generate goes from packages to files. Only the last step differs between generators.
func (r *run) generate(ctx context.Context, renderFiles func(*input, render.Settings) (render.Files, error)) error {
	if err := output.CheckPackage(r.OutputDir, r.OutputPackage); err != nil {
		return UsageErrorf("%v", err)
	}
	boilerplate, err := r.boilerplate()
	if err != nil {
		return err
	}
	plurals, err := pluralExceptions(r.PluralExceptions)
	if err != nil {
		return err
	}
	in, err := r.read(ctx, plurals)
	if err != nil {
		return err
	}
	files, err := renderFiles(in, render.Settings{
		Generator:     r.generator,
		Boilerplate:   boilerplate,
		OutputPackage: r.OutputPackage,
		HandWritten: func(path string) bool {
			content, err := os.ReadFile(filepath.Join(r.OutputDir, filepath.FromSlash(path)))
			return err == nil && !output.IsGenerated(content)
		},
	})
	if err != nil {
		return err
	}
	tree := output.Tree{Dir: r.OutputDir, Header: render.Header(r.generator), Owned: r.owned, Files: files}
	if !r.Verify {
		return tree.Apply()
	}
	differs, err := tree.Diff(r.Diff)
	if err == nil && differs {
		return ErrDiffers
	}
	return err
}

// read makes the model of the input.
func (r *run) read(ctx context.Context, plurals map[string]string) (*input, error) {
	var problems diag.Problems
	loader := &load.Loader{Dir: "."}
	packages, err := loader.Load(ctx, &problems, r.patterns...)
	if err != nil {
		return nil, err
	}
	api, err := model.Build(ctx, packages, model.Options{
		PluralExceptions: plurals,
		SkipEmpty:        r.skipEmpty || strings.Contains(strings.Join(r.patterns, " "), "..."),
		Load:             loader.Load,
	}, &problems)
	if err != nil {
		return nil, err
	}
	if len(packages) == 0 && problems.Err() == nil {
		problems.Add(token.Position{}, "%s match no packages with Go files (name packages by import path, or directories as ./path)", strings.Join(r.patterns, " "))
	}
	return &input{api, packages, loader}, problems.Err()
}
