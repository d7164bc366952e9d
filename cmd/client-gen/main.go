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
	fakes := flags.Bool("fake-clientset", false, "this version makes no fakes: only false is accepted")
	applyConfigurations := flags.String("apply-configuration-package", "", "this version makes no apply methods: only the empty string is accepted")
	typeOverrides := flags.StringSlice("included-types-overrides", nil, "not in this version: only the empty list is accepted")

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
			case *fakes:
				return codegen.UsageErrorf("--fake-clientset=true: this version makes no fakes (write --fake-clientset=false, or leave the flag out)")
			case *applyConfigurations != "":
				return codegen.UsageErrorf("--apply-configuration-package=%s: this version makes no apply methods (leave the flag out)", *applyConfigurations)
			case len(*typeOverrides) > 0:
				return codegen.UsageErrorf("--included-types-overrides=%s: this version cannot limit the types (leave the flag out)", *typeOverrides)
			}
			return codegen.GenerateClient(ctx, options)
		},
	}
	command.Main()
}
