package model

import (
	"go/ast"
	"go/token"
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/util/validation"

	"github.com/kubewright/kubewright/cmd/internal/codegen/load"
	"github.com/kubewright/kubewright/cmd/internal/codegen/tags"
)

// checkPackage checks that a package has a group and a version, and what generated code calls.
func (b *builder) checkPackage(p *inputPackage, version *Version) {
	if !p.tags.HasGroupName && !p.Declared["SchemeGroupVersion"] {
		b.problems.Add(p.Pos, "package %s has no group (write // +groupName=stable.example.com above the package clause of its doc.go)", p.Path)
	} else {
		var missing []string
		for _, name := range []string{"SchemeGroupVersion", "AddToScheme", "Resource"} {
			if !p.Declared[name] {
				missing = append(missing, name)
			}
		}
		if len(missing) > 0 {
			b.problems.Add(p.Pos, "package %s does not declare %s (run register-gen, which makes them in a package with +groupName, or write them in a register.go)", p.Path, strings.Join(missing, ", "))
		}
	}
	if group := version.Group; !isExported(group.GoName) && !strings.Contains(group.GoName, `"`) {
		b.problems.Add(group.pos, "group %q cannot be %q in Go (write a Go name above the package clause, such as // +groupGoName=%s)", group.Name, group.GoName, ExportedName(group.GoName))
	}
	if faults := validation.IsDNS1123Label(strings.ToLower(version.Name)); len(faults) > 0 || !isExported(version.GoName) {
		b.problems.Add(p.Pos, "the last element of import path %s is not a version (put the package into a directory <group>/<version>, such as stable/v1)", p.Path)
	}
}

// checkType checks that a type is a Kubernetes object with what its verbs need.
func (b *builder) checkType(p *inputPackage, t inputType, typ *Type) {
	name := typ.Kind
	switch {
	case structOf(t.decl) == nil || t.decl.Spec.Assign.IsValid():
		b.problems.Add(t.decl.Pos, "type %s has +genclient but is not a struct (declare it as a struct with TypeMeta and ObjectMeta, or remove +genclient)", name)
		return
	case t.decl.Spec.TypeParams != nil:
		b.problems.Add(t.decl.Pos, "type %s has +genclient but has type parameters (a Kubernetes object is one concrete type)", name)
		return
	case !token.IsExported(name):
		b.problems.Add(t.decl.Pos, "type %s has +genclient but is not exported (begin its name with a capital letter)", name)
		return
	}
	if !b.embedsMeta(p.Package, t.decl, "TypeMeta") {
		b.problems.Add(t.decl.Pos, "type %s has no TypeMeta (embed metav1.TypeMeta with the tag `json:\",inline\"`)", name)
	}
	if !b.embedsMeta(p.Package, t.decl, "ObjectMeta") {
		b.problems.Add(t.decl.Pos, "type %s has no ObjectMeta (embed metav1.ObjectMeta with the tag `json:\"metadata,omitempty\"`)", name)
	}
	b.checkDeepCopy(p, name, t.decl.Pos)
	if typ.HasCollection() {
		b.checkList(p, typ)
	}
	for _, verb := range []string{tags.UpdateStatus, tags.ApplyStatus} {
		if slices.Contains(t.tags.OnlyVerbs, verb) && !typ.Has(verb) {
			b.problems.Add(t.decl.Pos, "verb %s in +genclient:onlyVerbs of type %s has no effect: the type has no field Status, or +genclient:noStatus (remove the verb)", verb, name)
		}
	}
	for _, method := range typ.Methods {
		if typ.Has(strings.ToLower(method.Name[:1]) + method.Name[1:]) {
			b.problems.Add(methodPos(t, method.Name), "method %s of type %s is one of the methods of every client (rename it, or write +genclient:skipVerbs=%s)", method.Name, name, strings.ToLower(method.Name[:1])+method.Name[1:])
		}
	}
}

func methodPos(t inputType, name string) token.Position {
	for _, method := range t.tags.Methods {
		if method.Name == name {
			return method.Pos
		}
	}
	return t.decl.Pos
}

// checkDeepCopy checks that a type has the method that makes it an object.
func (b *builder) checkDeepCopy(p *inputPackage, name string, pos token.Position) {
	if !p.Methods[name]["DeepCopyObject"] {
		b.problems.Add(pos, "type %s has no method DeepCopyObject (write // +k8s:deepcopy-gen:interfaces=k8s.io/apimachinery/pkg/runtime.Object above it and run deepcopy-gen)", name)
	}
}

// checkList checks the list type of a type with the verb list.
func (b *builder) checkList(p *inputPackage, typ *Type) {
	listName := typ.Kind + "List"
	decl := p.Type(listName)
	if decl == nil || structOf(decl) == nil {
		b.problems.Add(typ.pos, "type %s has no %s, which the verbs list and deleteCollection need (declare struct %s with TypeMeta, ListMeta and Items []%s, or write +genclient:skipVerbs=list,watch,deleteCollection)", typ.Kind, listName, listName, typ.Kind)
		return
	}
	if !b.embedsMeta(p.Package, decl, "TypeMeta") {
		b.problems.Add(decl.Pos, "type %s has no TypeMeta (embed metav1.TypeMeta with the tag `json:\",inline\"`)", listName)
	}
	if !b.embedsMeta(p.Package, decl, "ListMeta") {
		b.problems.Add(decl.Pos, "type %s has no ListMeta (embed metav1.ListMeta with the tag `json:\"metadata,omitempty\"`)", listName)
	}
	if !hasItems(decl, typ.Kind) {
		b.problems.Add(decl.Pos, "type %s has no field Items []%s (add it with the tag `json:\"items\"`)", listName, typ.Kind)
	}
	b.checkDeepCopy(p, listName, decl.Pos)
}

// hasItems reports whether a struct has a field Items of type []kind or []*kind.
func hasItems(decl *load.TypeDecl, kind string) bool {
	for _, field := range structOf(decl).Fields.List {
		for _, name := range field.Names {
			if name.Name != "Items" {
				continue
			}
			array, ok := field.Type.(*ast.ArrayType)
			if !ok || array.Len != nil {
				return false
			}
			element := array.Elt
			if star, ok := element.(*ast.StarExpr); ok {
				element = star.X
			}
			ident, ok := element.(*ast.Ident)
			return ok && ident.Name == kind
		}
	}
	return false
}

// checkMethod checks that the types of a method can do what its verb needs.
func (b *builder) checkMethod(method tags.Method, input, result TypeRef) {
	if pkg := b.packages[result.Path]; method.Verb == tags.List && pkg != nil && pkg.Type(result.Name) != nil && pkg.Type(result.Name+"List") == nil {
		b.problems.Add(method.Pos, "method %s needs the list type of its result, and package %s has no %sList (declare it, or give the method another result=)", method.Name, result.Path, result.Name)
	}
	// An update of the resource itself goes to the name in the object.
	if pkg := b.packages[input.Path]; method.Verb == tags.Update && method.Subresource == "" && pkg != nil {
		if decl := pkg.Type(input.Name); decl != nil && !b.embedsMeta(pkg, decl, "ObjectMeta") {
			b.problems.Add(method.Pos, "input type %s of method %s has no ObjectMeta, so there is no name to update (add subresource=, or use a type with metav1.ObjectMeta)", input.Name, method.Name)
		}
	}
}

// isExported reports whether a name is an exported Go identifier.
func isExported(name string) bool {
	return token.IsIdentifier(name) && token.IsExported(name)
}

// ExportedName makes an exported Go identifier of words that are joined by other characters.
func ExportedName(name string) string {
	var b strings.Builder
	upper := true
	for _, r := range name {
		letter := r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z'
		digit := r >= '0' && r <= '9'
		switch {
		case letter && upper:
			b.WriteString(strings.ToUpper(string(r)))
			upper = false
		case letter, digit && b.Len() > 0:
			b.WriteRune(r)
		default:
			upper = true
		}
	}
	if b.Len() == 0 {
		return "Group"
	}
	return b.String()
}
