package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"text/tabwriter"
	"time"
)

// columns are the metrics of the table.
var columns = []struct {
	title, unit string
	scale       float64
	format      string
}{
	{"wall µs", "ns/op", 1e-3, "%.1f"},
	{"CPU µs", "cpu-ns/op", 1e-3, "%.1f"},
	{"allocs", "allocs/op", 1, "%.0f"},
	{"kB", "B/op", 1e-3, "%.1f"},
}

// versions returns the modules that are compared and what both stand on.
func versions(ctx context.Context) ([]string, error) {
	cmd := exec.CommandContext(ctx, "go", "list", "-m", "-f", "{{.Path}} {{if .Replace}}of this tree{{else}}{{.Version}}{{end}}",
		"github.com/kubewright/kubewright", "k8s.io/client-go", "k8s.io/apimachinery", "k8s.io/api")
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("%v: %w", cmd, err)
	}
	return strings.Split(strings.TrimSpace(string(out)), "\n"), nil
}

// printHeader says on what and of what the results are.
func printHeader(out io.Writer, machine, modules []string) {
	fmt.Fprintf(out, "%s, %d CPUs, %s, %s\n", strings.Join(machine, ", "), runtime.NumCPU(), runtime.Version(), time.Now().UTC().Format(time.DateOnly))
	fmt.Fprintf(out, "%s\n\n", strings.Join(modules, ", "))
}

// printTable prints a row for each benchmark and stack but client-go: its medians, client-go's and the ratio of the two.
func printTable(out io.Writer, benchmarks []benchmark, results []result) error {
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', tabwriter.AlignRight)
	width := len("benchmark")
	for _, b := range benchmarks {
		width = max(width, len(b.title()))
	}
	fmt.Fprintf(table, "%-*s\tstack\t", width, "benchmark")
	for _, column := range columns {
		fmt.Fprintf(table, "%s\tratio\t", column.title)
	}
	fmt.Fprintln(table)
	for _, b := range benchmarks {
		for _, stack := range b.stacks {
			if stack == clientGo {
				continue
			}
			fmt.Fprintf(table, "%-*s\t%s\t", width, b.title(), stack)
			for _, column := range columns {
				cost := median(values(results, b.name, stack, column.unit)) * column.scale
				theirs := median(values(results, b.name, clientGo, column.unit)) * column.scale
				fmt.Fprintf(table, column.format+" / "+column.format+"\t%.2f\t", cost, theirs, cost/theirs)
			}
			fmt.Fprintln(table)
		}
	}
	return table.Flush()
}

func (b benchmark) title() string { return strings.TrimPrefix(b.name, "Benchmark") }

// values returns one metric of the runs of a benchmark on a stack.
func values(results []result, name, stack, unit string) []float64 {
	var out []float64
	for _, r := range results {
		if r.name == name && r.stack == stack {
			out = append(out, r.metrics[unit])
		}
	}
	return out
}

// writeBenchstat writes the runs of each stack to a file of its own, without the stack in the names, so that benchstat
// compares the files.
func writeBenchstat(dir string, machine []string, results []result) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	var stacks []string
	for _, r := range results {
		if !slices.Contains(stacks, r.stack) {
			stacks = append(stacks, r.stack)
		}
	}
	for _, stack := range stacks {
		var b strings.Builder
		for _, line := range machine {
			fmt.Fprintln(&b, line)
		}
		for _, r := range results {
			if r.stack == stack {
				fmt.Fprintln(&b, strings.Replace(r.line, "/"+stack, "", 1))
			}
		}
		if err := os.WriteFile(filepath.Join(dir, stack+".txt"), []byte(b.String()), 0o644); err != nil {
			return err
		}
	}
	return nil
}
