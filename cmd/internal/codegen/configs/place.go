package configs

import (
	"context"
	"go/token"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/kubewright/kubewright/cmd/internal/codegen/diag"
	"github.com/kubewright/kubewright/cmd/internal/codegen/fields"
	"github.com/kubewright/kubewright/cmd/internal/codegen/load"
	"github.com/kubewright/kubewright/cmd/internal/codegen/model"
)

const (
	suffix      = "ApplyConfiguration"
	metaPackage = "k8s.io/apimachinery/pkg/apis/meta/v1"
	// builtinTypes is what the import paths of the built-in API types begin with.
	builtinTypes = "k8s.io/api/"
	// Builtin is where the runtime's module has the apply configurations of built-in types.
	Builtin = "github.com/kubewright/kubewright/generated/kubernetes/applyconfigurations"
)

// metaTypes are the types of meta/v1 that have apply configurations in any case.
var metaTypes = []string{
	"Condition", "DeleteOptions", "GroupResource", "LabelSelector", "LabelSelectorRequirement", "ManagedFieldsEntry",
	"ObjectMeta", "OwnerReference", "Preconditions", "TypeMeta",
}

// dirOf returns the directory for the apply configurations of an API package: its last two path elements.
func dirOf(importPath string) string {
	return strings.ToLower(path.Join(path.Base(path.Dir(importPath)), path.Base(importPath)))
}

// places knows which structs have apply configurations, and where.
type places struct {
	output    string
	inputs    map[string]bool // import paths
	externals map[fields.Name]string
	used      map[fields.Name]bool   // the externals that were asked for
	builtin   map[fields.Name]string // those of k8s.io/api that the runtime's module has
}

// find returns the import path of the apply configuration of a struct, or "" if the struct is used as it is.
func (p *places) find(s *fields.Struct) string {
	if external := p.externals[s.Name]; external != "" {
		p.used[s.Name] = true
		return external
	}
	switch {
	case !hasFields(s, nil):
		return ""
	case p.inputs[s.Name.Path]:
		if !token.IsExported(s.Name.Name) {
			return ""
		}
		return path.Join(p.output, dirOf(s.Name.Path))
	case s.Name.Path == metaPackage && slices.Contains(metaTypes, s.Name.Name):
		return path.Join(Builtin, "meta/v1")
	}
	return p.builtin[s.Name]
}

// hasFields reports whether a struct has fields with JSON tags, so that it is made for an API.
func hasFields(s *fields.Struct, seen []*fields.Struct) bool {
	if slices.Contains(seen, s) {
		return false
	}
	for _, field := range s.Fields {
		t := field.Type.Deref()
		switch {
		case field.Untagged:
		case !field.Inline(), t.Kind == fields.Opaque, t.Kind == fields.StructType && hasFields(t.Struct, append(seen, s)):
			return true
		}
	}
	return false
}

// loadBuiltin finds out which of the built-in structs that the roots lead to have apply configurations in the runtime's
// module: one that is only part of kinds that cannot be applied has none.
func (p *places) loadBuiltin(ctx context.Context, roots []*fields.Struct, loadMore fields.Load) error {
	wanted := map[string][]fields.Name{} // by the package of the apply configurations
	seen := map[*fields.Struct]bool{}
	var walk func(t *fields.Type)
	var walkStruct func(s *fields.Struct)
	walk = func(t *fields.Type) {
		switch {
		case t == nil:
		case t.Kind == fields.StructType:
			walkStruct(t.Struct)
		default:
			walk(t.Key)
			walk(t.Elem)
		}
	}
	walkStruct = func(s *fields.Struct) {
		if seen[s] {
			return
		}
		seen[s] = true
		if rest, ok := strings.CutPrefix(s.Name.Path, builtinTypes); ok && !p.inputs[s.Name.Path] {
			importPath := path.Join(Builtin, rest)
			wanted[importPath] = append(wanted[importPath], s.Name)
			return
		}
		for _, field := range s.Fields {
			walk(field.Type)
		}
	}
	for _, root := range roots {
		walkStruct(root)
	}
	p.builtin = map[fields.Name]string{}
	if len(wanted) == 0 {
		return nil
	}
	var unreported diag.Problems // without the module, the types are used as they are
	packages, err := loadMore(ctx, &unreported, slices.Sorted(maps.Keys(wanted))...)
	if err != nil {
		return err
	}
	for _, pkg := range packages {
		for _, name := range wanted[pkg.Path] {
			if has(pkg, name.Name) {
				p.builtin[name] = pkg.Path
			}
		}
	}
	return nil
}

// has reports whether a package of apply configurations has that of a type.
func has(pkg *load.Package, name string) bool {
	return slices.Contains(pkg.FileNames, model.FileName(strings.ToLower(name))+".go")
}
