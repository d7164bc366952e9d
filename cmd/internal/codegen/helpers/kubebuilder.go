package helpers

import (
	"go/ast"
	"slices"
	"strings"

	"k8s.io/gengo/v2/types"

	"github.com/kubewright/kubewright/cmd/internal/codegen/universe"
)

// The interface of objects that clients handle.
const (
	runtimePackage  = "k8s.io/apimachinery/pkg/runtime"
	objectInterface = "Object"
)

// readMarkers reads kubebuilder's markers of types: +kubebuilder:object:root=true wants the type to be a runtime.Object, and
// +kubebuilder:object:generate says whether it has a DeepCopy at all. A tag of upstream for the same thing has precedence.
func (t *inputTags) readMarkers(p *universe.Package) {
	for _, decl := range typeDecls(p) {
		name := types.Name{Package: p.Path, Name: decl.spec.Name.Name}
		object := runtimePackage + "." + objectInterface
		root, isRoot := decl.tag("kubebuilder:object:root")
		isRoot = isRoot && root.Value == "true"
		interfaces, _ := decl.tag("k8s:deepcopy-gen:interfaces")
		if isRoot && !slices.Contains(strings.Split(interfaces.Value, ","), object) {
			t.mention(Deepcopy, universe.Mention{Pattern: runtimePackage, Name: objectInterface, Pos: root.Pos})
			t.addTypeTag(name, "k8s:deepcopy-gen:interfaces", object)
		}
		if _, ok := decl.tag("k8s:deepcopy-gen"); ok {
			continue
		}
		generate, _ := decl.tag("kubebuilder:object:generate")
		if generate.Value == "false" {
			t.addTypeTag(name, "k8s:deepcopy-gen", "false")
		} else if generate.Value == "true" || isRoot {
			t.addTypeTag(name, "k8s:deepcopy-gen", "true")
		}
	}
}

func (t *inputTags) addTypeTag(name types.Name, key, value string) {
	t.seen["k8s:deepcopy-gen"] = true
	t.types[name] = append(t.types[name], "+"+key+"="+value)
}

// declares reports whether a file declares a name at its top level.
func declares(f *universe.File, name string) bool {
	for _, decl := range f.Syntax.Decls {
		switch decl := decl.(type) {
		case *ast.FuncDecl:
			if decl.Recv == nil && decl.Name.Name == name {
				return true
			}
		case *ast.GenDecl:
			for _, spec := range decl.Specs {
				if spec, ok := spec.(*ast.ValueSpec); ok {
					for _, declared := range spec.Names {
						if declared.Name == name {
							return true
						}
					}
				}
			}
		}
	}
	return false
}
