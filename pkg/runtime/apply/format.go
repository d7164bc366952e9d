package apply

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"sigs.k8s.io/structured-merge-diff/v6/schema"
)

// Format returns the text of the types, from which [NewSchema] makes a schema that says the same. Generators call it.
// The types are sorted by name, and so are the fields of structs: that order means nothing.
func Format(types []schema.TypeDef) (string, error) {
	types = slices.Clone(types)
	split := func(name string) (pkg, base string) {
		if i := strings.LastIndexByte(name, '.'); i >= 0 {
			return name[:i], name[i+1:]
		}
		return "", name
	}
	slices.SortFunc(types, func(a, b schema.TypeDef) int {
		pkgA, nameA := split(a.Name)
		pkgB, nameB := split(b.Name)
		return cmp.Or(strings.Compare(pkgA, pkgB), strings.Compare(nameA, nameB))
	})
	var out strings.Builder
	last := ""
	for _, t := range types {
		if t.Name == untypedName || t.Name == deducedName {
			continue
		}
		pkg, name := split(t.Name)
		if pkg != last {
			out.WriteString(pkg + "\n")
			last = pkg
		}
		f := &formatter{pkg: pkg}
		f.atom(t.Atom)
		if f.err != nil {
			return "", fmt.Errorf("schema of type %s: %w", t.Name, f.err)
		}
		fmt.Fprintf(&out, "\t%s %s\n", name, f.out.String())
	}
	return out.String(), nil
}

// formatter writes types of one package.
type formatter struct {
	pkg string
	out strings.Builder
	err error
}

// scalarWords are the words for scalars.
var scalarWords = map[schema.Scalar]string{
	schema.String: stringWord, schema.Numeric: numberWord, schema.Boolean: boolWord, schema.Untyped: scalarWord,
}

// atom writes a type that has no name.
func (f *formatter) atom(atom schema.Atom) {
	switch {
	case atom.Scalar != nil && atom.List != nil && atom.Map != nil:
		if atom.Map.ElementRelationship == schema.Atomic {
			f.out.WriteString(untypedMark)
		} else {
			f.out.WriteString(deducedMark)
		}
	case atom.Scalar != nil && atom.List == nil && atom.Map == nil:
		word, ok := scalarWords[*atom.Scalar]
		if !ok {
			word = scalarWord
		}
		f.out.WriteString(word)
	case atom.List != nil && atom.Scalar == nil && atom.Map == nil:
		f.list(atom.List)
	case atom.Map != nil && atom.Scalar == nil && atom.List == nil:
		f.structure(atom.Map)
	default:
		f.err = errors.New("it is neither one of a scalar, a list and a map, nor all of them")
	}
}

// ref writes a type or the name of one.
func (f *formatter) ref(ref schema.TypeRef) {
	if ref.ElementRelationship != nil {
		f.out.WriteString(string(*ref.ElementRelationship) + " ")
	}
	switch {
	case ref.NamedType == nil:
		f.atom(ref.Inlined)
	case *ref.NamedType == untypedName:
		f.out.WriteString(untypedMark)
	case *ref.NamedType == deducedName:
		f.out.WriteString(deducedMark)
	default:
		name := *ref.NamedType
		if rest, ok := strings.CutPrefix(name, f.pkg+"."); ok && !strings.Contains(rest, ".") {
			name = rest
		}
		f.out.WriteString(name)
	}
}

// list writes a list.
func (f *formatter) list(list *schema.List) {
	kind := ""
	if list.ElementRelationship == schema.Associative {
		kind = "set"
		if len(list.Keys) > 0 {
			kind = "=" + strings.Join(list.Keys, ",")
		}
	}
	f.out.WriteString("[" + kind + "]")
	f.ref(list.ElementType)
}

// structure writes a struct or a map.
func (f *formatter) structure(m *schema.Map) {
	none := schema.TypeRef{}
	if len(m.Fields)+len(m.Unions) == 0 && m.ElementType != none {
		f.out.WriteString("<" + string(m.ElementRelationship) + ">")
		f.ref(m.ElementType)
		return
	}
	f.out.WriteString(string(m.ElementRelationship) + "{")
	fields := slices.SortedFunc(slices.Values(m.Fields), func(a, b schema.StructField) int { return strings.Compare(a.Name, b.Name) })
	for i, field := range fields {
		if i > 0 {
			f.out.WriteString(" ")
		}
		if field.Name == "" || strings.ContainsAny(field.Name, "*:|{} ") {
			f.err = fmt.Errorf("%q cannot be the name of a field", field.Name)
		}
		f.out.WriteString(field.Name + ":")
		f.ref(field.Type)
		if field.Default != nil {
			f.value(field.Default)
		}
	}
	if m.ElementType != none {
		f.out.WriteString(" *:")
		f.ref(m.ElementType)
	}
	for _, union := range m.Unions {
		f.out.WriteString(" |")
		if union.Discriminator != nil {
			f.out.WriteString(*union.Discriminator)
		}
		for _, field := range union.Fields {
			f.out.WriteString(" " + field.FieldName + "=" + field.DiscriminatorValue)
		}
	}
	f.out.WriteString("}")
}

// value writes a default value.
func (f *formatter) value(value any) {
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(value); err != nil {
		f.err = fmt.Errorf("default value %v: %w", value, err)
	}
	f.out.WriteString("=" + strings.TrimSpace(out.String()))
}
