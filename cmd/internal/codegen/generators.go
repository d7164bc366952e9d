package codegen

import (
	"context"
	"go/token"
	"io"
	"path"
	"path/filepath"

	"github.com/kubewright/kubewright/cmd/internal/codegen/render"
)

// Options are what all generators are told.
type Options struct {
	// OutputDir is where files go, and OutputPackage the import path of that directory.
	OutputDir, OutputPackage string
	// HeaderFile has what comes first in each file; "" is nothing.
	HeaderFile string
	// PluralExceptions are of the form Kind:Plural.
	PluralExceptions []string
	// Verify prints what differs to Diff instead of writing it.
	Verify bool
	// Diff is where the difference goes.
	Diff io.Writer
}

// ClientOptions are the options of client-gen.
type ClientOptions struct {
	Options
	// InputBase is an import path or a directory, and Input the packages below it: group/version. Import paths and
	// directories in Input stand for themselves.
	InputBase string
	Input     []string
	// ClientsetName names the package of the clientset and its directory below OutputDir.
	ClientsetName string
	// ClientsetAPIPath is the URL path of API groups.
	ClientsetAPIPath string
	// PrefersProtobuf makes clients speak protobuf where the configuration leaves it open.
	PrefersProtobuf bool
}

// GenerateClient runs client-gen.
func GenerateClient(ctx context.Context, options ClientOptions) error {
	patterns, err := inputPatterns(options.InputBase, options.Input)
	if err != nil {
		return err
	}
	if !token.IsIdentifier(options.ClientsetName) {
		return UsageErrorf("--clientset-name=%s is not a package name (write, for example, --clientset-name=versioned)", options.ClientsetName)
	}
	run := run{Options: options.Options, generator: "client-gen", patterns: patterns, owned: options.ClientsetName}
	return run.generate(ctx, func(in *input, settings render.Settings) (render.Files, error) {
		return render.Client(in.api, render.ClientSettings{
			Settings:        settings,
			ClientsetName:   options.ClientsetName,
			APIPath:         options.ClientsetAPIPath,
			PrefersProtobuf: options.PrefersProtobuf,
		})
	})
}

// ListerOptions are the options of lister-gen.
type ListerOptions struct {
	Options
	// Packages are patterns of the go command.
	Packages []string
}

// GenerateLister runs lister-gen.
func GenerateLister(ctx context.Context, options ListerOptions) error {
	run := run{Options: options.Options, generator: "lister-gen", patterns: options.Packages}
	return run.generate(ctx, func(in *input, settings render.Settings) (render.Files, error) {
		return render.Lister(in.api, settings)
	})
}

// InformerOptions are the options of informer-gen.
type InformerOptions struct {
	Options
	// Packages are patterns of the go command.
	Packages []string
	// ClientsetPackage and ListersPackage are the import paths of what client-gen and lister-gen made.
	ClientsetPackage, ListersPackage string
	// SingleDirectory leaves out the directory externalversions.
	SingleDirectory bool
}

// GenerateInformer runs informer-gen.
func GenerateInformer(ctx context.Context, options InformerOptions) error {
	run := run{Options: options.Options, generator: "informer-gen", patterns: options.Packages}
	if !options.SingleDirectory {
		run.OutputDir = filepath.Join(run.OutputDir, "externalversions")
		run.OutputPackage = path.Join(run.OutputPackage, "externalversions")
	}
	return run.generate(ctx, func(in *input, settings render.Settings) (render.Files, error) {
		return render.Informer(in.api, render.InformerSettings{
			Settings:         settings,
			ClientsetPackage: options.ClientsetPackage,
			ListersPackage:   options.ListersPackage,
		})
	})
}
