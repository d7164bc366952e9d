package codegen

import (
	"slices"
	"strings"

	"github.com/kubewright/kubewright/cmd/internal/codegen/diag"
)

// The rules of --lint-rules. The second one wants packages to say so where a generator is not to run. It holds for all that
// these generators read: each of them runs for a package unless the package has a tag such as +k8s:client-gen=false.
const (
	lintKnownTagsOnly          = "known-tags-only"
	lintRequireExplicitDisable = "require-explicit-disablement"
)

// lintRules are code-generator's.
var lintRules = []string{lintKnownTagsOnly, lintRequireExplicitDisable}

// checkLintRules returns an error for a rule that there is not.
func checkLintRules(rules []string) error {
	for _, rule := range rules {
		if !slices.Contains(lintRules, rule) {
			problem := diag.Problem{Message: "--lint-rules=" + strings.Join(rules, ",") + ": there is no rule " + rule}
			problem.Suggest(rule, "rules are", lintRules)
			return UsageErrorf("%s", problem.Text())
		}
	}
	return nil
}
