package render

import (
	"fmt"
	"go/token"
	"go/types"
	"maps"
	"path"
	"slices"
	"strconv"
	"strings"
)

// libraries are the packages that templates call by name: {{rest}}.Interface. All that generated code stands on is in
// this table.
var libraries = map[string]string{
	"context": "context",
	"fmt":     "fmt",
	"http":    "net/http",
	"maps":    "maps",
	"reflect": "reflect",
	"time":    "time",

	"labels":        "k8s.io/apimachinery/pkg/labels",
	"metav1":        "k8s.io/apimachinery/pkg/apis/meta/v1",
	"runtime":       "k8s.io/apimachinery/pkg/runtime",
	"schema":        "k8s.io/apimachinery/pkg/runtime/schema",
	"serializer":    "k8s.io/apimachinery/pkg/runtime/serializer",
	"types":         "k8s.io/apimachinery/pkg/types",
	"watch":         "k8s.io/apimachinery/pkg/watch",
	"managedfields": "k8s.io/apimachinery/pkg/util/managedfields",
	"smd":           "sigs.k8s.io/structured-merge-diff/v6/typed",

	"applyruntime":  runtimeModule + "/pkg/runtime/apply",
	"cache":         runtimeModule + "/pkg/cache",
	"clientruntime": runtimeModule + "/pkg/runtime",
	"discovery":     runtimeModule + "/pkg/discovery",
	"fake":          runtimeModule + "/pkg/runtime/fake",
	"fakediscovery": runtimeModule + "/pkg/discovery/fake",
	"rest":          runtimeModule + "/pkg/rest",
	"testing":       runtimeModule + "/pkg/testing",
}

// runtimeModule has the packages that generated code calls.
const runtimeModule = "github.com/kubewright/kubewright"

// locals are the names of parameters, variables and declarations in the templates, which no import may hide behind.
var locals = []string{
	"api", "c", "codecs", "config", "configShallowCopy", "client", "cs", "data", "defaultResync", "dst", "err", "f", "factory",
	"group", "h", "httpClient", "indexer", "indexers", "informer", "informerName", "init", "items", "l", "list", "listOpts",
	"main", "name", "namespace", "newFunc", "obj", "objects", "option", "options", "opts", "pt", "resource", "resources",
	"restClient", "result", "resyncPeriod", "selector", "src", "stopCh", "subresources", "tracker", "transform",
	"tweakListOptions", "typed", "version",
}

// imports gives each package that a file imports a name that nothing else in the file has.
type imports struct {
	names map[string]string // import path → name
	taken map[string]bool
}

// newImports returns an empty set for a file in which the given names mean something already.
func newImports(reserved ...string) *imports {
	i := &imports{names: map[string]string{}, taken: map[string]bool{}}
	for _, name := range slices.Concat(locals, reserved) {
		i.taken[name] = true
	}
	return i
}

// use returns the name of the package in the file: wanted, or wanted and a number if something else has that name. The
// names of the libraries are kept for them. Packages that are never used are not imported.
func (i *imports) use(importPath, wanted string) string {
	if name, ok := i.names[importPath]; ok {
		return name
	}
	free := func(name string) bool {
		library, isLibrary := libraries[name]
		return !i.taken[name] && !token.IsKeyword(name) && types.Universe.Lookup(name) == nil && (!isLibrary || library == importPath)
	}
	name := wanted
	for n := 2; !free(name); n++ {
		name = wanted + strconv.Itoa(n)
	}
	i.taken[name] = true
	i.names[importPath] = name
	return name
}

// block returns the import declaration: the standard library first, then all others, each sorted by import path.
func (i *imports) block() string {
	if len(i.names) == 0 {
		return ""
	}
	var std, others strings.Builder
	for _, importPath := range slices.Sorted(maps.Keys(i.names)) {
		group := &others
		if first, _, _ := strings.Cut(importPath, "/"); !strings.Contains(first, ".") {
			group = &std
		}
		if name := i.names[importPath]; name != path.Base(importPath) {
			fmt.Fprintf(group, "\t%s %q\n", name, importPath)
		} else {
			fmt.Fprintf(group, "\t%q\n", importPath)
		}
	}
	separator := ""
	if std.Len() > 0 && others.Len() > 0 {
		separator = "\n"
	}
	return "import (\n" + std.String() + separator + others.String() + ")\n"
}
