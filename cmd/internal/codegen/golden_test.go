package codegen_test

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kubewright/kubewright/cmd/internal/codegen/output"
)

// Each directory below testdata is a case: API packages below apis, the commands in commands.txt, and what comes of
// them: files below generated and, if there is any, what is printed in warnings.txt; or, for a directory named *-errors,
// what is printed in problems.txt. To see what a
// change of the generators does to all of them, run
//
//	go test ./cmd/internal/codegen -run TestGolden -update

var update = flag.Bool("update", false, "write what the generators make to testdata")

// tools is the directory with the built generators.
var tools string

func TestMain(m *testing.M) {
	flag.Parse()
	os.Exit(func() int {
		var err error
		if tools, err = os.MkdirTemp("", "codegen-test-"); err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 1
		}
		defer func() { _ = os.RemoveAll(tools) }()
		build := exec.Command("go", "build", "-o", tools+string(filepath.Separator), "../../client-gen", "../../lister-gen", "../../informer-gen", "../../applyconfiguration-gen")
		if out, err := build.CombinedOutput(); err != nil {
			fmt.Fprintf(os.Stderr, "build the generators: %v\n%s", err, out)
			return 1
		}
		return m.Run()
	}())
}

// result is how a command ended.
type result struct {
	code           int
	stdout, stderr string
}

// run runs a generator in a directory. The first word of the command is its name.
func run(t *testing.T, dir string, command ...string) result {
	t.Helper()
	var stdout, stderr bytes.Buffer
	cmd := exec.CommandContext(t.Context(), filepath.Join(tools, command[0]), command[1:]...)
	cmd.Dir, cmd.Stdout, cmd.Stderr = dir, &stdout, &stderr
	err := cmd.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	return result{cmd.ProcessState.ExitCode(), stdout.String(), stderr.String()}
}

// commands reads the commands of a case, with $OUT replaced by a directory.
func commands(t *testing.T, dir, out string) [][]string {
	t.Helper()
	content, err := os.ReadFile(filepath.Join(dir, "commands.txt"))
	if err != nil {
		t.Fatal(err)
	}
	var all [][]string
	for line := range strings.Lines(string(content)) {
		if !strings.HasPrefix(line, "#") {
			all = append(all, strings.Fields(strings.ReplaceAll(line, "$OUT", out)))
		}
	}
	return all
}

// reordered returns a command with its packages in the opposite order.
func reordered(command []string) []string {
	command = slices.Clone(command)
	for i, word := range command {
		if word == "--input" {
			packages := strings.Split(command[i+1], ",")
			slices.Reverse(packages)
			command[i+1] = strings.Join(packages, ",")
		}
	}
	if at := slices.IndexFunc(command, func(word string) bool { return strings.HasPrefix(word, "./apis/") }); at > 0 {
		slices.Reverse(command[at:])
	}
	return command
}

// tree returns the files below a directory, which may be missing.
func tree(t *testing.T, dir string) map[string]string {
	t.Helper()
	files := map[string]string{}
	err := filepath.WalkDir(dir, func(name string, entry fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) && name == dir {
			return filepath.SkipAll
		}
		if err != nil || entry.IsDir() {
			return err
		}
		content, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(dir, name)
		files[filepath.ToSlash(rel)] = string(content)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// copyHandWritten copies the files that nobody generates.
func copyHandWritten(t *testing.T, from, to string) {
	t.Helper()
	for name, content := range tree(t, from) {
		if output.IsGenerated([]byte(content)) {
			continue
		}
		target := filepath.Join(to, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(target), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(target, []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// cases returns the directories of the cases.
func cases(t *testing.T) (dirs []string) {
	t.Helper()
	found, err := filepath.Glob("testdata/*/commands.txt")
	if err != nil || len(found) == 0 {
		t.Fatalf("no cases below testdata (%v)", err)
	}
	for _, name := range found {
		dir, err := filepath.Abs(filepath.Dir(name))
		if err != nil {
			t.Fatal(err)
		}
		dirs = append(dirs, dir)
	}
	return dirs
}

func TestGolden(t *testing.T) {
	for _, dir := range cases(t) {
		t.Run(filepath.Base(dir), func(t *testing.T) {
			if strings.HasSuffix(dir, "-errors") {
				testProblems(t, dir)
			} else {
				testOutput(t, dir)
			}
		})
	}
}

// testOutput checks that the commands make the files of the case, whatever the order of their input, and that --verify
// agrees.
func testOutput(t *testing.T, dir string) {
	if *update {
		for _, command := range commands(t, dir, dir) {
			got := run(t, dir, command...)
			if got.code != 0 {
				t.Fatalf("%s\n%s", strings.Join(command, " "), got.stderr)
			}
			if got.stderr != "" {
				writeFile(t, filepath.Join(dir, "warnings.txt"), got.stderr)
			}
		}
	}
	want := tree(t, filepath.Join(dir, "generated"))
	warnings := tree(t, dir)["warnings.txt"]
	for _, order := range []struct {
		name  string
		apply func([]string) []string
	}{
		{"as given", func(command []string) []string { return command }},
		{"in the opposite order", reordered},
	} {
		out := t.TempDir()
		copyHandWritten(t, filepath.Join(dir, "generated"), filepath.Join(out, "generated"))
		for _, command := range commands(t, dir, out) {
			if got := run(t, dir, order.apply(command)...); got.code != 0 || got.stdout+got.stderr != warnings {
				t.Fatalf("packages %s: %s\nexit code %d\n%s%s", order.name, strings.Join(command, " "), got.code, got.stdout, got.stderr)
			}
		}
		if diff := cmp.Diff(want, tree(t, filepath.Join(out, "generated"))); diff != "" {
			t.Fatalf("packages %s (-testdata +generated):\n%s", order.name, diff)
		}
	}
	for _, command := range commands(t, dir, dir) {
		if got := run(t, dir, append(command, "--verify")...); got.code != 0 || got.stdout+got.stderr != warnings {
			t.Errorf("%s --verify\nexit code %d\n%s%s", strings.Join(command, " "), got.code, got.stdout, got.stderr)
		}
	}
}

// testProblems checks that the commands print all problems of the case, and write nothing.
func testProblems(t *testing.T, dir string) {
	file := filepath.Join(dir, "problems.txt")
	out := t.TempDir()
	for _, command := range commands(t, dir, out) {
		got := run(t, dir, command...)
		if *update {
			if err := os.WriteFile(file, []byte(got.stderr), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(want), got.stderr); diff != "" {
			t.Errorf("problems (-testdata +printed):\n%s", diff)
		}
		if got.code != 1 || got.stdout != "" {
			t.Errorf("exit code %d, want 1; standard output %q, want none", got.code, got.stdout)
		}
	}
	if files := tree(t, out); len(files) > 0 {
		t.Errorf("%d files were written in spite of problems", len(files))
	}
}

// TestGoldenCompiles builds all that the generators made.
func TestGoldenCompiles(t *testing.T) {
	directories := map[string]bool{}
	for name := range tree(t, "testdata") {
		if strings.HasSuffix(name, ".go") && strings.Contains(name, "/generated/") {
			directories["./"+filepath.Dir(filepath.Join("testdata", name))] = true
		}
	}
	args := []string{"build"}
	for dir := range directories {
		args = append(args, dir)
	}
	if len(args) < 50 {
		t.Fatalf("%d packages only", len(args))
	}
	slices.Sort(args[1:])
	if out, err := exec.CommandContext(t.Context(), "go", args...).CombinedOutput(); err != nil {
		t.Errorf("go build: %v\n%s", err, out)
	}
}
