package crd

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

const things = `{type: object, required: [spec], properties: {spec: {
    type: object, required: [num],
    x-kubernetes-validations: [{rule: self.num > 1, message: num big}, {rule: self.num >= oldSelf.num}],
    properties: {
      num: {type: integer, minimum: 0, maximum: 10},
      e: {type: string, enum: [a, b], default: a},
      s: {type: array, x-kubernetes-list-type: set, items: {type: string}},
      m: {type: array, x-kubernetes-list-type: map, x-kubernetes-list-map-keys: [k], items: {type: object, required: [k], properties: {k: {type: string}, v: {type: integer}}}},
      any: {type: object, x-kubernetes-preserve-unknown-fields: true},
      p: {type: string, pattern: "^a+$", maxLength: 3},
      emb: {type: object, x-kubernetes-embedded-resource: true, x-kubernetes-preserve-unknown-fields: true},
      ios: {x-kubernetes-int-or-string: true},
      nu: {type: string, nullable: true}}}}}`

const blocked = "<nil>: Invalid value: null: some validation rules were not checked because the object was invalid; correct the existing errors to complete validation"

// TestObjectsAreRefusedAsByKubeAPIServer has what kube-apiserver v1.36.3 answered.
func TestObjectsAreRefusedAsByKubeAPIServer(t *testing.T) {
	schema := compile(t, things)
	for spec, want := range map[string][]string{
		`{num: 3}`:                      {},
		`{}`:                            {"spec.num: Required value", blocked},
		`{num: x}`:                      {`spec.num: Invalid value: "string": spec.num in body must be of type integer: "string"`, blocked},
		`{num: 1}`:                      {"spec: Invalid value: num big"},
		`{num: 11}`:                     {"spec.num: Invalid value: 11: spec.num in body should be less than or equal to 10"},
		`{num: 3, e: z}`:                {`spec.e: Unsupported value: "z": supported values: "a", "b"`, blocked},
		`{num: 3, p: bbb}`:              {`spec.p: Invalid value: "bbb": spec.p in body should match '^a+$'`},
		`{num: 3, s: [a, a]}`:           {`spec.s[1]: Duplicate value: "a"`},
		`{num: 3, ios: true}`:           {`spec.ios: Invalid value: "boolean": spec.ios in body must be of type integer,string: "boolean"`, blocked},
		`{num: 3, emb: {x: 1}}`:         {"spec.emb.apiVersion: Required value", "spec.emb.kind: Required value", blocked},
		`{num: 3, m: [{k: a}, {k: a}]}`: {`spec.m[1]: Duplicate value: {"k":"a"}`},
		`{num: 11, e: z, s: [a, a], m: [{k: a}, {k: a}], p: bbbbb, ios: true, emb: {x: 1}}`: {
			`spec.e: Unsupported value: "z": supported values: "a", "b"`,
			`spec.ios: Invalid value: "boolean": spec.ios in body must be of type integer,string: "boolean"`,
			`spec.num: Invalid value: 11: spec.num in body should be less than or equal to 10`,
			`spec.p: Too long: may not be more than 3 bytes`,
			`spec.emb.apiVersion: Required value`, `spec.emb.kind: Required value`,
			`spec.s[1]: Duplicate value: "a"`, `spec.m[1]: Duplicate value: {"k":"a"}`, blocked,
		},
		`{num: 3, emb: {apiVersion: v1, kind: Pod, metadata: 3}}`: {"spec.emb.metadata: Invalid value: 3: json: cannot unmarshal number into Go value of type v1.ObjectMeta"},
	} {
		got := texts(schema.Validate(object(t, spec), nil))
		slices.Sort(want) // the libraries have no order of fields
		slices.Sort(got)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: errors (-want +got):\n%s", spec, diff)
		}
	}
	missing := object(t, `{}`)
	delete(missing.Object, "spec")
	if diff := cmp.Diff([]string{"spec: Required value", blocked}, texts(schema.Validate(missing, nil))); diff != "" {
		t.Errorf("no spec: errors (-want +got):\n%s", diff)
	}
}

func TestRulesOfTransitionsSeeTheOldObject(t *testing.T) {
	got := texts(compile(t, things).Validate(object(t, `{num: 4}`), object(t, `{num: 5}`)))
	if diff := cmp.Diff([]string{"spec: Invalid value: failed rule: self.num >= oldSelf.num"}, got); diff != "" {
		t.Errorf("errors (-want +got):\n%s", diff)
	}
}

func TestWhatWasWrongBeforeIsLetThrough(t *testing.T) {
	schema, old := compile(t, things), object(t, `{num: 3, e: z, s: [a, a]}`)
	labelled := old.DeepCopy()
	labelled.SetLabels(map[string]string{"a": "b"})
	if errs := schema.Validate(labelled, old); len(errs) > 0 {
		t.Errorf("errors of an object that is wrong as before = %v, want none", errs)
	}
	got := texts(schema.Validate(object(t, `{num: 3, e: w, s: [a, a]}`), old))
	if diff := cmp.Diff([]string{`spec.e: Unsupported value: "w": supported values: "a", "b"`, blocked}, got); diff != "" {
		t.Errorf("errors of another wrong value (-want +got):\n%s", diff)
	}
}

func TestUnknownFieldsArePruned(t *testing.T) {
	obj := object(t, `{num: 3, x: 1, m: [{k: a, z: 2}], any: {q: 1}, emb: {apiVersion: v1, kind: Pod, metadata: {name: A_b, foo: 1}, x: 1}}`)
	got := compile(t, things).Prune(obj)
	if diff := cmp.Diff([]string{"spec.emb.metadata.foo", "spec.m[0].z", "spec.x"}, got); diff != "" {
		t.Errorf("unknown (-want +got):\n%s", diff)
	}
	want := object(t, `{num: 3, m: [{k: a}], any: {q: 1}, emb: {apiVersion: v1, kind: Pod, metadata: {name: A_b}, x: 1}}`)
	if diff := cmp.Diff(want, obj); diff != "" {
		t.Errorf("object after pruning (-want +got):\n%s", diff)
	}
}

func TestNothingIsPrunedWhereUnknownFieldsAreKept(t *testing.T) {
	obj := object(t, `{x: {z: [1]}}`)
	want := obj.DeepCopy()
	if unknown := compile(t, `{type: object, x-kubernetes-preserve-unknown-fields: true}`).Prune(obj); len(unknown) > 0 {
		t.Errorf("unknown = %v, want none", unknown)
	}
	if diff := cmp.Diff(want, obj); diff != "" {
		t.Errorf("object (-want +got):\n%s", diff)
	}
}

func TestDefaultsAreSetAndNullsReplaced(t *testing.T) {
	schema := compile(t, things)
	for spec, want := range map[string]string{
		`{num: 3}`:                             `{num: 3, e: a}`,
		`{num: 3, e: b}`:                       `{num: 3, e: b}`,
		`{num: 3, e: null, nu: null, p: null}`: `{num: 3, e: a, nu: null}`,
	} {
		obj := object(t, spec)
		schema.Default(obj)
		if diff := cmp.Diff(object(t, want), obj); diff != "" {
			t.Errorf("%s: object (-want +got):\n%s", spec, diff)
		}
	}
}

func TestFieldsAreMergedAsListTypesSay(t *testing.T) {
	typ := compile(t, things).Type()
	fields := func(obj *unstructured.Unstructured) string {
		t.Helper()
		value, err := typ.FromUnstructured(obj.Object)
		if err != nil {
			t.Fatal(err)
		}
		set, err := value.ToFieldSet()
		if err != nil {
			t.Fatal(err)
		}
		data, err := set.ToJSON()
		if err != nil {
			t.Fatal(err)
		}
		return string(data)
	}
	obj := object(t, `{num: 3, s: [a], m: [{k: a, v: 1}], any: {q: 1}}`)
	obj.SetFinalizers([]string{"x.io/y"})
	obj.SetLabels(map[string]string{"a": "b"})
	got := fields(obj)
	const want = `{"f:apiVersion":{},"f:kind":{},"f:metadata":{"f:finalizers":{"v:\"x.io/y\"":{}},"f:labels":{"f:a":{}},"f:name":{},"f:namespace":{}},` +
		`"f:spec":{"f:any":{"f:q":{}},"f:m":{"k:{\"k\":\"a\"}":{".":{},"f:k":{},"f:v":{}}},"f:num":{},"f:s":{"v:\"a\"":{}}}}`
	if got != want {
		t.Errorf("fields = %s\nwant     %s", got, want)
	}
}

func TestOfAStatusOnlyTheValuesOfTheStatusAreChecked(t *testing.T) {
	schema := compile(t, `{type: object, required: [spec], properties: {spec: {type: object, required: [a]}, status: {type: object, properties: {num: {type: integer, maximum: 3}}}}}`)
	old := object(t, `{}`)
	obj := old.DeepCopy()
	obj.Object["status"] = map[string]any{"num": int64(4)}
	want := []string{"status.num: Invalid value: 4: num in body should be less than or equal to 3"}
	if diff := cmp.Diff(want, texts(schema.ValidateStatus(obj, old))); diff != "" {
		t.Errorf("errors (-want +got):\n%s", diff)
	}
	delete(obj.Object, "status")
	if errs := schema.ValidateStatus(obj, old); len(errs) > 0 {
		t.Errorf("errors without a status = %v, want none", errs)
	}
}
