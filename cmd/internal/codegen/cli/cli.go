// Package cli is the command line that the generators share: their common flags, and what becomes of errors.
package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"slices"
	"strings"

	"github.com/spf13/pflag"

	"github.com/kubewright/kubewright/cmd/internal/codegen"
	"github.com/kubewright/kubewright/cmd/internal/codegen/diag"
)

// The exit codes of all generators.
const (
	exitDone     = 0 // generated, or with --verify: nothing differs
	exitProblems = 1 // problems in the input, or with --verify: something differs; nothing was written
	exitUsage    = 2 // flags or arguments that make no sense
)

// ErrReported is the error of a command that failed and has said why.
var ErrReported = errors.New("the reason was reported")

// Command is the command line of a generator.
type Command struct {
	// Name is the name of the generator, Usage what stands behind it in the first line of its help, and Does what it
	// does.
	Name, Usage, Does string
	// Flags are its flags. The order in which they were declared is that of the help.
	Flags *pflag.FlagSet
	// Required are the names of the flags that must have a value.
	Required []string
	// Run does the work, with the arguments that are not flags.
	Run func(ctx context.Context, args []string) error
}

// NewFlags returns the flags that all generators have. They set options.
func NewFlags(options *codegen.Options) *pflag.FlagSet {
	flags := pflag.NewFlagSet("", pflag.ContinueOnError)
	flags.SortFlags = false
	flags.StringVar(&options.OutputDir, "output-dir", "", "directory to write to; what an earlier run left there and this one does not make is removed (required)")
	flags.StringVar(&options.OutputPackage, "output-pkg", "", "import path of --output-dir (required)")
	flags.StringVar(&options.HeaderFile, "go-header-file", "", "file with the text that comes first in each generated file, such as a licence")
	flags.IntVar(&options.Year, "year", 0, "year that stands for YEAR in --go-header-file (default: the one in the files that are there, or else the current one)")
	flags.StringSliceVar(&options.PluralExceptions, "plural-exceptions", nil, "plurals that the rules do not make, as Kind:Plural,...")
	flags.StringSliceVar(&options.LintRules, "lint-rules", nil, "rules for tags: known-tags-only refuses tags +k8s:...-gen that no generator has; require-explicit-disablement always holds: these generators run for each package that does not opt out")
	flags.BoolVar(&options.Verify, "verify", false, "write nothing; print what would change, and exit with 1 if anything would")
	flags.IntP("v", "v", 0, "accepted for compatibility, without effect")
	return flags
}

// Warn prints a warning to standard error.
func Warn(problem diag.Problem) { fmt.Fprintln(os.Stderr, problem) }

// Main runs the command with the arguments of the process, and ends the process.
func (c *Command) Main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	code := c.Execute(ctx, os.Args[1:], os.Stderr)
	stop()
	os.Exit(code)
}

// Execute runs the command and returns its exit code.
func (c *Command) Execute(ctx context.Context, args []string, stderr io.Writer) int {
	c.Flags.SetOutput(io.Discard)
	c.Flags.Usage = func() {}
	err := c.Flags.Parse(args)
	if errors.Is(err, pflag.ErrHelp) {
		fmt.Fprintf(stderr, "%s %s\n\nUsage: %s %s\n\n%s", c.Name, c.Does, c.Name, c.Usage, c.Flags.FlagUsages())
		return exitDone
	}
	if err == nil {
		err = c.checkRequired()
	}
	if err != nil {
		return c.failUsage(err, stderr)
	}
	err = c.Run(ctx, c.Flags.Args())
	var usage *codegen.UsageError
	switch {
	case err == nil:
		return exitDone
	case errors.As(err, &usage):
		return c.failUsage(err, stderr)
	case errors.Is(err, ErrReported):
		return exitProblems
	}
	fmt.Fprintf(stderr, "%v\n", err)
	return exitProblems
}

func (c *Command) failUsage(err error, stderr io.Writer) int {
	fmt.Fprintf(stderr, "%s: %v\nRun %s --help for its flags.\n", c.Name, err, c.Name)
	return exitUsage
}

// checkRequired returns an error that names all required flags without a value.
func (c *Command) checkRequired() error {
	var missing []string
	for _, name := range c.Required {
		if value := c.Flags.Lookup(name).Value.String(); slices.Contains([]string{"", "[]"}, value) {
			missing = append(missing, "--"+name)
		}
	}
	if len(missing) > 0 {
		return fmt.Errorf("missing %s", strings.Join(missing, ", "))
	}
	return nil
}
