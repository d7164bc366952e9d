// Package report prints problems for people and for programs.
package report

import (
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"strings"

	"github.com/kubewright/kubewright/cmd/internal/codegen/diag"
)

// Format is a way to print problems.
type Format string

// The formats: lines as compilers print them; one JSON object; SARIF 2.1.0, which code scanning services read; commands of
// GitHub Actions, which become annotations of a pull request.
const (
	Text   Format = "text"
	JSON   Format = "json"
	SARIF  Format = "sarif"
	GitHub Format = "github"
)

// Formats are all formats.
func Formats() []string {
	return []string{string(Text), string(JSON), string(SARIF), string(GitHub)}
}

// Problems returns what an error stands for: the problems of a [diag.ProblemsError], or one without a place.
func Problems(err error) []diag.Problem {
	var problems *diag.ProblemsError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &problems):
		return problems.Problems
	}
	return []diag.Problem{{Code: diag.Failed, Message: err.Error()}}
}

// Write prints the problems. JSON and SARIF are complete documents, also if there is no problem.
func Write(w io.Writer, format Format, problems []diag.Problem) error {
	switch format {
	case JSON:
		return writeJSON(w, problems)
	case SARIF:
		return writeSARIF(w, problems)
	case GitHub:
		return writeGitHub(w, problems)
	}
	for _, problem := range problems {
		if _, err := fmt.Fprintln(w, problem); err != nil {
			return err
		}
	}
	return nil
}

// writeGitHub prints one workflow command for each problem.
func writeGitHub(w io.Writer, problems []diag.Problem) error {
	data := strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A")
	property := strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C")
	for _, problem := range problems {
		var place string
		if pos := problem.Pos; pos.Filename != "" {
			place = fmt.Sprintf("file=%s,line=%d,", property.Replace(filepath.ToSlash(pos.Filename)), max(1, pos.Line))
			if pos.Column > 0 {
				place += fmt.Sprintf("col=%d,", pos.Column)
			}
		}
		if _, err := fmt.Fprintf(w, "::%s %stitle=%s::%s\n", problem.Severity, place, property.Replace(string(problem.Code)), data.Replace(problem.Text())); err != nil {
			return err
		}
	}
	return nil
}
