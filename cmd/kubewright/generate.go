package main

import (
	"context"
	"errors"
	"fmt"
	"go/token"
	"io"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/pflag"

	"github.com/kubewright/kubewright/cmd/internal/codegen"
	"github.com/kubewright/kubewright/cmd/internal/codegen/cache"
	"github.com/kubewright/kubewright/cmd/internal/codegen/cli"
	"github.com/kubewright/kubewright/cmd/internal/codegen/diag"
	"github.com/kubewright/kubewright/cmd/internal/codegen/output"
	"github.com/kubewright/kubewright/cmd/internal/codegen/report"
)

// generate is kubewright generate.
type generate struct {
	project                codegen.Project
	verify, watch, noCache bool
	format, config         string
	flags                  *pflag.FlagSet
	stdout, stderr         io.Writer
	progress               *progress
}

func generateCommand(stdout, stderr io.Writer) *cli.Command {
	g := &generate{flags: newFlags(), stdout: stdout, stderr: stderr, progress: newProgress(stderr)}
	projectFlags(g.flags, &g.project)
	g.flags.StringVar(&g.config, "config", "", "file with settings (default "+settingsFile+" in the current directory or above it, within the module)")
	g.flags.BoolVar(&g.verify, "verify", false, "write nothing; print what would change, and exit with 1 if anything would")
	g.flags.BoolVar(&g.watch, "watch", false, "generate, and again whenever an input file is saved; ends with Ctrl-C")
	g.flags.StringVar(&g.format, "format", string(report.Text), "how problems are printed: "+strings.Join(report.Formats(), ", "))
	g.flags.BoolVar(&g.noCache, "no-cache", false, "run also if nothing has changed since the last run")
	return &cli.Command{
		Name:  "kubewright generate",
		Usage: "[flags] [package pattern]...",
		Does:  "makes all code for the API types below the current directory: clients, fakes, listers, informers, deep copies and more.",
		Flags: g.flags,
		Run:   g.run,
	}
}

// newFlags returns an empty set of flags. Both names that upstream's tools have for the header file are one.
func newFlags() *pflag.FlagSet {
	flags := pflag.NewFlagSet("", pflag.ContinueOnError)
	flags.SortFlags = false
	flags.SetNormalizeFunc(func(_ *pflag.FlagSet, name string) pflag.NormalizedName {
		if name == "boilerplate" {
			name = "go-header-file"
		}
		return pflag.NormalizedName(name)
	})
	return flags
}

// projectFlags adds the flags that say what is generated from what, and where.
func projectFlags(flags *pflag.FlagSet, project *codegen.Project) {
	flags.StringSliceVar(&project.Only, "only", nil, "what to generate (default all): "+strings.Join(codegen.Products(), ","))
	flags.StringVar(&project.OutputDir, "output-dir", "", "directory to write to (default pkg/generated of the module)")
	flags.StringVar(&project.OutputPackage, "output-pkg", "", "import path of --output-dir (default from go.mod)")
	flags.StringVar(&project.ClientsetName, "clientset-name", "clientset", "directory of the clientset, below --output-dir")
	flags.StringVar(&project.VersionedName, "versioned-name", "versioned", "package of the clientset, and its directory below --clientset-name")
	flags.StringVar(&project.ListersName, "listers-name", "listers", "directory of the listers, below --output-dir")
	flags.StringVar(&project.InformersName, "informers-name", "informers", "directory of the informers, below --output-dir")
	flags.StringVar(&project.ApplyName, "applyconfig-name", "applyconfiguration", "directory of the apply configurations, below --output-dir")
	flags.StringSliceVar(&project.ApplyExternals, "applyconfig-externals", nil, "apply configurations of types of other packages, as import/path.Type:import/path,...; those of k8s.io/api and of apimachinery's meta/v1 are known")
	flags.StringVar(&project.OpenAPISchema, "applyconfig-openapi-schema", "", "file with the OpenAPI description (version 2, JSON) of types; without it the schema is that of the Go types and their tags")
	flags.BoolVar(&project.SingleDirectory, "single-directory", false, "write the informers to their directory itself, not to externalversions below it")
	flags.StringVar(&project.ClientsetAPIPath, "clientset-api-path", "/apis", "URL path of API groups; that of the legacy core group is /api")
	flags.BoolVar(&project.PrefersProtobuf, "prefers-protobuf", false, "make clients that speak protobuf where the configuration leaves it open")
	flags.StringSliceVar(&project.ExtraPeers, "extra-peer-dirs", nil, "packages with hand-written conversions and defaults, besides the API packages")
	flags.StringSliceVar(&project.PluralExceptions, "plural-exceptions", nil, "plurals that the rules do not make, as Kind:Plural,...")
	flags.StringVar(&project.HeaderFile, "go-header-file", "", "file with the text that comes first in each generated file, such as a licence; also --boilerplate")
	flags.IntVar(&project.Year, "year", 0, "year that stands for YEAR in --go-header-file (default: the one in the files that are there, or else the current one)")
}

// settle completes a project with the arguments, the settings file and the defaults, in this order.
func settle(project *codegen.Project, flags *pflag.FlagSet, config string, args []string) error {
	if config == "" {
		var err error
		if config, err = findSettings(); err != nil {
			return err
		}
	}
	if config != "" {
		packages, err := readSettings(config, flags)
		if err != nil {
			return err
		}
		project.Packages = packages
	}
	if len(args) > 0 {
		project.Packages = args
	}
	if len(project.Packages) == 0 {
		project.Packages = []string{"./..."}
	}
	return nil
}

func (g *generate) run(ctx context.Context, args []string) error {
	if !slices.Contains(report.Formats(), g.format) {
		var problem diag.Problem
		problem.Message = fmt.Sprintf("--format=%s: there is no such format", g.format)
		problem.Suggest(g.format, "formats are", report.Formats())
		return codegen.UsageErrorf("%s", problem.Text())
	}
	if g.watch {
		if g.verify {
			return codegen.UsageErrorf("--watch cannot be together with --verify (leave one of them out)")
		}
		return g.watchFiles(ctx, args)
	}
	_, err := g.once(ctx, args)
	return err
}

// once generates, and reports what is wrong.
func (g *generate) once(ctx context.Context, args []string) (*outcome, error) {
	var warnings []diag.Problem
	o := &outcome{}
	err := settle(&g.project, g.flags, g.config, args)
	if err == nil {
		err = g.generate(ctx, o, func(problem diag.Problem) { warnings = append(warnings, problem) })
	}
	g.progress.clear()
	return o, g.report(warnings, err)
}

// outcome is how far a run came: run and plan are nil before they are made.
type outcome struct {
	run  *codegen.Run
	plan *codegen.Plan
}

// report prints the warnings, and the error of a run. Usage errors, and everything in text, are left to the caller.
func (g *generate) report(warnings []diag.Problem, err error) error {
	format := report.Format(g.format)
	var usage *codegen.UsageError
	if errors.As(err, &usage) {
		return err
	}
	if format == report.Text {
		return errors.Join(report.Write(g.stderr, format, warnings), err)
	}
	problems := append(warnings, report.Problems(err)...)
	if failed := report.Write(g.stdout, format, problems); failed != nil {
		return failed
	}
	if err != nil {
		return cli.ErrReported
	}
	return nil
}

// generate makes the files, or with --verify compares them.
func (g *generate) generate(ctx context.Context, o *outcome, warn func(diag.Problem)) error {
	started := time.Now()
	run, err := g.project.Run()
	if err != nil {
		return err
	}
	o.run = run
	run.Progress = g.progress.step
	warned := false
	run.Warn = func(problem diag.Problem) {
		warned = true
		warn(problem)
	}
	unchanged := g.cache()
	if unchanged.holds() {
		g.progress.done("nothing has changed")
		return nil
	}
	plan, err := run.Plan(ctx)
	if err != nil {
		return err
	}
	o.plan = plan
	if g.verify {
		return g.compare(plan.Changes)
	}
	g.progress.step("writing")
	if err := output.Apply(plan.Changes); err != nil {
		return err
	}
	if !warned {
		unchanged.store(plan, started)
	}
	g.progress.done("%d files, %d changed", plan.Size(), len(plan.Changes))
	return nil
}

// compare prints what differs. In formats for programs, each file is a problem of its own.
func (g *generate) compare(changes []output.Change) error {
	if len(changes) == 0 {
		return nil
	}
	g.progress.clear()
	if report.Format(g.format) == report.Text {
		if err := output.Diff(g.stdout, changes); err != nil {
			return err
		}
		return errors.New("generated files are not up to date (run kubewright generate)")
	}
	var problems diag.Problems
	for _, change := range changes {
		state := "is not up to date"
		switch {
		case change.Before == nil:
			state = "is missing"
		case change.After == nil:
			state = "is left over from an earlier run"
		}
		problems.Errorf(token.Position{Filename: change.Name, Line: 1}, diag.OutOfDate, "generated file %s", state).Fix("run kubewright generate")
	}
	return problems.Err()
}

// unchanged asks and feeds the cache for one run. Whatever is wrong with the cache, the run goes on without it.
type unchanged struct {
	cache *cache.Cache
	key   string
	// program are the files of this program that must stay as they are.
	program []string
}

// cache returns the cache for a run with the settings. It is empty if the run must not trust one.
func (g *generate) cache() unchanged {
	if g.verify || g.noCache {
		return unchanged{}
	}
	users, err := cache.Open()
	if err != nil {
		return unchanged{}
	}
	here, err := filepath.Abs(".")
	if err != nil {
		return unchanged{}
	}
	id, files, err := thisProgram()
	if err != nil {
		return unchanged{}
	}
	key, err := cache.Key(id, here, goEnvironment(), g.project)
	if err != nil {
		return unchanged{}
	}
	return unchanged{users, key, files}
}

func (u unchanged) holds() bool { return u.cache != nil && u.cache.Unchanged(u.key) }

func (u unchanged) store(plan *codegen.Plan, started time.Time) {
	if u.cache == nil {
		return
	}
	places := plan.Places
	places.Files = slices.Concat(places.Files, u.program)
	_ = u.cache.Store(u.key, places, started, plan.Written()) // without an entry, the next run works as this one did
}
