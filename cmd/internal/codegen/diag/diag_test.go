package diag

import (
	"go/ast"
	"go/parser"
	"go/token"
	"slices"
	"strconv"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestErrIsNilWithoutProblems(t *testing.T) {
	var problems Problems
	if err := problems.Err(); err != nil {
		t.Errorf("got %v", err)
	}
}

func TestErrorListsEachProblemOnceByPlace(t *testing.T) {
	at := func(file string, line, column int) token.Position {
		return token.Position{Filename: file, Line: line, Column: column}
	}
	var problems Problems
	problems.Errorf(at("b.go", 1, 1), "x", "last").Fix("do %s", "it")
	problems.Warnf(at("a.go", 10, 1), "x", "fourth").DidYouMean("fifth")
	problems.Errorf(at("a.go", 2, 3), "x", "third")
	problems.Errorf(at("a.go", 2, 1), "x", "second %d", 2)
	problems.Errorf(at("a.go", 2, 3), "x", "third")
	problems.Errorf(token.Position{}, "x", "no place")
	want := `error: no place
a.go:2:1: error: second 2
a.go:2:3: error: third
a.go:10:1: warning: fourth; did you mean fifth?
b.go:1:1: error: last (do it)`
	if got := problems.Err().Error(); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestNearest(t *testing.T) {
	verbs := []string{"create", "update", "updateStatus", "get", "list", "watch"}
	for got, want := range map[string]string{
		"lsit":         "list",
		"GET":          "get",
		"updatestatus": "updateStatus",
		"udpate":       "update",
		"updat":        "update",
		"gte":          "get",
		"git":          "get",
		"explode":      "",
		"":             "",
		"go":           "",
	} {
		if near := Nearest(got, verbs...); near != want {
			t.Errorf("Nearest(%q) = %q, want %q", got, near, want)
		}
	}
}

func TestSuggest(t *testing.T) {
	var p Problem
	p.Message = "no verb"
	p.Suggest("lsit", "verbs are", []string{"get", "list"})
	if got, want := p.Text(), `no verb; did you mean "list"?`; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	p.Suggest("explode", "verbs are", []string{"get", "list"})
	if got, want := p.Text(), `no verb (verbs are get, list)`; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestWarningsAreNoError(t *testing.T) {
	var problems Problems
	problems.Warnf(token.Position{}, "x", "beware")
	if err := problems.Err(); err != nil {
		t.Errorf("got %v", err)
	}
	if got := problems.All(); len(got) != 1 || got[0].String() != "warning: beware" {
		t.Errorf("got %v", got)
	}
}

func TestCodesAreDescribed(t *testing.T) {
	declared := codesIn(t, "codes.go")
	if diff := cmp.Diff(declared, Codes()); diff != "" {
		t.Errorf("codes (-declared +described):\n%s", diff)
	}
}

// codesIn returns the constants of type Code that a file declares, sorted.
func codesIn(t *testing.T, name string) []Code {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	var codes []Code
	ast.Inspect(file, func(node ast.Node) bool {
		spec, ok := node.(*ast.ValueSpec)
		if !ok {
			return true
		}
		if typ, ok := spec.Type.(*ast.Ident); ok && typ.Name == "Code" {
			value, err := strconv.Unquote(spec.Values[0].(*ast.BasicLit).Value)
			if err != nil {
				t.Fatal(err)
			}
			codes = append(codes, Code(value))
		}
		return true
	})
	slices.Sort(codes)
	return codes
}
