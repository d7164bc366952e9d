// Package diag holds what is wrong with the input of a generator: every problem with its place, in the form
// that compilers use and editors understand, all of them at once.
package diag

import (
	"cmp"
	"fmt"
	"go/token"
	"slices"
	"strings"
)

// Problem is one thing that must be changed before anything can be generated.
type Problem struct {
	// Pos is where to change it. It is the zero position for what has no place in a file, such as a flag.
	Pos token.Position
	// Text says what is wrong and, in parentheses, what cures it.
	Text string
}

// String returns the problem as file:line:col: error: text.
func (p Problem) String() string {
	if p.Pos.Filename == "" {
		return "error: " + p.Text
	}
	return fmt.Sprintf("%s: error: %s", p.Pos, p.Text)
}

// Problems collects problems. The zero value is empty and ready to use; it is not safe for concurrent use.
type Problems struct {
	list []Problem
}

// Add records a problem at pos.
func (p *Problems) Add(pos token.Position, format string, args ...any) {
	p.list = append(p.list, Problem{Pos: pos, Text: fmt.Sprintf(format, args...)})
}

// Err returns nil when nothing was added, and otherwise an [*Error] with all problems, sorted by place, each once.
func (p *Problems) Err() error {
	if len(p.list) == 0 {
		return nil
	}
	sorted := slices.Clone(p.list)
	slices.SortFunc(sorted, func(a, b Problem) int {
		return cmp.Or(
			cmp.Compare(a.Pos.Filename, b.Pos.Filename),
			cmp.Compare(a.Pos.Line, b.Pos.Line),
			cmp.Compare(a.Pos.Column, b.Pos.Column),
			cmp.Compare(a.Text, b.Text),
		)
	})
	return &Error{Problems: slices.Compact(sorted)}
}

// Error is the error that stands for one or more problems.
type Error struct {
	Problems []Problem
}

// Error returns one line for each problem.
func (e *Error) Error() string {
	lines := make([]string, len(e.Problems))
	for i, problem := range e.Problems {
		lines[i] = problem.String()
	}
	return strings.Join(lines, "\n")
}
