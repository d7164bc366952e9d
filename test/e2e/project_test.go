package e2e

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// TestCRDProject is a project outside this repository that generates all code for
// its own type, as README.md says, builds a program with it, lists the resource
// and applies to it. testdata/project.txtar is the project.
func TestCRDProject(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	project, err := txtar.ParseFile(filepath.Join("testdata", "project.txtar"))
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range project.Files {
		path := filepath.Join(dir, filepath.FromSlash(file.Name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, file.Data, 0o600); err != nil {
			t.Fatal(err)
		}
	}

	run := func(args ...string) string {
		t.Helper()
		cmd := exec.CommandContext(t.Context(), args[0], args[1:]...)
		cmd.Dir = dir
		cmd.Env = append(os.Environ(), "KUBECONFIG="+shared.Kubeconfig(), "GOFLAGS=-mod=mod", "GOWORK=off")
		var stderr bytes.Buffer
		cmd.Stderr = &stderr
		out, err := cmd.Output()
		if err != nil {
			t.Fatalf("%v: %v\n%s%s", cmd, err, out, &stderr)
		}
		return string(out)
	}
	run("go", "mod", "edit", "-replace", "github.com/kubewright/kubewright="+repository(t))
	for _, line := range strings.Split(strings.ReplaceAll(string(project.Comment), "\\\n", " "), "\n") {
		if command, ok := strings.CutPrefix(line, "$ "); ok {
			run(strings.Fields(command)...)
		}
	}

	createWidgets(t, filepath.Join(dir, "crd.yaml"))
	want := `left 1
right 2
applied 4 red [{x 1} {y 0}]
a: true red 1 x 1
a 4 red [{x 1} {y 0}]
`
	if got := run("go", "run", "."); got != want {
		t.Errorf("the program prints %q, want %q", got, want)
	}
}

// createWidgets installs the project's CRD and two objects, without the
// project's own clients.
func createWidgets(t *testing.T, crdFile string) {
	t.Helper()
	crd, err := os.ReadFile(crdFile)
	if err != nil {
		t.Fatal(err)
	}
	config := adminConfig(t)
	namespace := "default"
	extensions := extensionsClient(t, config)
	ctx := t.Context()
	if err := extensions.Post().Resource("customresourcedefinitions").SetHeader("Content-Type", "application/yaml").Body(crd).Do(ctx).Error(); err != nil {
		t.Fatal(err)
	}
	for _, widget := range []string{
		`{"apiVersion":"example.com/v1","kind":"Widget","metadata":{"name":"left"},"spec":{"size":1}}`,
		`{"apiVersion":"example.com/v1","kind":"Widget","metadata":{"name":"right"},"spec":{"size":2}}`,
	} {
		eventually(t, func() error {
			return extensions.Post().AbsPath("/apis/example.com/v1/namespaces", namespace, "widgets").Body([]byte(widget)).
				Param("fieldValidation", metav1.FieldValidationStrict).Do(ctx).Error()
		})
	}
}
