package codegen_test

import (
	"os"
	"strings"
	"testing"
)

// TestBugsOfUpstreamAreNotRepeated has a line for each known bug of code-generator's client, lister and informer
// generators: what is in a file of the golden cases, or with "!" is not, because the bug is not here.
func TestBugsOfUpstreamAreNotRepeated(t *testing.T) {
	for bug, evidence := range map[string]struct{ file, text string }{
		"informers watch an upper-case or wrong plural: endpointss":         {"crd/generated/informers/externalversions/monitoring/v1/endpoints.go", `WithResource("endpoints")`},
		"informers watch a plural made by adding s: networkpolicys":         {"crd/generated/informers/externalversions/monitoring/v1/networkpolicy.go", `WithResource("networkpolicies")`},
		"informers ignore +resourceName":                                    {"crd/generated/informers/externalversions/monitoring/v1/prometheus.go", `WithResource("prometheis")`},
		"types without verbs get listers":                                   {"verbs/generated/listers/verbs/v1/expansion_generated.go", "!NoVerbs"},
		"a package with k8s:client-gen=false is an empty group":             {"kubebuilder/generated/versioned/clientset.go", "!Coils"},
		"unknown verbs are accepted":                                        {"tags-errors/problems.txt", `"lsit" in +genclient:onlyVerbs is not a verb`},
		"onlyVerbs overwrites skipVerbs":                                    {"tags-errors/problems.txt", "+genclient:skipVerbs cannot be together with"},
		"unknown verbs of methods are accepted":                             {"methods-errors/problems.txt", `"explode" in +genclient:method is not a verb`},
		"a trailing comment is a tag of the next field":                     {"tags-errors/problems.txt", "apis/tags/v1/types.go:297:18: error: tag +genclient has no effect here"},
		"types that differ in case are merged into one file":                {"collisions-errors/problems.txt", "types Crontab and CronTab both lead to file crontab.go"},
		"a type Doc is merged into the file of the package's documentation": {"names/generated/versioned/typed/cache/v1/doc_type.go", "type DocInterface interface"},
		"groups with the same first label collide silently":                 {"collisions-errors/problems.txt", `groups "same.example.org" and "same.example.com" are both Same in Go`},
		"a group with a hyphen makes files that are not Go":                 {"packages-errors/problems.txt", `group "my-group.example.com" cannot be "My-group" in Go`},
		"list types are assumed to be there":                                {"types-errors/problems.txt", "type NoList has no NoListList"},
		"a group called cache hides the package that templates call":        {"names/generated/informers/factory.go", `"github.com/kubewright/kubewright/pkg/cache"`},
	} {
		t.Run(bug, func(t *testing.T) {
			content, err := os.ReadFile("testdata/" + evidence.file)
			if err != nil {
				t.Fatal(err)
			}
			text, unwanted := strings.CutPrefix(evidence.text, "!")
			if strings.Contains(string(content), text) == unwanted {
				t.Errorf("%s has %q: %v", evidence.file, text, unwanted)
			}
		})
	}
}
