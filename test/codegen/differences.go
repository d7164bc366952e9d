package codegen

import (
	"path"
	"regexp"
	"strings"
)

// difference is a symbol, or a family of symbols, in which generated code differs from what code-generator makes of the
// same input, on purpose.
type difference struct {
	// symbol matches names in a surface: the directory below the output of all generators, and what is exported there.
	symbol *regexp.Regexp
	reason string
}

// differences are all that are intended. One that is not met any more has to go.
var differences = []difference{
	{
		regexp.MustCompile(`^listers/.*Silent`),
		"a type with +genclient:noVerbs cannot be listed, so that nothing could ever fill the cache of a lister",
	},
	{
		regexp.MustCompile(`^informers/\w+\.(SharedInformerFactory\.(Acquire|Tuning)|WithTuning)$|/internalinterfaces\.(SharedInformerFactory\.Tuning|InformerOptions\.(Tuning|ForClient))$`),
		"factories lease and tune informers, which client-go's cannot",
	},
	{
		regexp.MustCompile(`^applyconfiguration/([\w./-]+\.Extract\w+|internal\.Schema)$`),
		"the schema is that of the Go types, so that there is something to extract by without an OpenAPI description",
	},
	{
		regexp.MustCompile(`^applyconfiguration/crates/v1\.CrateSpecApplyConfiguration\.(DeepCopy|DeepCopyInto|Kind)$`),
		"an embedded struct without an apply configuration is flattened, so that its fields can be absent and its methods, which copy it alone, are not those of the whole",
	},
}

// runtimePackages says which of this project's packages stands for a package of client-go in generated code. What is not here
// has the same path below pkg.
var runtimePackages = map[string]string{
	"applyconfigurations": "generated/kubernetes/applyconfigurations",
	"gentype":             "pkg/runtime",
	"listers":             "generated/kubernetes/listers",
	"tools":               "pkg",
	"util":                "pkg",
}

// ours returns the import path that stands for one of client-go.
func ours(importPath string) string {
	rest, ok := strings.CutPrefix(importPath, "k8s.io/client-go/")
	if !ok {
		return importPath
	}
	first, below, _ := strings.Cut(rest, "/")
	if dir, ok := runtimePackages[first]; ok {
		return path.Join("github.com/kubewright/kubewright", dir, below)
	}
	return "github.com/kubewright/kubewright/pkg/" + rest
}
