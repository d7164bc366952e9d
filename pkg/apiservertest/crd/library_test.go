package crd

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const (
	root = "spec.validation.openAPIV3Schema"
	cure = " (try simplifying the rule, or adding maxItems, maxProperties, and maxLength where arrays, maps, and strings are declared)"
)

// TestSchemasAreRefusedAsByKubeAPIServer has what kube-apiserver v1.36.3 answered. ROOT is the path of the schema, A that of its spec, S of spec.a.
func TestSchemasAreRefusedAsByKubeAPIServer(t *testing.T) {
	rule := func(rule string) string {
		return `{"Rule":"` + rule + `","Message":"","MessageExpression":"","Reason":null,"FieldPath":"","OptionalOldSelf":null}`
	}
	for name, test := range map[string]struct {
		schema string
		want   []string
	}{
		"right":           {withSpec(`{type: object, properties: {a: {type: integer, default: 1}}, x-kubernetes-validations: [{rule: "!has(self.a) || self.a > 1"}]}`), nil},
		"no type":         {`{properties: {spec: {}}}`, []string{"A.type: Required value: must not be empty for specified object fields", "ROOT.type: Required value: must not be empty at the root"}},
		"array":           {`{type: array, items: {type: string}}`, []string{`ROOT.type: Invalid value: "array": must be object at the root`}},
		"nullable root":   {`{type: object, nullable: true}`, []string{`ROOT.nullable: Forbidden: nullable cannot be true at the root`}},
		"no type inside":  {withSpec(`{}`), []string{`A.type: Required value: must not be empty for specified object fields`}},
		"unique items":    {withSpec(`{type: object, properties: {a: {type: array, uniqueItems: true, items: {type: string}}}}`), []string{`S.uniqueItems: Forbidden: uniqueItems cannot be set to true since the runtime complexity becomes quadratic`}},
		"reference":       {withSpec(`{type: object, $ref: "#/x"}`), []string{`A.$ref: Forbidden: $ref is not supported`}},
		"items by place":  {withSpec(`{type: object, properties: {a: {type: array, items: [{type: string}]}}}`), []string{`S.items: Forbidden: items must be a schema object and not an array`}},
		"no items":        {withSpec(`{type: object, properties: {a: {type: array}}}`), []string{`S.items: Required value: must be specified`}},
		"both properties": {withSpec(`{type: object, additionalProperties: {type: string}, properties: {a: {type: string}}}`), []string{`A.additionalProperties: Forbidden: additionalProperties and properties are mutual exclusive`}},
		"definitions":     {withSpec(`{type: object, definitions: {x: {type: string}}}`), []string{`A.definitions: Forbidden: definitions is not supported`}},
		"patterns":        {withSpec(`{type: object, patternProperties: {x: {type: string}}}`), []string{`A.patternProperties: Forbidden: patternProperties is not supported`}},
		"dependencies":    {withSpec(`{type: object, dependencies: {x: [a]}}`), []string{`A.dependencies: Forbidden: dependencies is not supported`}},
		"id":              {withSpec(`{type: object, id: x}`), []string{`A.id: Forbidden: id is not supported`}},
		"unknown type":    {withSpec(`{type: object, properties: {a: {type: foo}}}`), []string{`S.type: Unsupported value: "foo": supported values: "array", "boolean", "integer", "number", "object", "string"`}},
		"bad pattern":     {withSpec(`{type: object, properties: {a: {type: string, pattern: "("}}}`), []string{"S.pattern: Invalid value: \"(\": must be a valid regular expression, but isn't: error parsing regexp: missing closing ): `(`"}},
		"not structural":  {withSpec(`{type: object, anyOf: [{properties: {z: {type: string}}}]}`), []string{`A.anyOf[0].properties[z].type: Forbidden: must be empty to be structural`}},
		"metadata":        {`{type: object, properties: {metadata: {type: object, properties: {labels: {type: object}}}}}`, []string{`ROOT.properties[metadata]: Forbidden: must not specify anything other than name and generateName, but metadata is implicitly specified`}},
		"bad default":     {withSpec(`{type: object, properties: {a: {type: string, default: 1}}}`), []string{`S.default: Invalid value: "integer":  in body must be of type string: "integer"`}},
		"unknown default": {withSpec(`{type: object, properties: {a: {type: object, default: {x: 1}}}}`), []string{`S.default: Invalid value: {"x":1}: must not have unknown fields`}},
		"prunes nothing":  {withSpec(`{type: object, x-kubernetes-preserve-unknown-fields: false}`), []string{`A.x-kubernetes-preserve-unknown-fields: Invalid value: false: must be true or undefined`}},
		"map, no keys":    {withSpec(`{type: object, properties: {a: {type: array, x-kubernetes-list-type: map, items: {type: object, properties: {k: {type: string}}}}}}`), []string{`S.x-kubernetes-list-map-keys: Required value: must not be empty if x-kubernetes-list-type is map`}},
		"map, no such key": {withSpec(`{type: object, properties: {a: {type: array, x-kubernetes-list-type: map, x-kubernetes-list-map-keys: [z], items: {type: object, properties: {k: {type: string}}}}}}`),
			[]string{`S.x-kubernetes-list-map-keys: Invalid value: ["z"]: entries must all be names of item properties`}},
		"map, key optional": {withSpec(`{type: object, properties: {a: {type: array, x-kubernetes-list-type: map, x-kubernetes-list-map-keys: [k], items: {type: object, properties: {k: {type: string}}}}}}`),
			[]string{`S.items.properties[k].default: Required value: this property is in x-kubernetes-list-map-keys, so it must have a default or be a required property`}},
		"list type":      {withSpec(`{type: object, properties: {a: {type: array, x-kubernetes-list-type: foo, items: {type: string}}}}`), []string{`S.x-kubernetes-list-type: Unsupported value: "foo": supported values: "atomic", "set", "map"`}},
		"set of objects": {withSpec(`{type: object, properties: {a: {type: array, x-kubernetes-list-type: set, items: {type: object}}}}`), []string{`S.items.x-kubernetes-map-type: Invalid value: null: must be atomic as item of a list with x-kubernetes-list-type=set`}},
		"map type":       {withSpec(`{type: object, x-kubernetes-map-type: foo}`), []string{`A.x-kubernetes-map-type: Unsupported value: "foo": supported values: "atomic", "granular"`}},
		"embedded":       {withSpec(`{type: object, properties: {a: {type: object, x-kubernetes-embedded-resource: true}}}`), []string{`S.properties: Required value: must not be empty if x-kubernetes-embedded-resource is true without x-kubernetes-preserve-unknown-fields`}},
		"rule, syntax": {withSpec(`{type: object, x-kubernetes-validations: [{rule: "self."}]}`),
			[]string{"A.x-kubernetes-validations[0].rule: Invalid value: " + rule("self.") + ": compilation failed: ERROR: <input>:1:6: Syntax error: no viable alternative at input '.'\n | self.\n | .....^"}},
		"rule, unknown field": {withSpec(`{type: object, x-kubernetes-validations: [{rule: "self.foo > 1"}]}`),
			[]string{"A.x-kubernetes-validations[0].rule: Invalid value: " + rule(`self.foo \u003e 1`) + ": compilation failed: ERROR: <input>:1:5: undefined field 'foo'\n | self.foo > 1\n | ....^"}},
		"rule, no bool": {withSpec(`{type: object, x-kubernetes-validations: [{rule: "1"}]}`), []string{"A.x-kubernetes-validations[0].rule: Invalid value: " + rule("1") + ": cel expression must evaluate to a bool"}},
		"rule, empty":   {withSpec(`{type: object, x-kubernetes-validations: [{rule: " "}]}`), []string{"A.x-kubernetes-validations[0].rule: Required value: rule is not specified"}},
		"rule, messages": {withSpec(`{type: object, x-kubernetes-validations: [{rule: "a\nb"}, {rule: "true", message: "a\nb"}, {rule: "true", message: " "}]}`), []string{
			`A.x-kubernetes-validations[0].message: Required value: message must be specified if rule contains line breaks`,
			`A.x-kubernetes-validations[1].message: Invalid value: "a\nb": must not contain line breaks`,
			`A.x-kubernetes-validations[2].message: Invalid value: " ": must be non-empty if specified`,
		}},
		"rule, message expression": {withSpec(`{type: object, x-kubernetes-validations: [{rule: "true", messageExpression: "1"}]}`),
			[]string{"A.x-kubernetes-validations[0].messageExpression: Invalid value: " + strings.Replace(rule("true"), `"MessageExpression":""`, `"MessageExpression":"1"`, 1) + ": messageExpression must evaluate to a string"}},
		"rule, reason":     {withSpec(`{type: object, x-kubernetes-validations: [{rule: "true", reason: foo}]}`), []string{`A.x-kubernetes-validations[0].reason: Unsupported value: "foo": supported values: "FieldValueDuplicate", "FieldValueForbidden", "FieldValueInvalid", "FieldValueRequired"`}},
		"rule, field path": {withSpec(`{type: object, x-kubernetes-validations: [{rule: "true", fieldPath: .foo}]}`), []string{`A.x-kubernetes-validations[0].fieldPath: Invalid value: ".foo": must be a valid path`}},
		"rule, cost": {withSpec(`{type: object, properties: {a: {type: array, items: {type: array, items: {type: string}}}}, x-kubernetes-validations: [{rule: "self.a.all(x, x.all(y, self.a.all(z, z.all(w, w.contains(y)))))"}]}`), []string{
			`A.x-kubernetes-validations[0].rule: Forbidden: estimated rule cost exceeds budget by factor of more than 100x` + cure,
			`A.x-kubernetes-validations[0].rule: Forbidden: contributed to estimated rule cost total exceeding cost limit for entire OpenAPIv3 schema`,
			`ROOT: Forbidden: x-kubernetes-validations estimated rule cost total for entire OpenAPIv3 schema exceeds budget by factor of more than 100x` + cure,
		}},
		"rule, cost in a list": {withSpec(`{type: object, properties: {a: {type: array, items: {type: string, x-kubernetes-validations: [{rule: 'self.contains("abcdef")'}]}}}}`), []string{
			`S.items.x-kubernetes-validations[0].rule: Forbidden: estimated rule cost exceeds budget by factor of more than 100x` + cure,
			`S.items.x-kubernetes-validations[0].rule: Forbidden: contributed to estimated rule cost total exceeding cost limit for entire OpenAPIv3 schema`,
			`ROOT: Forbidden: x-kubernetes-validations estimated rule cost total for entire OpenAPIv3 schema exceeds budget by factor of more than 100x` + cure,
		}},
		"rule, bounded list": {withSpec(`{type: object, properties: {a: {type: array, maxItems: 10, items: {type: string, maxLength: 10, x-kubernetes-validations: [{rule: 'self.contains("abcdef")'}]}}}}`), nil},
		"rule, no old value": {withSpec(`{type: object, properties: {a: {type: array, maxItems: 3, items: {type: string, maxLength: 5, x-kubernetes-validations: [{rule: self == oldSelf}]}}}}`), []string{
			`S.items.x-kubernetes-validations[0].rule: Invalid value: "self == oldSelf": oldSelf cannot be used on the uncorrelatable portion of the schema within S`,
		}},
		"rule, old value in a map": {withSpec(`{type: object, properties: {a: {type: object, maxProperties: 3, additionalProperties: {type: string, maxLength: 5, x-kubernetes-validations: [{rule: self == oldSelf}]}}}}`), nil},
	} {
		t.Run(name, func(t *testing.T) {
			got := texts(Schemas().Validate(definition(t, test.schema), nil))
			want := []string{}
			paths := strings.NewReplacer("ROOT", root, "A.", root+".properties[spec].", "S.", root+".properties[spec].properties[a].", "within S", "within "+root+".properties[spec].properties[a]")
			for _, text := range test.want {
				want = append(want, paths.Replace(text))
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("errors (-want +got):\n%s", diff)
			}
		})
	}
}

func TestSchemasOfVersionsThatDifferAreNamedByVersion(t *testing.T) {
	got := texts(Schemas().Validate(definition(t, `{type: object}`, `{type: array}`), nil))
	want := []string{
		`spec.versions[1].schema.openAPIV3Schema.items: Required value: must be specified`,
		`spec.versions[1].schema.openAPIV3Schema.type: Invalid value: "array": must be object at the root`,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("errors (-want +got):\n%s", diff)
	}
}

func TestASchemaThatHasNotChangedIsLetThrough(t *testing.T) {
	bad := definition(t, `{type: object}`, `{type: array}`)
	if errs := Schemas().Validate(bad, bad); len(errs) > 0 {
		t.Errorf("errors = %v, want none", errs)
	}
}

func TestCompilingAVersionThatIsNotThere(t *testing.T) {
	if _, err := Schemas().Compile(definition(t, `{type: object}`), "v7"); err == nil || err.Error() != "there is none" {
		t.Errorf("error = %v", err)
	}
}

func TestSelectableFieldsHaveToBeInTheSchema(t *testing.T) {
	obj := definition(t, withSpec(`{type: object, properties: {a: {type: string}, o: {type: object}}}`))
	version := obj.Object["spec"].(map[string]any)["versions"].([]any)[0].(map[string]any)
	for _, path := range []string{".spec.a", ".spec.a", ".spec.b", "x", ".spec.o", ".metadata.name", ""} {
		fields, _ := version["selectableFields"].([]any)
		version["selectableFields"] = append(fields, map[string]any{"jsonPath": path})
	}
	want := []string{
		`spec.selectableFields[1].jsonPath: Duplicate value: ".spec.a"`,
		`spec.selectableFields[2].jsonPath: Invalid value: ".spec.b": is an invalid path: does not refer to a valid field`,
		`spec.selectableFields[3].jsonPath: Invalid value: "x": is an invalid path: expected [ or . but got: x`,
		`spec.selectableFields[4].jsonPath: Invalid value: ".spec.o": must point to a field of type string, boolean or integer. Enum string fields and strings with formats are allowed.`,
		`spec.selectableFields[5].jsonPath: Invalid value: ".metadata.name": is an invalid path: does not refer to a valid field`,
		`spec.selectableFields[6].jsonPath: Required value`,
	}
	if diff := cmp.Diff(want, texts(Schemas().Validate(obj, nil))); diff != "" {
		t.Errorf("errors (-want +got):\n%s", diff)
	}
}

func TestUnrecognizedFormatsAreWarnings(t *testing.T) {
	got := Schemas().Warnings(definition(t, withSpec(`{type: object, properties: {a: {type: string, format: foo}, b: {type: string, format: date}, c: {type: string, format: foo}}}`)))
	if diff := cmp.Diff([]string{`unrecognized format "foo"`}, got); diff != "" {
		t.Errorf("warnings (-want +got):\n%s", diff)
	}
}
