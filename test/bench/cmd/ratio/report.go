package main

import (
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"

	"github.com/kubewright/kubewright/test/bench/internal/report"
)

// column is a metric in a table.
type column struct {
	title, unit string
	scale       float64
	decimals    int
}

// costs are the metrics that every benchmark has, unless it measures something else than its ops.
var costs = []column{
	{"wall µs", "ns/op", 1e-3, 1},
	{"CPU µs", "cpu-ns/op", 1e-3, 1},
	{"allocs", "allocs/op", 1, 0},
	{"kB", "B/op", 1e-3, 1},
}

// columnsOf returns the columns of the table that a benchmark belongs in: those of costs that it has, and then the units of
// its own.
func columnsOf(b benchmark, results []result) []column {
	var units []string
	for _, r := range results {
		if r.name == b.name && r.stack == clientGo {
			units = r.units
			break
		}
	}
	var columns []column
	for _, c := range costs {
		if slices.Contains(units, c.unit) {
			columns = append(columns, c)
		}
	}
	for _, unit := range units {
		if !slices.ContainsFunc(costs, func(c column) bool { return c.unit == unit }) {
			columns = append(columns, column{title: unit, unit: unit, scale: 1, decimals: -1})
		}
	}
	return columns
}

// format returns a value as it stands in the table; without a number of decimals, three digits and more of it.
func (c column) format(value float64) string {
	decimals := c.decimals
	if decimals < 0 {
		decimals = 0
		for shown := math.Abs(value); shown < 100 && decimals < 3; shown *= 10 {
			decimals++
		}
	}
	return strconv.FormatFloat(value, 'f', decimals, 64)
}

// printTables prints a table for all benchmarks in a row that have the same columns.
func printTables(out io.Writer, benchmarks []benchmark, results []result) error {
	for len(benchmarks) > 0 {
		columns, n := columnsOf(benchmarks[0], results), 1
		for n < len(benchmarks) && slices.Equal(columnsOf(benchmarks[n], results), columns) {
			n++
		}
		if err := printTable(out, columns, benchmarks[:n], results); err != nil {
			return err
		}
		if benchmarks = benchmarks[n:]; len(benchmarks) > 0 {
			fmt.Fprintln(out)
		}
	}
	return nil
}

// printTable prints a row for each benchmark and stack but client-go: its medians, client-go's and the ratio of the two.
func printTable(out io.Writer, columns []column, benchmarks []benchmark, results []result) error {
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', tabwriter.AlignRight)
	width := len("benchmark")
	for _, b := range benchmarks {
		width = max(width, len(b.title()))
	}
	fmt.Fprintf(table, "%-*s\tstack\t", width, "benchmark")
	for _, c := range columns {
		fmt.Fprintf(table, "%s\tratio\t", c.title)
	}
	fmt.Fprintln(table)
	for _, b := range benchmarks {
		for _, stack := range b.stacks {
			if stack == clientGo {
				continue
			}
			fmt.Fprintf(table, "%-*s\t%s\t", width, b.title(), stack)
			for _, c := range columns {
				cost := report.Median(values(results, b.name, stack, c.unit)) * c.scale
				theirs := report.Median(values(results, b.name, clientGo, c.unit)) * c.scale
				fmt.Fprintf(table, "%s / %s\t%.2f\t", c.format(cost), c.format(theirs), cost/theirs)
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
