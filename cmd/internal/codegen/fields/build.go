package fields

import (
	"context"
	"maps"
	"slices"
	"strings"

	"github.com/kubewright/kubewright/cmd/internal/codegen/diag"
	"github.com/kubewright/kubewright/cmd/internal/codegen/load"
)

// Load loads packages by import path. It reports what it cannot load.
type Load func(ctx context.Context, problems *diag.Problems, importPaths ...string) ([]*load.Package, error)

// likely are the packages that every kind leads to: they are loaded together with the first that is missing.
var likely = []string{
	"k8s.io/apimachinery/pkg/apis/meta/v1", "k8s.io/apimachinery/pkg/runtime", "k8s.io/apimachinery/pkg/types",
}

// Build returns the graph of the structs that the given ones lead to. The given packages are known already, others are
// loaded.
func Build(ctx context.Context, roots []Name, packages []*load.Package, loadMore Load) (*Graph, error) {
	known := map[string]*load.Package{}
	for _, pkg := range packages {
		known[pkg.Path] = pkg
	}
	for {
		b := &builder{known: known, missing: map[string]bool{}, structs: map[Name]*Struct{}, named: map[Name]*Type{}}
		for _, root := range roots {
			b.namedType(root)
		}
		for len(b.queue) > 0 {
			next := b.queue[0]
			b.queue = b.queue[1:]
			next()
		}
		if len(b.missing) == 0 {
			return &Graph{structs: b.structs}, nil
		}
		for _, importPath := range likely {
			if _, ok := known[importPath]; !ok {
				b.missing[importPath] = true
			}
		}
		var unreported diag.Problems // what is missing is reported where something refers to it
		loaded, err := loadMore(ctx, &unreported, slices.Sorted(maps.Keys(b.missing))...)
		if err != nil {
			return nil, err
		}
		for importPath := range b.missing {
			known[importPath] = nil
		}
		for _, pkg := range loaded {
			known[pkg.Path] = pkg
		}
	}
}

// modelName returns what schemas call a type: what its method says, or else its import path with dots.
func modelName(pkg *load.Package, name string) string {
	if model, ok := pkg.Returns[name]["OpenAPIModelName"]; ok {
		return model
	}
	first, rest, _ := strings.Cut(pkg.Path, "/")
	if strings.Contains(first, ".") {
		labels := strings.Split(first, ".")
		slices.Reverse(labels)
		first = strings.Join(labels, ".")
	}
	parts := []string{first}
	if rest != "" {
		parts = append(parts, strings.Split(rest, "/")...)
	}
	return strings.Join(append(parts, name), ".")
}
