package generators

import (
	"fmt"
	"io"
	"text/tabwriter"

	"github.com/kubewright/kubewright/test/bench/internal/report"
)

// columns are what the table shows of each usage.
var columns = []struct {
	title string
	value func(Usage) float64
}{
	{"wall s", func(u Usage) float64 { return u.Wall.Seconds() }},
	{"CPU s", func(u Usage) float64 { return u.CPU.Seconds() }},
	{"peak MB", func(u Usage) float64 { return float64(u.Peak) / 1e6 }},
}

// Print prints a row for each input and state: the medians of kubewright, those of code-generator, and the ratios of the two.
func Print(out io.Writer, results []Result) error {
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprint(table, "input\tstate\tfiles\t")
	for _, column := range columns {
		fmt.Fprintf(table, "%s\tratio\t", column.title)
	}
	fmt.Fprintln(table)
	type row struct{ input, state string }
	shown := map[row]bool{}
	for _, result := range results {
		r := row{result.Input, result.State}
		if shown[r] {
			continue
		}
		shown[r] = true
		ours, theirs := only(results, r.input, r.state, Kubewright), only(results, r.input, r.state, CodeGenerator)
		if len(ours) == 0 || len(theirs) == 0 {
			return fmt.Errorf("%s was not run %s by both sides", r.input, r.state)
		}
		fmt.Fprintf(table, "%s\t%s\t%d / %d\t", r.input, r.state, ours[0].Files, theirs[0].Files)
		for _, column := range columns {
			cost, other := median(ours, column.value), median(theirs, column.value)
			fmt.Fprintf(table, "%.3g / %.3g\t%.3f\t", cost, other, cost/other)
		}
		fmt.Fprintln(table)
	}
	return table.Flush()
}

// only returns the results of one side.
func only(results []Result, input, state, side string) []Result {
	var some []Result
	for _, r := range results {
		if r.Input == input && r.State == state && r.Side == side {
			some = append(some, r)
		}
	}
	return some
}

func median(results []Result, value func(Usage) float64) float64 {
	var values []float64
	for _, r := range results {
		values = append(values, value(r.Usage))
	}
	return report.Median(values)
}
