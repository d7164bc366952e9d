// Command client-gen makes typed clientsets for Kubernetes API types that are marked with +genclient.
package main

import (
	"context"
	"os"

	"github.com/kubewright/kubewright/cmd/internal/codegen"
	"github.com/kubewright/kubewright/cmd/internal/codegen/cli"
)

func main() {
	options := codegen.ClientOptions{Options: codegen.Options{Diff: os.Stdout, Warn: cli.Warn}}
	flags := cli.NewFlags(&options.Options)
	flags.StringVar(&options.InputBase, "input-base", "k8s.io/kubernetes/pkg/apis", "import path or directory that --input is below")
	flags.StringSliceVar(&options.Input, "input", nil, "packages with API types, as group/version,... below --input-base, as import paths, or as directories (required)")
	flags.StringVarP(&options.ClientsetName, "clientset-name", "n", "internalclientset", "name of the clientset's package and directory")
	flags.StringVar(&options.ClientsetAPIPath, "clientset-api-path", "/apis", "URL path of API groups; that of the legacy core group is /api")
	flags.BoolVar(&options.PrefersProtobuf, "prefers-protobuf", false, "make clients that speak protobuf where the configuration leaves it open")
	flags.BoolVar(&options.Fakes, "fake-clientset", true, "make fakes of the clientset and of its clients, for tests")
	flags.StringVar(&options.ApplyConfigurationPackage, "apply-configuration-package", "", "import path of what applyconfiguration-gen made for the types; with it, clients can apply")
	flags.StringSliceVar(&options.IncludedTypes, "included-types-overrides", nil, "types that get clients, as group/version/Type,...; versions that are not in the list have clients for all of their types")

	command := cli.Command{
		Name:     "client-gen",
		Usage:    "--input-base=<path> --input=<group>/<version>,... --clientset-name=<name> --output-dir=<dir> --output-pkg=<import path>",
		Does:     "makes a typed clientset for the types that are marked with +genclient.",
		Flags:    flags,
		Required: []string{"output-dir", "output-pkg", "input", "clientset-name"},
		Run: func(ctx context.Context, args []string) error {
			switch {
			case len(args) > 0:
				return codegen.UsageErrorf("unexpected argument %q (packages are named with --input)", args[0])
			}
			return codegen.GenerateClient(ctx, options)
		},
	}
	command.Main()
}
