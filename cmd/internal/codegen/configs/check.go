package configs

import (
	"go/token"
	"slices"
	"strings"

	"github.com/kubewright/kubewright/cmd/internal/codegen/diag"
	"github.com/kubewright/kubewright/cmd/internal/codegen/fields"
	"github.com/kubewright/kubewright/cmd/internal/codegen/model"
)

// check reports all that would lead to code that is wrong or does not compile.
func (b *builder) check(set *Set) {
	dirs := map[string]*Package{}
	for _, pkg := range set.Packages {
		if earlier, ok := dirs[pkg.Dir]; ok {
			b.problems.Errorf(pkg.pos, diag.VersionCollision, "packages %s and %s both lead to %s", earlier.api, pkg.api, pkg.Dir).Fix("generate them into outputs of their own")
		}
		dirs[pkg.Dir] = pkg
		declared := map[string]*Config{}
		for _, config := range pkg.Configs {
			b.checkConfig(config)
			b.checkDeclarations(config, declared)
		}
	}
}

// checkConfig checks the fields and methods of an apply configuration.
func (b *builder) checkConfig(c *Config) {
	members := map[string]bool{"IsApplyConfiguration": c.Object}
	for _, getter := range c.Getters {
		members["Get"+getter.Field] = true
	}
	for _, setter := range c.Setters {
		members["With"+setter.Field] = true
	}
	for _, field := range c.Fields {
		if members[field.Name] {
			b.problems.Errorf(field.source.Pos, diag.FieldCollision, "field %s of %s has the name of a method of %s", field.Name, c.Kind, c.Name).Fix("rename the field")
		}
		if field.Shape == EmbeddedValue && inlines(field.inner, c.source, nil) {
			b.problems.Errorf(field.source.Pos, diag.FieldType, "field %s of %s inlines the struct into itself", field.source.Name, c.Kind).
				Fix("give the field a JSON name")
		}
	}
	checked := map[*fields.Struct]bool{}
	b.checkFields(c.source, checked)
}

// inlines reports whether JSON has the fields of another struct in those of a struct, or whether they are the same.
func inlines(s, other *fields.Struct, seen []*fields.Struct) bool {
	if s == other || slices.Contains(seen, s) {
		return s == other
	}
	return slices.ContainsFunc(s.Fields, func(field *fields.Field) bool {
		t := field.Type.Deref()
		return field.Inline() && t.Kind == fields.StructType && inlines(t.Struct, other, append(seen, s))
	})
}

// refuse reports a field.
func (b *builder) refuse(code diag.Code, field *fields.Field, s *fields.Struct, fault fields.Fault) {
	b.problems.Errorf(field.Pos, code, "field %s of %s %s", field.Name, s.Name.Name, fault.Message).Fix("%s", fault.Cure)
}

// warnOfExternals tells of external apply configurations that no field has.
func (b *builder) warnOfExternals() {
	for name := range b.externals {
		if !b.used[name] {
			b.problems.Warnf(token.Position{}, diag.UnknownType, "external apply configuration for %s.%s: no field is of that type", name.Path, name.Name).Fix("correct the name, or leave it out")
		}
	}
}

// checkFields checks the fields of a struct, and of those whose fields stand in their places.
func (b *builder) checkFields(s *fields.Struct, checked map[*fields.Struct]bool) {
	if checked[s] {
		return
	}
	checked[s] = true
	for _, field := range s.Fields {
		if b.isFlat(field) {
			b.checkFields(field.Type.Deref().Struct, checked)
			continue
		}
		if why := why(field.Type); why != nil {
			b.refuse(diag.FieldType, field, s, *why)
			continue
		}
		if !b.inputs[s.Name.Path] {
			continue // whoever wrote the tags of another package has to answer for them
		}
		for _, wrong := range field.Wrong() {
			b.refuse(diag.TagValue, field, s, wrong)
		}
		for _, key := range field.MissingKeys() {
			elem := field.Type.Deref().Elem.Deref().Struct
			var names []string
			for _, f := range elem.Fields {
				names = append(names, f.JSON)
			}
			problem := b.problems.Errorf(field.Pos, diag.TagValue, "field %s of %s has +listMapKey=%s, which %s does not have", field.Name, s.Name.Name, key, elem.Name.Name)
			if near := diag.Nearest(key, names...); near != "" {
				problem.DidYouMean("+listMapKey=" + near)
			} else {
				problem.Fix("name a field that all elements have")
			}
		}
	}
}

// why returns why a type cannot be that of a field of an apply configuration, or nil.
func why(t *fields.Type) *fields.Fault {
	if why := fields.Why(t); why != nil {
		return why
	}
	for ; t != nil; t = t.Elem {
		if t.Kind == fields.StructType && !token.IsExported(t.Name.Name) {
			return fields.NotExported(t)
		}
	}
	return nil
}

// checkDeclarations checks that what an apply configuration declares has names and a file of its own.
func (b *builder) checkDeclarations(c *Config, declared map[string]*Config) {
	names := []string{"file " + c.File + ".go", c.Name, c.Kind}
	for _, extract := range c.Extracts() {
		names = append(names, extract.Name)
	}
	for _, name := range names {
		if earlier, ok := declared[name]; ok && earlier != c {
			b.problems.Errorf(c.source.Pos, diag.TypeCollision, "types %s and %s both lead to %s, the other at %s", c.Kind, earlier.Kind, name, earlier.source.Pos).Fix("rename one")
			return
		}
		declared[name] = c
	}
}

// Extract is a function that extracts what one field manager applied through a subresource.
type Extract struct {
	// Name is that of the function, Subresource what it extracts from; "" is the object itself.
	Name, Subresource string
}

// Extracts returns the functions of a kind besides Extract<kind>From, which takes the subresource as an argument.
func (c *Config) Extracts() []Extract {
	if c.Type == nil {
		return nil
	}
	name := "Extract" + c.Kind
	extracts := []Extract{{Name: name}}
	add := func(subresource string) {
		if subresource != "" && !slices.ContainsFunc(extracts, func(e Extract) bool { return e.Subresource == subresource }) {
			extracts = append(extracts, Extract{name + model.ExportedName(subresource), subresource})
		}
	}
	var subresources []string
	if c.Type.Status {
		subresources = append(subresources, "status")
	}
	for _, method := range c.Type.Methods {
		subresources = append(subresources, method.Subresource)
	}
	slices.SortFunc(subresources, strings.Compare)
	for _, subresource := range subresources {
		add(subresource)
	}
	return extracts
}
