package codegen

import (
	"slices"
	"strings"

	"github.com/kubewright/kubewright/cmd/internal/codegen/diag"
)

// The rules of --lint-rules. What most of them ask for, these generators check always.
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
