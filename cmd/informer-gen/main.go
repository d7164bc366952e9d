// Command informer-gen makes informers and the factory that shares them, for Kubernetes API types that are marked with
// +genclient.
package main

import (
	"context"
	"os"

	"github.com/kubewright/kubewright/cmd/internal/codegen"
	"github.com/kubewright/kubewright/cmd/internal/codegen/cli"
)

func main() {
	options := codegen.InformerOptions{Options: codegen.Options{Diff: os.Stdout, Warn: cli.Warn}}
	flags := cli.NewFlags(&options.Options)
	flags.StringVar(&options.ClientsetPackage, "versioned-clientset-package", "", "import path of the clientset that client-gen made (required)")
	flags.StringVar(&options.ListersPackage, "listers-package", "", "import path of the --output-dir of lister-gen (required)")
	flags.BoolVar(&options.SingleDirectory, "single-directory", false, "write to --output-dir itself, not to externalversions below it")
	flags.StringVar(&options.InternalClientsetPackage, "internal-clientset-package", "", "import path of a clientset of internal versions; their informers go to internalversion below --output-dir")
	command := cli.Command{
		Name:     "informer-gen",
		Usage:    "--output-dir=<dir> --output-pkg=<import path> --versioned-clientset-package=<import path> --listers-package=<import path> <package>...",
		Does:     "makes informers for the types that are marked with +genclient.",
		Flags:    flags,
		Required: []string{"output-dir", "output-pkg", "versioned-clientset-package", "listers-package"},
		Run: func(ctx context.Context, args []string) error {
			if len(args) == 0 {
				return codegen.UsageErrorf("no packages (name them as arguments: import paths, or directories as ./path)")
			}
			options.Packages = args
			return codegen.GenerateInformer(ctx, options)
		},
	}
	command.Main()
}
