package codegen_test

import (
	"context"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"maps"
	"math/rand/v2"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/go/packages"

	"github.com/kubewright/kubewright/cmd/internal/codegen/diag"
	"github.com/kubewright/kubewright/cmd/internal/codegen/load"
	"github.com/kubewright/kubewright/cmd/internal/codegen/model"
)

// TestRandomPackagesCompileOrAreRefused makes API packages up: kinds with all sorts of names, tags, fields and embedded
// types. Whatever it is, there is no panic, and either the output compiles, or there are problems with places and cures.
func TestRandomPackagesCompileOrAreRefused(t *testing.T) {
	libraries := importLibraries(t)
	compiled, refused := 0, 0
	for seed := range uint64(150) {
		g := &packageMaker{r: rand.New(rand.NewPCG(seed, 1))}
		sources := g.project()
		if tryRandom(t, libraries, seed, sources) {
			compiled++
		} else {
			refused++
		}
		if t.Failed() {
			for _, name := range slices.Sorted(maps.Keys(sources)) {
				t.Logf("seed %d: %s\n%s", seed, name, sources[name])
			}
			return
		}
	}
	if compiled < 20 || refused < 20 {
		t.Errorf("%d packages compiled, %d were refused: the maker makes too many of one kind", compiled, refused)
	}
}

// tryRandom generates for sources, by their file names, and reports whether there were no problems.
func tryRandom(t *testing.T, libraries memoryImporter, seed uint64, sources map[string]string) bool {
	t.Helper()
	dir := t.TempDir()
	writeFile(t, filepath.Join(dir, "go.mod"), "module example.com/m\n\ngo 1.26\n")
	for name, content := range sources {
		writeFile(t, filepath.Join(dir, name), content)
	}
	loader := &load.Loader{Dir: dir}
	var problems diag.Problems
	loaded, err := loader.Load(t.Context(), &problems, "./...")
	if err != nil {
		t.Fatal(err)
	}
	nothingElse := func(context.Context, *diag.Problems, ...string) ([]*load.Package, error) { return nil, nil }
	api, err := model.Build(t.Context(), loaded, model.Options{Load: nothingElse}, &problems)
	if err != nil {
		t.Fatal(err)
	}
	imports := libraries.with(sources)
	for name := range sources {
		if _, err := imports.Import(path.Join("example.com/m", path.Dir(name))); err != nil {
			t.Errorf("seed %d: the input does not compile: %v", seed, err)
		}
	}
	if problems.Err() != nil {
		for _, problem := range problems.All() {
			if problem.Pos.Filename == "" || problem.Pos.Line == 0 || problem.Cure == "" {
				t.Errorf("seed %d: a problem without place or cure: %s", seed, problem)
			}
		}
		return false
	}
	files, err := rendered(api)
	if err != nil {
		t.Errorf("seed %d: %v", seed, err)
		return true
	}
	imports = imports.with(nil)
	for name, content := range files {
		imports.sources["example.com/out/"+name] = content
	}
	for name := range files {
		if _, err := imports.Import(path.Join("example.com/out", path.Dir(name))); err != nil {
			t.Errorf("seed %d: the output does not compile: %v", seed, err)
		}
	}
	return true
}

// memoryImporter type-checks packages whose sources are in memory, and knows those that were loaded.
type memoryImporter struct {
	loaded  map[string]*types.Package
	sources map[string]string // by import path and file name
}

// importLibraries loads what API packages and generated code import.
func importLibraries(t *testing.T) memoryImporter {
	t.Helper()
	root := "github.com/kubewright/kubewright/pkg/"
	found, err := packages.Load(&packages.Config{Mode: packages.NeedName | packages.NeedTypes | packages.NeedImports | packages.NeedDeps | packages.NeedExportFile},
		"context", "fmt", "maps", "net/http", "reflect", "time", "k8s.io/apimachinery/pkg/labels", "k8s.io/apimachinery/pkg/apis/meta/v1",
		"k8s.io/apimachinery/pkg/runtime", "k8s.io/apimachinery/pkg/runtime/schema", "k8s.io/apimachinery/pkg/runtime/serializer",
		"k8s.io/apimachinery/pkg/types", "k8s.io/apimachinery/pkg/watch", root+"cache", root+"runtime", root+"discovery", root+"rest")
	if err != nil {
		t.Fatal(err)
	}
	i := memoryImporter{loaded: map[string]*types.Package{}, sources: map[string]string{}}
	for _, pkg := range found {
		for _, e := range pkg.Errors {
			t.Fatal(e)
		}
		i.loaded[pkg.PkgPath] = pkg.Types
	}
	return i
}

// with returns an importer that has more sources, by file names in the module of the input.
func (i memoryImporter) with(sources map[string]string) memoryImporter {
	more := memoryImporter{maps.Clone(i.loaded), maps.Clone(i.sources)}
	for name, content := range sources {
		more.sources["example.com/m/"+name] = content
	}
	return more
}

// Import implements types.Importer.
func (i memoryImporter) Import(importPath string) (*types.Package, error) {
	if pkg, ok := i.loaded[importPath]; ok {
		return pkg, nil
	}
	fset := token.NewFileSet()
	var files []*ast.File
	for _, name := range slices.Sorted(maps.Keys(i.sources)) {
		if path.Dir(name) != importPath {
			continue
		}
		file, err := parser.ParseFile(fset, name, i.sources[name], parser.SkipObjectResolution)
		if err != nil {
			return nil, err
		}
		files = append(files, file)
	}
	if len(files) == 0 {
		return nil, os.ErrNotExist
	}
	config := types.Config{Importer: i}
	pkg, err := config.Check(importPath, fset, files, nil)
	i.loaded[importPath] = pkg
	return pkg, err
}

// packageMaker makes API packages up.
type packageMaker struct {
	r     *rand.Rand
	kinds []string
}

func (g *packageMaker) one(of ...string) string { return of[g.r.IntN(len(of))] }

func (g *packageMaker) maybe(percent int, text string) string {
	if g.r.IntN(100) < percent {
		return text
	}
	return ""
}

// project returns the files of one to three packages.
func (g *packageMaker) project() map[string]string {
	files := map[string]string{}
	for range 1 + g.r.IntN(2) {
		dir := g.one("stable", "cache", "api", "my-group", "example.io", "rest", "v1", "func", "time", "apps") + "/" + g.one("v1", "v1beta1", "v2", "v2alpha1")
		for name := range files {
			if path.Dir(name) == "apis/"+dir {
				dir += "0"
			}
		}
		files["apis/"+dir+"/types.go"] = g.apiPackage()
	}
	return files
}

func (g *packageMaker) apiPackage() string {
	group := g.one("stable.example.com", "a.example.com", "b.example.com", "c.example.com", "my-group.example.com", "cache.example.com", "x", "")
	var b strings.Builder
	b.WriteString("// +groupName=" + group + "\n" + g.maybe(30, "// +groupGoName="+g.one("Stable", "Cache", "MyGroup", "Fine", "Rest", "Start", "lower")+"\n"))
	b.WriteString(g.maybe(5, "// +k8s:lister-gen=false\n") + "package " + g.one("v1", "v1", "api") + "\n\n")
	b.WriteString(`import (
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
)

`)
	version := g.one("SchemeGroupVersion", "SchemeGroupVersion", "GroupVersion")
	fmt.Fprintf(&b, "var %s = schema.GroupVersion{}\n\nfunc AddToScheme(*runtime.Scheme) error { return nil }\n\n", version)
	b.WriteString(g.maybe(70, "func Resource(string) schema.GroupResource { return schema.GroupResource{} }\n\n"))
	b.WriteString("type Meta struct {\n\tmetav1.TypeMeta `json:\",inline\"`\n\tmetav1.ObjectMeta `json:\"metadata\"`\n}\n\ntype AliasedMeta = metav1.ObjectMeta\n\n")
	b.WriteString("type Pair[A, B any] struct {\n\tFirst A\n\tSecond []B\n}\n\ntype Tree struct {\n\tBranches map[string]*Tree\n}\n\n")
	names := []string{
		"CronTab", "Crontab", "Doc", "Interface", "Type", "Client", "Policy", "Endpoints", "String", "Error", "Opts", "Node_test", "Range", "Informer",
		"Options", "Cache", "V1", "Func", "Context", "Namespace", "Map", "Group", "Version", "Err", "Lister", "Typed", "X", "Sheep", "Struct",
	}
	g.r.Shuffle(len(names), func(i, j int) { names[i], names[j] = names[j], names[i] })
	g.kinds = names[:1+g.r.IntN(4)]
	for _, kind := range g.kinds {
		b.WriteString(g.kind(kind))
	}
	return b.String()
}

// kind returns a type with its tags, its list and its methods.
func (g *packageMaker) kind(name string) string {
	var b strings.Builder
	b.WriteString("// +genclient\n")
	b.WriteString(g.maybe(30, "// +genclient:nonNamespaced\n"))
	b.WriteString(g.maybe(20, "// +genclient:noStatus\n"))
	b.WriteString(g.maybe(30, g.one("// +genclient:readonly\n", "// +genclient:noVerbs\n", "// +genclient:onlyVerbs=create,get\n", "// +genclient:skipVerbs=watch,list,deleteCollection\n", "// +genclient:readonly\n", "// +genclient:onlyVerbs=get,patch\n", "// +genclient:onlyVerbs=lsit\n")))
	b.WriteString(g.maybe(10, "// +resourceName="+g.one("things", "sheep", "goats", "cats", "Bad_Name")+"\n"))
	for i := range g.r.IntN(5) / 3 {
		fmt.Fprintf(&b, "// +genclient:method=Extra%d,verb=%s%s%s\n", i, g.one("create", "update", "get", "list", "patch"),
			g.maybe(50, ",subresource="+g.one("scale", "name", "log", "x/y")), g.maybe(40, ",result="+g.one(append(slices.Repeat(g.kinds, 3), "Missing")...)))
	}
	b.WriteString(g.maybe(2, "// +genclient:bogus\n"))
	fmt.Fprintf(&b, "type %s%s struct {\n", name, g.maybe(2, "[T any]"))
	generic := strings.Contains(b.String(), "[T any]")
	b.WriteString(g.one("\tmetav1.TypeMeta `json:\",inline\"`\n\tmetav1.ObjectMeta `json:\"metadata\"`\n", "\tmetav1.TypeMeta\n\tAliasedMeta\n", "\tMeta `json:\",inline\"`\n"))
	for i := range g.r.IntN(4) {
		fmt.Fprintf(&b, "\tField%d %s `json:\"field%d\"`\n", i, g.fieldType(3), i)
	}
	b.WriteString(g.maybe(50, "\tStatus "+g.fieldType(1)+"\n") + "}\n\n")
	receiver := name
	if generic {
		receiver += "[T]"
	}
	fmt.Fprintf(&b, "func (o *%s) DeepCopyObject() runtime.Object { return nil }\n\n", receiver)
	if g.r.IntN(100) < 97 {
		item := name
		if generic {
			item += "[int]"
		}
		fmt.Fprintf(&b, "type %[1]sList struct {\n\tmetav1.TypeMeta\n\tmetav1.ListMeta\n\tItems []%[2]s%[3]s\n}\n\nfunc (o *%[1]sList) DeepCopyObject() runtime.Object { return nil }\n\n", name, g.maybe(20, "*"), item)
	}
	return b.String()
}

// fieldType returns a Go type of at most the given depth.
func (g *packageMaker) fieldType(depth int) string {
	if depth == 0 {
		return g.one("string", "int32", "bool", "metav1.Time", "Tree", "runtime.RawExtension", "any")
	}
	inner := g.fieldType(depth - 1)
	return g.one(inner, "*"+inner, "[]"+inner, "map[string]"+inner, "[3]"+inner, "Pair["+inner+", "+g.fieldType(0)+"]", "struct{ Inner "+inner+" }", "func("+inner+")", "chan "+inner)
}
