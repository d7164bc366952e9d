// Package codegen is the engine of kubewright and of client-gen, lister-gen and informer-gen.
//
//	packages ──load──▶ declarations ──model──▶ API ──render──▶ files ──output──▶ disk, or a diff
//	                        │           │
//	                        └───────────┴──▶ problems: file:line:col: error: what (cure)
//
// A run goes through these steps, once for all of its generators:
//
//  1. The go command finds the input packages; package load parses them, and nothing but them.
//  2. Package tags reads the +genclient tags of each type and the +group tags of each package.
//  3. Package model makes groups, versions and types of it, gives each name once, and checks everything.
//  4. If there is a problem, all problems are returned and the run ends: nothing was written.
//  5. Package render makes all files in memory, all generators at the same time. It is a pure function of the model.
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
	"slices"
	"strings"
	"sync"

	"github.com/kubewright/kubewright/cmd/internal/codegen/diag"
	"github.com/kubewright/kubewright/cmd/internal/codegen/load"
	"github.com/kubewright/kubewright/cmd/internal/codegen/model"
	"github.com/kubewright/kubewright/cmd/internal/codegen/output"
	"github.com/kubewright/kubewright/cmd/internal/codegen/render"
	"github.com/kubewright/kubewright/cmd/internal/codegen/snapshot"
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

// Run is one run: one load and one model for any number of generators, whose files are written together.
type Run struct {
	// Patterns name the input packages: patterns of the go command.
	Patterns []string
	// HeaderFile has what comes first in each file; "" is nothing.
	HeaderFile string
	// PluralExceptions are of the form Kind:Plural.
	PluralExceptions []string
	// Year stands for YEAR in the header; 0 is the one in the files that are there already, or else the current one.
	Year int
	// IncludedTypes, of the form group/version/Type, limit versions to some of their types.
	IncludedTypes []string
	// LintRules are rules of code-generator's --lint-rules.
	LintRules []string
	// RootObjects gives clients to the types that kubebuilder's markers call objects, in packages in which no type has
	// +genclient.
	RootObjects bool
	// Generators are what runs.
	Generators []Generator
	// Warn is told, one by one, what is odd in an input that generates all the same. Nil tells nobody. When there are
	// errors, the warnings are in the [diag.ProblemsError], too, and Warn is not called.
	Warn func(diag.Problem)
	// Progress is told which step begins. Nil tells nobody.
	Progress func(step string)
}

// Generator makes the files of one directory from the model.
type Generator struct {
	// Name stands in the header of its files: "client-gen".
	Name string
	// OutputDir is where files go, and OutputPackage the import path of that directory.
	OutputDir, OutputPackage string
	// Owned is the directory below OutputDir that no other run of the same generator writes to.
	Owned string
	// Render makes the files. It is pure, and runs beside the other generators.
	Render func(*model.API, render.Settings) (render.Files, error)
}

// Plan is what a run has found out, and what is to be done to the files.
type Plan struct {
	API *model.API
	// Trees are all files that belong there, and Changes what differs.
	Trees   []*output.Tree
	Changes []output.Change
	// Places are what the run has looked at, outputs included: as long as nothing changes there, another run has nothing to
	// do.
	Places snapshot.Places
}

// Plan does everything but writing. Whatever is wrong is an error: a [UsageError], or a [diag.ProblemsError] with all
// problems.
func (r *Run) Plan(ctx context.Context) (*Plan, error) {
	for _, generator := range r.Generators {
		if err := output.CheckPackage(generator.OutputDir, generator.OutputPackage); err != nil {
			return nil, UsageErrorf("%v", err)
		}
	}
	boilerplate, err := r.header()
	if err != nil {
		return nil, err
	}
	api, read, err := r.model(ctx)
	if err != nil {
		return nil, err
	}
	plan := &Plan{API: api, Places: r.places(read)}
	r.step("rendering %s", counted(len(r.Generators), "generator"))
	if plan.Trees, err = r.render(api, boilerplate); err != nil {
		return nil, err
	}
	r.step("comparing %s", counted(plan.Size(), "file"))
	plan.Changes, err = output.Changes(plan.Trees...)
	return plan, err
}

// Size is the number of files that belong there.
func (p *Plan) Size() int {
	size := 0
	for _, tree := range p.Trees {
		size += len(tree.Files)
	}
	return size
}

// Written returns the absolute names of the files that change, or go.
func (p *Plan) Written() []string {
	written := make([]string, 0, len(p.Changes))
	for _, change := range p.Changes {
		if name, err := filepath.Abs(change.Name); err == nil {
			written = append(written, name)
		}
	}
	return written
}

// Model makes the model of the input.
func (r *Run) Model(ctx context.Context) (*model.API, error) {
	api, _, err := r.model(ctx)
	return api, err
}

// model makes the model of the input, and returns the directories of the packages that it has read.
func (r *Run) model(ctx context.Context) (api *model.API, read []string, err error) {
	plurals, err := pluralExceptions(r.PluralExceptions)
	if err != nil {
		return nil, nil, err
	}
	included, err := includedTypes(r.IncludedTypes)
	if err != nil {
		return nil, nil, err
	}
	if err := checkLintRules(r.LintRules); err != nil {
		return nil, nil, err
	}
	var problems diag.Problems
	loader := &load.Loader{Dir: "."}
	loadPackages := func(ctx context.Context, problems *diag.Problems, patterns ...string) ([]*load.Package, error) {
		packages, err := loader.Load(ctx, problems, patterns...)
		for _, pkg := range packages {
			read = append(read, pkg.Dir)
		}
		return packages, err
	}
	r.step("loading %s", strings.Join(r.Patterns, " "))
	packages, err := loadPackages(ctx, &problems, r.Patterns...)
	if err != nil {
		return nil, nil, err
	}
	r.step("reading %s", counted(len(packages), "package"))
	api, err = model.Build(ctx, packages, model.Options{
		PluralExceptions: plurals,
		IncludedTypes:    included,
		KnownTagsOnly:    slices.Contains(r.LintRules, lintKnownTagsOnly),
		RootObjects:      r.RootObjects,
		SkipEmpty:        strings.Contains(strings.Join(r.Patterns, " "), "..."),
		Load:             loadPackages,
	}, &problems)
	if err != nil {
		return nil, nil, err
	}
	if len(packages) == 0 && problems.Err() == nil {
		problems.Errorf(token.Position{}, diag.NoPackages, "%s match no packages with Go files", strings.Join(r.Patterns, " ")).Fix("name packages by import path, or directories as ./path")
	}
	if err := problems.Err(); err != nil {
		return nil, nil, err
	}
	if r.Warn != nil {
		for _, problem := range problems.All() {
			r.Warn(problem)
		}
	}
	return api, read, nil
}

// header returns what comes first in each file.
func (r *Run) header() (string, error) {
	header, err := boilerplate(r.HeaderFile)
	if err != nil {
		return "", err
	}
	var dirs []string
	for _, generator := range r.Generators {
		dirs = append(dirs, generator.OutputDir)
	}
	return withYear(header, r.Year, dirs)
}

// render lets all generators make their files, at the same time.
func (r *Run) render(api *model.API, boilerplate string) ([]*output.Tree, error) {
	trees := make([]*output.Tree, len(r.Generators))
	errs := make([]error, len(r.Generators))
	var running sync.WaitGroup
	for i, generator := range r.Generators {
		running.Go(func() {
			var files render.Files
			files, errs[i] = generator.Render(api, render.Settings{
				Generator:     generator.Name,
				Boilerplate:   boilerplate,
				OutputPackage: generator.OutputPackage,
				HandWritten: func(path string) bool {
					content, err := os.ReadFile(filepath.Join(generator.OutputDir, filepath.FromSlash(path)))
					return err == nil && !output.IsGenerated(content)
				},
			})
			trees[i] = &output.Tree{Dir: generator.OutputDir, Header: render.Header(generator.Name), Owned: generator.Owned, Files: files}
		})
	}
	running.Wait()
	return trees, errors.Join(errs...)
}

func (r *Run) step(format string, args ...any) {
	if r.Progress != nil {
		r.Progress(fmt.Sprintf(format, args...))
	}
}

// counted returns a number of things in words: "1 file", "2 files".
func counted(n int, thing string) string {
	if n == 1 {
		return "1 " + thing
	}
	return fmt.Sprintf("%d %ss", n, thing)
}
