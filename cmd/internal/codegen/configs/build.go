package configs

import (
	"cmp"
	"context"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/kubewright/kubewright/cmd/internal/codegen/diag"
	"github.com/kubewright/kubewright/cmd/internal/codegen/fields"
	"github.com/kubewright/kubewright/cmd/internal/codegen/load"
	"github.com/kubewright/kubewright/cmd/internal/codegen/model"
	"github.com/kubewright/kubewright/cmd/internal/codegen/tags"
)

// Options say where apply configurations are.
type Options struct {
	// OutputPackage is the import path of the output directory.
	OutputPackage string
	// Externals are the packages with the apply configurations of structs that get none in the output.
	Externals map[fields.Name]string
	// Load loads packages.
	Load fields.Load
}

// Build decides about the apply configurations of the kinds of the API that have a verb for them, and reports all that
// is wrong. The packages are the input; the graph has what the kinds are made of.
func Build(ctx context.Context, api *model.API, packages []*load.Package, graph *fields.Graph, options Options, problems *diag.Problems) (*Set, error) {
	b := &builder{
		places:   places{output: options.OutputPackage, inputs: map[string]bool{}, externals: options.Externals, used: map[fields.Name]bool{}},
		problems: problems,
		packages: map[string]*Package{},
		configs:  map[fields.Name]*Config{},
	}
	for _, pkg := range packages {
		if added := newPackage(pkg, options.OutputPackage); added != nil {
			b.inputs[pkg.Path] = true
			b.packages[pkg.Path] = added
		}
	}
	for _, version := range api.Versions() {
		b.packages[version.Path].Group, b.packages[version.Path].Alias = version.Group.Name, version.Alias
	}
	var roots []*fields.Struct
	for _, name := range Roots(api) {
		if root := graph.Struct(name); root != nil && b.inputs[name.Path] {
			roots = append(roots, root)
		}
	}
	if err := b.loadBuiltin(ctx, roots, options.Load); err != nil {
		return nil, err
	}
	for _, root := range roots {
		b.want(root)
	}
	for len(b.queue) > 0 {
		next := b.queue[0]
		b.queue = b.queue[1:]
		b.addFields(next)
	}
	set := &Set{}
	for _, pkg := range b.packages {
		if len(pkg.Configs) == 0 {
			continue
		}
		slices.SortFunc(pkg.Configs, func(a, b *Config) int { return strings.Compare(a.Kind, b.Kind) })
		set.Packages = append(set.Packages, pkg)
	}
	slices.SortFunc(set.Packages, func(a, b *Package) int { return strings.Compare(a.Dir, b.Dir) })
	kinds := kinds(api)
	for _, pkg := range set.Packages {
		for _, config := range pkg.Configs {
			config.Type = kinds[config.source.Name]
			config.addMethods(b)
		}
	}
	b.check(set)
	b.warnOfExternals()
	return set, nil
}

// kinds returns the kinds that get apply configurations.
func kinds(api *model.API) map[fields.Name]*model.Type {
	kinds := map[fields.Name]*model.Type{}
	for _, version := range api.Versions() {
		for _, typ := range version.Types {
			if typ.HasApply() {
				kinds[fields.Name{Path: version.Path, Name: typ.Kind}] = typ
			}
		}
	}
	return kinds
}

// Roots returns the types that get apply configurations for their own sake, and not as parts of others: kinds, and what
// their methods apply.
func Roots(api *model.API) []fields.Name {
	roots := map[fields.Name]bool{}
	for name, typ := range kinds(api) {
		roots[name] = true
		for _, method := range typ.Methods {
			if method.Verb == tags.Apply {
				roots[fields.Name{Path: method.Input.Path, Name: method.Input.Name}] = true
			}
		}
	}
	return slices.SortedFunc(maps.Keys(roots), func(a, b fields.Name) int {
		return cmp.Or(strings.Compare(a.Path, b.Path), strings.Compare(a.Name, b.Name))
	})
}

// newPackage names the package with the apply configurations of an input package. It returns nil if the package opts out of
// them: what it declares is then used as it is.
func newPackage(pkg *load.Package, output string) *Package {
	var reported diag.Problems // where the package is read for the model
	t := tags.ForPackage(pkg.Files, &reported)
	if t.Off[Generator] {
		return nil
	}
	group := path.Base(path.Dir(pkg.Path))
	if t.HasGroupName {
		group = t.GroupName
	}
	dir := dirOf(pkg.Path)
	return &Package{
		Dir:     dir,
		Path:    path.Join(output, dir),
		Name:    model.PackageName(path.Base(pkg.Path)),
		Alias:   model.Alias(pkg.Path),
		Group:   group,
		Version: path.Base(pkg.Path),
		api:     pkg.Path,
		pos:     pkg.Pos,
	}
}

// builder holds what is known while a set is made.
type builder struct {
	places
	problems *diag.Problems
	packages map[string]*Package // by the import path of the API package
	configs  map[fields.Name]*Config
	queue    []*Config
}

// want adds the apply configuration of a struct to the output, unless it is there.
func (b *builder) want(s *fields.Struct) {
	if b.configs[s.Name] != nil {
		return
	}
	pkg := b.packages[s.Name.Path]
	config := &Config{
		Package: pkg,
		Kind:    s.Name.Name,
		Name:    s.Name.Name + suffix,
		File:    model.FileName(strings.ToLower(s.Name.Name)),
		Model:   s.Model,
		Doc:     s.Doc,
		source:  s,
	}
	b.configs[s.Name] = config
	pkg.Configs = append(pkg.Configs, config)
	b.queue = append(b.queue, config)
}

// addFields adds the fields of an apply configuration.
func (b *builder) addFields(c *Config) {
	taken := map[string]bool{}
	for _, field := range c.source.Fields {
		if !b.isFlat(field) {
			taken[field.Name] = true
		}
	}
	b.addFieldsOf(c, c.source, taken, false, []*fields.Struct{c.source})
}

// addFieldsOf adds the fields of a struct, whose places are in an apply configuration. Fields of structs that are inlined
// and have no apply configuration stand in the place of the struct; the names that are taken hide them.
func (b *builder) addFieldsOf(c *Config, s *fields.Struct, taken map[string]bool, flat bool, stack []*fields.Struct) {
	for _, field := range s.Fields {
		t := field.Type.Deref()
		switch {
		case b.isFlat(field):
			if !slices.Contains(stack, t.Struct) {
				b.addFieldsOf(c, t.Struct, taken, true, append(stack, t.Struct))
			}
			continue
		case flat && taken[field.Name]:
			continue
		}
		taken[field.Name] = true
		f := b.field(field)
		if skipped(s, field) {
			continue
		}
		c.Fields = append(c.Fields, f)
	}
}

// isFlat reports whether the fields of a field's struct stand in its place.
func (b *builder) isFlat(field *fields.Field) bool {
	t := field.Type.Deref()
	return field.Embedded && field.Inline() && t.Kind == fields.StructType && b.find(t.Struct) == ""
}

// skipped reports whether apply configurations do without a field: servers, not appliers, say who manages what.
func skipped(s *fields.Struct, field *fields.Field) bool {
	return s.Name == (fields.Name{Path: metaPackage, Name: "ObjectMeta"}) && (field.Name == "ManagedFields" || field.Name == "SelfLink") ||
		strings.HasPrefix(field.Name, "ZZZ_")
}

// field returns the field for a field of an API type.
func (b *builder) field(field *fields.Field) *Field {
	f := &Field{Name: field.Name, Tag: field.JSON + ",omitempty", Doc: field.Doc, source: field}
	t := field.Type.Deref()
	config := b.configType(t)
	switch {
	case field.Embedded && config != nil:
		f.Name, f.Type, f.Shape, f.inner = t.Struct.Name.Name+suffix, config, EmbeddedPointer, t.Struct
		if field.Inline() {
			f.Tag, f.Shape = ",inline", EmbeddedValue
		}
	case config != nil:
		f.Type, f.Shape = config, One
	case t.Kind == fields.Slice && b.configType(t.Elem.Deref()) != nil:
		f.Type, f.Shape = b.configType(t.Elem.Deref()), Many
	case t.Kind == fields.Map && b.configType(t.Elem.Deref()) != nil:
		f.Type, f.Shape = slices.Concat(GoType{"map["}, spell(t.Key), GoType{"]"}, b.configType(t.Elem.Deref())), Entries
	case field.Type.Kind == fields.Slice && t.Name == (fields.Name{}):
		f.Type, f.Shape = spell(t.Elem), Values
	case field.Type.Kind == fields.Map && t.Name == (fields.Name{}):
		f.Type, f.Shape = spell(t), Entries
	default:
		f.Type, f.Shape = spell(t), Value
	}
	return f
}

// configType returns the apply configuration of a type, or nil if it has none.
func (b *builder) configType(t *fields.Type) GoType {
	if t.Kind != fields.StructType {
		return nil
	}
	place := b.find(t.Struct)
	if place == "" {
		return nil
	}
	if b.inputs[t.Struct.Name.Path] && b.externals[t.Struct.Name] == "" {
		b.want(t.Struct)
	}
	return GoType{Ref{Path: place, Name: t.Struct.Name.Name + suffix}}
}

// spell returns a type as it is.
func spell(t *fields.Type) GoType {
	if t.Name != (fields.Name{}) {
		if t.Name.Path == "" {
			return GoType{t.Name.Name}
		}
		return GoType{Ref{Path: t.Name.Path, Name: t.Name.Name}}
	}
	switch t.Kind {
	case fields.Pointer:
		return slices.Concat(GoType{"*"}, spell(t.Elem))
	case fields.Slice:
		return slices.Concat(GoType{"[]"}, spell(t.Elem))
	case fields.Map:
		return slices.Concat(GoType{"map["}, spell(t.Key), GoType{"]"}, spell(t.Elem))
	}
	return GoType{"any"} // an opaque type, which is a problem
}
