// Command generators runs kubewright and code-generator's programs on the same API types, and prints what kubewright costs in
// units of what the others cost together: time, CPU time and memory.
//
//	go run ./cmd/generators [flags]        in test/bench
//
// Package generators says what is measured. The table has the medians of -count interleaved rounds; one takes about a minute,
// and with -input project a quarter of it.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime"
	"slices"
	"strings"
	"syscall"

	"github.com/kubewright/kubewright/test/bench/generators"
	"github.com/kubewright/kubewright/test/bench/internal/report"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, os.Args[1:], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "generators:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string, out io.Writer) error {
	flags := flag.NewFlagSet("generators", flag.ExitOnError)
	count := flags.Int("count", 5, "run each side this many `times` on each input")
	only := flags.String("input", "", "use this `input` only")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if flags.NArg() > 0 {
		return fmt.Errorf("unexpected arguments: %v", flags.Args())
	}
	if *count < 1 {
		return fmt.Errorf("-count is %d, want at least 1", *count)
	}
	inputs, err := choose(ctx, *only)
	if err != nil {
		return err
	}
	modules, err := report.Versions(ctx, "github.com/kubewright/kubewright", "k8s.io/code-generator", "k8s.io/api")
	if err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "generators-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	results, err := generators.Measure(ctx, dir, inputs, *count)
	if err != nil {
		return err
	}
	report.Header(out, []string{"goos: " + runtime.GOOS, "goarch: " + runtime.GOARCH, "cpu: " + processor()}, modules)
	fmt.Fprintf(out, "medians of %d interleaved rounds, kubewright / code-generator\n\n", *count)
	return generators.Print(out, results)
}

// choose returns the input of a name, or all if it is "".
func choose(ctx context.Context, name string) ([]generators.Input, error) {
	api, err := generators.KubernetesAPI(ctx)
	if err != nil {
		return nil, err
	}
	project, err := generators.Fleet(ctx)
	if err != nil {
		return nil, err
	}
	all := []generators.Input{api, project}
	if name == "" {
		return all, nil
	}
	i := slices.IndexFunc(all, func(input generators.Input) bool { return input.Name == name })
	if i < 0 {
		return nil, fmt.Errorf("-input is %q, want %s or %s", name, api.Name, project.Name)
	}
	return all[i : i+1], nil
}

// processor returns what the system calls the processor.
func processor() string {
	info, err := os.ReadFile("/proc/cpuinfo")
	if err != nil {
		return runtime.GOARCH
	}
	for line := range strings.Lines(string(info)) {
		if key, value, ok := strings.Cut(line, ":"); ok && strings.TrimSpace(key) == "model name" {
			return strings.TrimSpace(value)
		}
	}
	return runtime.GOARCH
}
