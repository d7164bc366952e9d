package codegen

import (
	"context"
	"regexp"

	"github.com/kubewright/kubewright/cmd/internal/codegen/configs"
	"github.com/kubewright/kubewright/cmd/internal/codegen/diag"
	"github.com/kubewright/kubewright/cmd/internal/codegen/fields"
	"github.com/kubewright/kubewright/cmd/internal/codegen/render"
	"github.com/kubewright/kubewright/pkg/runtime/apply"
)

// ApplyOptions are the options of applyconfiguration-gen.
type ApplyOptions struct {
	Options
	// Packages are patterns of the go command.
	Packages []string
	// Externals are of the form import/path.Type:import/path, where the latter has the apply configuration of the former.
	Externals []string
	// OpenAPISchema is a file with an OpenAPI description, version 2, in JSON. The types in it are taken from there; ""
	// takes all from the declarations of Go.
	OpenAPISchema string
}

// GenerateApply runs applyconfiguration-gen.
func GenerateApply(ctx context.Context, options ApplyOptions) error {
	generator, err := Apply(options)
	if err != nil {
		return err
	}
	// Packages without kinds have parts of kinds.
	return options.run(ctx, Run{Patterns: options.Packages, SkipEmpty: true, Generators: []Generator{generator}})
}

// Apply is applyconfiguration-gen.
func Apply(options ApplyOptions) (Generator, error) {
	externals, err := parseExternals(options.Externals)
	if err != nil {
		return Generator{}, err
	}
	return Generator{
		Name:          configs.Generator,
		OutputDir:     options.OutputDir,
		OutputPackage: options.OutputPackage,
		Reads:         options.OpenAPISchema,
		Render: func(ctx context.Context, in *input, settings render.Settings, problems *diag.Problems) (render.Files, error) {
			described, err := openAPITypes(options.OpenAPISchema)
			if err != nil {
				return nil, err
			}
			api := in.api.For(configs.Generator)
			roots := configs.Roots(api)
			graph, err := fields.Build(ctx, roots, in.packages, in.loader.Load)
			if err != nil {
				return nil, err
			}
			set, err := configs.Build(ctx, api, in.packages, graph, configs.Options{
				OutputPackage: options.OutputPackage,
				Externals:     externals,
				Load:          in.loader.Load,
			}, problems)
			if err != nil || problems.Err() != nil {
				return nil, err
			}
			schema, err := apply.Format(override(graph.Types(roots...), described))
			if err != nil {
				return nil, err
			}
			return render.Apply(set, render.ApplySettings{Settings: settings, Schema: schema})
		},
	}, nil
}

var external = regexp.MustCompile(`^(.+)\.([A-Za-z_][A-Za-z0-9_]*):([^:]+)$`)

// parseExternals parses import/path.Type:import/path.
func parseExternals(list []string) (map[fields.Name]string, error) {
	externals := map[fields.Name]string{}
	for _, one := range list {
		match := external.FindStringSubmatch(one)
		if match == nil {
			return nil, UsageErrorf("--external-applyconfigurations=%s is not of the form import/path.Type:import/path (write, for example, k8s.io/api/core/v1.PodSpec:%s/core/v1)", one, configs.Builtin)
		}
		name := fields.Name{Path: match[1], Name: match[2]}
		if _, ok := externals[name]; ok {
			return nil, UsageErrorf("--external-applyconfigurations names %s.%s twice (name it once)", name.Path, name.Name)
		}
		externals[name] = match[3]
	}
	return externals, nil
}
