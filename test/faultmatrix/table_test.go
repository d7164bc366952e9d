package faultmatrix

import (
	"cmp"
	"fmt"
	"io"
	"maps"
	"slices"
	"sync"
	"text/tabwriter"
)

// table counts what was played.
type table struct {
	mu   sync.Mutex
	rows map[string]*count // by the name of the row
}

type count struct {
	number           int
	runs, violations int
}

// played is the table of this process.
var played = &table{rows: map[string]*count{}}

// add counts a run.
func (t *table) add(r row, violations int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	c := t.rows[r.name]
	if c == nil {
		c = &count{number: r.number}
		t.rows[r.name] = c
	}
	c.runs++
	c.violations += violations
}

// print writes the table, if there is anything in it.
func (t *table) print(w io.Writer) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if len(t.rows) == 0 {
		return
	}
	names := slices.SortedFunc(maps.Keys(t.rows), func(a, b string) int { return cmp.Compare(t.rows[a].number, t.rows[b].number) })
	tabs := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(tabs, "row\t\truns\tviolations")
	var sum count
	for _, name := range names {
		c := t.rows[name]
		fmt.Fprintf(tabs, "%d\t%s\t%d\t%d\n", c.number, name, c.runs, c.violations)
		sum.runs += c.runs
		sum.violations += c.violations
	}
	fmt.Fprintf(tabs, "\tall\t%d\t%d\n", sum.runs, sum.violations)
	_ = tabs.Flush() // to a terminal
}
