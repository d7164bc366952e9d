package helpers_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kubewright/kubewright/cmd/internal/codegen/helpers"
)

// TestUpstreamCommands runs upstream's commands on the packages in golden: the files there are what they write.
func TestUpstreamCommands(t *testing.T) {
	root, err := filepath.Abs("testdata/golden")
	if err != nil {
		t.Fatal(err)
	}
	for generator, name := range outputFiles {
		oracle := strings.Replace(name, "zz_generated", "zz_oracle", 1)
		t.Cleanup(func() { removeAll(t, root, oracle) })
		args := []string{"tool", string(generator), "--output-file", oracle}
		if generator == helpers.Conversion || generator == helpers.Defaulter {
			args = append(args, "--extra-peer-dirs", peers)
		}
		if out, err := exec.Command("go", append(args, "./testdata/golden/...")...).CombinedOutput(); err != nil {
			t.Fatalf("%s: %v\n%s", generator, err, out)
		}
		made := find(t, root, oracle)
		if len(made) == 0 {
			t.Errorf("%s made nothing", generator)
		}
		if golden := find(t, root, name); len(made) != len(golden) {
			t.Errorf("%s made %q, golden are %q", generator, made, golden)
		}
		for _, path := range made {
			want, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			compare(t, filepath.Join(filepath.Dir(path), name), string(want))
		}
	}
}

// TestExactLoad compares with runs on upstream's own load.
func TestExactLoad(t *testing.T) {
	generators := map[helpers.Generator]string{helpers.Deepcopy: outputFiles[helpers.Deepcopy]}
	packages := []string{"k8s.io/api/apps/v1", "k8s.io/api/core/v1", "k8s.io/api/resource/v1", "k8s.io/apimachinery/pkg/apis/meta/v1"}
	if *all {
		generators = outputFiles
		packages = []string{"k8s.io/api/...", "k8s.io/apimachinery/...", "github.com/kubewright/kubewright/apis/..."}
	}
	files := map[bool]map[string]string{}
	for _, exact := range []bool{false, true} {
		result, err := helpers.Run(t.Context(), helpers.Options{Packages: packages, Generators: generators, Exact: exact})
		if err != nil {
			t.Fatal(err)
		}
		files[exact] = map[string]string{}
		for _, file := range result.Files {
			files[exact][file.Path] = string(file.Content)
		}
	}
	if len(files[true]) < len(packages) {
		t.Errorf("only %d files", len(files[true]))
	}
	if diff := cmp.Diff(files[true], files[false]); diff != "" {
		t.Error(diff)
	}
}

func find(t *testing.T, root, base string) []string {
	t.Helper()
	var found []string
	err := filepath.WalkDir(root, func(name string, _ os.DirEntry, err error) error {
		if filepath.Base(name) == base {
			found = append(found, name)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func removeAll(t *testing.T, root, base string) {
	t.Helper()
	for _, name := range find(t, root, base) {
		if err := os.Remove(name); err != nil {
			t.Error(err)
		}
	}
}
