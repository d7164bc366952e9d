package apply_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"sigs.k8s.io/structured-merge-diff/v6/schema"
	"sigs.k8s.io/structured-merge-diff/v6/typed"

	"github.com/kubewright/kubewright/pkg/runtime/apply"
)

// text has everything that the text of a schema can have.
const text = `com.example
	Anything ?
	Atom *
	Leaf string
	Map {a:<>string b:<atomic>Leaf c:<separable>[]Leaf d:[set]number e:[=a,b]Map f:Leaf="x y" g:com.example.other.T={} h:atomic Map={"x":[1,2.5]} i:* j:? k:bool=false l:scalar=0 m:<>[=a]<>? *:Leaf |type one=One two=Two | three=}
	Number number
	Separable separable{a:string=""}
	Struct atomic{x:Map}
com.example.other
	T {}
`

func parser(t *testing.T) *typed.Parser {
	t.Helper()
	return apply.NewSchema(text).Parser()
}

func TestFormatIsWhatNewSchemaReads(t *testing.T) {
	again, err := apply.Format(parser(t).Schema.Types)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(text, again); diff != "" {
		t.Errorf("text (-given +read and formatted):\n%s", diff)
	}
}

func TestSchemaSaysWhatItsTextSays(t *testing.T) {
	def, ok := parser(t).Schema.FindNamedType("com.example.Map")
	if !ok {
		t.Fatal("type not found")
	}
	named := func(name string) schema.TypeRef { return schema.TypeRef{NamedType: &name} }
	scalar := func(s schema.Scalar) schema.TypeRef { return schema.TypeRef{Inlined: schema.Atom{Scalar: &s}} }
	list := func(l schema.List) schema.TypeRef { return schema.TypeRef{Inlined: schema.Atom{List: &l}} }
	asMap := func(element schema.TypeRef, relationship schema.ElementRelationship) schema.TypeRef {
		return schema.TypeRef{Inlined: schema.Atom{Map: &schema.Map{ElementType: element, ElementRelationship: relationship}}}
	}
	overridden := named("com.example.Map")
	overridden.ElementRelationship = new(schema.Atomic)
	want := &schema.Map{
		Fields: []schema.StructField{
			{Name: "a", Type: asMap(scalar(schema.String), "")},
			{Name: "b", Type: asMap(named("com.example.Leaf"), schema.Atomic)},
			{Name: "c", Type: asMap(list(schema.List{ElementType: named("com.example.Leaf"), ElementRelationship: schema.Atomic}), schema.Separable)},
			{Name: "d", Type: list(schema.List{ElementType: scalar(schema.Numeric), ElementRelationship: schema.Associative})},
			{Name: "e", Type: list(schema.List{ElementType: named("com.example.Map"), ElementRelationship: schema.Associative, Keys: []string{"a", "b"}})},
			{Name: "f", Type: named("com.example.Leaf"), Default: "x y"},
			{Name: "g", Type: named("com.example.other.T"), Default: map[string]any{}},
			{Name: "h", Type: overridden, Default: map[string]any{"x": []any{int64(1), 2.5}}},
			{Name: "i", Type: named("__untyped_atomic_")},
			{Name: "j", Type: named("__untyped_deduced_")},
			{Name: "k", Type: scalar(schema.Boolean), Default: false},
			{Name: "l", Type: scalar(schema.Untyped), Default: int64(0)},
			{Name: "m", Type: asMap(list(schema.List{ElementType: asMap(named("__untyped_deduced_"), ""), ElementRelationship: schema.Associative, Keys: []string{"a"}}), "")},
		},
		ElementType: named("com.example.Leaf"),
		Unions: []schema.Union{
			{Discriminator: new("type"), Fields: []schema.UnionField{{FieldName: "one", DiscriminatorValue: "One"}, {FieldName: "two", DiscriminatorValue: "Two"}}},
			{Fields: []schema.UnionField{{FieldName: "three"}}},
		},
	}
	if diff := cmp.Diff(want, def.Map, cmpopts.IgnoreUnexported(schema.Map{})); diff != "" {
		t.Errorf("type (-want +got):\n%s", diff)
	}
}

func TestTypeHasWhatItNeedsAndNotMore(t *testing.T) {
	s := apply.NewSchema(text)
	names := func(t typed.ParseableType) (names []string) {
		for _, def := range t.Schema.Types {
			names = append(names, strings.TrimPrefix(def.Name, "com.example."))
		}
		return names
	}
	for name, want := range map[string][]string{
		"Leaf":      {"Leaf"},
		"Separable": {"Separable"},
		"Atom":      {"Atom", "__untyped_atomic_"},
		"Struct":    {"__untyped_atomic_", "__untyped_deduced_", "Leaf", "Map", "Struct", "other.T"},
	} {
		got := names(s.Type("com.example." + name))
		if diff := cmp.Diff(want, got, cmpopts.SortSlices(strings.Compare)); diff != "" {
			t.Errorf("types for %s (-want +got):\n%s", name, diff)
		}
	}
	if s.Has("com.example.Missing") || s.Type("com.example.Missing").IsValid() {
		t.Error("a type that is not in the text is valid")
	}
}

func TestValuesOfOneTypeCanBeMerged(t *testing.T) {
	s := apply.NewSchema(text)
	one, err := s.Type("com.example.Map").FromYAML("a: {first: one}")
	if err != nil {
		t.Fatal(err)
	}
	two, err := s.Type("com.example.Map").FromYAML("a: {second: two}")
	if err != nil {
		t.Fatal(err)
	}
	merged, err := one.Merge(two)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(map[string]any{"a": map[string]any{"first": "one", "second": "two"}}, merged.AsValue().Unstructured()); diff != "" {
		t.Errorf("merged (-want +got):\n%s", diff)
	}
}

func TestTextThatIsNoSchemaPanicsWithItsType(t *testing.T) {
	for text, want := range map[string]string{
		"p\n\tT {a:string":   `one of`,
		"p\n\tT {a string}":  `schema of type p.T: want one of : at "a string}"`,
		"p\n\tT Other":       "not the name of one",
		"p\n\tT []":          "a type",
		"p\n\tT {a:string=}": "a JSON value",
		"p\n\tT string more": "nothing more",
	} {
		func() {
			defer func() {
				if got, _ := recover().(string); !strings.Contains(got, want) {
					t.Errorf("%q panics with %q, want %q", text, got, want)
				}
			}()
			apply.NewSchema(text).Type("p.T")
		}()
	}
}

func TestFormatRefusesWhatHasNoText(t *testing.T) {
	str := schema.String
	for want, atom := range map[string]schema.Atom{
		"neither one of a scalar":  {},
		`"a b" cannot be the name`: {Map: &schema.Map{Fields: []schema.StructField{{Name: "a b", Type: schema.TypeRef{Inlined: schema.Atom{Scalar: &str}}}}}},
		"default value":            {Map: &schema.Map{Fields: []schema.StructField{{Name: "a", Type: schema.TypeRef{Inlined: schema.Atom{Scalar: &str}}, Default: func() {}}}}},
	} {
		if _, err := apply.Format([]schema.TypeDef{{Name: "p.T", Atom: atom}}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want %q", err, want)
		}
	}
}
