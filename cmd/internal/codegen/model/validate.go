package model

import (
	"go/ast"
	"go/token"
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/util/validation"

	"github.com/kubewright/kubewright/cmd/internal/codegen/diag"
	"github.com/kubewright/kubewright/cmd/internal/codegen/load"
	"github.com/kubewright/kubewright/cmd/internal/codegen/tags"
)

// checkPackage checks that a package has a group and a version, and what generated code calls.
func (b *builder) checkPackage(p *inputPackage, version *Version) {
	if !p.tags.HasGroupName && !p.Declared["SchemeGroupVersion"] && !p.Declared["GroupVersion"] {
		b.problems.Errorf(p.Pos, diag.NoGroup, "package %s has no group", p.Path).Fix("write // +groupName=stable.example.com above the package clause of its doc.go")
	} else {
		var missing []string
		if !p.Declared[version.GroupVersionVar] {
			missing = append(missing, "SchemeGroupVersion")
		}
		if first, _, _ := strings.Cut(version.AddToScheme, "."); !p.Declared[first] {
			missing = append(missing, "AddToScheme")
		}
		if len(missing) > 0 {
			b.problems.Errorf(p.Pos, diag.NoScheme, "package %s does not declare %s", p.Path, strings.Join(missing, ", ")).Fix("run register-gen, which makes them in a package with +groupName, or write them in a register.go")
		}
	}
	if group := version.Group; !isExported(group.GoName) && !strings.Contains(group.GoName, `"`) {
		b.problems.Errorf(group.pos, diag.GroupGoName, "group %q cannot be %q in Go", group.Name, group.GoName).Fix("write a Go name above the package clause, such as // +groupGoName=%s", ExportedName(group.GoName))
	}
	if version.Internal {
		if install := b.packages[version.Install]; install == nil || !install.Declared["Install"] {
			b.problems.Errorf(p.Pos, diag.NoScheme, "package %s has an internal version, and there is no function Install in %s", p.Path, version.Install).Fix("write one that adds all versions of the group and their conversions to a *runtime.Scheme, or add JSON tags and put the package into a directory <group>/<version>")
		}
		return
	}
	if faults := validation.IsDNS1123Label(strings.ToLower(version.Name)); len(faults) > 0 || !isExported(version.GoName) {
		b.problems.Errorf(p.Pos, diag.NoVersion, "the last element of import path %s is not a version", p.Path).Fix("put the package into a directory <group>/<version>, such as stable/v1")
	}
}

// checkType checks that a type is a Kubernetes object with what its verbs need.
func (b *builder) checkType(p *inputPackage, t inputType, typ *Type) {
	name := typ.Kind
	switch {
	case t.definition == nil || t.decl.Spec.Assign.IsValid():
		b.problems.Errorf(t.decl.Pos, diag.NotAnObject, "type %s has +genclient but is not a struct", name).Fix("declare it as a struct with TypeMeta and ObjectMeta, or remove +genclient")
		return
	case t.decl.Spec.TypeParams != nil:
		b.problems.Errorf(t.decl.Pos, diag.NotAnObject, "type %s has +genclient but has type parameters", name).Fix("a Kubernetes object is one concrete type")
		return
	case !token.IsExported(name):
		b.problems.Errorf(t.decl.Pos, diag.NotAnObject, "type %s has +genclient but is not exported", name).Fix("begin its name with a capital letter")
		return
	}
	if !b.embedsMeta(p.Package, t.decl, "TypeMeta") {
		b.problems.Errorf(t.decl.Pos, diag.NoTypeMeta, "type %s has no TypeMeta", name).Fix("embed metav1.TypeMeta with the tag `json:\",inline\"`")
	}
	if !b.embedsMeta(p.Package, t.decl, "ObjectMeta") {
		b.problems.Errorf(t.decl.Pos, diag.NoObjectMeta, "type %s has no ObjectMeta", name).Fix("embed metav1.ObjectMeta with the tag `json:\"metadata,omitempty\"`")
	}
	if marker := t.tags.Kubebuilder; marker.Cluster && typ.Namespaced {
		b.problems.Warnf(marker.ClusterPos, diag.ScopeMarker, "type %s is cluster scoped here, and namespaced for clients", name).Fix("write +genclient:nonNamespaced above it")
	}
	b.checkDeepCopy(p, name, t.decl.Pos)
	if typ.HasCollection() {
		b.checkList(p, typ)
	}
	for _, verb := range []string{tags.UpdateStatus, tags.ApplyStatus} {
		if slices.Contains(t.tags.OnlyVerbs, verb) && !typ.Has(verb) {
			b.problems.Errorf(t.decl.Pos, diag.TagWithoutEffect, "verb %s in +genclient:onlyVerbs of type %s has no effect: the type has no field Status, or +genclient:noStatus", verb, name).Fix("remove the verb")
		}
	}
	for _, method := range typ.Methods {
		if typ.Has(strings.ToLower(method.Name[:1]) + method.Name[1:]) {
			b.problems.Errorf(methodPos(t, method.Name), diag.MethodCollision, "method %s of type %s is one of the methods of every client", method.Name, name).Fix("rename it, or write +genclient:skipVerbs=%s", strings.ToLower(method.Name[:1])+method.Name[1:])
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
		b.problems.Errorf(pos, diag.NoDeepCopy, "type %s has no method DeepCopyObject", name).Fix("write // +k8s:deepcopy-gen:interfaces=k8s.io/apimachinery/pkg/runtime.Object above it and run deepcopy-gen")
	}
}

// checkList checks the list type of a type with the verb list.
func (b *builder) checkList(p *inputPackage, typ *Type) {
	listName := typ.Kind + "List"
	decl := p.Type(listName)
	if decl == nil || structOf(decl) == nil {
		b.problems.Errorf(typ.pos, diag.NoList, "type %s has no %s, which the verbs list and deleteCollection need", typ.Kind, listName).Fix("declare struct %s with TypeMeta, ListMeta and Items []%s, or write +genclient:skipVerbs=list,watch,deleteCollection", listName, typ.Kind)
		return
	}
	if !b.embedsMeta(p.Package, decl, "TypeMeta") {
		b.problems.Errorf(decl.Pos, diag.NoTypeMeta, "type %s has no TypeMeta", listName).Fix("embed metav1.TypeMeta with the tag `json:\",inline\"`")
	}
	if !b.embedsMeta(p.Package, decl, "ListMeta") {
		b.problems.Errorf(decl.Pos, diag.BadList, "type %s has no ListMeta", listName).Fix("embed metav1.ListMeta with the tag `json:\"metadata,omitempty\"`")
	}
	has, pointers := itemsOf(decl, typ.Kind)
	typ.PointerItems = pointers
	if !has {
		b.problems.Errorf(decl.Pos, diag.BadList, "type %s has no field Items []%s", listName, typ.Kind).Fix("add it with the tag `json:\"items\"`")
	}
	b.checkDeepCopy(p, listName, decl.Pos)
}

// itemsOf returns whether a struct has a field Items of type []kind or []*kind, and whether it is the latter.
func itemsOf(decl *load.TypeDecl, kind string) (has, pointers bool) {
	for _, field := range structOf(decl).Fields.List {
		for _, name := range field.Names {
			if name.Name != "Items" {
				continue
			}
			array, ok := field.Type.(*ast.ArrayType)
			if !ok || array.Len != nil {
				return false, false
			}
			element := array.Elt
			star, pointers := element.(*ast.StarExpr)
			if pointers {
				element = star.X
			}
			ident, ok := element.(*ast.Ident)
			return ok && ident.Name == kind, pointers
		}
	}
	return false, false
}

// checkMethod checks that the types of a method can do what its verb needs.
func (b *builder) checkMethod(method tags.Method, input, result TypeRef) {
	if pkg := b.packages[result.Path]; method.Verb == tags.List && pkg != nil && pkg.Type(result.Name) != nil && pkg.Type(result.Name+"List") == nil {
		b.problems.Errorf(method.Pos, diag.MethodType, "method %s needs the list type of its result, and package %s has no %sList", method.Name, result.Path, result.Name).Fix("declare it, or give the method another result=")
	}
	// What is done to the resource itself goes to the name in the object.
	named := method.Verb == tags.Update || method.Verb == tags.Apply
	if pkg := b.packages[input.Path]; named && method.Subresource == "" && pkg != nil {
		if decl := pkg.Type(input.Name); decl != nil && !b.embedsMeta(pkg, decl, "ObjectMeta") {
			b.problems.Errorf(method.Pos, diag.MethodType, "input type %s of method %s has no ObjectMeta, so there is no name to %s", input.Name, method.Name, method.Verb).Fix("add subresource=, or use a type with metav1.ObjectMeta")
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
