package report

import (
	"encoding/json"
	"errors"
	"fmt"
	"go/token"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kubewright/kubewright/cmd/internal/codegen/diag"
)

// problems are of all shapes that there are.
func problems() []diag.Problem {
	list := []diag.Problem{
		{Code: diag.NoPackages, Message: "nothing", Cure: "name packages"},
		{Pos: token.Position{Filename: "a b/c,d:e.go", Line: 3, Column: 4}, Code: diag.UnknownTag, Message: "100% wrong\nin two lines"},
		{Pos: token.Position{Filename: "/abs/x.go"}, Severity: diag.Warning, Code: diag.TagWithoutEffect, Message: "odd"},
	}
	list[1].DidYouMean("+genclient")
	return list
}

func written(t *testing.T, format Format, problems []diag.Problem) string {
	t.Helper()
	var b strings.Builder
	if err := Write(&b, format, problems); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestFormats(t *testing.T) {
	for format, want := range map[Format]string{
		Text: `error: nothing (name packages)
a b/c,d:e.go:3:4: error: 100% wrong
in two lines; did you mean +genclient?
/abs/x.go: warning: odd
`,
		GitHub: `::error title=no-packages::nothing (name packages)
::error file=a b/c%2Cd%3Ae.go,line=3,col=4,title=unknown-tag::100%25 wrong%0Ain two lines; did you mean +genclient?
::warning file=/abs/x.go,line=1,title=tag-without-effect::odd
`,
		JSON: `{
  "problems": [
    {
      "severity": "error",
      "code": "no-packages",
      "message": "nothing",
      "cure": "name packages"
    },
    {
      "file": "a b/c,d:e.go",
      "line": 3,
      "column": 4,
      "severity": "error",
      "code": "unknown-tag",
      "message": "100% wrong\nin two lines",
      "cure": "did you mean +genclient?"
    },
    {
      "file": "/abs/x.go",
      "severity": "warning",
      "code": "tag-without-effect",
      "message": "odd"
    }
  ]
}
`,
	} {
		if diff := cmp.Diff(want, written(t, format, problems())); diff != "" {
			t.Errorf("%s (-want +got):\n%s", format, diff)
		}
	}
}

func TestSARIF(t *testing.T) {
	var log sarifLog
	if err := json.Unmarshal([]byte(written(t, SARIF, problems())), &log); err != nil {
		t.Fatal(err)
	}
	if log.Version != "2.1.0" || len(log.Runs) != 1 || len(log.Runs[0].Tool.Driver.Rules) != len(diag.Codes()) {
		t.Errorf("log %+v", log)
	}
	at := func(uri string, region *sarifRegion) []sarifLocation {
		return []sarifLocation{{sarifPhysical{sarifArtifact{uri}, region}}}
	}
	want := []sarifResult{
		{RuleID: "no-packages", Level: "error", Message: sarifText{"nothing (name packages)"}},
		{RuleID: "unknown-tag", Level: "error", Message: sarifText{"100% wrong\nin two lines; did you mean +genclient?"}, Locations: at("a%20b/c,d:e.go", &sarifRegion{3, 4})},
		{RuleID: "tag-without-effect", Level: "warning", Message: sarifText{"odd"}, Locations: at("file:///abs/x.go", nil)},
	}
	if diff := cmp.Diff(want, log.Runs[0].Results); diff != "" {
		t.Errorf("results (-want +got):\n%s", diff)
	}
}

func TestDocumentsWithoutProblems(t *testing.T) {
	for format, want := range map[Format]string{Text: "", GitHub: "", JSON: "{\n  \"problems\": []\n}\n"} {
		if got := written(t, format, nil); got != want {
			t.Errorf("%s: got %q, want %q", format, got, want)
		}
	}
	if got := written(t, SARIF, nil); !strings.Contains(got, `"results": []`) {
		t.Errorf("SARIF without an empty list of results:\n%s", got)
	}
}

func TestProblemsOfErrors(t *testing.T) {
	var list diag.Problems
	list.Errorf(token.Position{}, diag.NoGroup, "no group")
	for name, test := range map[string]struct {
		err  error
		want []diag.Problem
	}{
		"none":     {nil, nil},
		"problems": {fmt.Errorf("wrapped: %w", list.Err()), []diag.Problem{{Code: diag.NoGroup, Message: "no group"}}},
		"another":  {errors.New("disk full"), []diag.Problem{{Code: diag.Failed, Message: "disk full"}}},
	} {
		if diff := cmp.Diff(test.want, Problems(test.err)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}
