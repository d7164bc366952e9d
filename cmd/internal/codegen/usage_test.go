package codegen_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestUsage checks that flags without sense are refused with exit code 2, a sentence and what to do.
func TestUsage(t *testing.T) {
	const (
		client   = "client-gen --output-dir out --output-pkg example.com/m/out --input-base ./apis --input stable/v1 -n versioned"
		lister   = "lister-gen --output-dir out --output-pkg example.com/m/out"
		informer = "informer-gen --output-dir out --output-pkg example.com/m/out --versioned-clientset-package a --listers-package b"
	)
	for command, want := range map[string]string{
		"client-gen":   "missing --output-dir, --output-pkg, --input",
		"lister-gen x": "missing --output-dir, --output-pkg",
		"informer-gen --output-dir out --output-pkg example.com/m/out x": "missing --versioned-clientset-package, --listers-package",
		client + " --inptu=x":                                "unknown flag: --inptu",
		client + " stable/v2":                                `unexpected argument "stable/v2" (packages are named with --input)`,
		client + " --apply-configuration-package=./x":        "--apply-configuration-package=./x is a directory (write its import path)",
		client + " --clientset-name my-set":                  `--clientset-name=my-set is not a package name (write, for example, --clientset-name=versioned)`,
		client + " --plural-exceptions=Endpoints":            "--plural-exceptions=Endpoints is not of the form Kind:Plural (write, for example, --plural-exceptions=Endpoints:Endpoints)",
		client + " --included-types-overrides=v1/B":          "--included-types-overrides=v1/B is not of the form group/version/Type (write, for example, --included-types-overrides=stable/v1/CronTab)",
		client + " --lint-rules=known-tag-only":              `--lint-rules=known-tag-only: there is no rule known-tag-only; did you mean "known-tags-only"?`,
		lister:                                               "no packages (name them as arguments: import paths, or directories as ./path)",
		lister + " --go-header-file missing.txt ./apis/a/v1": "read --go-header-file: open missing.txt: no such file or directory",
		informer: "no packages (name them as arguments: import paths, or directories as ./path)",
		informer + " --internal-clientset-package=x --single-directory y": "--single-directory has no place for the informers of --internal-clientset-package=x (leave out one of them)",
		"lister-gen --output-dir out --output-pkg wrong x":                "--output-pkg=wrong is not the import path of --output-dir: in module example.com/m of DIR/go.mod, directory DIR/out is example.com/m/out (write --output-pkg=example.com/m/out)",
		"lister-gen --output-dir ../x --output-pkg a --v x=y":             `invalid argument "x=y" for "-v, --v" flag: strconv.ParseInt: parsing "x=y": invalid syntax`,
	} {
		t.Run(command, func(t *testing.T) {
			dir := t.TempDir()
			if err := os.WriteFile(filepath.Join(dir, "go.mod"), []byte("module example.com/m\n"), 0o644); err != nil {
				t.Fatal(err)
			}
			words := strings.Fields(command)
			got := run(t, dir, words...)
			want := words[0] + ": " + strings.ReplaceAll(want, "DIR", dir) + "\nRun " + words[0] + " --help for its flags.\n"
			if got.code != 2 || got.stderr != want || got.stdout != "" {
				t.Errorf("exit code %d, want 2; standard output %q\n got %q\nwant %q", got.code, got.stdout, got.stderr, want)
			}
			if _, err := os.Stat(filepath.Join(dir, "out")); err == nil {
				t.Error("the output directory was made")
			}
		})
	}
}

func TestHelp(t *testing.T) {
	for name, flags := range map[string][]string{
		"client-gen":   {"--input-base", "--input ", "--clientset-name", "--clientset-api-path", "--prefers-protobuf", "--fake-clientset", "--apply-configuration-package"},
		"lister-gen":   nil,
		"informer-gen": {"--versioned-clientset-package", "--listers-package", "--single-directory", "--internal-clientset-package"},
	} {
		got := run(t, t.TempDir(), name, "--help")
		if got.code != 0 {
			t.Errorf("%s --help: exit code %d", name, got.code)
		}
		for _, flag := range append(flags, "--output-dir", "--output-pkg", "--go-header-file", "--plural-exceptions", "--verify", "-v, --v") {
			if !strings.Contains(got.stderr, flag) {
				t.Errorf("%s --help does not show %s:\n%s", name, flag, got.stderr)
			}
		}
	}
}
