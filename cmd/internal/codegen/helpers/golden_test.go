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

// outputFiles are the names of the files that each generator makes here.
var outputFiles = map[helpers.Generator]string{
	helpers.Deepcopy:   "zz_generated.deepcopy.go",
	helpers.Register:   "zz_generated.register.go",
	helpers.Defaulter:  "zz_generated.defaults.go",
	helpers.Conversion: "zz_generated.conversion.go",
}

const peers = "github.com/kubewright/kubewright/cmd/internal/codegen/helpers/testdata/golden/peers"

// TestGolden generates for packages and compares with the files there, then compiles them. Those in golden are what
// upstream's commands write (see TestUpstreamCommands), those in markers are for tags that upstream does not read.
func TestGolden(t *testing.T) {
	t.Setenv("GOPACKAGESDRIVER", "does-not-exist") // no load but ours
	for _, dir := range []string{"golden", "markers"} {
		t.Run(dir, func(t *testing.T) {
			pattern := "./testdata/" + dir + "/..."
			result, err := helpers.Run(t.Context(), helpers.Options{Packages: []string{pattern}, Generators: outputFiles, ExtraPeers: []string{peers}})
			if err != nil {
				t.Fatal(err)
			}
			var warnings strings.Builder
			for _, warning := range result.Warnings {
				warnings.WriteString(warning.String() + "\n")
			}
			compare(t, filepath.Join("testdata", dir, "warnings.txt"), warnings.String())
			root, err := filepath.Abs(filepath.Join("testdata", dir))
			if err != nil {
				t.Fatal(err)
			}
			made := map[string]bool{}
			for _, file := range result.Files {
				made[file.Path] = true
				compare(t, file.Path, string(file.Content))
			}
			for _, name := range generatedFiles(t, root) {
				if !made[name] {
					t.Errorf("%s was not made", name)
				}
			}
			if out, err := exec.Command("go", "vet", pattern).CombinedOutput(); err != nil {
				t.Errorf("go vet: %v\n%s", err, out)
			}
		})
	}
}

// TestProblems has a directory for each kind of mistake.
func TestProblems(t *testing.T) {
	t.Setenv("CGO_ENABLED", "1") // or the go command passes over files with import "C"
	dirs, err := filepath.Glob("testdata/errors/*")
	if err != nil || len(dirs) == 0 {
		t.Fatal(dirs, err)
	}
	for _, dir := range dirs {
		t.Run(filepath.Base(dir), func(t *testing.T) {
			result, err := helpers.Run(t.Context(), helpers.Options{Packages: []string{"./" + dir + "/..."}, Generators: outputFiles})
			if err == nil || len(result.Files) > 0 {
				t.Fatalf("%d files, error %v", len(result.Files), err)
			}
			compare(t, filepath.Join(dir, "problems.txt"), err.Error()+"\n")
		})
	}
}

// compare compares a golden file with what was made. No file is as good as an empty one.
func compare(t *testing.T, name, got string) {
	t.Helper()
	want, err := os.ReadFile(name)
	if err != nil && !os.IsNotExist(err) {
		t.Fatal(err)
	}
	if string(want) == got {
		return
	}
	if *update {
		if err := os.WriteFile(name, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	t.Errorf("%s differs (-update rewrites it):\n%s", name, cmp.Diff(string(want), got))
}

// generatedFiles returns the files of generators below a directory.
func generatedFiles(t *testing.T, root string) []string {
	t.Helper()
	var found []string
	err := filepath.WalkDir(root, func(name string, _ os.DirEntry, err error) error {
		if strings.HasPrefix(filepath.Base(name), "zz_generated.") {
			found = append(found, name)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}
