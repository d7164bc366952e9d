package tags

import (
	"regexp"
	"slices"

	"github.com/kubewright/kubewright/cmd/internal/codegen/diag"
	"github.com/kubewright/kubewright/cmd/internal/codegen/load"
)

// optional are the generators that a package gets unless it opts out: +k8s:client-gen=false.
var optional = []string{"client-gen", "lister-gen", "informer-gen", "applyconfiguration-gen"}

// activating are the generators whose tags in a package's comments are known to code-generator.
var activating = append([]string{
	"conversion-gen", "conversion-gen-external-types", "deepcopy-gen", "defaulter-gen", "defaulter-gen-input", "openapi-gen",
	"prerelease-lifecycle-gen", "protobuf-gen", "register-gen", "validation-gen", "validation-gen-input",
	"validation-gen-scheme-registry", "openapi-model-package",
}, optional...)

// activationPattern matches the tag with which a package chooses a generator.
var activationPattern = regexp.MustCompile(`^\+k8s:([a-z0-9-]+)(?:=(.*))?$`)

// activation collects what a package says about generators.
type activation struct {
	problems *diag.Problems
	first    map[string]load.Line
	off      map[string]bool
}

// read reads a comment line.
func (a *activation) read(line load.Line) {
	match := activationPattern.FindStringSubmatch(line.Text)
	if match == nil || !slices.Contains(optional, match[1]) {
		return
	}
	generator, off := match[1], match[2] == "false"
	earlier, ok := a.first[generator]
	if !ok {
		a.first[generator], a.off[generator] = line, off
	} else if a.off[generator] != off {
		a.problems.Errorf(line.Pos, diag.ContradictingTag, "%s contradicts %s at %s", line.Text, earlier.Text, earlier.Pos).Fix("keep one of them")
	}
}

var generatorTag = regexp.MustCompile(`^\+k8s:([a-z0-9]+(?:-[a-z0-9]+)*-gen(?:-[a-z-]+)?)(?:=.*)?$`)

// KnownOnly reports the tags +k8s:...-gen in the comments of a package that name no generator of code-generator's.
func KnownOnly(files []*load.File, problems *diag.Problems) {
	for _, file := range files {
		for _, line := range file.Stray {
			match := generatorTag.FindStringSubmatch(line.Text)
			if match != nil && !line.Trailing && !slices.Contains(activating, match[1]) {
				problem := problems.Errorf(line.Pos, diag.UnknownTag, "unknown tag +k8s:%s", match[1])
				if near := diag.Nearest(match[1], activating...); near != "" {
					problem.DidYouMean("+k8s:" + near)
				} else {
					problem.Fix("remove it, or leave out --lint-rules=known-tags-only")
				}
			}
		}
	}
}
