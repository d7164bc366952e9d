// Package migrate reads how a project generates code with upstream's tools, and says how kubewright does the same.
//
//	script or Go file ──shell──▶ commands ──calls──▶ what they generate ──▶ settings of kubewright.yaml
//
// It understands the functions of kube_codegen.sh, the generators themselves (as programs, with go run and go tool, in
// scripts and in go:generate lines), and generate-groups.sh of old. Nothing is run.
package migrate

import (
	"fmt"
	"go/token"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/kubewright/kubewright/cmd/internal/codegen/diag"
)

// Project is where the scripts of a project are read.
type Project struct {
	// Module is the path of its module.
	Module string
	// Products are the names of what kubewright can generate; asking for all of them is asking for nothing special.
	Products []string
}

// Settings are settings of kubewright.yaml. Zero values stand for defaults.
type Settings struct {
	Packages, Only                                           []string
	OutputDir, OutputPackage                                 string
	ClientsetName, VersionedName, ListersName, InformersName string
	ApplyName, ApplyExternals, OpenAPISchema                 string
	SingleDirectory                                          bool
	ClientsetAPIPath                                         string
	PrefersProtobuf                                          bool
	PluralExceptions, ExtraPeers                             []string
	HeaderFile                                               string
}

// Result is what was found.
type Result struct {
	Settings Settings
	// Calls are the places of the calls that the settings replace.
	Calls []token.Position
	// Left are calls and flags that the settings do not replace.
	Left []diag.Problem
}

// Read reads files, whose names are relative to the directory that kubewright.yaml belongs to.
func (p Project) Read(files map[string]string) *Result {
	r := &reader{Project: p, result: &Result{}}
	names := make([]string, 0, len(files))
	for name := range files {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		s := &shell{dir: path.Dir(filepath.ToSlash(name)), module: p.Module, variables: map[string]string{}}
		r.file, r.dir = name, "."
		if filepath.Ext(name) != ".go" {
			r.calls(s.commands(files[name]))
			continue
		}
		r.dir = s.dir // go generate starts commands in the directory of the file
		line := 0
		for text := range strings.Lines(files[name]) {
			line++
			if directive, ok := strings.CutPrefix(text, "//go:generate "); ok {
				commands := s.commands(directive)
				for i := range commands {
					commands[i].line = line
				}
				r.calls(commands)
			}
		}
	}
	r.finish()
	return r.result
}

// reader collects what the calls of files ask for.
type reader struct {
	Project
	result *Result
	file   string
	dir    string // that relative names start from
	// products are asked for; dirs are the output directories that calls of single generators have, by product.
	products map[string]bool
	dirs     map[string]string
}

func (r *reader) left(line int, format string, args ...any) *diag.Problem {
	r.result.Left = append(r.result.Left, diag.Problem{
		Pos: token.Position{Filename: r.file, Line: line}, Severity: diag.Warning, Code: diag.Settings, Message: fmt.Sprintf(format, args...),
	})
	return &r.result.Left[len(r.result.Left)-1]
}

// peers adds packages with hand-written conversions and defaults.
func (r *reader) peers(f flags) {
	s := &r.result.Settings
	for _, peer := range slices.Concat(f.list("extra-peer-dir"), f.list("extra-peer-dirs")) {
		if peer = r.localPattern(peer); !slices.Contains(s.ExtraPeers, peer) {
			s.ExtraPeers = append(s.ExtraPeers, peer)
		}
	}
}

func (r *reader) want(products ...string) {
	if r.products == nil {
		r.products, r.dirs = map[string]bool{}, map[string]string{}
	}
	for _, product := range products {
		r.products[product] = true
	}
}

// once sets a setting, and reports a value that contradicts an earlier one.
func (r *reader) once(setting *string, value string, line int, flag string) {
	if value == "" {
		return
	}
	if unknown(value) {
		r.left(line, "the value of %s is only known when the script runs: %s", flag, value).Fix("write it into kubewright.yaml")
		return
	}
	if *setting != "" && *setting != value {
		r.left(line, "%s is %s here and %s before", flag, value, *setting).Fix("generate with two commands and --config")
		return
	}
	*setting = value
}

// pattern adds a package pattern.
func (r *reader) pattern(pattern string, line int) {
	switch {
	case unknown(pattern):
		r.left(line, "packages are only known when the script runs: %s", pattern).Fix("write them into kubewright.yaml")
	case !slices.Contains(r.result.Settings.Packages, pattern):
		r.result.Settings.Packages = append(r.result.Settings.Packages, pattern)
	}
}

// local returns a name as seen from the directory of kubewright.yaml.
func (r *reader) local(name string) string {
	if name == "" || path.IsAbs(name) || unknown(name) {
		return name
	}
	return path.Join(r.dir, name)
}

// localPattern returns a package pattern as seen from there: a directory if the package is in the module.
func (r *reader) localPattern(pattern string) string {
	switch {
	case pattern == r.Module:
		return "."
	case strings.HasPrefix(pattern, r.Module+"/"):
		return "./" + strings.TrimPrefix(pattern, r.Module+"/")
	case strings.HasPrefix(pattern, "."):
		return directory(r.local(pattern))
	}
	return pattern
}

// directory returns a name as a pattern of the go command.
func directory(name string) string {
	if path.IsAbs(name) || strings.HasPrefix(name, "../") || name == "." || unknown(name) {
		return name
	}
	return "./" + name
}

// finish makes settings of all calls together.
func (r *reader) finish() {
	s := &r.result.Settings
	for _, product := range r.Products {
		if r.products[product] {
			s.Only = append(s.Only, product)
		}
	}
	if len(s.Only) == len(r.Products) {
		s.Only = nil
	}
	r.placeDirs()
	// Of patterns, those that another one includes say nothing.
	s.Packages = slices.DeleteFunc(s.Packages, func(p string) bool {
		return slices.ContainsFunc(s.Packages, func(other string) bool {
			root, wild := strings.CutSuffix(other, "/...")
			return wild && other != p && (p == root || strings.HasPrefix(p, root+"/"))
		})
	})
	if slices.Equal(s.Packages, []string{"./..."}) {
		s.Packages = nil
	}
}

// placeDirs turns the output directories of single generators into one and names below it.
func (r *reader) placeDirs() {
	if len(r.dirs) == 0 {
		return
	}
	s := &r.result.Settings
	var common string
	for _, dir := range r.dirs {
		if common == "" {
			common = dir
		}
		for dir != common && !strings.HasPrefix(dir, common+"/") && common != "." {
			common = path.Dir(common)
		}
	}
	if len(r.dirs) == 1 && r.dirs["client"] == "" && common != "." {
		common = path.Dir(common)
	}
	s.OutputDir, s.OutputPackage = common, ""
	for product, name := range map[string]*string{"client": &s.ClientsetName, "lister": &s.ListersName, "informer": &s.InformersName, "apply": &s.ApplyName} {
		if dir, ok := r.dirs[product]; ok {
			rel, err := filepath.Rel(common, dir)
			if err == nil {
				*name = filepath.ToSlash(rel)
			}
		}
	}
}
