package helpers

import (
	"cmp"
	"slices"

	conversionargs "k8s.io/code-generator/cmd/conversion-gen/args"
	conversion "k8s.io/code-generator/cmd/conversion-gen/generators"
	deepcopyargs "k8s.io/code-generator/cmd/deepcopy-gen/args"
	deepcopy "k8s.io/code-generator/cmd/deepcopy-gen/generators"
	defaulterargs "k8s.io/code-generator/cmd/defaulter-gen/args"
	defaulter "k8s.io/code-generator/cmd/defaulter-gen/generators"
	registerargs "k8s.io/code-generator/cmd/register-gen/args"
	register "k8s.io/code-generator/cmd/register-gen/generators"
	"k8s.io/gengo/v2/generator"
	"k8s.io/gengo/v2/namer"

	"github.com/kubewright/kubewright/cmd/internal/codegen/universe"
)

// Generator is one of upstream's generators, by the name of its command.
type Generator string

// The generators.
const (
	Deepcopy   Generator = "deepcopy-gen"
	Register   Generator = "register-gen"
	Defaulter  Generator = "defaulter-gen"
	Conversion Generator = "conversion-gen"
)

// All are the generators in the order in which they run.
func All() []Generator { return []Generator{Deepcopy, Register, Defaulter, Conversion} }

// upstream is what there is to call of a generator.
type upstream struct {
	// tags are those of which a package must have one in its comments, or nothing is generated.
	tags        []string
	nameSystems func() namer.NameSystems
	ordering    func() string
	targets     func(*generator.Context, settings) []generator.Target
}

// settings are the options of generators with their patterns resolved.
type settings struct {
	outputFile, headerFile, buildTag string
	basePeers, extraPeers            []string
	skipUnsafe                       bool
}

// upstreams describes the generators. All arguments are made anew for each run: generators change them.
func upstreams(g Generator) upstream {
	switch g {
	case Deepcopy:
		return upstream{
			tags:        []string{"k8s:deepcopy-gen"},
			nameSystems: deepcopy.NameSystems,
			ordering:    deepcopy.DefaultNameSystem,
			targets: func(c *generator.Context, s settings) []generator.Target {
				return deepcopy.GetTargets(c, &deepcopyargs.Args{OutputFile: s.outputFile, GoHeaderFile: s.headerFile})
			},
		}
	case Register:
		return upstream{
			tags:        []string{"k8s:register-gen", "groupName"},
			nameSystems: register.NameSystems,
			ordering:    register.DefaultNameSystem,
			targets: func(c *generator.Context, s settings) []generator.Target {
				return register.GetTargets(c, &registerargs.Args{OutputFile: s.outputFile, GoHeaderFile: s.headerFile})
			},
		}
	case Defaulter:
		return upstream{
			tags:        []string{"k8s:defaulter-gen"},
			nameSystems: defaulter.NameSystems,
			ordering:    defaulter.DefaultNameSystem,
			targets: func(c *generator.Context, s settings) []generator.Target {
				return defaulter.GetTargets(c, &defaulterargs.Args{
					OutputFile: s.outputFile, GoHeaderFile: s.headerFile, GeneratedBuildTag: s.buildTag, ExtraPeerDirs: s.extraPeers,
				})
			},
		}
	case Conversion:
		return upstream{
			tags:        []string{"k8s:conversion-gen"},
			nameSystems: conversion.NameSystems,
			ordering:    conversion.DefaultNameSystem,
			targets: func(c *generator.Context, s settings) []generator.Target {
				return conversion.GetTargets(c, &conversionargs.Args{
					OutputFile: s.outputFile, GoHeaderFile: s.headerFile, GeneratedBuildTag: s.buildTag,
					BasePeerDirs: s.basePeers, ExtraPeerDirs: s.extraPeers, SkipUnsafe: s.skipUnsafe,
				})
			},
		}
	}
	panic("unknown generator " + string(g))
}

// buildTagOf returns the build tag that a generator loads packages with. That of two generators is fixed.
func (o *Options) buildTagOf(g Generator) string {
	if g == Defaulter || g == Conversion {
		return cmp.Or(o.BuildTag, universe.DefaultBuildTag)
	}
	return universe.DefaultBuildTag
}

// buildTags returns the build tags of the generators that were asked for: one load for each.
func (o *Options) buildTags() []string {
	var tags []string
	for _, g := range All() {
		if tag := o.buildTagOf(g); o.Generators[g] != "" && !slices.Contains(tags, tag) {
			tags = append(tags, tag)
		}
	}
	return tags
}

func (o *Options) basePeers() []string {
	if o.BasePeers != nil {
		return o.BasePeers
	}
	return conversionargs.DefaultBasePeerDirs
}
