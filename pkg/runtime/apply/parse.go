package apply

import (
	"encoding/json"
	"fmt"
	"strings"

	"sigs.k8s.io/structured-merge-diff/v6/schema"
)

// parse reads the text of one type.
func parse(d definition) (atom schema.Atom, err error) {
	p := &parser{pkg: d.pkg, rest: d.text}
	defer func() {
		if failure, ok := recover().(parseError); ok {
			err = failure
		}
	}()
	ref := p.ref()
	if p.rest != "" {
		p.fail("nothing more")
	}
	switch {
	case ref.NamedType == nil:
		return ref.Inlined, nil
	case *ref.NamedType == untypedName:
		return untyped(schema.Atomic, untypedName), nil
	case *ref.NamedType == deducedName:
		return untyped(schema.Separable, deducedName), nil
	}
	return schema.Atom{}, parseError("want a type, not the name of one")
}

// parser reads from the front of rest.
type parser struct {
	pkg, rest string
}

// parseError is what a parser panics with.
type parseError string

// Error says what was expected where.
func (e parseError) Error() string { return string(e) }

func (p *parser) fail(want string) {
	panic(parseError(fmt.Sprintf("want %s at %.40q", want, p.rest)))
}

// skip reports whether the text goes on with the given one, and reads it if it does.
func (p *parser) skip(text string) (ok bool) {
	p.rest, ok = strings.CutPrefix(p.rest, text)
	return ok
}

// expect reads the given text.
func (p *parser) expect(text string) {
	if !p.skip(text) {
		p.fail(fmt.Sprintf("%q", text))
	}
}

// word reads up to one of the given characters, which must come.
func (p *parser) word(end string) string {
	i := strings.IndexAny(p.rest, end)
	if i < 0 {
		p.fail("one of " + end)
	}
	word := p.rest[:i]
	p.rest = p.rest[i:]
	return word
}

// ref reads a type.
func (p *parser) ref() schema.TypeRef {
	var relationship schema.ElementRelationship
	for _, r := range []schema.ElementRelationship{schema.Atomic, schema.Separable} {
		if relationship == "" && (strings.HasPrefix(p.rest, string(r)+"{") || strings.HasPrefix(p.rest, string(r)+" ")) {
			p.rest = strings.TrimPrefix(p.rest[len(r):], " ")
			relationship = r
		}
	}
	switch {
	case p.skip("{"):
		return schema.TypeRef{Inlined: schema.Atom{Map: p.structure(relationship)}}
	case p.skip("<"):
		relationship := schema.ElementRelationship(p.word(">"))
		p.expect(">")
		return schema.TypeRef{Inlined: schema.Atom{Map: &schema.Map{ElementRelationship: relationship, ElementType: p.ref()}}}
	case p.skip("["):
		return schema.TypeRef{Inlined: schema.Atom{List: p.list()}}
	}
	ref := p.name()
	if relationship != "" {
		ref.ElementRelationship = &relationship
	}
	return ref
}

// name reads the name of a type, or the word for one.
func (p *parser) name() schema.TypeRef {
	end := strings.IndexAny(p.rest, " =}")
	if end < 0 {
		end = len(p.rest)
	}
	word := p.rest[:end]
	p.rest = p.rest[end:]
	scalar := func(s schema.Scalar) schema.TypeRef { return schema.TypeRef{Inlined: schema.Atom{Scalar: &s}} }
	switch word {
	case "":
		p.fail("a type")
	case stringWord:
		return scalar(schema.String)
	case numberWord:
		return scalar(schema.Numeric)
	case boolWord:
		return scalar(schema.Boolean)
	case scalarWord:
		return scalar(schema.Untyped)
	case untypedMark:
		return named(untypedName)
	case deducedMark:
		return named(deducedName)
	}
	if !strings.Contains(word, ".") {
		word = qualify(p.pkg, word)
	}
	return named(word)
}

// list reads a list behind its first bracket.
func (p *parser) list() *schema.List {
	list := &schema.List{ElementRelationship: schema.Atomic}
	kind := p.word("]")
	if kind != "" {
		list.ElementRelationship = schema.Associative
	}
	if keys, ok := strings.CutPrefix(kind, "="); ok {
		list.Keys = strings.Split(keys, ",")
	}
	p.expect("]")
	list.ElementType = p.ref()
	return list
}

// structure reads a struct behind its first brace.
func (p *parser) structure(relationship schema.ElementRelationship) *schema.Map {
	m := &schema.Map{ElementRelationship: relationship}
	for !p.skip("}") {
		switch {
		case p.skip(" "):
		case p.skip("|"):
			m.Unions = append(m.Unions, p.union())
		default:
			name := p.word(":")
			p.expect(":")
			field := schema.StructField{Name: name, Type: p.ref()}
			if p.skip("=") {
				field.Default = p.value()
			}
			if name == "*" {
				m.ElementType = field.Type
			} else {
				m.Fields = append(m.Fields, field)
			}
		}
	}
	return m
}

// union reads a union behind its bar: the discriminator, and fields with their values.
func (p *parser) union() schema.Union {
	discriminator := p.word(" }|")
	union := schema.Union{}
	if discriminator != "" {
		union.Discriminator = &discriminator
	}
	for strings.HasPrefix(p.rest, " ") && !strings.HasPrefix(p.rest, " |") {
		p.expect(" ")
		field, value, _ := strings.Cut(p.word(" }|"), "=")
		union.Fields = append(union.Fields, schema.UnionField{FieldName: field, DiscriminatorValue: value})
	}
	return union
}

// value reads a JSON value.
func (p *parser) value() any {
	switch {
	case p.skip(`""`):
		return ""
	case p.skip("{}"):
		return map[string]any{}
	}
	decoder := json.NewDecoder(strings.NewReader(p.rest))
	decoder.UseNumber()
	var value any
	if err := decoder.Decode(&value); err != nil {
		p.fail("a JSON value")
	}
	p.rest = p.rest[decoder.InputOffset():]
	return numbers(value)
}

// numbers replaces the numbers in a value by those that schemas have: int64, or else float64.
func numbers(value any) any {
	switch value := value.(type) {
	case json.Number:
		if n, err := value.Int64(); err == nil {
			return n
		}
		f, _ := value.Float64() // the number of a decoder is one
		return f
	case map[string]any:
		for key, entry := range value {
			value[key] = numbers(entry)
		}
	case []any:
		for i, entry := range value {
			value[i] = numbers(entry)
		}
	}
	return value
}
