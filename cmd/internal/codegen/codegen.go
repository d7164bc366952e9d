// Package codegen is the engine of kubewright and of client-gen, lister-gen, informer-gen and applyconfiguration-gen.
//
//	packages ──load──▶ declarations ──model──▶ API ──render──▶ files ──output──▶ disk, or a diff
//	                        │           │
//	                        └───────────┴──▶ problems: file:line:col: error: what (cure)
//
// A run goes through these steps, once for all of its generators:
//
//  1. The go command finds the input packages.
//  2. Package helpers makes code inside them, if that is asked for: what it declares counts as if it was on disk already.
//  3. Package load parses the packages, and nothing but them. Package tags reads the +genclient tags of each type and the
//     +group tags of each package.
//  4. Package model makes groups, versions and types of it, gives each name once, and checks everything.
//  5. If there is a problem, all problems are returned and the run ends: nothing was written.
//  6. Package render makes all files in memory, all generators at the same time. It is a pure function of the model. For
//     apply configurations, package fields finds the structs that the types are made of, in whatever package they are, and
//     package configs decides what becomes of each.
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
	"slices"
	"strings"
	"sync"

	"golang.org/x/tools/go/packages"

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
	// SkipEmpty accepts packages without kinds. It is implied by patterns with "...".
	SkipEmpty bool
	// Generators are what runs, and InPackage what runs before them.
	Generators []Generator
	InPackage  InPackage
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
	// Reads is a file that the generator reads besides the packages, or "".
	Reads string
	// Render makes the files, and reports what is wrong with the input, or odd. It runs beside the other generators.
	Render func(context.Context, *input, render.Settings, *diag.Problems) (render.Files, error)
}

// input is what a run has read.
type input struct {
	api      *model.API
	packages []*load.Package
	loader   *load.Loader
	// inPackages is what was made inside the packages.
	inPackages
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
	var problems diag.Problems
	in, err := r.read(ctx, false, &problems)
	if err != nil {
		return nil, err
	}
	plan := &Plan{API: in.api}
	r.step("rendering %s", counted(len(r.Generators), "generator"))
	if plan.Trees, err = r.render(ctx, in, boilerplate, &problems); err != nil {
		return nil, err
	}
	r.warn(&problems)
	plan.Trees = append(plan.Trees, in.trees...)
	plan.Places = r.places(slices.Concat(in.loader.Dirs(), in.dirs))
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

// Model makes the model of the input, and nothing else. What is still to be generated inside the packages is not missed.
func (r *Run) Model(ctx context.Context) (*model.API, error) {
	described := *r
	described.InPackage = InPackage{}
	var problems diag.Problems
	in, err := described.read(ctx, true, &problems)
	if err != nil {
		return nil, err
	}
	r.warn(&problems)
	return in.api, nil
}

// read loads the input and makes the model. It is incomplete if code inside the packages may be missing. Problems are an
// error if there is one among them; otherwise, they are warnings.
func (r *Run) read(ctx context.Context, incomplete bool, problems *diag.Problems) (*input, error) {
	loader := &load.Loader{Dir: "."}
	in := &input{loader: loader}
	r.step("loading %s", strings.Join(r.Patterns, " "))
	found, err := loader.Find(ctx, r.Patterns...)
	if err != nil {
		return nil, err
	}
	if err := r.makeInPackages(ctx, in, found, problems); err != nil {
		return nil, err
	}
	if len(r.Generators) > 0 {
		r.step("reading %s", counted(len(found), "package"))
		// After a failure to make code inside the packages, it is missing, and the reason has been told.
		if err := r.readModel(ctx, in, found, incomplete || problems.Err() != nil, problems); err != nil {
			return nil, err
		}
	}
	if err := problems.Err(); err != nil {
		return nil, err
	}
	return in, nil
}

// warn tells what is odd in an input without errors.
func (r *Run) warn(problems *diag.Problems) {
	if r.Warn == nil {
		return
	}
	for _, problem := range problems.All() {
		r.Warn(problem)
	}
}

// readModel makes the model of the packages that were found.
func (r *Run) readModel(ctx context.Context, in *input, found []*packages.Package, incomplete bool, problems *diag.Problems) error {
	plurals, err := pluralExceptions(r.PluralExceptions)
	if err != nil {
		return err
	}
	included, err := includedTypes(r.IncludedTypes)
	if err != nil {
		return err
	}
	if err := checkLintRules(r.LintRules); err != nil {
		return err
	}
	var own diag.Problems
	if in.packages, err = in.loader.Parse(found, &own); err != nil {
		return err
	}
	in.api, err = model.Build(ctx, in.packages, model.Options{
		PluralExceptions: plurals,
		IncludedTypes:    included,
		KnownTagsOnly:    slices.Contains(r.LintRules, lintKnownTagsOnly),
		RootObjects:      r.RootObjects,
		SkipEmpty:        r.SkipEmpty || strings.Contains(strings.Join(r.Patterns, " "), "..."),
		Load:             in.loader.Load,
	}, &own)
	if err != nil {
		return err
	}
	if len(in.packages) == 0 && own.Err() == nil {
		own.Errorf(token.Position{}, diag.NoPackages, "%s match no packages with Go files", strings.Join(r.Patterns, " ")).Fix("name packages by import path, or directories as ./path")
	}
	for _, problem := range own.All() {
		if !incomplete || problem.Code != diag.NoDeepCopy && problem.Code != diag.NoScheme {
			problems.Take(problem)
		}
	}
	return nil
}

// header returns what comes first in each file. A year in it may come from files in the output directories, or in the given
// ones.
func (r *Run) header(dirs ...string) (string, error) {
	header, err := boilerplate(r.HeaderFile)
	if err != nil {
		return "", err
	}
	var outputs []string
	for _, generator := range r.Generators {
		outputs = append(outputs, generator.OutputDir)
	}
	return withYear(header, r.Year, append(outputs, dirs...))
}

// render lets all generators make their files, at the same time.
func (r *Run) render(ctx context.Context, in *input, boilerplate string, problems *diag.Problems) ([]*output.Tree, error) {
	trees := make([]*output.Tree, len(r.Generators))
	errs := make([]error, len(r.Generators))
	found := make([]diag.Problems, len(r.Generators))
	var running sync.WaitGroup
	for i, generator := range r.Generators {
		running.Go(func() {
			var files render.Files
			files, errs[i] = generator.Render(ctx, in, render.Settings{
				Generator:     generator.Name,
				Boilerplate:   boilerplate,
				OutputPackage: generator.OutputPackage,
				HandWritten: func(path string) bool {
					content, err := os.ReadFile(filepath.Join(generator.OutputDir, filepath.FromSlash(path)))
					return err == nil && !output.IsGenerated(content)
				},
			}, &found[i])
			trees[i] = &output.Tree{Dir: generator.OutputDir, Headers: []string{render.Header(generator.Name)}, Owned: generator.Owned, Files: files}
		})
	}
	running.Wait()
	for i := range found {
		problems.Take(found[i].All()...)
	}
	return trees, errors.Join(append(errs, problems.Err())...)
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
