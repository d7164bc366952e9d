package skim

import (
	"bytes"
	"go/ast"
	"go/format"
	"go/parser"
	"go/token"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// checkSkim compares a skimmed file with what the parser says of the whole one.
func checkSkim(t *testing.T, name string, source []byte) {
	whole, err := parser.ParseFile(token.NewFileSet(), name, source, parser.SkipObjectResolution)
	if err != nil {
		Skim(bytes.Clone(source)) // must not panic
		return
	}
	blanked := bytes.Clone(source)
	got := Skim(blanked)
	fset := token.NewFileSet()
	rest, err := parser.ParseFile(fset, name, blanked, parser.SkipObjectResolution)
	if err != nil {
		t.Fatalf("%s: %v\n%s", name, err, blanked)
	}
	var funcs []string
	hasTypes := false
	for _, decl := range whole.Decls {
		switch decl := decl.(type) {
		case *ast.FuncDecl:
			funcs = append(funcs, decl.Name.Name)
			if decl.Body != nil {
				decl.Body.List = nil
			}
		case *ast.GenDecl:
			hasTypes = hasTypes || decl.Tok == token.TYPE || decl.Tok == token.CONST
		}
	}
	if got.HasTypes != hasTypes || !slices.Equal(got.Funcs, funcs) {
		t.Fatalf("%s: skimmed %v %q, want %v %q", name, got.HasTypes, got.Funcs, hasTypes, funcs)
	}
	if want, got := print(t, whole), print(t, rest); want != got {
		t.Fatalf("%s: blanked too much or too little:\n%s\nwant:\n%s", name, got, want)
	}
}

// print returns a file with all functions empty.
func print(t *testing.T, file *ast.File) string {
	var out bytes.Buffer
	if err := format.Node(&out, token.NewFileSet(), file); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func TestSkimStandardLibrary(t *testing.T) {
	goroot, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		t.Fatal(err)
	}
	for _, dir := range []string{"time", "net/url", "math/big", "go/ast", "go/types", "reflect", "text/template", "encoding/json"} {
		names, err := filepath.Glob(filepath.Join(strings.TrimSpace(string(goroot)), "src", dir, "*.go"))
		if err != nil || len(names) == 0 {
			t.Fatal(dir, err)
		}
		for _, name := range names {
			source, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			checkSkim(t, name, source)
		}
	}
}

var skimSeeds = []string{
	"package p\nfunc f() struct{} { return struct{}{} }\ntype T int",
	"package p\nfunc f() interface{ M() } { return nil }; const c = 1",
	"package p\nfunc (t *T[K, V]) M(x struct{ a int }) (y map[string]struct{}) {\n// }\n/* } */ s := `}` + \"}\\\"\" + string('}') + string('\\'')\n}\n",
	"package p\nvar f = func() { type T int; func() {}() }\nfunc g()\nfunc h() {}\n",
	"package p\nvar f =\n\tfunc() { x() }\n",
	"package p\nfunc f[T interface{ ~int }](t T) func() { return func() {} }\n",
	"package p; func f() {}; type T struct{ func_ func() }",
	"package p\nvar x = 1 /* \n */ type T int",
	"package p\nfunc f() { /* not closed",
	"package p\nfunc ä() {}\nfunc f(",
	"package p\n)}]",
	"package p\nfunc f() { \"",
}

func TestSkimSeeds(t *testing.T) {
	for _, seed := range skimSeeds {
		checkSkim(t, "seed.go", []byte(seed))
	}
}

func FuzzSkim(f *testing.F) {
	for _, seed := range skimSeeds {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, source []byte) { checkSkim(t, "fuzz.go", source) })
}
