package model

import (
	"go/token"
	"slices"

	"github.com/kubewright/kubewright/cmd/internal/codegen/tags"
)

// Pos is the place of the type's declaration.
func (t *Type) Pos() token.Position { return t.pos }

// Pos is the place of the package's declaration.
func (v *Version) Pos() token.Position { return v.pos }

// Verbs returns the verbs of the client, in the order of its methods.
func (t *Type) Verbs() []string { return t.verbs.List() }

// Subresources returns the subresources that the client can reach by methods of their own, sorted.
func (t *Type) Subresources() []string {
	var names []string
	if t.Has(tags.UpdateStatus) || t.Has(tags.ApplyStatus) {
		names = append(names, "status")
	}
	for _, method := range t.Methods {
		if method.Subresource != "" {
			names = append(names, method.Subresource)
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}
