package diag

import (
	"go/token"
	"testing"
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
	problems.Add(at("b.go", 1, 1), "last")
	problems.Add(at("a.go", 10, 1), "fourth")
	problems.Add(at("a.go", 2, 3), "third")
	problems.Add(at("a.go", 2, 1), "second %d", 2)
	problems.Add(at("a.go", 2, 3), "third")
	problems.Add(token.Position{}, "no place")
	want := `error: no place
a.go:2:1: error: second 2
a.go:2:3: error: third
a.go:10:1: error: fourth
b.go:1:1: error: last`
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

func TestDidYouMean(t *testing.T) {
	if got, want := DidYouMean("lsit", "verbs are", []string{"get", "list"}), `; did you mean "list"?`; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if got, want := DidYouMean("explode", "verbs are", []string{"get", "list"}), ` (verbs are get, list)`; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
