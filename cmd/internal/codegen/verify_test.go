package codegen_test

import (
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// project copies the input of a golden case to a module of its own, and returns its directory and a command that makes
// listers for it. The module has no requirements: the generators do not need the packages that the types import.
func project(t *testing.T) (dir string, command []string) {
	t.Helper()
	dir = t.TempDir()
	files := map[string]string{"go.mod": "module example.com/m\n"}
	methods := regexp.MustCompile(`(?m)^// \+genclient:method.*\n`)
	for name, content := range tree(t, "testdata/crd/apis/stable/v1") {
		files["apis/stable/v1/"+name] = methods.ReplaceAllString(content, "")
	}
	for name, content := range files {
		writeFile(t, filepath.Join(dir, name), content)
	}
	return dir, []string{"lister-gen", "--output-dir", "listers", "--output-pkg", "example.com/m/listers", "./apis/stable/v1"}
}

func writeFile(t *testing.T, name, content string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(content), 0o644); err != nil {
		t.Fatal(err)
	}
}

func TestVerifyPrintsTheDifferenceAndWritesNothing(t *testing.T) {
	dir, command := project(t)
	verify := append(command, "--verify")
	missing := run(t, dir, verify...)
	if _, err := os.Stat(filepath.Join(dir, "listers")); missing.code != 1 || !strings.Contains(missing.stdout, "--- /dev/null\n+++ b/") || err == nil {
		t.Errorf("before the first run: exit code %d, output\n%s", missing.code, missing.stdout)
	}
	if got := run(t, dir, command...); got.code != 0 {
		t.Fatal(got.stderr)
	}
	if got := run(t, dir, verify...); got != (result{}) {
		t.Errorf("after a run: %+v", got)
	}

	name := filepath.Join(dir, "listers/stable/v1/crontab.go")
	content, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	edited := strings.Replace(string(content), "type CronTabLister interface {", "type CronTabLister any", 1)
	writeFile(t, name, edited)
	got := run(t, dir, verify...)
	if got.code != 1 || !strings.Contains(got.stdout, "\n-type CronTabLister any\n+type CronTabLister interface {\n") ||
		got.stderr != "generated files are not up to date (run the generator without --verify)\n" {
		t.Errorf("after an edit: exit code %d, stderr %q, stdout\n%s", got.code, got.stderr, got.stdout)
	}
	if after, err := os.ReadFile(name); err != nil || string(after) != edited {
		t.Errorf("--verify changed the file (error %v)", err)
	}
}

func TestFilesOfRemovedTypesAreRemoved(t *testing.T) {
	dir, command := project(t)
	if got := run(t, dir, command...); got.code != 0 {
		t.Fatal(got.stderr)
	}
	before := tree(t, filepath.Join(dir, "listers"))
	name := filepath.Join(dir, "apis/stable/v1/types.go")
	content, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	writeFile(t, name, strings.Replace(string(content), "// +genclient\n// +genclient:nonNamespaced\n", "", 1))
	writeFile(t, filepath.Join(dir, "listers/stable/v1/mine.go"), "package v1\n")
	if got := run(t, dir, command...); got.code != 0 {
		t.Fatal(got.stderr)
	}
	after := tree(t, filepath.Join(dir, "listers"))
	if _, ok := before["stable/v1/crontabclass.go"]; !ok {
		t.Fatal("there was no lister to remove")
	}
	if _, ok := after["stable/v1/crontabclass.go"]; ok {
		t.Error("the lister of a type without +genclient is still there")
	}
	if after["stable/v1/mine.go"] == "" || after["stable/v1/crontab.go"] == "" {
		t.Error("more was removed than what is left over")
	}
}

func TestProblemsLeaveTheOutputAlone(t *testing.T) {
	dir, command := project(t)
	if got := run(t, dir, command...); got.code != 0 {
		t.Fatal(got.stderr)
	}
	before := tree(t, filepath.Join(dir, "listers"))
	name := filepath.Join(dir, "apis/stable/v1/types.go")
	content, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	writeFile(t, name, strings.ReplaceAll(string(content), "+genclient", "+genclinet"))
	if got := run(t, dir, command...); got.code != 1 || !strings.Contains(got.stderr, "apis/stable/v1/types.go:9:4: error: unknown tag +genclinet; did you mean +genclient?\n") {
		t.Errorf("exit code %d\n%s", got.code, got.stderr)
	}
	if diff := cmp.Diff(before, tree(t, filepath.Join(dir, "listers"))); diff != "" {
		t.Errorf("output (-before +after):\n%s", diff)
	}
}

func TestPatternsWithDotsSkipPackagesWithoutTags(t *testing.T) {
	dir, _ := project(t)
	writeFile(t, filepath.Join(dir, "apis/helpers/helpers.go"), "// Package helpers has no API types.\npackage helpers\n")
	command := []string{"lister-gen", "--output-dir", "listers", "--output-pkg", "example.com/m/listers", "./..."}
	for _, state := range []string{"without output", "with its own output among the input"} {
		if got := run(t, dir, command...); got != (result{}) {
			t.Errorf("%s: %+v", state, got)
		}
	}
	command[len(command)-1] = "./apis/helpers/..."
	want := "error: no type has +genclient in 1 packages (write // +genclient above the types that shall have clients)\n"
	if got := run(t, dir, command...); got.code != 1 || got.stderr != want {
		t.Errorf("exit code %d\n%s", got.code, got.stderr)
	}
	if err := os.Mkdir(filepath.Join(dir, "empty"), 0o755); err != nil {
		t.Fatal(err)
	}
	command[len(command)-1] = "./empty/..."
	want = "error: ./empty/... match no packages with Go files (name packages by import path, or directories as ./path)\n"
	if got := run(t, dir, command...); got.code != 1 || !strings.HasSuffix(got.stderr, want) {
		t.Errorf("exit code %d\n%s", got.code, got.stderr)
	}
}

func TestOutputMustNotBeTheInput(t *testing.T) {
	dir, _ := project(t)
	got := run(t, dir, "lister-gen", "--output-dir", "apis", "--output-pkg", "example.com/m/apis", "./apis/stable/v1")
	if want := "package example.com/m/apis/stable/v1 would import itself (generate into a directory that has no API types)\n"; got.code != 1 || !strings.HasSuffix(got.stderr, want) {
		t.Errorf("exit code %d\n%s", got.code, got.stderr)
	}
}

func TestInputAsUpstreamsScriptPassesIt(t *testing.T) {
	dir, _ := project(t)
	for name, input := range map[string][]string{
		"directory and group/version":   {"--input-base", filepath.Join(dir, "apis"), "--input", "stable/v1"},
		"relative directory":            {"--input-base", "./apis", "--input", "stable/v1"},
		"import path and group/version": {"--input-base", "example.com/m/apis", "--input", "stable/v1"},
		"import path only":              {"--input-base", "", "--input", "example.com/m/apis/stable/v1"},
		"import path beside a base":     {"--input", "example.com/m/apis/stable/v1"},
		"directory only":                {"--input", "./apis/stable/v1"},
	} {
		t.Run(name, func(t *testing.T) {
			command := append([]string{"client-gen", "-n", "versioned", "--output-dir", "out", "--output-pkg", "example.com/m/out"}, input...)
			if got := run(t, dir, command...); got != (result{}) {
				t.Errorf("%+v", got)
			}
			name := filepath.Join(dir, "out/versioned/typed/stable/v1/crontab.go")
			if content, err := os.ReadFile(name); err != nil || !strings.Contains(string(content), `stablev1 "example.com/m/apis/stable/v1"`) {
				t.Errorf("error %v, client\n%s", err, content)
			}
			if err := os.RemoveAll(filepath.Join(dir, "out")); err != nil {
				t.Fatal(err)
			}
		})
	}
}

func TestYearInHeaderFile(t *testing.T) {
	dir, command := project(t)
	writeFile(t, filepath.Join(dir, "header.txt"), "/*\nCopyright YEAR Example.\n*/\n")
	command = append(command, "--go-header-file", "header.txt")
	year := func(command ...string) string {
		t.Helper()
		if got := run(t, dir, command...); got != (result{}) {
			t.Fatalf("%+v", got)
		}
		files := tree(t, filepath.Join(dir, "listers"))
		years := map[string]bool{}
		for _, content := range files {
			match := regexp.MustCompile(`^/\*\nCopyright (\S+) Example\.\n\*/\n\n// Code generated by`).FindStringSubmatch(content)
			if match == nil {
				t.Fatalf("no year in\n%s", content)
			}
			years[match[1]] = true
		}
		return strings.Join(slices.Collect(maps.Keys(years)), " ")
	}
	if got := year(command...); !regexp.MustCompile(`^20\d\d$`).MatchString(got) {
		t.Errorf("without files, the year is %s", got)
	}
	if got := year(append(command, "--year", "1999")...); got != "1999" {
		t.Errorf("with --year=1999, the year is %s", got)
	}
	if got := year(command...); got != "1999" {
		t.Errorf("the year of files that are there is changed to %s", got)
	}
	if err := os.Remove(filepath.Join(dir, "listers/stable/v1/crontab.go")); err != nil {
		t.Fatal(err)
	}
	if got := year(command...); got != "1999" {
		t.Errorf("with a file missing, the years are %s", got)
	}
}
