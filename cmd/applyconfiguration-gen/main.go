// Command applyconfiguration-gen makes apply configurations for Kubernetes API types that are marked with +genclient: what
// clients send for server-side apply.
package main

import (
	"context"
	"os"

	"github.com/kubewright/kubewright/cmd/internal/codegen"
	"github.com/kubewright/kubewright/cmd/internal/codegen/cli"
)

func main() {
	options := codegen.ApplyOptions{Options: codegen.Options{Diff: os.Stdout, Warn: cli.Warn}}
	flags := cli.NewFlags(&options.Options)
	flags.StringSliceVar(&options.Externals, "external-applyconfigurations", nil, "apply configurations of types of other packages, as import/path.Type:import/path,...; those of k8s.io/api and of apimachinery's meta/v1 are known")
	flags.StringVar(&options.OpenAPISchema, "openapi-schema", "", "file with the OpenAPI description (version 2, JSON) of types; without it the schema is that of the Go types and their tags")

	command := cli.Command{
		Name:     "applyconfiguration-gen",
		Usage:    "--output-dir=<dir> --output-pkg=<import path> <package>...",
		Does:     "makes apply configurations for the types that are marked with +genclient.",
		Flags:    flags,
		Required: []string{"output-dir", "output-pkg"},
		Run: func(ctx context.Context, args []string) error {
			if len(args) == 0 {
				return codegen.UsageErrorf("no packages (name them as arguments: import paths, or directories as ./path)")
			}
			options.Packages = args
			return codegen.GenerateApply(ctx, options)
		},
	}
	command.Main()
}
