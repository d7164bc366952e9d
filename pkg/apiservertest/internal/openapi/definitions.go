package openapi

import (
	"cmp"
	"reflect"
	"slices"
	"strings"
	"sync"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	gvkschema "k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/kubewright/kubewright/pkg/apiservertest/internal/smdschema"
)

// definition is the schema of a struct type, and the types that it refers to.
type definition struct {
	schema schema
	refs   []reflect.Type
}

// definitions makes schemas of Go types, each once.
type definitions struct {
	kinds map[reflect.Type][]groupVersionKind
	facts func() facts

	mu   sync.Mutex // guards made
	made map[reflect.Type]*definition
}

func newDefinitions(scheme *runtime.Scheme) *definitions {
	d := &definitions{kinds: make(map[reflect.Type][]groupVersionKind), made: make(map[reflect.Type]*definition)}
	types := scheme.AllKnownTypes()
	for gvk, t := range types {
		if gvk.Version != runtime.APIVersionInternal {
			d.kinds[t] = append(d.kinds[t], kindOf(gvk))
		}
	}
	for _, kinds := range d.kinds {
		slices.SortFunc(kinds, func(a, b groupVersionKind) int {
			return cmp.Or(cmp.Compare(a.Group, b.Group), cmp.Compare(a.Version, b.Version), cmp.Compare(a.Kind, b.Kind))
		})
	}
	d.facts = sync.OnceValue(func() facts { return newFacts(types) })
	return d
}

func kindOf(gvk gvkschema.GroupVersionKind) groupVersionKind {
	return groupVersionKind{Group: gvk.Group, Version: gvk.Version, Kind: gvk.Kind}
}

// closure adds the schemas of types, and of all that they refer to, to those of a document.
func (d *definitions) closure(schemas map[string]any, gv gvkschema.GroupVersion, types ...reflect.Type) {
	for len(types) > 0 {
		t := types[0]
		types = types[1:]
		name := smdschema.Name(t)
		if _, ok := schemas[name]; ok {
			continue
		}
		def := d.of(t)
		s := def.schema
		s.Kinds = d.kindsIn(gv, t)
		schemas[name] = &s
		types = append(types, def.refs...)
	}
}

// kindsIn returns the kinds of a type. The types that every version has, such as
// DeleteOptions, have in a document its version's kind and that of the core group only.
func (d *definitions) kindsIn(gv gvkschema.GroupVersion, t reflect.Type) []groupVersionKind {
	if t.PkgPath() != reflect.TypeFor[metav1.Status]().PkgPath() {
		return d.kinds[t]
	}
	var kinds []groupVersionKind
	for _, k := range d.kinds[t] {
		if (k.Group == "" && k.Version == "v1") || (k.Group == gv.Group && k.Version == gv.Version) {
			kinds = append(kinds, k)
		}
	}
	return kinds
}

// of returns the definition of a struct type.
func (d *definitions) of(t reflect.Type) *definition {
	d.mu.Lock()
	defer d.mu.Unlock()
	def := d.made[t]
	if def == nil {
		def = d.define(t)
		d.made[t] = def
	}
	return def
}

func (d *definitions) define(t reflect.Type) *definition {
	docs := docsOf(t)
	if s := special(t); s != nil {
		s.Description = docs[""]
		return &definition{schema: *s}
	}
	def := &definition{schema: schema{Description: docs[""], Type: "object", Properties: make(map[string]*schema)}}
	if d.facts().atomic(t) {
		def.schema.MapType = "atomic"
	}
	d.addFields(def, t, docs, d.facts().fields(t))
	if len(def.schema.Properties) == 0 {
		def.schema.Properties = nil
	}
	return def
}

// addFields adds the fields of a struct, those of the structs in it that have no name too.
func (d *definitions) addFields(def *definition, t reflect.Type, docs map[string]string, facts map[string]fact) {
	for i := range t.NumField() {
		field := t.Field(i)
		name, options, _ := strings.Cut(field.Tag.Get("json"), ",")
		switch {
		case name == "-" || !field.IsExported():
		case name == "" && field.Anonymous:
			d.addFields(def, indirect(field.Type), docsOf(indirect(field.Type)), facts)
		default:
			name = cmp.Or(name, field.Name)
			omits := strings.Contains(options, "omitempty") || strings.Contains(options, "omitzero")
			s := def.use(field.Type)
			if value := facts[name].value; value != nil {
				s = withDefault(s, value)
			}
			s = describe(s, docs[name])
			facts[name].apply(s)
			s.PatchStrategy, s.PatchMergeKey = field.Tag.Get("patchStrategy"), field.Tag.Get("patchMergeKey")
			def.schema.Properties[name] = s
			if isRequired(t.PkgPath()+"."+t.Name()+"."+name, omits) {
				def.schema.Required = append(def.schema.Required, name)
			}
		}
	}
}

// use returns the schema of a value of type t, and notes the definition that it refers to.
func (def *definition) use(t reflect.Type) *schema {
	t = indirect(t)
	switch t.Kind() {
	case reflect.Struct:
		def.refs = append(def.refs, t)
		return refTo(smdschema.Name(t))
	case reflect.Map:
		return &schema{Type: "object", AdditionalProperties: def.element(t.Elem())}
	case reflect.Slice, reflect.Array:
		if t.Elem().Kind() == reflect.Uint8 {
			return &schema{Type: "string", Format: "byte"}
		}
		return &schema{Type: "array", Items: def.element(t.Elem())}
	case reflect.Bool:
		return &schema{Type: "boolean"}
	case reflect.String:
		return &schema{Type: "string"}
	case reflect.Float32, reflect.Float64:
		return &schema{Type: "number", Format: "double"}
	case reflect.Int32, reflect.Int16, reflect.Int8, reflect.Uint16, reflect.Uint8:
		return &schema{Type: "integer", Format: "int32"}
	case reflect.Int, reflect.Int64, reflect.Uint, reflect.Uint32, reflect.Uint64:
		return &schema{Type: "integer", Format: "int64"}
	}
	return &schema{Type: "object"} // an interface
}

// element returns the schema of a value in a list or a map: one that is not there has the
// zero value of its type, if that is a value of its own.
func (def *definition) element(t reflect.Type) *schema {
	s := def.use(t)
	switch t.Kind() {
	case reflect.Struct:
		if special(t) == nil {
			return withDefault(s, struct{}{})
		}
	case reflect.String, reflect.Bool, reflect.Float32, reflect.Float64,
		reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64,
		reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		return withDefault(s, reflect.Zero(t).Interface())
	}
	return s
}

// withDefault adds a default, which may not be beside a reference.
func withDefault(s *schema, value any) *schema {
	if s.Ref != "" {
		s = &schema{AllOf: []*schema{s}}
	}
	s.Default = value
	return s
}

// describe adds a description, which may not be beside a reference.
func describe(s *schema, text string) *schema {
	if s.Ref != "" && text != "" {
		s = &schema{AllOf: []*schema{s}}
	}
	s.Description = text
	return s
}

func indirect(t reflect.Type) reflect.Type {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	return t
}

// docsOf returns the descriptions that a type has of itself, under "", and of its fields.
func docsOf(t reflect.Type) map[string]string {
	documented, ok := reflect.Zero(t).Interface().(interface{ SwaggerDoc() map[string]string })
	if !ok {
		return nil
	}
	docs := documented.SwaggerDoc()
	for i := range t.NumField() {
		field := t.Field(i)
		if field.Anonymous && field.Type.Kind() == reflect.Struct &&
			reflect.ValueOf(docsOf(field.Type)).Pointer() == reflect.ValueOf(docs).Pointer() {
			return nil // the method is not the type's own
		}
	}
	return docs
}
