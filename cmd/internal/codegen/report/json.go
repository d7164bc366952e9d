package report

import (
	"encoding/json"
	"io"
	"path/filepath"

	"github.com/kubewright/kubewright/cmd/internal/codegen/diag"
)

// jsonProblem is a problem in JSON. Places that are not known are left out.
type jsonProblem struct {
	File     string    `json:"file,omitempty"`
	Line     int       `json:"line,omitempty"`
	Column   int       `json:"column,omitempty"`
	Severity string    `json:"severity"`
	Code     diag.Code `json:"code"`
	Message  string    `json:"message"`
	Cure     string    `json:"cure,omitempty"`
}

func writeJSON(w io.Writer, problems []diag.Problem) error {
	list := make([]jsonProblem, len(problems))
	for i, p := range problems {
		list[i] = jsonProblem{
			File: filepath.ToSlash(p.Pos.Filename), Line: p.Pos.Line, Column: p.Pos.Column,
			Severity: p.Severity.String(), Code: p.Code, Message: p.Message, Cure: p.Cure,
		}
	}
	return encode(w, map[string]any{"problems": list})
}

func encode(w io.Writer, value any) error {
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	return encoder.Encode(value)
}
