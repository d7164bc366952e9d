package main

import (
	"errors"
	"fmt"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/pflag"
	"go.yaml.in/yaml/v3"

	"github.com/kubewright/kubewright/cmd/internal/codegen"
	"github.com/kubewright/kubewright/cmd/internal/codegen/diag"
	"github.com/kubewright/kubewright/cmd/internal/codegen/output"
)

// settingsFile has settings that are the same in each run. Its keys are flags without dashes, and "packages".
const settingsFile = "kubewright.yaml"

// packagesKey is the key for what are arguments on the command line.
const packagesKey = "packages"

// runFlags are the flags that are for one run, and not for a file.
var runFlags = []string{"config", "format", "no-cache", "verify", "watch"}

// pathFlags are the flags whose values are names of files. In a settings file they are relative to it.
var pathFlags = []string{"output-dir", "go-header-file", "applyconfig-openapi-schema"}

// findSettings returns the name of the settings file for a run in the current directory: the nearest one in it or above
// it, within the module. It returns "" if there is none.
func findSettings() (string, error) {
	root := "/"
	if module, err := output.ModuleOf("."); err == nil {
		root = module.Dir
	} else if !errors.Is(err, output.ErrNoModule) {
		return "", err
	}
	here, err := filepath.Abs(".")
	if err != nil {
		return "", err
	}
	for dir := here; ; dir = filepath.Dir(dir) {
		name, err := filepath.Rel(here, filepath.Join(dir, settingsFile))
		if err != nil {
			return "", err
		}
		if _, err := os.Stat(name); err == nil {
			return name, nil
		} else if !errors.Is(err, fs.ErrNotExist) {
			return "", err
		}
		if dir == root || dir == filepath.Dir(dir) {
			return "", nil
		}
	}
}

// readSettings sets the flags that a settings file names, without those that the command line has set, and returns its
// packages. All that is wrong with the file is a problem. It may be read again: flags that the command line has not set
// start from their defaults.
func readSettings(name string, flags *pflag.FlagSet) (packages []string, err error) {
	content, err := os.ReadFile(name)
	if err != nil {
		return nil, codegen.UsageErrorf("--config: %v", err)
	}
	if err := reset(flags); err != nil {
		return nil, err
	}
	r := settingsReader{file: name, flags: flags}
	var document yaml.Node
	if err := yaml.Unmarshal(content, &document); err != nil {
		r.problems.Errorf(token.Position{Filename: name, Line: lineOf(err)}, diag.Settings, "%s", withoutLine(err))
		return nil, r.problems.Err()
	}
	if len(document.Content) == 0 {
		return nil, nil
	}
	root := document.Content[0]
	if root.Kind != yaml.MappingNode {
		r.problem(root, "the file is not a mapping").Fix("write lines such as output-dir: pkg/generated")
		return nil, r.problems.Err()
	}
	seen := map[string]bool{}
	for i := 0; i < len(root.Content); i += 2 {
		key, value := root.Content[i], root.Content[i+1]
		if seen[key.Value] {
			r.problem(key, "key %q is given twice", key.Value).Fix("write it once")
		}
		seen[key.Value] = true
		if key.Value == packagesKey {
			patterns, _ := r.values(value)
			for _, pattern := range patterns {
				packages = append(packages, r.pattern(pattern))
			}
			continue
		}
		r.set(key, value)
	}
	return packages, r.problems.Err()
}

// reset gives the flags that the command line has not set their defaults.
func reset(flags *pflag.FlagSet) error {
	var errs []error
	flags.VisitAll(func(flag *pflag.Flag) {
		list, isList := flag.Value.(pflag.SliceValue)
		switch {
		case flag.Changed:
		case isList:
			errs = append(errs, list.Replace(nil))
		default:
			errs = append(errs, flag.Value.Set(flag.DefValue))
		}
	})
	return errors.Join(errs...)
}

// settingsReader reads one settings file.
type settingsReader struct {
	file     string
	flags    *pflag.FlagSet
	problems diag.Problems
}

func (r *settingsReader) problem(node *yaml.Node, format string, args ...any) *diag.Problem {
	return r.problems.Errorf(token.Position{Filename: r.file, Line: node.Line, Column: node.Column}, diag.Settings, format, args...)
}

// set sets one flag.
func (r *settingsReader) set(key, value *yaml.Node) {
	flag := r.flags.Lookup(key.Value)
	switch {
	case flag == nil:
		r.problem(key, "unknown key %q", key.Value).Suggest(key.Value, "keys are", r.keys())
		return
	case slices.Contains(runFlags, flag.Name):
		r.problem(key, "%q is for one run", key.Value).Fix("write --%s on the command line", key.Value)
		return
	}
	values, ok := r.values(value)
	if !ok {
		return
	}
	if slices.Contains(pathFlags, flag.Name) {
		for i := range values {
			values[i] = r.path(values[i])
		}
	}
	if flag.Changed {
		return
	}
	list, isList := flag.Value.(pflag.SliceValue)
	var err error
	switch {
	case isList:
		err = list.Replace(values)
	case len(values) != 1:
		r.problem(value, "key %q has %d values", key.Value, len(values)).Fix("write one")
	case flag.Value.Type() == "bool" && values[0] != "true" && values[0] != "false":
		r.problem(value, "value %q of key %q is neither true nor false", values[0], key.Value)
	default:
		err = flag.Value.Set(values[0])
	}
	if err != nil {
		r.problem(value, "value of key %q: %v", key.Value, err)
	}
}

// keys returns the keys that a file can have.
func (r *settingsReader) keys() []string {
	keys := []string{packagesKey}
	r.flags.VisitAll(func(flag *pflag.Flag) {
		if !slices.Contains(runFlags, flag.Name) {
			keys = append(keys, flag.Name)
		}
	})
	return keys
}

// values returns a scalar, or the scalars of a sequence. Anything else is a problem.
func (r *settingsReader) values(node *yaml.Node) (values []string, ok bool) {
	nodes := []*yaml.Node{node}
	if node.Kind == yaml.SequenceNode {
		nodes = node.Content
	}
	for _, n := range nodes {
		if n.Kind != yaml.ScalarNode {
			r.problem(n, "a value must be a word or a list of words")
			return nil, false
		}
		values = append(values, n.Value)
	}
	return values, true
}

// path returns a name in the file as seen from the current directory.
func (r *settingsReader) path(name string) string {
	if name == "" || filepath.IsAbs(name) {
		return name
	}
	return filepath.Join(filepath.Dir(r.file), name)
}

// pattern returns a package pattern in the file as seen from the current directory.
func (r *settingsReader) pattern(pattern string) string {
	if !strings.HasPrefix(pattern, ".") {
		return pattern
	}
	joined := filepath.ToSlash(filepath.Join(filepath.Dir(r.file), pattern))
	if strings.HasPrefix(joined, ".") {
		return joined
	}
	return "./" + joined
}

// lineOf returns the line that the error of a YAML parser names, or 0.
func lineOf(err error) int {
	line := 0
	_, _ = fmt.Sscanf(strings.TrimPrefix(err.Error(), "yaml: "), "line %d:", &line)
	return line
}

// withoutLine returns the text of such an error behind the line.
func withoutLine(err error) string {
	text := strings.TrimPrefix(err.Error(), "yaml: ")
	if _, rest, ok := strings.Cut(text, ": "); ok && strings.HasPrefix(text, "line ") {
		return rest
	}
	return text
}
