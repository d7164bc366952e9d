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

// Severity says what a problem means for the run.
type Severity int

// The severities. The zero value is an error: nothing is generated. A warning is told, and the run goes on.
const (
	Error Severity = iota
	Warning
)

// String returns "error" or "warning".
func (s Severity) String() string {
	if s == Warning {
		return "warning"
	}
	return "error"
}

// Problem is one thing in the input that is wrong.
type Problem struct {
	// Pos is where to change it. It is the zero position for what has no place in a file, such as a flag.
	Pos token.Position
	// Code is the kind of problem.
	Code Code
	// Severity says whether anything can be generated in spite of it.
	Severity Severity
	// Message says what is wrong, and Cure what to do: an order such as "write one", or "did you mean +genclient?".
	// Some problems cure themselves by their message; then Cure is empty.
	Message, Cure string
}

// Text returns the message with the cure.
func (p Problem) Text() string {
	switch {
	case p.Cure == "":
		return p.Message
	case strings.HasPrefix(p.Cure, didYouMean):
		return p.Message + "; " + p.Cure
	}
	return p.Message + " (" + p.Cure + ")"
}

// String returns the problem as file:line:col: severity: message (cure).
func (p Problem) String() string {
	if p.Pos.Filename == "" {
		return p.Severity.String() + ": " + p.Text()
	}
	return fmt.Sprintf("%s: %s: %s", p.Pos, p.Severity, p.Text())
}

// Fix sets the cure.
func (p *Problem) Fix(format string, args ...any) {
	p.Cure = fmt.Sprintf(format, args...)
}

// Problems collects problems. The zero value is empty and ready to use; it is not safe for concurrent use.
type Problems struct {
	list []*Problem
}

// Errorf records an error at pos. The cure is for the caller to add, with Fix or Suggest.
func (p *Problems) Errorf(pos token.Position, code Code, format string, args ...any) *Problem {
	return p.add(Problem{Pos: pos, Code: code, Severity: Error, Message: fmt.Sprintf(format, args...)})
}

// Warnf records a warning at pos.
func (p *Problems) Warnf(pos token.Position, code Code, format string, args ...any) *Problem {
	return p.add(Problem{Pos: pos, Code: code, Severity: Warning, Message: fmt.Sprintf(format, args...)})
}

func (p *Problems) add(problem Problem) *Problem {
	p.list = append(p.list, &problem)
	return &problem
}

// Take records problems that were found elsewhere.
func (p *Problems) Take(problems ...Problem) {
	for _, problem := range problems {
		p.add(problem)
	}
}

// All returns the problems sorted by place, each once.
func (p *Problems) All() []Problem {
	sorted := make([]Problem, len(p.list))
	for i, problem := range p.list {
		sorted[i] = *problem
	}
	slices.SortFunc(sorted, func(a, b Problem) int {
		return cmp.Or(
			cmp.Compare(a.Pos.Filename, b.Pos.Filename),
			cmp.Compare(a.Pos.Line, b.Pos.Line),
			cmp.Compare(a.Pos.Column, b.Pos.Column),
			cmp.Compare(a.Text(), b.Text()),
			cmp.Compare(a.Code, b.Code),
			cmp.Compare(a.Severity, b.Severity),
		)
	})
	return slices.Compact(sorted)
}

// Err returns an [*ProblemsError] with all problems, warnings included, if there is an error among them, and otherwise nil.
func (p *Problems) Err() error {
	if !slices.ContainsFunc(p.list, func(problem *Problem) bool { return problem.Severity == Error }) {
		return nil
	}
	return &ProblemsError{Problems: p.All()}
}

// ProblemsError is the error that stands for one or more problems.
type ProblemsError struct {
	Problems []Problem
}

// Error returns one line for each problem.
func (e *ProblemsError) Error() string {
	lines := make([]string, len(e.Problems))
	for i, problem := range e.Problems {
		lines[i] = problem.String()
	}
	return strings.Join(lines, "\n")
}
