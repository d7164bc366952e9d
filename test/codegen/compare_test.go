package codegen

import (
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
)

// A projectCase is a directory of testdata/src and what a project with its layout tells the generators.
type projectCase struct {
	name string
	// base is the directory that input is below, and input the packages with their group directory.
	base  string
	input []string
	// internal are the groups of which there is an internal version, too.
	internal []string
}

var cases = []projectCase{
	{name: "fleet", base: "apis", input: []string{"crates/v1", "signals/v1", "vessels/v1", "vessels2/v1"}},
	{name: "single", base: ".", input: []string{"api/v1"}},
	{name: "MixedCase", base: "apis", input: []string{"anchor/v1"}},
	{name: "hyphen", base: "apis", input: []string{"deckhand/v1"}},
	{name: "internal", base: "apis", input: []string{"core/v1", "freight/v1", "customs.io/v1"}, internal: []string{"core/", "freight/", "customs.io/"}},
}

// commands returns the commands that make a case's output below out, with the flags that kube_codegen.sh would pass.
func (c projectCase) commands(dir, out string) [][]string {
	output := func(generator, sub string) []string {
		command := append([]string{generator, "--go-header-file", "header.txt"}, "--output-dir", path.Join(c.name, out, sub), "--output-pkg", path.Join(module, c.name, out, sub))
		if generator != "applyconfiguration-gen" {
			command = append(command, "--plural-exceptions", "Endpoints:Endpoints")
		}
		return command
	}
	external := c.packages(c.input)
	all := append(c.packages(c.internal), external...)
	pkg := func(sub string) string { return path.Join(module, c.name, out, sub) }
	commands := [][]string{
		append(output("lister-gen", "listers"), all...),
		append(output("applyconfiguration-gen", "applyconfiguration"), external...),
		append(output("client-gen", "clientset"), "--clientset-name", "versioned", "--apply-configuration-package", pkg("applyconfiguration"),
			"--input-base", filepath.Join(dir, c.name, c.base), "--input", strings.Join(c.input, ",")),
	}
	informers := append(output("informer-gen", "informers"), "--versioned-clientset-package", pkg("clientset/versioned"), "--listers-package", pkg("listers"))
	if len(c.internal) > 0 {
		informers = append(informers, "--internal-clientset-package", pkg("clientset/internalversion"))
		commands = append(commands, append(output("client-gen", "clientset"), "--clientset-name", "internalversion",
			"--input-base", filepath.Join(dir, c.name, c.base), "--input", strings.Join(c.internal, ",")))
	}
	return append(commands, append(informers, all...))
}

// packages returns directories as the go command names them.
func (c projectCase) packages(input []string) []string {
	var dirs []string
	for _, in := range input {
		dirs = append(dirs, "./"+path.Join(c.name, c.base, in))
	}
	return dirs
}

// TestExportedAPIIsUpstreams runs code-generator's generators and this project's on the same input, with the same flags,
// and compares what the output exports, symbol by symbol.
func TestExportedAPIIsUpstreams(t *testing.T) {
	upstream, own := build(t, "k8s.io/code-generator/cmd"), build(t, "github.com/kubewright/kubewright/cmd")
	dir := project(t, upstream)
	var jobs []func() error
	for _, c := range cases {
		for _, run := range []struct{ tools, out string }{{upstream, "upstream"}, {own, "ours"}} {
			for _, command := range c.commands(dir, run.out) {
				jobs = append(jobs, func() error { return execute(t, dir, run.tools, command...) })
			}
		}
	}
	parallel(t, jobs)

	theirs, mine := surfaces(t, dir)
	met := map[string]bool{}
	for _, symbol := range slices.Sorted(maps.Keys(union(theirs, mine))) {
		if theirs[symbol] == mine[symbol] {
			continue
		}
		if reason := intended(symbol); reason != "" {
			met[reason] = true
			continue
		}
		t.Errorf("%s\n  code-generator: %s\n  kubewright:     %s", symbol, orMissing(theirs[symbol]), orMissing(mine[symbol]))
	}
	for _, d := range differences {
		if !met[d.reason] {
			t.Errorf("no symbol differs because %s (remove the line from differences.go)", d.reason)
		}
	}
	if len(theirs) < 1000 {
		t.Errorf("%d symbols only", len(theirs))
	}
}

func union(a, b surface) surface {
	all := maps.Clone(a)
	maps.Copy(all, b)
	return all
}

func orMissing(line string) string {
	if line == "" {
		return "missing"
	}
	return line
}

// intended returns why a symbol may differ, or "".
func intended(symbol string) string {
	_, below, _ := strings.Cut(symbol, "/") // the name of the case
	for _, d := range differences {
		if d.symbol.MatchString(below) {
			return d.reason
		}
	}
	return ""
}

// project copies the cases to a module of their own, with what deepcopy-gen and register-gen among the tools make of them.
func project(t *testing.T, tools string) string {
	t.Helper()
	dir, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	if err := os.CopyFS(dir, os.DirFS("testdata/src")); err != nil {
		t.Fatal(err)
	}
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	goMod := read(t, "go.mod")
	goMod = strings.Replace(goMod, "module github.com/kubewright/kubewright/test/codegen", "module "+module, 1)
	goMod = strings.Replace(goMod, "=> ../..", "=> "+root, 1)
	write(t, filepath.Join(dir, "go.mod"), goMod)
	write(t, filepath.Join(dir, "go.sum"), read(t, "go.sum"))
	write(t, filepath.Join(dir, "header.txt"), "// Copyright of the comparison.\n")
	if err := execute(t, dir, tools, "deepcopy-gen", "--go-header-file", "header.txt", "--output-file", "zz_generated.deepcopy.go", "./..."); err != nil {
		t.Fatal(err)
	}
	if err := execute(t, dir, tools, "register-gen", "--go-header-file", "header.txt", "--output-file", "zz_generated.register.go", "./..."); err != nil {
		t.Fatal(err)
	}
	return dir
}

func read(t *testing.T, name string) string {
	t.Helper()
	content, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}

func write(t *testing.T, name, content string) {
	t.Helper()
	if err := os.WriteFile(name, []byte(content), 0o644); err != nil {
		t.Fatal(err)
	}
}

// build builds the generators below an import path that go.mod names as tools, and returns their directory.
func build(t *testing.T, below string) string {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), "go", "tool").Output()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	args := []string{"build", "-o", dir + string(filepath.Separator)}
	for tool := range strings.FieldsSeq(string(out)) {
		if strings.HasPrefix(tool, below+"/") {
			args = append(args, tool)
		}
	}
	if out, err := exec.CommandContext(t.Context(), "go", args...).CombinedOutput(); err != nil {
		t.Fatalf("go %s: %v\n%s", strings.Join(args, " "), err, out)
	}
	return dir
}

// execute runs a generator in a directory.
func execute(t *testing.T, dir, tools string, command ...string) error {
	cmd := exec.CommandContext(t.Context(), filepath.Join(tools, command[0]), command[1:]...)
	cmd.Dir = dir
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("%s: %w\n%s", strings.Join(command, " "), err, out)
	}
	return nil
}

// parallel runs the jobs, some of them at the same time.
func parallel(t *testing.T, jobs []func() error) {
	t.Helper()
	slots := make(chan struct{}, 4)
	var all sync.WaitGroup
	for _, job := range jobs {
		all.Go(func() {
			slots <- struct{}{}
			defer func() { <-slots }()
			if err := job(); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if t.Failed() {
		t.FailNow()
	}
}

// surfaces type-checks the output of both and returns what it exports.
func surfaces(t *testing.T, dir string) (theirs, mine surface) {
	t.Helper()
	checked, err := typeCheck(dir)
	if err != nil {
		t.Fatal(err)
	}
	theirs, mine = surface{}, surface{}
	for importPath, pkg := range checked {
		below := strings.TrimPrefix(importPath, module+"/")
		for _, side := range []struct {
			out     string
			surface surface
		}{{"upstream", theirs}, {"ours", mine}} {
			name, rest, ok := strings.Cut(below, "/"+side.out+"/")
			if !ok {
				continue
			}
			p := printer{rename: func(importPath string) string {
				return ours(strings.Replace(importPath, "/"+side.out+"/", "/", 1))
			}}
			p.add(side.surface, path.Join(name, rest), pkg)
		}
	}
	return theirs, mine
}
