package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/kubewright/kubewright/cmd/internal/codegen/fields"
	"github.com/kubewright/kubewright/cmd/internal/codegen/tags"
)

func TestEveryTagIsExplained(t *testing.T) {
	read := slices.Concat(tags.Keys(), fields.Keys(), tagsInSource(t, "../internal/codegen"))
	if len(read) < 40 {
		t.Fatalf("only %d tags are read", len(read))
	}
	for _, key := range read {
		if !slices.ContainsFunc(tagDocs, func(doc tagDoc) bool { return doc.Key == key }) {
			t.Errorf("+%s is not explained", key)
		}
	}
	seen := map[string]bool{}
	for _, doc := range tagDocs {
		if seen[doc.Key] {
			t.Errorf("+%s is explained twice", doc.Key)
		}
		seen[doc.Key] = true
		if !strings.HasPrefix(doc.Syntax, "+"+doc.Key) || doc.Place == "" || !strings.Contains(doc.Example, "+"+doc.Key) || !strings.HasSuffix(doc.Does, ".") {
			t.Errorf("+%s: %+v", doc.Key, doc)
		}
		if !slices.Contains(read, doc.Key) && !slices.Contains(upstreamOnly, doc.Key) {
			t.Errorf("+%s is explained, but nobody reads it", doc.Key)
		}
	}
}

// upstreamOnly are tags of which our code knows nothing: generators of code-generator that run in this process read them.
var upstreamOnly = []string{"k8s:conversion-fn", "k8s:conversion-gen:explicit-from", "k8s:deepcopy-gen:nonpointer-interfaces"}

// tagsInSource returns the keys of tags that are strings in the source below a directory: all that begin with the name of a
// tool.
func tagsInSource(t *testing.T, root string) (keys []string) {
	t.Helper()
	key := regexp.MustCompile(`^\+?((?:k8s|kubebuilder):[A-Za-z:-]*[A-Za-z])=?$`)
	err := filepath.WalkDir(root, func(name string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && entry.Name() == "testdata":
			return filepath.SkipDir
		case !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go"):
			return nil
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		ast.Inspect(file, func(node ast.Node) bool {
			if literal, ok := node.(*ast.BasicLit); ok && literal.Kind == token.STRING {
				if value, err := strconv.Unquote(literal.Value); err == nil && key.MatchString(value) {
					keys = append(keys, key.FindStringSubmatch(value)[1])
				}
			}
			return true
		})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return keys
}
