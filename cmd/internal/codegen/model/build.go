package model

import (
	"context"
	"go/token"
	"maps"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/kubewright/kubewright/cmd/internal/codegen/diag"
	"github.com/kubewright/kubewright/cmd/internal/codegen/load"
	"github.com/kubewright/kubewright/cmd/internal/codegen/tags"
)

// Options say how to read the input.
type Options struct {
	// PluralExceptions map kinds to plurals that the rules would not make.
	PluralExceptions map[string]string
	// SkipEmpty leaves out packages in which no type has +genclient, as is right for the packages that a "..." found.
	SkipEmpty bool
	// IncludedTypes limits versions, named as directories such as "stable/v1", to some of their types.
	IncludedTypes map[string][]string
	// KnownTagsOnly makes tags +k8s:...-gen that no generator has an error.
	KnownTagsOnly bool
	// RootObjects gives clients to the types that kubebuilder's markers call objects, in packages in which no type has
	// +genclient.
	RootObjects bool
	// Load loads packages that the input packages refer to. It reports what it cannot load.
	Load func(ctx context.Context, problems *diag.Problems, importPaths ...string) ([]*load.Package, error)
}

// Build makes the model of the packages and reports all that is wrong with them. The model is complete only if there
// are no problems.
func Build(ctx context.Context, packages []*load.Package, options Options, problems *diag.Problems) (*API, error) {
	b := &builder{options: options, problems: problems, groups: map[string]*Group{}}
	var input []*inputPackage
	for _, pkg := range packages {
		if p := b.read(pkg); p != nil {
			input = append(input, p)
		}
	}
	if len(input) == 0 && len(packages) > 0 && options.SkipEmpty {
		problems.Errorf(token.Position{}, diag.NoClients, "no type has +genclient in %d packages", len(packages)).Fix("write // +genclient above the types that shall have clients")
	}
	others, err := b.loadReferences(ctx, packages, input)
	if err != nil {
		return nil, err
	}
	b.packages = others
	for _, p := range input {
		for i, t := range p.types {
			p.types[i].definition = b.definition(p.Package, t.decl)
		}
		b.addVersion(p)
	}

	for _, version := range slices.Sorted(maps.Keys(options.IncludedTypes)) {
		dir, name, _ := strings.Cut(version, "/")
		if group := b.groups[dir]; group == nil || !slices.ContainsFunc(group.Versions, func(v *Version) bool { return v.Name == name }) {
			problems.Errorf(token.Position{}, diag.UnknownType, "--included-types-overrides names types of %s, which is no input", version).Fix("name the directories of group and version, such as stable/v1/CronTab")
		}
	}
	api := &API{}
	for _, dir := range slices.Sorted(maps.Keys(b.groups)) {
		group := b.groups[dir]
		slices.SortFunc(group.Versions, func(a, b *Version) int { return strings.Compare(a.Name, b.Name) })
		api.Groups = append(api.Groups, group)
	}
	b.checkCollisions(api)
	return api, nil
}

// builder holds what is known while a model is made.
type builder struct {
	options  Options
	problems *diag.Problems
	groups   map[string]*Group
	// packages has the input packages and those that they refer to, by import path.
	packages map[string]*load.Package
}

// inputPackage is an input package with its tags read.
type inputPackage struct {
	*load.Package
	tags  tags.Package
	types []inputType
}

type inputType struct {
	decl *load.TypeDecl
	tags tags.Client
	// definition declares the struct that the type is, or is nil if the type is none. It is known when all packages are.
	definition *load.TypeDecl
}

// read reads the tags of a package. It returns nil for a package that has no place in the model.
func (b *builder) read(pkg *load.Package) *inputPackage {
	p := &inputPackage{Package: pkg, tags: tags.ForPackage(pkg.Files, b.problems)}
	var roots []inputType
	for _, file := range pkg.Files {
		tags.Stray(file.Stray, b.problems)
		for _, decl := range file.Types {
			client := tags.ForType(decl.Comments, b.problems)
			if client.Enabled {
				p.types = append(p.types, inputType{decl: decl, tags: client})
			}
			if root := client.Kubebuilder; root.Root && embedsDirectly(decl, "ObjectMeta") {
				roots = append(roots, inputType{decl: decl, tags: tags.ForRoot(root)})
			}
		}
	}
	if len(p.types) == 0 && b.options.RootObjects {
		p.types = roots
	}
	if b.options.KnownTagsOnly {
		tags.KnownOnly(pkg.Files, b.problems)
	}
	if len(p.types) == 0 {
		if !b.options.SkipEmpty {
			b.problems.Errorf(pkg.Pos, diag.NoClients, "no type has +genclient in package %s", pkg.Path).Fix("write // +genclient above the types that shall have clients")
		}
		return nil
	}
	return p
}

// loadReferences loads the packages whose types the tags and embedded fields of the input refer to.
func (b *builder) loadReferences(ctx context.Context, packages []*load.Package, input []*inputPackage) (map[string]*load.Package, error) {
	known := map[string]*load.Package{metaPackage: nil}
	for _, pkg := range packages {
		known[pkg.Path] = pkg
	}
	wanted := map[string]bool{}
	want := func(importPath string) {
		if _, ok := known[importPath]; !ok && importPath != "" {
			wanted[importPath] = true
		}
	}
	for _, p := range input {
		if p.internal() {
			want(path.Join(p.Path, "install"))
		}
		for _, t := range p.types {
			for _, method := range t.tags.Methods {
				want(method.Input.Package)
				want(method.Result.Package)
			}
			for importPath := range foreignEmbeds(p.Package, t.decl) {
				want(importPath)
			}
		}
	}
	for len(wanted) > 0 {
		var unreported diag.Problems // where a package is referred to, what is missing is reported with its place
		loaded, err := b.options.Load(ctx, &unreported, slices.Sorted(maps.Keys(wanted))...)
		if err != nil {
			return nil, err
		}
		for importPath := range wanted {
			known[importPath] = nil
		}
		clear(wanted)
		for _, pkg := range loaded {
			known[pkg.Path] = pkg
			for _, file := range pkg.Files {
				for _, decl := range file.Types {
					for importPath := range foreignEmbeds(pkg, decl) {
						want(importPath)
					}
				}
			}
		}
	}
	return known, nil
}

// addVersion puts a package into the model.
func (b *builder) addVersion(p *inputPackage) {
	version := newVersion(b.group(p), p.Path)
	if p.internal() {
		version = newInternalVersion(version.Group, p.Path)
	}
	version.pos, version.off = p.Pos, p.tags.Off
	version.declare(p.Declared)
	b.checkPackage(p, version)
	version.Group.Versions = append(version.Group.Versions, version)
	for _, t := range b.included(p, version) {
		resource := t.tags.Resource
		if resource == "" {
			resource = t.tags.Kubebuilder.Path
		}
		typ := newType(version, t.decl.Spec.Name.Name, resource, b.options.PluralExceptions)
		typ.pos = t.decl.Pos
		typ.Namespaced = !t.tags.NonNamespaced
		typ.Status = !t.tags.NoStatus && hasStatus(t.definition)
		typ.verbs = clientVerbs(t)
		for _, method := range t.tags.Methods {
			b.addMethod(p, typ, method)
		}
		b.checkType(p, t, typ)
		version.Types = append(version.Types, typ)
	}
	slices.SortFunc(version.Types, func(a, b *Type) int { return strings.Compare(a.Var, b.Var) })
}

// declare records what generated code can call in the API package.
func (v *Version) declare(declared map[string]bool) {
	v.GroupVersionVar, v.AddToScheme, v.HasResource = "SchemeGroupVersion", "AddToScheme", declared["Resource"]
	if !declared["SchemeGroupVersion"] && declared["GroupVersion"] {
		v.GroupVersionVar = "GroupVersion"
	}
	if !declared["AddToScheme"] && declared["SchemeBuilder"] {
		v.AddToScheme = "SchemeBuilder.AddToScheme"
	}
}

// included returns the types of a version that the options leave.
func (b *builder) included(p *inputPackage, version *Version) []inputType {
	only, limited := b.options.IncludedTypes[version.Group.Dir+"/"+version.Name]
	if !limited {
		return p.types
	}
	var left []inputType
	for _, name := range only {
		i := slices.IndexFunc(p.types, func(t inputType) bool { return t.decl.Spec.Name.Name == name })
		if i < 0 {
			problem := b.problems.Errorf(p.Pos, diag.UnknownType, "--included-types-overrides names type %s of %s/%s, which is no type with +genclient", name, version.Group.Dir, version.Name)
			problem.Suggest(name, "types with +genclient are", p.typeNames())
			continue
		}
		left = append(left, p.types[i])
	}
	return left
}

// typeNames returns the names of the types with clients.
func (p *inputPackage) typeNames() []string {
	var names []string
	for _, t := range p.types {
		names = append(names, t.decl.Spec.Name.Name)
	}
	return names
}

// group returns the group of a package, which is that of the other packages with the same second-last path element.
func (b *builder) group(p *inputPackage) *Group {
	dir := path.Base(path.Dir(p.Path))
	if p.internal() {
		dir = path.Base(p.Path)
	}
	name, pos := dir, p.Pos
	if p.tags.HasGroupName {
		name, pos = p.tags.GroupName, p.tags.GroupNamePos
	}
	if p.tags.GroupGoName != "" {
		pos = p.tags.GroupGoNamePos
	}
	group := newGroup(dir, name, p.tags.GroupGoName)
	group.pos = pos
	earlier, ok := b.groups[dir]
	if !ok {
		b.groups[dir] = group
		return group
	}
	if earlier.Name != group.Name {
		b.problems.Errorf(pos, diag.GroupMismatch, "group of directory %q is %q here and %q at %s", dir, group.Name, earlier.Name, earlier.pos).Fix("write the same +groupName into all versions of a group")
	} else if earlier.GoName != group.GoName {
		b.problems.Errorf(pos, diag.GroupMismatch, "Go name of group %q is %s here and %s at %s", group.Name, group.GoName, earlier.GoName, earlier.pos).Fix("write the same +groupGoName into all versions of a group")
	}
	return earlier
}

// clientVerbs returns the verbs of a type's client: those that its tags leave, those of the status only if there is one.
func clientVerbs(t inputType) tags.Verbs {
	verbs := maps.Clone(t.tags.Verbs)
	if t.tags.NoStatus || !hasStatus(t.definition) {
		delete(verbs, tags.UpdateStatus)
		delete(verbs, tags.ApplyStatus)
	}
	return verbs
}

// addMethod adds a method to a type.
func (b *builder) addMethod(p *inputPackage, typ *Type, method tags.Method) {
	input, result := newTypeRef(p.Path, typ.Kind), newTypeRef(p.Path, typ.Kind)
	if method.Input.Name != "" {
		input = b.resolve(p, method, method.Input, "input")
	}
	if method.Result.Name != "" {
		result = b.resolve(p, method, method.Result, "result")
	}
	b.checkMethod(method, input, result)
	typ.Methods = append(typ.Methods, &Method{
		Name:        method.Name,
		Verb:        method.Verb,
		Subresource: method.Subresource,
		Input:       input,
		Result:      result,
	})
}

// resolve finds a type that a method refers to.
func (b *builder) resolve(p *inputPackage, method tags.Method, ref tags.Type, key string) TypeRef {
	importPath := ref.Package
	if importPath == "" {
		importPath = p.Path
	}
	pkg := b.packages[importPath]
	switch {
	case pkg == nil:
		b.problems.Errorf(method.Pos, diag.MethodType, "package %q of %s type %s of method %s cannot be loaded", importPath, key, ref.Name, method.Name).Fix("run go get %s, or correct %s=import/path.Type", importPath, key)
	case pkg.Type(ref.Name) == nil:
		problem := b.problems.Errorf(method.Pos, diag.MethodType, "%s type %s of method %s is not in package %s", key, ref.Name, method.Name, importPath)
		if near := diag.Nearest(ref.Name, typeNames(pkg)...); near != "" {
			problem.DidYouMean(strconv.Quote(near))
		} else {
			problem.Fix("a type of another package is written %s=import/path.Type", key)
		}
	}
	return newTypeRef(importPath, ref.Name)
}

func typeNames(pkg *load.Package) []string {
	var names []string
	for _, file := range pkg.Files {
		for _, decl := range file.Types {
			names = append(names, decl.Spec.Name.Name)
		}
	}
	return names
}
