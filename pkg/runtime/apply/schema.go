package apply

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"

	"sigs.k8s.io/structured-merge-diff/v6/schema"
	"sigs.k8s.io/structured-merge-diff/v6/typed"
)

// Schema has the types of an API by their names, such as io.k8s.api.core.v1.Pod. It is safe for concurrent use.
type Schema struct {
	// definitions has the text of each type; it is filled once.
	definitions func() map[string]definition

	mu      sync.Mutex                     // guards what follows
	decoded map[string]schema.TypeDef      // those that something asked for, directly or not
	types   map[string]typed.ParseableType // those that something asked for
}

// definition is the text of one type.
type definition struct {
	pkg, text string
}

// NewSchema returns the schema in a text that [Format] made. It panics, as late as when a type is asked for, if the text
// is anything else.
func NewSchema(text string) *Schema {
	return &Schema{
		definitions: sync.OnceValue(func() map[string]definition { return index(text) }),
		decoded:     map[string]schema.TypeDef{},
		types:       map[string]typed.ParseableType{},
	}
}

// index finds the types in the text, without reading them. A line that begins with a tab has a type, any other the
// package of the types that follow.
func index(text string) map[string]definition {
	definitions := map[string]definition{}
	pkg := ""
	for line := range strings.SplitSeq(text, "\n") {
		typeLine, isType := strings.CutPrefix(line, "\t")
		if !isType {
			pkg = line
			continue
		}
		name, definitionText, _ := strings.Cut(typeLine, " ")
		definitions[qualify(pkg, name)] = definition{pkg, definitionText}
	}
	return definitions
}

// qualify returns the full name of a type of a package.
func qualify(pkg, name string) string {
	if pkg == "" {
		return name
	}
	return pkg + "." + name
}

// Has reports whether the schema has the type.
func (s *Schema) Has(name string) bool {
	_, ok := s.definitions()[name]
	return ok
}

// Type returns the type of the given name. Values that were made with what two calls for one name return can be merged
// with each other. A type that is not there is not valid, and whatever is made with it an error that names it.
func (s *Schema) Type(name string) typed.ParseableType {
	s.mu.Lock()
	defer s.mu.Unlock()
	t, ok := s.types[name]
	if !ok {
		// A schema of its own has only what the type needs.
		t = (&typed.Parser{Schema: schema.Schema{Types: s.closure(name)}}).Type(name)
		s.types[name] = t
	}
	return t
}

// Parser returns all types at once. Prefer Type.
func (s *Schema) Parser() *typed.Parser {
	s.mu.Lock()
	defer s.mu.Unlock()
	return &typed.Parser{Schema: schema.Schema{Types: s.closure(slices.Collect(maps.Keys(s.definitions()))...)}}
}

// closure returns the named types and those that they are made of, sorted by name. The caller holds s.mu.
func (s *Schema) closure(names ...string) []schema.TypeDef {
	found := map[string]schema.TypeDef{}
	for len(names) > 0 {
		name := names[len(names)-1]
		names = names[:len(names)-1]
		if _, ok := found[name]; ok {
			continue
		}
		def, ok := s.typeDef(name)
		if !ok {
			continue
		}
		found[name] = def
		names = append(names, references(def.Atom)...)
	}
	types := make([]schema.TypeDef, 0, len(found))
	for _, name := range slices.Sorted(maps.Keys(found)) {
		types = append(types, found[name])
	}
	return types
}

// typeDef reads a type. The caller holds s.mu.
func (s *Schema) typeDef(name string) (schema.TypeDef, bool) {
	if def, ok := s.decoded[name]; ok {
		return def, true
	}
	var atom schema.Atom
	switch d, ok := s.definitions()[name]; {
	case ok:
		var err error
		if atom, err = parse(d); err != nil {
			panic(fmt.Sprintf("schema of type %s: %v", name, err))
		}
	case name == untypedName:
		atom = untyped(schema.Atomic, untypedName)
	case name == deducedName:
		atom = untyped(schema.Separable, deducedName)
	default:
		return schema.TypeDef{}, false
	}
	def := schema.TypeDef{Name: name, Atom: atom}
	s.decoded[name] = def
	return def, true
}

// The types of values whose structure no schema describes: as a whole they have one owner, or each entry of a map has one.
const (
	untypedName = "__untyped_atomic_"
	deducedName = "__untyped_deduced_"
)

// untyped returns a type that all values have.
func untyped(relationship schema.ElementRelationship, entries string) schema.Atom {
	return schema.Atom{
		Scalar: new(schema.Untyped),
		List:   &schema.List{ElementType: named(untypedName), ElementRelationship: schema.Atomic},
		Map:    &schema.Map{ElementType: named(entries), ElementRelationship: relationship},
	}
}

// named returns a reference to a type.
func named(name string) schema.TypeRef {
	return schema.TypeRef{NamedType: &name}
}

// references returns the names of the types that a type is made of.
func references(atom schema.Atom) []string {
	var names []string
	refer := func(ref schema.TypeRef) {
		if ref.NamedType != nil {
			names = append(names, *ref.NamedType)
		} else {
			names = append(names, references(ref.Inlined)...)
		}
	}
	if atom.List != nil {
		refer(atom.List.ElementType)
	}
	if atom.Map != nil {
		refer(atom.Map.ElementType)
		for _, field := range atom.Map.Fields {
			refer(field.Type)
		}
	}
	return names
}
