package openapi

import (
	"flag"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write required.txt")

// TestRequiredFields compares required.txt with what the comments in the sources say.
func TestRequiredFields(t *testing.T) {
	out, err := exec.Command("go", "list", "-f", "{{.ImportPath}} {{.Dir}}", "k8s.io/api/...", "k8s.io/apimachinery/pkg/apis/meta/v1", "k8s.io/apimachinery/pkg/version").Output()
	if err != nil {
		t.Fatal(err)
	}
	var lines []string
	for line := range strings.Lines(string(out)) {
		path, dir, _ := strings.Cut(strings.TrimSpace(line), " ")
		files, err := filepath.Glob(filepath.Join(dir, "*types*.go"))
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ParseComments)
			if err != nil {
				t.Fatal(err)
			}
			lines = append(lines, exceptions(path, parsed)...)
		}
	}
	slices.Sort(lines)
	want := strings.Join(lines, "\n") + "\n"
	if *update {
		if err := os.WriteFile("required.txt", []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if want != requiredText {
		t.Error("required.txt is out of date: run this test with -update")
	}
}

// exceptions returns the fields of a file of which the comment says other than the tag.
func exceptions(path string, file *ast.File) (lines []string) {
	ast.Inspect(file, func(node ast.Node) bool {
		spec, ok := node.(*ast.TypeSpec)
		if !ok {
			return true
		}
		structure, ok := spec.Type.(*ast.StructType)
		if !ok {
			return true
		}
		for _, field := range structure.Fields.List {
			if field.Tag == nil {
				continue
			}
			tag := reflect.StructTag(strings.Trim(field.Tag.Value, "`")).Get("json")
			name, options, _ := strings.Cut(tag, ",")
			omits := strings.Contains(options, "omitempty") || strings.Contains(options, "omitzero")
			optional, required := hasMarker(field.Doc, "optional"), hasMarker(field.Doc, "required")
			switch {
			case name == "" || name == "-":
			case optional && !omits:
				lines = append(lines, "optional "+path+"."+spec.Name.Name+"."+name)
			case required && !optional && omits:
				lines = append(lines, "required "+path+"."+spec.Name.Name+"."+name)
			}
		}
		return true
	})
	return lines
}

func hasMarker(doc *ast.CommentGroup, name string) bool {
	if doc == nil {
		return false
	}
	for _, comment := range doc.List {
		text := strings.TrimSpace(strings.TrimPrefix(comment.Text, "//"))
		if text == "+"+name || text == "+k8s:"+name {
			return true
		}
	}
	return false
}
