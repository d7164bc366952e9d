package customresource

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/util/validation/field"
	"sigs.k8s.io/structured-merge-diff/v6/typed"

	"github.com/kubewright/kubewright/pkg/apiservertest/internal/kind"
	"github.com/kubewright/kubewright/pkg/apiservertest/schemas"
)

// toyLibrary knows schemas in which a field of spec is wrong if it is named bad, unknown if x, and set if version. It cannot read those with a title.
type toyLibrary struct{}

func (toyLibrary) Validate(definition, _ *unstructured.Unstructured) field.ErrorList {
	if definition.GetLabels()["wrong"] != "" {
		return field.ErrorList{field.Required(field.NewPath("spec", "validation"), ""), field.Required(field.NewPath("spec", "versions").Index(0).Child("schema"), "")}
	}
	return nil
}

func (toyLibrary) Warnings(*unstructured.Unstructured) []string { return []string{"it is a toy"} }

func (toyLibrary) Compile(definition *unstructured.Unstructured, version string) (schemas.Schema, error) {
	if definition.GetLabels()["broken"] != "" {
		return nil, errors.New("it is broken")
	}
	return toySchema(version), nil
}

type toySchema string

func (toySchema) Prune(obj *unstructured.Unstructured) []string {
	spec, _ := obj.Object["spec"].(map[string]any)
	if _, ok := spec["x"]; !ok {
		return nil
	}
	delete(spec, "x")
	return []string{"spec.x"}
}

func (s toySchema) Default(obj *unstructured.Unstructured) {
	obj.Object["spec"].(map[string]any)["version"] = string(s)
}

func (toySchema) Validate(obj, old *unstructured.Unstructured) field.ErrorList {
	if old != nil && old.GetAPIVersion() != obj.GetAPIVersion() {
		return field.ErrorList{field.Invalid(field.NewPath("apiVersion"), old.GetAPIVersion(), "is another than that of the new object")}
	}
	if _, ok := obj.Object["spec"].(map[string]any)["bad"]; ok {
		return field.ErrorList{field.Forbidden(field.NewPath("spec", "bad"), "is bad")}
	}
	return nil
}

func (toySchema) ValidateStatus(obj, _ *unstructured.Unstructured) field.ErrorList {
	if _, ok := obj.Object["status"].(map[string]any)["bad"]; ok {
		return field.ErrorList{field.Forbidden(field.NewPath("status", "bad"), "is bad")}
	}
	return nil
}

func (toySchema) Type() *typed.ParseableType { return &typed.ParseableType{} }

func widget(spec map[string]any) *unstructured.Unstructured {
	obj := object("v1", "a")
	obj.Object["spec"] = spec
	return obj
}

func TestObjectsAreTreatedAsTheirSchemaSays(t *testing.T) {
	inWorld(t, toyLibrary{}, func(t *testing.T, w *world) {
		w.define(widgetYAML)
		r, v, _ := w.catalog.Lookup("example.com", "v1", "widgets")
		rules, target := w.Rules(r), w.target(r, "v1")

		obj := widget(map[string]any{"x": "1"})
		if diff := cmp.Diff([]string{"spec.x"}, rules.Prune(v, obj.Object)); diff != "" {
			t.Errorf("unknown fields (-want +got):\n%s", diff)
		}
		obj = widget(map[string]any{"x": "1"})
		rules.Default(target, obj)
		if diff := cmp.Diff(map[string]any{"version": "v1"}, obj.Object["spec"]); diff != "" {
			t.Errorf("spec with defaults, and without unknown fields (-want +got):\n%s", diff)
		}
		_, err := rules.Validate(target, widget(map[string]any{"bad": "1"}), nil)
		const want = `Widget.example.com "a" is invalid: spec.bad: Forbidden: is bad`
		if !apierrors.IsInvalid(err) || err.Error() != want {
			t.Errorf("error = %v, want %s", err, want)
		}
		old := widget(map[string]any{})
		old.SetAPIVersion("example.com/v2")
		if _, err := rules.Validate(target, widget(map[string]any{}), old); err != nil {
			t.Errorf("error of an object that is stored in another version = %v", err)
		}
		if old.GetAPIVersion() != "example.com/v2" {
			t.Error("the old object was changed")
		}
		gvk := schema.GroupVersionKind{Group: "example.com", Version: "v1", Kind: "Widget"}
		if w.Schema(gvk) == nil {
			t.Error("server-side apply is not told of the schema")
		}
	})
}

func TestWithoutALibraryEverythingIsKept(t *testing.T) {
	inWorld(t, nil, func(t *testing.T, w *world) {
		w.define(widgetYAML)
		obj := widget(map[string]any{"bad": "1", "x": "1"})
		if _, err := w.create(widgets, obj.DeepCopy()); err != nil {
			t.Fatal(err)
		}
		stored, err := w.store.List(widgets, "", 0)
		if err != nil || len(stored.Objects) != 1 {
			t.Fatalf("%d objects, %v", len(stored.Objects), err)
		}
		if diff := cmp.Diff(obj.Object["spec"], stored.Objects[0].(*unstructured.Unstructured).Object["spec"]); diff != "" {
			t.Errorf("spec (-want +got):\n%s", diff)
		}
		if w.Schema(schema.GroupVersionKind{Group: "example.com", Version: "v1", Kind: "Widget"}) != nil {
			t.Error("there is a schema for server-side apply")
		}
	})
}

func TestASchemaThatCannotBeReadRefusesObjects(t *testing.T) {
	inWorld(t, toyLibrary{}, func(t *testing.T, w *world) {
		w.define(widgetYAML, with("1", "metadata", "labels", "broken"))
		_, err := w.create(widgets, widget(map[string]any{}))
		const want = "Internal error occurred: schema of widgets.example.com in version v1: it is broken"
		if !apierrors.IsInternalError(err) || err.Error() != want {
			t.Errorf("error = %v, want %s", err, want)
		}
	})
}

func TestErrorsOfSchemasAreInTheirPlaces(t *testing.T) {
	obj := definition(t, widgetYAML, with("1", "metadata", "labels", "wrong"), with("", "version", "name"), with("", "spec", "names", "plural"), with(read(t, `{scale: {}}`), "version", "subresources"))
	var fields []string
	for _, cause := range invalid(t, definitionRules{library: toyLibrary{}}, obj, nil) {
		name, _, _ := strings.Cut(cause, ":")
		fields = append(fields, name)
	}
	want := []string{"metadata.name", "spec.versions[0].name", "spec.versions[0].schema", "spec.names.plural", "spec.validation", "spec.subresources.scale.specReplicasPath", "spec.subresources.scale.statusReplicasPath"}
	if diff := cmp.Diff(want, fields); diff != "" {
		t.Errorf("fields (-want +got):\n%s", diff)
	}
}

func TestWarningsOfSchemasAreTold(t *testing.T) {
	inWorld(t, toyLibrary{}, func(t *testing.T, w *world) {
		warnings, err := w.create(Definitions, definition(t, widgetYAML))
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff([]string{"it is a toy"}, warnings); diff != "" {
			t.Errorf("warnings (-want +got):\n%s", diff)
		}
	})
}

func TestAStatusWithoutStoredVersionsGetsTheStorageVersion(t *testing.T) {
	target := definitionTarget
	target.Subresource = target.Version.Subresource("status")
	obj := definition(t, widgetYAML, with(read(t, `{storedVersions: [], acceptedNames: {plural: x, kind: K}}`), "status"))
	rules := definitionRules{}
	rules.Default(target, obj)
	if _, err := rules.Validate(target, obj, obj); err != nil {
		t.Fatal(err)
	}
	want := map[string]any{"conditions": nil, "acceptedNames": map[string]any{"plural": "x", "kind": "K"}, "storedVersions": []any{"v1"}}
	if diff := cmp.Diff(want, obj.Object["status"]); diff != "" {
		t.Errorf("status (-want +got):\n%s", diff)
	}
}

func TestServerSideApplyKnowsTheFieldsOfDefinitions(t *testing.T) {
	obj := definition(t, widgetYAML, with(read(t, `{conditions: [{type: Established, status: "True"}]}`), "status"))
	value, err := definitionType().FromUnstructured(obj.Object)
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
	const want = `{"f:apiVersion":{},"f:kind":{},"f:metadata":{"f:name":{}},"f:spec":{"f:group":{},"f:names":{"f:kind":{},"f:plural":{}},"f:scope":{},"f:versions":{}},` +
		`"f:status":{"f:conditions":{"k:{\"type\":\"Established\"}":{".":{},"f:status":{},"f:type":{}}}}}`
	if string(data) != want {
		t.Errorf("fields = %s\nwant     %s", data, want)
	}
}

func TestBuiltInResourcesHaveNoRules(t *testing.T) {
	inWorld(t, nil, func(t *testing.T, w *world) {
		pods := &kind.Resource{Plural: "pods", Versions: []kind.Version{{Name: "v1"}}}
		if w.Rules(pods) != nil || w.Columns(pods, &pods.Versions[0]) != nil || w.Warning(pods, &pods.Versions[0]) != "" || w.OpenAPI(pods, &pods.Versions[0]) != nil {
			t.Error("pods have rules, columns, a warning or a schema of a definition")
		}
	})
}

func TestAStatusIsTreatedAsTheSchemaOfTheStatusSays(t *testing.T) {
	inWorld(t, toyLibrary{}, func(t *testing.T, w *world) {
		w.define(widgetYAML, with(read(t, `{status: {}}`), "version", "subresources"))
		r, v, _ := w.catalog.Lookup("example.com", "v1", "widgets")
		target := w.target(r, "v1")
		target.Subresource = v.Subresource("status")
		old := widget(map[string]any{"bad": "1"})
		obj := old.DeepCopy()
		obj.Object["status"] = map[string]any{"bad": "1"}
		_, err := w.Rules(r).Validate(target, obj, old)
		const want = `Widget.example.com "a" is invalid: status.bad: Forbidden: is bad`
		if !apierrors.IsInvalid(err) || err.Error() != want {
			t.Errorf("error = %v, want %s", err, want)
		}
	})
}

// TestNumbersOfAScale has what kube-apiserver v1.36.3 answered, where it does not have a schema that says the same.
func TestNumbersOfAScale(t *testing.T) {
	inWorld(t, nil, func(t *testing.T, w *world) {
		w.define(widgetYAML, with(read(t, `{status: {}, scale: {specReplicasPath: .spec.replicas, statusReplicasPath: .status.replicas, labelSelectorPath: .status.selector}}`), "version", "subresources"))
		r, v, _ := w.catalog.Lookup("example.com", "v1", "widgets")
		target, status := w.target(r, "v1"), w.target(r, "v1")
		status.Subresource = v.Subresource("status")
		const is = `Widget.example.com "a" is invalid: `
		for _, test := range []struct {
			target kind.Target
			fields string
			want   string
		}{
			{target, `{spec: {replicas: 3}}`, ""},
			{target, `{spec: {}}`, ""},
			{target, `{spec: {replicas: -1}}`, is + `.spec.replicas: Invalid value: -1: should be a non-negative integer`},
			{target, `{spec: {replicas: 3000000000}}`, is + `.spec.replicas: Invalid value: 3000000000: should be less than or equal to 2147483647`},
			{target, `{spec: {replicas: a}}`, is + `.spec.replicas: Invalid value: 0: .spec.replicas accessor error: a is of the type string, expected int64`},
			{target, `{spec: 3}`, is + `.spec.replicas: Invalid value: 0: .spec.replicas accessor error: 3 is of the type int64, expected map[string]interface{}`},
			{status, `{spec: {replicas: -1}, status: {replicas: 1, selector: a=b}}`, ""},
			{status, `{status: {replicas: -1}}`, is + `.status.replicas: Invalid value: -1: should be a non-negative integer`},
			{status, `{status: {selector: 3}}`, is + `.status.selector: Invalid value: "": .status.selector accessor error: 3 is of the type int64, expected string`},
		} {
			obj := object("v1", "a")
			for name, value := range read(t, test.fields).(map[string]any) {
				obj.Object[name] = value
			}
			_, err := w.Rules(r).Validate(test.target, obj, object("v1", "a"))
			got := ""
			if err != nil {
				got = err.Error()
			}
			if got != test.want {
				t.Errorf("%s: error = %q\nwant %q", test.fields, got, test.want)
			}
		}
	})
}
