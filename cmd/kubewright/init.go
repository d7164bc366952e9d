package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"go/parser"
	"go/token"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"runtime/debug"
	"slices"
	"strings"

	"golang.org/x/mod/modfile"
	"golang.org/x/mod/module"
	"golang.org/x/mod/semver"

	"github.com/kubewright/kubewright/cmd/internal/codegen"
	"github.com/kubewright/kubewright/cmd/internal/codegen/cli"
	"github.com/kubewright/kubewright/cmd/internal/codegen/output"
)

const (
	// toolPackage is the import path of this program.
	toolPackage = "github.com/kubewright/kubewright/cmd/kubewright"
	// generateLine makes go generate run it.
	generateLine = generateDirective + "go tool kubewright generate"
	// generateFile is where that line goes.
	generateFile = "generate.go"
)

func initCommand(stdout io.Writer) *cli.Command {
	return &cli.Command{
		Name:  "kubewright init",
		Does:  "adds this program to the tools of go.mod, and " + generateFile + " with a //go:generate line, unless they are there.",
		Flags: newFlags(),
		Run: func(ctx context.Context, args []string) error {
			if len(args) > 0 {
				return codegen.UsageErrorf("unexpected argument %q", args[0])
			}
			own, err := output.ModuleOf(".")
			if err != nil {
				return codegen.UsageErrorf("%v (run go mod init first)", err)
			}
			if err := addTool(ctx, own.Dir, stdout); err != nil {
				return err
			}
			return addGenerateLine(own.Dir, stdout)
		},
	}
}

// addTool makes the module have this program as a tool, in the version that runs if that is a release.
func addTool(ctx context.Context, dir string, stdout io.Writer) error {
	name := filepath.Join(dir, "go.mod")
	has, err := hasTool(name)
	if err != nil {
		return err
	}
	if has {
		fmt.Fprintf(stdout, "go.mod has the tool %s\n", toolPackage)
		return nil
	}
	wanted := toolPackage
	if info, ok := debug.ReadBuildInfo(); ok && semver.IsValid(info.Main.Version) && semver.Build(info.Main.Version) == "" && info.Main.Sum != "" {
		wanted += "@" + info.Main.Version
	}
	var stderr bytes.Buffer
	get := exec.CommandContext(ctx, "go", "get", "-tool", wanted)
	get.Dir, get.Stderr = dir, &stderr
	if err := get.Run(); err != nil {
		return fmt.Errorf("go get -tool %s: %w\n%s", wanted, err, strings.TrimSpace(stderr.String()))
	}
	fmt.Fprintf(stdout, "go.mod: added the tool %s\n", toolPackage)
	return nil
}

func hasTool(goMod string) (bool, error) {
	content, err := os.ReadFile(goMod)
	if err != nil {
		return false, err
	}
	file, err := modfile.Parse(goMod, content, nil)
	if err != nil {
		return false, err
	}
	return slices.ContainsFunc(file.Tool, func(tool *modfile.Tool) bool { return tool.Path == toolPackage }), nil
}

// runsKubewright matches the lines by which go generate runs this program in any way.
var runsKubewright = regexp.MustCompile(`(?m)^//go:generate .*\bkubewright(@\S+)? generate\b`)

// addGenerateLine adds the line to generate.go in the current directory, unless a file of the module has such a line.
func addGenerateLine(root string, stdout io.Writer) error {
	var found string
	err := walkGoFiles(root, func(name string, content []byte) bool {
		if runsKubewright.Match(content) {
			found = name
		}
		return found == ""
	})
	if err != nil {
		return err
	}
	if found != "" {
		if found, err = filepath.Rel(root, found); err != nil {
			return err
		}
		fmt.Fprintf(stdout, "%s has a //go:generate line\n", filepath.ToSlash(found))
		return nil
	}
	content, err := os.ReadFile(generateFile)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		name, err := packageName()
		if err != nil {
			return err
		}
		content = []byte("package " + name + "\n")
	case err != nil:
		return err
	}
	content = append(bytes.TrimRight(content, "\n"), "\n\n"+generateLine+"\n"...)
	if err := os.WriteFile(generateFile, content, 0o644); err != nil { //nolint:gosec // the name is a constant
		return err
	}
	fmt.Fprintf(stdout, "%s: added %s\nNow mark API types with // +genclient (see kubewright explain) and run go generate ./...\n", generateFile, generateLine)
	return nil
}

// packageName returns the name of the package in the current directory, or one that fits if there is none.
func packageName() (string, error) {
	names, err := filepath.Glob("*.go")
	if err != nil {
		return "", err
	}
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.PackageClauseOnly)
		if err != nil {
			return "", err
		}
		return file.Name.Name, nil
	}
	importPath, err := output.PackageOf(".")
	if err != nil {
		return "", err
	}
	if prefix, _, ok := module.SplitPathVersion(importPath); ok {
		importPath = prefix
	}
	name := strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, strings.ToLower(path.Base(importPath)))
	if !token.IsIdentifier(name) {
		name = "generate"
	}
	return name, nil
}
