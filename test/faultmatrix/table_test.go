package faultmatrix

import (
	"cmp"
	"fmt"
	"io"
	"maps"
	"slices"
	"sync"
	"text/tabwriter"
	"time"

	"github.com/kubewright/kubewright/test/faultmatrix/check"
)

// table counts what was played.
type table struct {
	mu   sync.Mutex
	rows map[string]*count // by the name of the row
	sum  count
	told time.Time // when progress was last told
}

// progressEvery is how often to tell how far it has come.
const progressEvery = 30 * time.Second

// progress tells now and then how many of all runs were played. `go test` shows it, and the table, where no packages are named.
func (t *table) progress(w io.Writer, all int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.told.IsZero() {
		t.told = time.Now()
	}
	if time.Since(t.told) >= progressEvery {
		t.told = time.Now()
		fmt.Fprintf(w, "played %d of %d runs, %d violations so far\n", t.sum.runs, all, t.sum.violations)
	}
}

// violated tells of the first violation of a run at once: the rest is shown when all have been played.
func (t *table) violated(w io.Writer, r run, first check.Violation) {
	t.mu.Lock()
	defer t.mu.Unlock()
	fmt.Fprintf(w, "%s: %.500s\n  replay: %s\n", r.name(), first, r.replay())
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
	for _, c := range []*count{c, &t.sum} {
		c.runs++
		c.violations += violations
	}
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
	for _, name := range names {
		c := t.rows[name]
		fmt.Fprintf(tabs, "%d\t%s\t%d\t%d\n", c.number, name, c.runs, c.violations)
	}
	fmt.Fprintf(tabs, "\tall\t%d\t%d\n", t.sum.runs, t.sum.violations)
	_ = tabs.Flush() // to a terminal
}
