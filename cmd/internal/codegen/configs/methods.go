package configs

import (
	"slices"

	"github.com/kubewright/kubewright/cmd/internal/codegen/fields"
)

// getters are the fields of meta/v1 that have Get methods, by their struct.
var getters = map[fields.Name][]string{
	{Path: metaPackage, Name: "TypeMeta"}:   {"Kind", "APIVersion"},
	{Path: metaPackage, Name: "ObjectMeta"}: {"Name", "Namespace"},
}

// addMethods adds the methods of an apply configuration: for each of its fields, and for each field of what it embeds
// that none of its own hides. Among several of one name the first counts.
func (c *Config) addMethods(b *builder) {
	taken := map[string]bool{}
	for _, field := range c.Fields {
		if field.Shape != EmbeddedValue && field.Shape != EmbeddedPointer {
			taken[field.Name] = true
		}
	}
	for _, field := range c.Fields {
		if field.Shape != EmbeddedValue && field.Shape != EmbeddedPointer {
			c.Setters = append(c.Setters, &Setter{Field: field.Name, Shape: field.Shape, Type: field.Type})
			continue
		}
		for _, inner := range b.promoted(field.inner, nil) {
			if !taken[inner.Name] {
				taken[inner.Name] = true
				c.Setters = append(c.Setters, &Setter{Field: inner.Name, Shape: inner.Shape, Type: inner.Type, Embedded: field})
			}
		}
		for _, name := range b.gotten(field.inner, nil) {
			if !slices.ContainsFunc(c.Getters, func(g *Getter) bool { return g.Field == name }) {
				c.Getters = append(c.Getters, &Getter{Field: name, Embedded: field})
			}
		}
		if field.inner.Name == (fields.Name{Path: metaPackage, Name: "TypeMeta"}) {
			c.Object = true
		}
	}
	for _, name := range getters[c.source.Name] {
		c.Getters = append(c.Getters, &Getter{Field: name})
	}
}

// promoted returns the fields that the apply configuration of a struct has With methods for.
func (b *builder) promoted(s *fields.Struct, stack []*fields.Struct) []*Field {
	if slices.Contains(stack, s) {
		return nil
	}
	c := &Config{source: s}
	b.addFields(c)
	var all, embedded []*Field
	for _, field := range c.Fields {
		if field.inner == nil {
			all = append(all, field)
		} else {
			embedded = append(embedded, b.promoted(field.inner, append(stack, s))...)
		}
	}
	return append(all, embedded...)
}

// gotten returns the fields that the apply configuration of a struct has Get methods for.
func (b *builder) gotten(s *fields.Struct, stack []*fields.Struct) []string {
	if slices.Contains(stack, s) {
		return nil
	}
	names := slices.Clone(getters[s.Name])
	for _, field := range s.Fields {
		if t := field.Type.Deref(); field.Embedded && t.Kind == fields.StructType && b.find(t.Struct) != "" {
			names = append(names, b.gotten(t.Struct, append(stack, s))...)
		}
	}
	return names
}
