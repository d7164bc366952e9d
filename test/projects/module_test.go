package projects

import (
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// module is the module that clients are generated in.
type module struct {
	t   *testing.T
	dir string
}

// newModule makes the module of a project in a directory of its own: the copied packages, the program, and a go.mod with
// the versions of this one.
func newModule(t *testing.T, p project) *module {
	t.Helper()
	dir, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	m := &module{t: t, dir: dir}
	path := "example.test/" + p.name
	if len(p.copied) > 0 {
		path = p.module
	}
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	goMod := m.read("go.mod")
	goMod = strings.Replace(goMod, "module github.com/kubewright/kubewright/test/projects", "module "+path, 1)
	goMod = strings.Replace(goMod, "=> ../..", "=> "+root, 1)
	// A module does not require itself.
	goMod = regexp.MustCompile(`(?m)^\s*`+regexp.QuoteMeta(path)+` v.*\n`).ReplaceAllString(goMod, "")
	m.write("go.mod", goMod)
	m.write("go.sum", m.read("go.sum"))
	for _, below := range p.copied {
		m.copySources(filepath.Join(sourceOf(t, p.module), filepath.FromSlash(below)), below)
	}
	for _, from := range []string{"common", p.name} {
		m.copySources(filepath.Join("testdata", from), "proof")
	}
	return m
}

// sourceOf returns the directory of a module that go.mod requires.
func sourceOf(t *testing.T, module string) string {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), "go", "list", "-m", "-f", "{{.Dir}}", module).Output()
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(string(out))
}

var isGenerated = regexp.MustCompile(`(?m)^// Code generated .* DO NOT EDIT\.$`)

// copySources copies a directory, without Go files that are generated, and without tests of packages of the project.
func (m *module) copySources(from, to string) {
	m.t.Helper()
	err := filepath.WalkDir(from, func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		below, err := filepath.Rel(from, name)
		if err != nil {
			return err
		}
		if to != "proof" && strings.HasSuffix(name, "_test.go") {
			return nil
		}
		if content := m.read(name); filepath.Ext(name) != ".go" || !isGenerated.MatchString(content) {
			m.write(filepath.Join(to, below), content)
		}
		return nil
	})
	if err != nil {
		m.t.Fatal(err)
	}
}

func (m *module) read(name string) string {
	m.t.Helper()
	content, err := os.ReadFile(name)
	if err != nil {
		m.t.Fatal(err)
	}
	return string(content)
}

// write writes a file of the module.
func (m *module) write(name, content string) {
	m.t.Helper()
	name = filepath.Join(m.dir, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		m.t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(content), 0o644); err != nil {
		m.t.Fatal(err)
	}
}

// run runs a command in the module. It must not print anything on standard error.
func (m *module) run(command ...string) {
	m.t.Helper()
	cmd := exec.CommandContext(m.t.Context(), command[0], command[1:]...)
	cmd.Dir = m.dir
	// All modules are there: this module requires them. The go command may complete the go.mod.
	cmd.Env = append(os.Environ(), "GOFLAGS=-mod=mod", "GOPROXY=off", "GOWORK=off")
	var stderr strings.Builder
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil || stderr.Len() > 0 {
		m.t.Fatalf("%s: %v\n%s%s", strings.Join(command, " "), err, out, &stderr)
	}
}
