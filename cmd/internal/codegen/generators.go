package codegen

import (
	"context"
	"go/token"
	"io"
	"path"
	"path/filepath"

	"github.com/kubewright/kubewright/cmd/internal/codegen/diag"
	"github.com/kubewright/kubewright/cmd/internal/codegen/model"
	"github.com/kubewright/kubewright/cmd/internal/codegen/output"
	"github.com/kubewright/kubewright/cmd/internal/codegen/render"
)

// Options are what all generators are told.
type Options struct {
	// OutputDir is where files go, and OutputPackage the import path of that directory.
	OutputDir, OutputPackage string
	// HeaderFile has what comes first in each file; "" is nothing.
	HeaderFile string
	// Year stands for YEAR in the header; 0 is the one in the files that are there already, or else the current one.
	Year int
	// PluralExceptions are of the form Kind:Plural.
	PluralExceptions []string
	// LintRules are rules of code-generator's --lint-rules.
	LintRules []string
	// Verify prints what differs to Diff instead of writing it.
	Verify bool
	// Diff is where the difference goes.
	Diff io.Writer
	// Warn is told, one by one, what is odd in an input that generates all the same. Nil tells nobody. When there are
	// errors, the warnings are in the [diag.ProblemsError], too, and Warn is not called.
	Warn func(diag.Problem)
}

// generate runs one generator on the packages that the patterns name.
func (o Options) generate(ctx context.Context, patterns []string, generator Generator) error {
	return o.run(ctx, Run{Patterns: patterns, Generators: []Generator{generator}})
}

// run runs what the options and the run say.
func (o Options) run(ctx context.Context, run Run) error {
	run.HeaderFile, run.Year, run.PluralExceptions, run.LintRules, run.Warn = o.HeaderFile, o.Year, o.PluralExceptions, o.LintRules, o.Warn
	plan, err := run.Plan(ctx)
	if err != nil {
		return err
	}
	if !o.Verify {
		return output.Apply(plan.Changes)
	}
	if err := output.Diff(o.Diff, plan.Changes); err != nil {
		return err
	}
	if len(plan.Changes) > 0 {
		return ErrDiffers
	}
	return nil
}

// ClientOptions are the options of client-gen.
type ClientOptions struct {
	Options
	// InputBase is an import path or a directory, and Input the packages below it: group/version. Import paths and
	// directories in Input stand for themselves.
	InputBase string
	Input     []string
	// IncludedTypes, of the form group/version/Type, limit versions to some of their types.
	IncludedTypes []string
	// ClientsetName names the package of the clientset and its directory below OutputDir.
	ClientsetName string
	// ClientsetAPIPath is the URL path of API groups.
	ClientsetAPIPath string
	// PrefersProtobuf makes clients speak protobuf where the configuration leaves it open.
	PrefersProtobuf bool
	// ApplyConfigurationPackage is the import path of the apply configurations of the types; without it, clients have no
	// methods that apply.
	ApplyConfigurationPackage string
	// Fakes makes fake clients, too.
	Fakes bool
}

// GenerateClient runs client-gen.
func GenerateClient(ctx context.Context, options ClientOptions) error {
	patterns := inputPatterns(options.InputBase, options.Input)
	if !token.IsIdentifier(options.ClientsetName) {
		return UsageErrorf("--clientset-name=%s is not a package name (write, for example, --clientset-name=versioned)", options.ClientsetName)
	}
	if err := checkImportPath("apply-configuration-package", options.ApplyConfigurationPackage); err != nil {
		return err
	}
	return options.run(ctx, Run{Patterns: patterns, IncludedTypes: options.IncludedTypes, Generators: []Generator{Client(options)}})
}

// Client is client-gen.
func Client(options ClientOptions) Generator {
	return Generator{
		Name:          "client-gen",
		OutputDir:     options.OutputDir,
		OutputPackage: options.OutputPackage,
		Owned:         options.ClientsetName,
		Render: func(_ context.Context, in *input, settings render.Settings, _ *diag.Problems) (render.Files, error) {
			return render.Client(in.api, render.ClientSettings{
				Settings:                  settings,
				ClientsetName:             options.ClientsetName,
				APIPath:                   options.ClientsetAPIPath,
				PrefersProtobuf:           options.PrefersProtobuf,
				ApplyConfigurationPackage: options.ApplyConfigurationPackage,
				Fakes:                     options.Fakes,
			})
		},
	}
}

// ListerOptions are the options of lister-gen.
type ListerOptions struct {
	Options
	// Packages are patterns of the go command.
	Packages []string
}

// GenerateLister runs lister-gen.
func GenerateLister(ctx context.Context, options ListerOptions) error {
	return options.generate(ctx, options.Packages, Lister(options))
}

// Lister is lister-gen.
func Lister(options ListerOptions) Generator {
	return Generator{
		Name:          "lister-gen",
		OutputDir:     options.OutputDir,
		OutputPackage: options.OutputPackage,
		Render: func(_ context.Context, in *input, settings render.Settings, _ *diag.Problems) (render.Files, error) {
			return render.Lister(in.api, settings)
		},
	}
}

// InformerOptions are the options of informer-gen.
type InformerOptions struct {
	Options
	// Packages are patterns of the go command.
	Packages []string
	// ClientsetPackage and ListersPackage are the import paths of what client-gen and lister-gen made.
	ClientsetPackage, ListersPackage string
	// InternalClientsetPackage is a clientset of internal versions. If it is set, there are informers for those, too, in a
	// directory internalversion beside externalversions.
	InternalClientsetPackage string
	// SingleDirectory leaves out the directory externalversions.
	SingleDirectory bool
}

// GenerateInformer runs informer-gen.
func GenerateInformer(ctx context.Context, options InformerOptions) error {
	generators := []Generator{Informer(options)}
	if options.InternalClientsetPackage != "" {
		if options.SingleDirectory {
			return UsageErrorf("--single-directory has no place for the informers of --internal-clientset-package=%s (leave out one of them)", options.InternalClientsetPackage)
		}
		generators = append(generators, InternalInformer(options))
	}
	return options.run(ctx, Run{Patterns: options.Packages, Generators: generators})
}

// Informer is informer-gen for external versions.
func Informer(options InformerOptions) Generator {
	dir := "externalversions"
	if options.SingleDirectory {
		dir = ""
	}
	return informer(options, dir, options.ClientsetPackage, false)
}

// InternalInformer is informer-gen for internal versions.
func InternalInformer(options InformerOptions) Generator {
	return informer(options, "internalversion", options.InternalClientsetPackage, true)
}

// warnOfInternal tells of internal versions that get no informers, because no clientset of theirs is known.
func warnOfInternal(api *model.API, options InformerOptions, problems *diag.Problems) {
	if options.InternalClientsetPackage != "" {
		return
	}
	for _, version := range api.Versions() {
		if version.Internal && len(version.Informed()) > 0 {
			problems.Warnf(version.Pos(), diag.NoInternalClientset, "package %s has an internal version, which gets no informers", version.Path).Fix("run informer-gen with --internal-clientset-package=<import path of its clientset>, or leave the package out")
		}
	}
}

func informer(options InformerOptions, dir, clientsetPackage string, internal bool) Generator {
	return Generator{
		Name:          "informer-gen",
		OutputDir:     filepath.Join(options.OutputDir, dir),
		OutputPackage: path.Join(options.OutputPackage, dir),
		Render: func(_ context.Context, in *input, settings render.Settings, problems *diag.Problems) (render.Files, error) {
			if !internal {
				warnOfInternal(in.api, options, problems)
			}
			return render.Informer(in.api, render.InformerSettings{
				Settings:         settings,
				ClientsetPackage: clientsetPackage,
				ListersPackage:   options.ListersPackage,
				Internal:         internal,
			})
		},
	}
}
