package codegen_test

import (
	"errors"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/kubewright/kubewright/cmd/internal/codegen"
	"github.com/kubewright/kubewright/cmd/internal/codegen/diag"
)

// elsewhere are the kinds of problems that have no golden case, with the tests that they have instead.
var elsewhere = map[diag.Code]string{
	diag.NoPackages:  "TestPatternsWithDotsSkipPackagesWithoutTags",
	diag.CannotLoad:  "load.TestProblemsOfLoading",
	diag.SyntaxError: "load.TestProblemsOfLoading",
	diag.ScopeMarker: "testdata/kubebuilder/warnings.txt",
	diag.Settings:    "the sessions of cmd/kubewright",
	diag.OutOfDate:   "the sessions of cmd/kubewright",
	diag.Failed:      "the sessions of cmd/kubewright",

	diag.NoInternalClientset: "TestWarnings",

	// Of the generators inside API packages.
	diag.TypeError:       "package helpers",
	diag.NotCopyable:     "package helpers",
	diag.DefaultValue:    "package helpers",
	diag.GeneratorFailed: "package helpers",
}

// TestEachKindOfProblemHasACase runs the cases in the process and looks at the codes of their problems.
func TestEachKindOfProblemHasACase(t *testing.T) {
	seen := map[diag.Code]bool{}
	for _, dir := range cases(t) {
		if !strings.HasSuffix(dir, "-errors") {
			continue
		}
		t.Chdir(dir)
		for _, command := range commands(t, dir, t.TempDir()) {
			flag := func(name string) string {
				if i := slices.Index(command, "--"+name); i >= 0 {
					return command[i+1]
				}
				return ""
			}
			options := codegen.ClientOptions{
				InputBase:        flag("input-base"),
				Input:            strings.Split(flag("input"), ","),
				ClientsetName:    "versioned",
				ClientsetAPIPath: "/apis",
			}
			if command[0] != "client-gen" { // its packages are arguments
				options.Input = slices.DeleteFunc(slices.Clone(command), func(word string) bool { return !strings.HasPrefix(word, "./") })
			}
			options.OutputDir, options.OutputPackage = flag("output-dir"), flag("output-pkg")
			for _, list := range []struct {
				name   string
				target *[]string
			}{{"included-types-overrides", &options.IncludedTypes}, {"lint-rules", &options.LintRules}} {
				if value := flag(list.name); value != "" {
					*list.target = strings.Split(value, ",")
				}
			}
			generate := func() error { return codegen.GenerateClient(t.Context(), options) }
			if command[0] == "applyconfiguration-gen" {
				generate = func() error {
					return codegen.GenerateApply(t.Context(), codegen.ApplyOptions{Options: options.Options, Packages: options.Input})
				}
			}
			var problems *diag.ProblemsError
			if err := generate(); !errors.As(err, &problems) {
				t.Fatalf("%s: %v", filepath.Base(dir), err)
			}
			for _, problem := range problems.Problems {
				seen[problem.Code] = true
				if problem.Cure == "" {
					t.Errorf("%s: no cure", problem)
				}
			}
		}
	}
	for _, code := range diag.Codes() {
		if _, known := elsewhere[code]; seen[code] == known {
			t.Errorf("problem %q: in a golden case %v, in the list of others %v", code, seen[code], known)
		}
	}
}
