package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/pflag"
	"go.yaml.in/yaml/v3"

	"github.com/kubewright/kubewright/cmd/internal/codegen"
	"github.com/kubewright/kubewright/cmd/internal/codegen/cli"
	"github.com/kubewright/kubewright/cmd/internal/codegen/migrate"
	"github.com/kubewright/kubewright/cmd/internal/codegen/output"
	"github.com/kubewright/kubewright/cmd/internal/codegen/report"
)

func migrateCommand(stdout, stderr io.Writer) *cli.Command {
	flags := newFlags()
	write := flags.Bool("write", false, "write "+settingsFile+", too")
	return &cli.Command{
		Name:  "kubewright migrate",
		Usage: "[flags] [script or Go file]...",
		Does:  "reads how a project calls code-generator, and prints the settings and the command that do the same.",
		Flags: flags,
		Run: func(_ context.Context, args []string) error {
			module, err := output.ModuleOf(".")
			if err != nil {
				return codegen.UsageErrorf("%v (start at the root of the module)", err)
			}
			files, err := scripts(args)
			if err != nil {
				return err
			}
			result := migrate.Project{Module: module.Path, Products: codegen.Products()}.Read(files)
			if len(result.Calls) == 0 {
				return fmt.Errorf("no call of code-generator in %s (name the script or the Go file that has it)", strings.Join(searched(args), ", "))
			}
			settings, err := settingsOf(result.Settings)
			if err != nil {
				return err
			}
			if err := report.Write(stderr, report.Text, result.Left); err != nil {
				return err
			}
			if err := printMigration(stdout, result, settings); err != nil || !*write || settings == "" {
				return err
			}
			return writeSettings(settings)
		},
	}
}

// searched are the places where calls are looked for: the arguments, or the usual ones.
func searched(args []string) []string {
	if len(args) > 0 {
		return args
	}
	return []string{"hack/*.sh", "scripts/*.sh", "**/*.go"}
}

// scripts reads the files that may have calls of generators.
func scripts(args []string) (map[string]string, error) {
	files := map[string]string{}
	read := func(name string) error {
		content, err := os.ReadFile(name)
		if err == nil {
			files[filepath.ToSlash(name)] = string(content)
		}
		return err
	}
	for _, name := range args {
		if err := read(filepath.Clean(name)); err != nil {
			return nil, codegen.UsageErrorf("%v", err)
		}
	}
	if len(args) > 0 {
		return files, nil
	}
	for _, pattern := range []string{"hack/*.sh", "scripts/*.sh"} {
		names, err := filepath.Glob(pattern)
		if err != nil {
			return nil, err
		}
		for _, name := range names {
			if err := read(name); err != nil {
				return nil, err
			}
		}
	}
	return files, walkGoFiles(".", func(name string, content []byte) bool {
		if bytes.Contains(content, []byte("\n"+generateDirective)) {
			files[filepath.ToSlash(name)] = string(content)
		}
		return true
	})
}

// generateDirective begins the lines that go generate runs.
const generateDirective = "//go:generate "

// walkGoFiles calls visit for the Go files of a module, until it returns false.
func walkGoFiles(root string, visit func(name string, content []byte) bool) error {
	return filepath.WalkDir(root, func(name string, entry fs.DirEntry, err error) error {
		switch base := entry.Name(); {
		case err != nil:
			return err
		case entry.IsDir():
			if name == root {
				return nil
			}
			if base == "vendor" || base == "testdata" || strings.HasPrefix(base, ".") || strings.HasPrefix(base, "_") {
				return filepath.SkipDir
			}
			if _, err := os.Stat(filepath.Join(name, "go.mod")); err == nil {
				return filepath.SkipDir
			}
		case filepath.Ext(name) == ".go":
			content, err := os.ReadFile(name)
			if err != nil {
				return err
			}
			if !visit(name, content) {
				return filepath.SkipAll
			}
		}
		return nil
	})
}

// settingsOf returns the content of kubewright.yaml: all settings that are not the defaults, in the order of the flags.
func settingsOf(s migrate.Settings) (string, error) {
	values := map[string][]string{
		"only": s.Only, "output-dir": {s.OutputDir}, "output-pkg": {s.OutputPackage}, "clientset-name": {s.ClientsetName}, "versioned-name": {s.VersionedName},
		"listers-name": {s.ListersName}, "informers-name": {s.InformersName}, "applyconfig-name": {s.ApplyName},
		"applyconfig-externals": {s.ApplyExternals}, "applyconfig-openapi-schema": {s.OpenAPISchema},
		"single-directory": {strconv.FormatBool(s.SingleDirectory)}, "clientset-api-path": {s.ClientsetAPIPath},
		"prefers-protobuf": {strconv.FormatBool(s.PrefersProtobuf)}, "plural-exceptions": s.PluralExceptions, "extra-peer-dirs": s.ExtraPeers, "go-header-file": {s.HeaderFile},
	}
	if s.OutputDir == filepath.ToSlash(filepath.Join("pkg", "generated")) {
		values["output-dir"] = nil
	}
	root := &yaml.Node{Kind: yaml.MappingNode}
	add := func(key string, values []string, isList bool) {
		node := &yaml.Node{Kind: yaml.SequenceNode, Style: yaml.FlowStyle}
		for _, value := range values {
			scalar := &yaml.Node{}
			scalar.SetString(value)
			if value == "true" {
				scalar.Tag = "!!bool"
			}
			node.Content = append(node.Content, scalar)
		}
		if !isList {
			node = node.Content[0]
		}
		root.Content = append(root.Content, &yaml.Node{Kind: yaml.ScalarNode, Value: key}, node)
	}
	if len(s.Packages) > 0 {
		add(packagesKey, s.Packages, true)
	}
	flags := newFlags()
	projectFlags(flags, &codegen.Project{})
	flags.VisitAll(func(flag *pflag.Flag) {
		list := slices.DeleteFunc(values[flag.Name], func(value string) bool { return value == "" || value == flag.DefValue })
		if _, isList := flag.Value.(pflag.SliceValue); len(list) > 0 {
			add(flag.Name, list, isList)
		}
	})
	if len(root.Content) == 0 {
		return "", nil
	}
	content, err := yaml.Marshal(root)
	return string(content), err
}

func printMigration(w io.Writer, result *migrate.Result, settings string) error {
	var b strings.Builder
	b.WriteString("These calls of code-generator\n\n")
	for _, call := range result.Calls {
		fmt.Fprintf(&b, "    %s\n", call)
	}
	b.WriteString("\nare replaced by\n\n    go tool kubewright generate\n\n")
	if settings == "" {
		b.WriteString("without any settings.\n")
	} else {
		fmt.Fprintf(&b, "with this %s:\n\n    %s\n", settingsFile, strings.ReplaceAll(strings.TrimSuffix(settings, "\n"), "\n", "\n    "))
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// writeSettings writes the settings file, if there is none that says something else.
func writeSettings(settings string) error {
	before, err := os.ReadFile(settingsFile)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return os.WriteFile(settingsFile, []byte(settings), 0o644)
	case err != nil:
		return err
	case string(before) != settings:
		return fmt.Errorf("file %s is there and says something else (merge the settings by hand, or move it)", settingsFile)
	}
	return nil
}
