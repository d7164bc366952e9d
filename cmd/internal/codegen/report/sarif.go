package report

import (
	"io"
	"net/url"
	"path/filepath"

	"github.com/kubewright/kubewright/cmd/internal/codegen/diag"
)

// The parts of SARIF 2.1.0 that code scanning services read.
type (
	sarifLog struct {
		Schema  string     `json:"$schema"`
		Version string     `json:"version"`
		Runs    []sarifRun `json:"runs"`
	}
	sarifRun struct {
		Tool    sarifTool     `json:"tool"`
		Results []sarifResult `json:"results"`
	}
	sarifTool struct {
		Driver sarifDriver `json:"driver"`
	}
	sarifDriver struct {
		Name           string      `json:"name"`
		InformationURI string      `json:"informationUri"`
		Rules          []sarifRule `json:"rules"`
	}
	sarifRule struct {
		ID               diag.Code `json:"id"`
		ShortDescription sarifText `json:"shortDescription"`
	}
	sarifText struct {
		Text string `json:"text"`
	}
	sarifResult struct {
		RuleID    diag.Code       `json:"ruleId"`
		Level     string          `json:"level"`
		Message   sarifText       `json:"message"`
		Locations []sarifLocation `json:"locations,omitempty"`
	}
	sarifLocation struct {
		Physical sarifPhysical `json:"physicalLocation"`
	}
	sarifPhysical struct {
		Artifact sarifArtifact `json:"artifactLocation"`
		Region   *sarifRegion  `json:"region,omitempty"`
	}
	sarifArtifact struct {
		URI string `json:"uri"`
	}
	sarifRegion struct {
		StartLine   int `json:"startLine"`
		StartColumn int `json:"startColumn,omitempty"`
	}
)

func writeSARIF(w io.Writer, problems []diag.Problem) error {
	run := sarifRun{
		Tool:    sarifTool{sarifDriver{Name: "kubewright", InformationURI: "https://github.com/kubewright/kubewright", Rules: []sarifRule{}}},
		Results: []sarifResult{},
	}
	for _, code := range diag.Codes() {
		run.Tool.Driver.Rules = append(run.Tool.Driver.Rules, sarifRule{code, sarifText{code.Description()}})
	}
	for _, p := range problems {
		result := sarifResult{RuleID: p.Code, Level: p.Severity.String(), Message: sarifText{p.Text()}}
		if p.Pos.Filename != "" {
			location := sarifPhysical{Artifact: sarifArtifact{fileURI(p.Pos.Filename)}}
			if p.Pos.Line > 0 {
				location.Region = &sarifRegion{p.Pos.Line, p.Pos.Column}
			}
			result.Locations = []sarifLocation{{location}}
		}
		run.Results = append(run.Results, result)
	}
	return encode(w, sarifLog{Schema: "https://json.schemastore.org/sarif-2.1.0.json", Version: "2.1.0", Runs: []sarifRun{run}})
}

// fileURI returns a relative reference for a file below the current directory, and a file URI for any other.
func fileURI(name string) string {
	uri := url.URL{Path: filepath.ToSlash(name)}
	if filepath.IsAbs(name) {
		uri.Scheme = "file"
	}
	return uri.String()
}
