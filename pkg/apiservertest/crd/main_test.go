package crd

import (
	"testing"

	"go.uber.org/goleak"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/util/validation/field"
	"sigs.k8s.io/yaml"

	"github.com/kubewright/kubewright/pkg/apiservertest/schemas"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// parse reads YAML as an object has it.
func parse(t testing.TB, text string) map[string]any {
	t.Helper()
	data, err := yaml.YAMLToJSON([]byte("apiVersion: v\nkind: k\nvalue:\n  " + text))
	if err != nil {
		t.Fatal(err)
	}
	obj := &unstructured.Unstructured{}
	if err := obj.UnmarshalJSON(data); err != nil {
		t.Fatal(err)
	}
	return obj.Object["value"].(map[string]any)
}

// definition returns a definition whose versions v1, v2, ... have the schemas.
func definition(t testing.TB, schemas ...string) *unstructured.Unstructured {
	t.Helper()
	var versions []any
	for i, schema := range schemas {
		versions = append(versions, map[string]any{
			"name": "v" + string(rune('1'+i)), "served": true, "storage": i == 0,
			"schema": map[string]any{"openAPIV3Schema": parse(t, schema)},
		})
	}
	return &unstructured.Unstructured{Object: map[string]any{
		"apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition", "spec": map[string]any{"versions": versions},
	}}
}

// withSpec is a schema of objects whose spec is of a schema.
func withSpec(schema string) string { return `{type: object, properties: {spec: ` + schema + `}}` }

func compile(t testing.TB, schema string) schemas.Schema {
	t.Helper()
	compiled, err := Schemas().Compile(definition(t, schema), "v1")
	if err != nil {
		t.Fatal(err)
	}
	return compiled
}

func object(t testing.TB, spec string) *unstructured.Unstructured {
	t.Helper()
	return &unstructured.Unstructured{Object: map[string]any{
		"apiVersion": "example.com/v1", "kind": "Thing", "metadata": map[string]any{"name": "a", "namespace": "default"}, "spec": parse(t, spec),
	}}
}

func texts(errs field.ErrorList) []string {
	all := []string{}
	for _, err := range errs {
		all = append(all, err.Error())
	}
	return all
}
