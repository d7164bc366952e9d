package customresource

import (
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/types"
	"sigs.k8s.io/yaml"

	"github.com/kubewright/kubewright/pkg/apiservertest/internal/catalog"
	"github.com/kubewright/kubewright/pkg/apiservertest/internal/kind"
	"github.com/kubewright/kubewright/pkg/apiservertest/schemas"
	"github.com/kubewright/kubewright/pkg/internal/storage"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// The registry takes the rules as they are.
var widgets = schema.GroupResource{Group: "example.com", Resource: "widgets"}

const widgetYAML = `
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: widgets.example.com}
spec:
  group: example.com
  names: {plural: widgets, kind: Widget}
  scope: Namespaced
  versions:
  - {name: v1, served: true, storage: true, schema: {openAPIV3Schema: {type: object}}}
`

// definition reads a definition, and edits it.
func definition(t testing.TB, text string, edits ...func(*unstructured.Unstructured)) *unstructured.Unstructured {
	t.Helper()
	obj := &unstructured.Unstructured{}
	data, err := yaml.YAMLToJSON([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	if err := obj.UnmarshalJSON(data); err != nil {
		t.Fatal(err)
	}
	for _, edit := range edits {
		edit(obj)
	}
	return obj
}

// with sets a field; versions[0] is named version.
func with(value any, path ...string) func(*unstructured.Unstructured) {
	return func(obj *unstructured.Unstructured) {
		fields := obj.Object
		if path[0] == "version" {
			versions, _ := fields["spec"].(map[string]any)["versions"].([]any)
			fields, path = versions[0].(map[string]any), path[1:]
		}
		for ; len(path) > 1; path = path[1:] {
			next, ok := fields[path[0]].(map[string]any)
			if !ok {
				next = map[string]any{}
				fields[path[0]] = next
			}
			fields = next
		}
		if value == nil {
			delete(fields, path[0])
			return
		}
		fields[path[0]] = value
	}
}

// read reads JSON or YAML as an object has it.
func read(t testing.TB, text string) any {
	t.Helper()
	return definition(t, "apiVersion: v\nkind: k\nvalue: "+text).Object["value"]
}

// world is a controller with what it stands on. Its methods do what a registry does.
type world struct {
	*Controller
	t       testing.TB
	store   *storage.Store
	catalog *catalog.Catalog
	uid     int
}

// inWorld runs a test in a bubble, with a controller that has seen everything.
func inWorld(t *testing.T, library schemas.Library, test func(t *testing.T, w *world)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		store, resources := storage.New(storage.Options{}), catalog.New()
		w := &world{Controller: New(Config{Store: store, Catalog: resources, Library: library}), t: t, store: store, catalog: resources}
		defer store.Close()
		defer w.Close()
		synctest.Wait()
		test(t, w)
	})
}

func (w *world) target(r *kind.Resource, version string) kind.Target {
	return kind.Target{Resource: r, Version: r.Version(version)}
}

// create creates an object as the rules of its resource say, and waits for what happens then.
func (w *world) create(resource schema.GroupResource, obj *unstructured.Unstructured) ([]string, error) {
	w.t.Helper()
	r, v, ok := w.catalog.Lookup(resource.Group, obj.GroupVersionKind().Version, resource.Resource)
	if !ok {
		w.t.Fatalf("no resource %s in version %s", resource, obj.GroupVersionKind().Version)
	}
	w.uid++
	obj.SetUID(types.UID(string(rune('a' + w.uid))))
	obj.SetGeneration(1)
	obj.SetCreationTimestamp(metav1.NewTime(time.Now()))
	rules := w.Rules(r)
	t := kind.Target{Resource: r, Version: v}
	var warnings []string
	_, err := w.store.Update(storage.Key{Resource: resource, Namespace: obj.GetNamespace(), Name: obj.GetName()}, func(kind.Object) (kind.Object, error) {
		rules.Default(t, obj)
		var err error
		warnings, err = rules.Validate(t, obj, nil)
		return obj, err
	})
	synctest.Wait()
	return warnings, err
}

// define creates a definition, which has to be right.
func (w *world) define(text string, edits ...func(*unstructured.Unstructured)) {
	w.t.Helper()
	if _, err := w.create(Definitions, definition(w.t, text, edits...)); err != nil {
		w.t.Fatal(err)
	}
}

// edit changes an object as the rules of its resource say.
func (w *world) edit(resource schema.GroupResource, namespace, name string, edits ...func(*unstructured.Unstructured)) error {
	w.t.Helper()
	r, v, ok := w.catalog.Lookup(resource.Group, "v1", resource.Resource)
	if !ok {
		w.t.Fatalf("no resource %s", resource)
	}
	t := kind.Target{Resource: r, Version: v}
	_, err := w.store.Update(storage.Key{Resource: resource, Namespace: namespace, Name: name}, func(current kind.Object) (kind.Object, error) {
		obj := current.DeepCopyObject().(*unstructured.Unstructured)
		for _, edit := range edits {
			edit(obj)
		}
		w.Rules(r).Default(t, obj)
		_, err := w.Rules(r).Validate(t, obj, current)
		if obj.GetDeletionTimestamp() != nil && len(obj.GetFinalizers()) == 0 {
			return nil, err
		}
		return obj, err
	})
	synctest.Wait()
	return err
}

// remove deletes a definition as the registry does.
func (w *world) remove(name string) {
	w.t.Helper()
	_, err := w.store.Update(definitionKey(name), func(current kind.Object) (kind.Object, error) {
		obj := current.DeepCopyObject().(kind.Object)
		w.Rules(w.definitions).BeginDelete(obj)
		if len(obj.GetFinalizers()) == 0 {
			return nil, nil
		}
		now := metav1.NewTime(time.Now())
		obj.SetDeletionTimestamp(&now)
		return obj, nil
	})
	if err != nil {
		w.t.Fatal(err)
	}
	synctest.Wait()
}

// stored returns a definition as it is stored; nil if it is not.
func (w *world) stored(name string) *CustomResourceDefinition {
	w.t.Helper()
	obj, ok := w.store.Get(definitionKey(name))
	if !ok {
		return nil
	}
	d, unknown, err := readDefinition(obj)
	if err != nil || len(unknown) > 0 {
		w.t.Fatalf("%s cannot be read: %v %v", name, unknown, err)
	}
	return d
}

// conditions are those of a definition in short: Type=Status Reason: message.
func conditions(d *CustomResourceDefinition) []string {
	all := []string{}
	for _, c := range d.Status.Conditions {
		all = append(all, c.Type+"="+c.Status+" "+c.Reason+": "+c.Message)
	}
	return all
}

func object(version, name string, finalizers ...string) *unstructured.Unstructured {
	obj := &unstructured.Unstructured{Object: map[string]any{"apiVersion": "example.com/" + version, "kind": "Widget"}}
	obj.SetNamespace("default")
	obj.SetName(name)
	obj.SetFinalizers(finalizers)
	return obj
}
