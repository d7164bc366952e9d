package smdschema

import (
	"fmt"
	"reflect"
	"strings"

	"sigs.k8s.io/structured-merge-diff/v6/schema"
	"sigs.k8s.io/structured-merge-diff/v6/typed"
)

// New derives the schema of the given struct types and of all types that they are made of. Its types have the names of [Name].
// It fails on types that JSON cannot have (channels, functions, maps with keys other than strings) and on markers that make no sense.
func New(markers Markers, roots ...reflect.Type) (*typed.Parser, error) {
	d := deriver{markers: markers, done: make(map[string]bool)}
	for _, root := range roots {
		if _, err := d.named(root); err != nil {
			return nil, err
		}
	}
	return &typed.Parser{Schema: schema.Schema{Types: append(d.types, untypedDef, deducedDef)}}, nil
}

// Name is the name of a type in a schema: that of its OpenAPI definition, such as io.k8s.api.core.v1.Pod.
func Name(t reflect.Type) string {
	if namer, ok := reflect.Zero(t).Interface().(interface{ OpenAPIModelName() string }); ok {
		return namer.OpenAPIModelName()
	}
	host, rest, found := strings.Cut(t.PkgPath(), "/")
	labels := strings.Split(host, ".")
	for i, j := 0, len(labels)-1; i < j; i, j = i+1, j-1 {
		labels[i], labels[j] = labels[j], labels[i]
	}
	name := strings.Join(labels, ".")
	if found {
		name += "." + strings.ReplaceAll(rest, "/", ".")
	}
	return name + "." + t.Name()
}

// deriver collects the named types of a schema.
type deriver struct {
	markers Markers
	types   []schema.TypeDef
	done    map[string]bool // names in types, and those that are being derived
}

// named returns a reference to the definition of a struct type, and sees to it that there is one.
func (d *deriver) named(t reflect.Type) (schema.TypeRef, error) {
	name := Name(t)
	ref := schema.TypeRef{NamedType: &name}
	if d.done[name] {
		return ref, nil
	}
	d.done[name] = true
	atom, special := specialAtom(name, t)
	if !special {
		var err error
		if atom, err = d.structAtom(t); err != nil {
			return schema.TypeRef{}, err
		}
	}
	d.types = append(d.types, schema.TypeDef{Name: name, Atom: atom})
	return ref, nil
}

// structAtom describes a struct by its fields.
func (d *deriver) structAtom(t reflect.Type) (schema.Atom, error) {
	relationship, err := d.markers.of(t.PkgPath(), t.Name()).relationship("structType")
	if err != nil {
		return schema.Atom{}, fmt.Errorf("%s: %w", t, err)
	}
	fields, err := d.fields(t)
	if err != nil {
		return schema.Atom{}, err
	}
	object := &schema.Map{Fields: fields, ElementRelationship: relationship}
	switch {
	case len(fields) == 0: // nothing is known about it, so anything may be in it
		object.ElementType = schema.TypeRef{NamedType: &deducedName}
	case ownJSON(t): // its JSON need not be that of its fields
		return anything(), nil
	}
	return schema.Atom{Map: object}, nil
}

// fields returns the fields of a struct as JSON has them, those of inlined structs among them.
func (d *deriver) fields(t reflect.Type) (fields []schema.StructField, err error) {
	for field := range t.Fields() {
		name, options, _ := strings.Cut(field.Tag.Get("json"), ",")
		if name == "-" || !field.IsExported() {
			continue
		}
		if name == "" {
			if field.Anonymous {
				inlined, err := d.fields(indirect(field.Type))
				if err != nil {
					return nil, err
				}
				fields = append(fields, inlined...)
				continue
			}
			name = field.Name
		}
		derived, err := d.field(t, field, options)
		if err != nil {
			return nil, fmt.Errorf("%s.%s: %w", t, field.Name, err)
		}
		derived.Name = name
		fields = append(fields, derived)
	}
	return fields, nil
}

// field describes a field of t but for its name; options are those behind the name in the tag for JSON.
func (d *deriver) field(t reflect.Type, field reflect.StructField, options string) (derived schema.StructField, err error) {
	if strings.Contains(options, "string") {
		return schema.StructField{Type: scalar(schema.String)}, nil
	}
	about := d.markers.of(t.PkgPath(), t.Name()+"."+field.Name)
	about.strategy, about.mergeKey = field.Tag.Get("patchStrategy"), field.Tag.Get("patchMergeKey")
	if derived.Type, err = d.ref(field.Type, about); err != nil {
		return derived, err
	}
	if derived.Default, err = about.defaultValue(); derived.Default == nil {
		derived.Default = zeroDefault(field.Type, strings.Contains(options, "omitempty"))
	}
	return derived, err
}

// ref describes a type as a field, an element of a list or a value of a map has it; about is what is said about the field.
func (d *deriver) ref(t reflect.Type, about tags) (schema.TypeRef, error) {
	t = indirect(t)
	switch t.Kind() {
	case reflect.Struct:
		return d.structRef(t, about)
	case reflect.Map:
		if t.Key().Kind() != reflect.String {
			return schema.TypeRef{}, fmt.Errorf("the keys of a map must be strings, not %s", t.Key())
		}
		element, err := d.ref(t.Elem(), tags{})
		if err != nil {
			return schema.TypeRef{}, err
		}
		relationship, err := about.relationship("mapType")
		if err != nil {
			return schema.TypeRef{}, err
		}
		return schema.TypeRef{Inlined: schema.Atom{Map: &schema.Map{ElementType: element, ElementRelationship: relationship}}}, nil
	case reflect.Slice, reflect.Array:
		if ownJSON(t) {
			return schema.TypeRef{Inlined: anything()}, nil
		}
		if t.Elem().Kind() == reflect.Uint8 {
			return scalar(schema.String), nil // in base64
		}
		element, err := d.ref(t.Elem(), tags{})
		if err != nil {
			return schema.TypeRef{}, err
		}
		relationship, keys, err := about.list()
		if err != nil {
			return schema.TypeRef{}, err
		}
		return schema.TypeRef{Inlined: schema.Atom{List: &schema.List{ElementType: element, ElementRelationship: relationship, Keys: keys}}}, nil
	case reflect.Interface:
		return schema.TypeRef{Inlined: anything()}, nil
	case reflect.String:
		return scalar(schema.String), nil
	case reflect.Bool:
		return scalar(schema.Boolean), nil
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64,
		reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64, reflect.Float32, reflect.Float64:
		return scalar(schema.Numeric), nil
	default:
		return schema.TypeRef{}, fmt.Errorf("the type %s has no JSON", t)
	}
}

// structRef refers to a struct; what is said about the field goes before what is said about the type.
func (d *deriver) structRef(t reflect.Type, about tags) (schema.TypeRef, error) {
	ref, err := d.named(t)
	if err != nil {
		return schema.TypeRef{}, err
	}
	relationship, err := about.relationship("structType")
	if err != nil {
		return schema.TypeRef{}, err
	}
	if relationship != "" {
		ref.ElementRelationship = &relationship
	}
	return ref, nil
}

// zeroDefault is the default of a field that is always written: its zero value. An element of a list that lacks such a field has
// the same key as one that has it empty.
func zeroDefault(t reflect.Type, omitEmpty bool) any {
	if t.Kind() != reflect.Pointer && ownJSON(t) {
		return nil // its zero value is null
	}
	switch t.Kind() {
	case reflect.Struct:
		if t.NumField() == 1 && t.Field(0).Anonymous { // as good as another name of that type
			return zeroDefault(t.Field(0).Type, omitEmpty)
		}
		return map[string]any{}
	case reflect.Pointer, reflect.Map, reflect.Slice, reflect.Array, reflect.Interface:
		return nil
	}
	if omitEmpty {
		return nil
	}
	switch t.Kind() {
	case reflect.String:
		return ""
	case reflect.Bool:
		return false
	default:
		return float64(0)
	}
}

func indirect(t reflect.Type) reflect.Type {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	return t
}
