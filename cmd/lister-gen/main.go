// Command lister-gen makes listers, which read the caches of informers, for Kubernetes API types that are marked with
// +genclient.
package main

import (
	"context"
	"os"

	"github.com/kubewright/kubewright/cmd/internal/codegen"
	"github.com/kubewright/kubewright/cmd/internal/codegen/cli"
)

func main() {
	options := codegen.ListerOptions{Options: codegen.Options{Diff: os.Stdout, Warn: cli.Warn}}
	command := cli.Command{
		Name:     "lister-gen",
		Usage:    "--output-dir=<dir> --output-pkg=<import path> <package>...",
		Does:     "makes listers for the types that are marked with +genclient.",
		Flags:    cli.NewFlags(&options.Options),
		Required: []string{"output-dir", "output-pkg"},
		Run: func(ctx context.Context, args []string) error {
			if len(args) == 0 {
				return codegen.UsageErrorf("no packages (name them as arguments: import paths, or directories as ./path)")
			}
			options.Packages = args
			return codegen.GenerateLister(ctx, options)
		},
	}
	command.Main()
}
