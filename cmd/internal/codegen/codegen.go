// Package codegen is the engine of client-gen, lister-gen and informer-gen.
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
//  4. If there is a problem, all problems are returned and the run ends: nothing was written.
//  5. Package render makes all files in memory. It is a pure function of the model.
//  6. Package output writes the files that differ and removes those that earlier runs left over, or prints the
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
}

// generate goes from packages to files. Only the last step differs between generators.
func (r *run) generate(ctx context.Context, renderFiles func(*model.API, render.Settings) (render.Files, error)) error {
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
	api, err := r.read(ctx, plurals)
	if err != nil {
		return err
	}
	files, err := renderFiles(api, render.Settings{
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
func (r *run) read(ctx context.Context, plurals map[string]string) (*model.API, error) {
	var problems diag.Problems
	loader := &load.Loader{Dir: "."}
	packages, err := loader.Load(ctx, &problems, r.patterns...)
	if err != nil {
		return nil, err
	}
	api, err := model.Build(ctx, packages, model.Options{
		PluralExceptions: plurals,
		SkipEmpty:        strings.Contains(strings.Join(r.patterns, " "), "..."),
		Load:             loader.Load,
	}, &problems)
	if err != nil {
		return nil, err
	}
	if len(packages) == 0 && problems.Err() == nil {
		problems.Errorf(token.Position{}, diag.NoPackages, "%s match no packages with Go files", strings.Join(r.patterns, " ")).Fix("name packages by import path, or directories as ./path")
	}
	if err := problems.Err(); err != nil {
		return nil, err
	}
	if r.Warn != nil {
		for _, problem := range problems.All() {
			r.Warn(problem)
		}
	}
	return api, nil
}
