package customresource

import (
	"strings"
	"testing"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/kubewright/kubewright/pkg/apiservertest/internal/catalog"
	"github.com/kubewright/kubewright/pkg/apiservertest/internal/kind"
	"github.com/kubewright/kubewright/pkg/internal/storage"
)

var acceptedConditions = []string{
	"NamesAccepted=True NoConflicts: no conflicts found",
	"Established=True InitialNamesAccepted: the initial names have been accepted",
}

func TestADefinitionIsEstablished(t *testing.T) {
	inWorld(t, nil, func(t *testing.T, w *world) {
		w.define(widgetYAML, with([]any{"wd"}, "spec", "names", "shortNames"))
		d := w.stored("widgets.example.com")
		if diff := cmp.Diff(acceptedConditions, conditions(d)); diff != "" {
			t.Errorf("conditions (-want +got):\n%s", diff)
		}
		names := CustomResourceDefinitionNames{Plural: "widgets", Singular: "widget", ShortNames: []string{"wd"}, Kind: "Widget", ListKind: "WidgetList"}
		if diff := cmp.Diff(names, d.Status.AcceptedNames); diff != "" {
			t.Errorf("accepted names (-want +got):\n%s", diff)
		}
		if diff := cmp.Diff([]string{"v1"}, d.Status.StoredVersions); diff != "" {
			t.Errorf("stored versions (-want +got):\n%s", diff)
		}
	})
}

func TestTheResourceIsInTheCatalogBeforeTheDefinitionIsEstablished(t *testing.T) {
	inWorld(t, nil, func(t *testing.T, w *world) {
		watch, err := w.store.Watch(Definitions, "", w.store.Revision())
		if err != nil {
			t.Fatal(err)
		}
		defer watch.Stop()
		w.define(widgetYAML)
		for {
			event, err := watch.Next(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			if d, _, err := readDefinition(event.New); err != nil {
				t.Fatal(err)
			} else if !d.is(established) {
				continue
			}
			if _, _, ok := w.catalog.Lookup("example.com", "v1", "widgets"); !ok {
				t.Error("the definition is established, and its resource not in the catalog")
			}
			return
		}
	})
}

func TestAResourceIsAsItsDefinitionSays(t *testing.T) {
	inWorld(t, nil, func(t *testing.T, w *world) {
		w.define(`
metadata: {name: widgets.example.com}
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
spec:
  group: example.com
  names: {plural: widgets, kind: Widget, shortNames: [wd], categories: [all]}
  scope: Cluster
  versions:
  - {name: v1beta1, served: true, storage: false, deprecated: true, schema: {openAPIV3Schema: {type: object}}}
  - {name: v1beta2, served: true, storage: false, deprecated: true, deprecationWarning: better use another, schema: {openAPIV3Schema: {type: object}}}
  - name: v1
    served: true
    storage: true
    schema: {openAPIV3Schema: {type: object}}
    subresources: {status: {}, scale: {specReplicasPath: .spec.n, statusReplicasPath: .status.n, labelSelectorPath: .status.s}}
    selectableFields: [{jsonPath: .spec.color}]
  - {name: v2, served: true, storage: false, deprecated: true, schema: {openAPIV3Schema: {type: object}}}
  - {name: v3, served: false, storage: false, schema: {openAPIV3Schema: {type: object}}}
`)
		r, v, ok := w.catalog.Lookup("example.com", "v1", "widgets")
		if !ok {
			t.Fatal("not in the catalog")
		}
		verbs := []string{"delete", "deletecollection", "get", "list", "patch", "create", "update", "watch"}
		gvk := schema.GroupVersionKind{Group: "example.com", Version: "v1", Kind: "Widget"}
		want := &kind.Resource{
			Group: "example.com", Plural: "widgets", Singular: "widget", Kind: "Widget", ListKind: "WidgetList", ShortNames: []string{"wd"}, Categories: []string{"all"},
			Versions: []kind.Version{
				{Name: "v2", Verbs: verbs},
				{Name: "v1", Verbs: verbs, Subresources: []kind.Subresource{
					{Name: "status", Verbs: []string{"get", "patch", "update"}, Kind: gvk},
					{Name: "scale", Verbs: []string{"get", "patch", "update"}, Kind: schema.GroupVersionKind{Group: "autoscaling", Version: "v1", Kind: "Scale"}},
				}},
				{Name: "v1beta2", Verbs: verbs},
				{Name: "v1beta1", Verbs: verbs},
			},
			Storage: "v1",
			Custom:  true,
		}
		constructors := cmp.FilterPath(func(p cmp.Path) bool { return strings.HasPrefix(p.Last().String(), ".New") }, cmp.Ignore())
		if diff := cmp.Diff(want, r, constructors); diff != "" {
			t.Errorf("resource (-want +got):\n%s", diff)
		}
		if got := v.New().GetObjectKind().GroupVersionKind(); got != gvk {
			t.Errorf("a new object is of kind %v, want %v", got, gvk)
		}
		if got, want := v.NewList().GetObjectKind().GroupVersionKind(), gvk.GroupVersion().WithKind("WidgetList"); got != want {
			t.Errorf("a new list is of kind %v, want %v", got, want)
		}
		rules := w.Rules(r)
		if spec, status, selector := rules.ScalePaths(v); spec != ".spec.n" || status != ".status.n" || selector != ".status.s" {
			t.Errorf("scale paths = %s %s %s", spec, status, selector)
		}
		if diff := cmp.Diff([]string{".spec.color"}, rules.SelectableFields(v)); diff != "" {
			t.Errorf("selectable fields (-want +got):\n%s", diff)
		}
		for version, want := range map[string]string{
			"v2":      "example.com/v2 Widget is deprecated",
			"v1":      "",
			"v1beta1": "example.com/v1beta1 Widget is deprecated; use example.com/v1 Widget",
			"v1beta2": "better use another",
		} {
			if got := w.Warning(r, r.Version(version)); got != want {
				t.Errorf("warning of %s = %q, want %q", version, got, want)
			}
		}
		if got := w.OpenAPI(r, v); got == nil || got.Type != "object" {
			t.Errorf("schema of v1 = %v", got)
		}
	})
}

func TestNamesThatOthersHaveAreNotAccepted(t *testing.T) {
	inWorld(t, nil, func(t *testing.T, w *world) {
		w.define(widgetYAML, with([]any{"wd", "w"}, "spec", "names", "shortNames"))
		w.define(widgetYAML, with("gadgets.example.com", "metadata", "name"), with("gadgets", "spec", "names", "plural"), with([]any{"wd", "gd"}, "spec", "names", "shortNames"))
		d := w.stored("gadgets.example.com")
		if diff := cmp.Diff([]string{
			`NamesAccepted=False ListKindConflict: "WidgetList" is already in use`,
			`Established=False NotAccepted: not all names are accepted`,
		}, conditions(d)); diff != "" {
			t.Errorf("conditions (-want +got):\n%s", diff)
		}
		if diff := cmp.Diff(CustomResourceDefinitionNames{Plural: "gadgets"}, d.Status.AcceptedNames); diff != "" {
			t.Errorf("accepted names (-want +got):\n%s", diff)
		}
		if _, _, ok := w.catalog.Lookup("example.com", "v1", "gadgets"); ok {
			t.Error("a resource without its names is in the catalog")
		}

		err := w.edit(Definitions, "", "gadgets.example.com", with(map[string]any{"plural": "gadgets", "kind": "Gadget", "shortNames": []any{"wd", "w"}}, "spec", "names"))
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff([]string{
			`NamesAccepted=False ShortNamesConflict: ["wd" is already in use, "w" is already in use]`,
			`Established=False NotAccepted: not all names are accepted`,
		}, conditions(w.stored("gadgets.example.com"))); diff != "" {
			t.Errorf("conditions after the change (-want +got):\n%s", diff)
		}
	})
}

func TestNamesThatBecomeFreeAreGivenToWhoWaits(t *testing.T) {
	inWorld(t, nil, func(t *testing.T, w *world) {
		w.define(widgetYAML)
		w.define(widgetYAML, with("gadgets.example.com", "metadata", "name"), with("gadgets", "spec", "names", "plural"))
		w.remove("widgets.example.com")
		if diff := cmp.Diff(acceptedConditions, conditions(w.stored("gadgets.example.com"))); diff != "" {
			t.Errorf("conditions (-want +got):\n%s", diff)
		}
	})
}

func TestAnEstablishedDefinitionRemainsSo(t *testing.T) {
	inWorld(t, nil, func(t *testing.T, w *world) {
		w.define(widgetYAML)
		w.define(widgetYAML, with("gadgets.example.com", "metadata", "name"), with(map[string]any{"plural": "gadgets", "kind": "Gadget"}, "spec", "names"))
		if err := w.edit(Definitions, "", "gadgets.example.com", with([]any{"widget"}, "spec", "names", "shortNames")); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff([]string{`NamesAccepted=False ShortNamesConflict: "widget" is already in use`, acceptedConditions[1]}, conditions(w.stored("gadgets.example.com"))); diff != "" {
			t.Errorf("conditions (-want +got):\n%s", diff)
		}
		if r, _, ok := w.catalog.Lookup("example.com", "v1", "gadgets"); !ok || len(r.ShortNames) > 0 {
			t.Error("the resource is not in the catalog under its old names")
		}
	})
}

func TestApprovalIsACondition(t *testing.T) {
	inWorld(t, nil, func(t *testing.T, w *world) {
		for plural, annotation := range map[string]string{"as": "https://github.com/kubernetes/kubernetes/pull/78458", "bs": "unapproved, x"} {
			w.define(widgetYAML, with("foo.k8s.io", "spec", "group"), with(plural+".foo.k8s.io", "metadata", "name"),
				with(map[string]any{"plural": plural, "kind": "K" + plural}, "spec", "names"), with(annotation, "metadata", "annotations", approval))
		}
		want := []string{
			"KubernetesAPIApprovalPolicyConformant=True ApprovedAnnotation: approved in https://github.com/kubernetes/kubernetes/pull/78458",
			`KubernetesAPIApprovalPolicyConformant=False UnapprovedAnnotation: not approved: "unapproved, x"`,
		}
		got := []string{conditions(w.stored("as.foo.k8s.io"))[2], conditions(w.stored("bs.foo.k8s.io"))[2]}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("conditions (-want +got):\n%s", diff)
		}
	})
}

func TestANewStorageVersionIsRemembered(t *testing.T) {
	inWorld(t, nil, func(t *testing.T, w *world) {
		w.define(widgetYAML)
		err := w.edit(Definitions, "", "widgets.example.com", with(false, "version", "storage"), func(obj *unstructured.Unstructured) {
			spec := obj.Object["spec"].(map[string]any)
			spec["versions"] = append(spec["versions"].([]any), read(t, `{name: v2, served: true, storage: true, schema: {openAPIV3Schema: {type: object}}}`))
		})
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff([]string{"v1", "v2"}, w.stored("widgets.example.com").Status.StoredVersions); diff != "" {
			t.Errorf("stored versions (-want +got):\n%s", diff)
		}
		if r, _, _ := w.catalog.Lookup("example.com", "v2", "widgets"); r.Storage != "v2" {
			t.Errorf("storage version = %q, want v2", r.Storage)
		}
	})
}

func TestVersionsThatAWebhookWouldConvertAreNotServed(t *testing.T) {
	inWorld(t, nil, func(t *testing.T, w *world) {
		w.define(widgetYAML, with(read(t, `{strategy: Webhook, webhook: {conversionReviewVersions: [v1], clientConfig: {url: "https://x"}}}`), "spec", "conversion"),
			func(obj *unstructured.Unstructured) {
				spec := obj.Object["spec"].(map[string]any)
				spec["versions"] = append(spec["versions"].([]any), read(t, `{name: v2, served: true, storage: false, schema: {openAPIV3Schema: {type: object}}}`))
			})
		if _, _, ok := w.catalog.Lookup("example.com", "v1", "widgets"); !ok {
			t.Error("the storage version is not served")
		}
		if _, _, ok := w.catalog.Lookup("example.com", "v2", "widgets"); ok {
			t.Error("a version is served that only a webhook can make")
		}
	})
}

func TestADefinitionWithoutServedVersionHasNoResource(t *testing.T) {
	inWorld(t, nil, func(t *testing.T, w *world) {
		w.define(widgetYAML)
		if err := w.edit(Definitions, "", "widgets.example.com", with(false, "version", "served")); err != nil {
			t.Fatal(err)
		}
		if got := len(w.catalog.All()); got != 1 {
			t.Errorf("%d resources are in the catalog, want that of definitions alone", got)
		}
		if diff := cmp.Diff(acceptedConditions, conditions(w.stored("widgets.example.com"))); diff != "" {
			t.Errorf("conditions (-want +got):\n%s", diff)
		}
	})
}

func TestDeletingADefinitionDeletesItsObjectsFirst(t *testing.T) {
	inWorld(t, nil, func(t *testing.T, w *world) {
		w.define(widgetYAML)
		for _, obj := range []*unstructured.Unstructured{object("v1", "a"), object("v1", "b", "x.io/y")} {
			if _, err := w.create(widgets, obj); err != nil {
				t.Fatal(err)
			}
		}
		w.remove("widgets.example.com")

		d := w.stored("widgets.example.com")
		if d == nil {
			t.Fatal("the definition is gone, and an object still there")
		}
		if diff := cmp.Diff(append(acceptedConditions[:2:2], "Terminating=True InstanceDeletionInProgress: CustomResource deletion is in progress"), conditions(d)); diff != "" {
			t.Errorf("conditions (-want +got):\n%s", diff)
		}
		if diff := cmp.Diff([]string{Finalizer}, d.Finalizers); diff != "" {
			t.Errorf("finalizers (-want +got):\n%s", diff)
		}
		left, err := w.store.List(widgets, "", 0)
		if err != nil || len(left.Objects) != 1 {
			t.Fatalf("%d objects are left, %v; want one", len(left.Objects), err)
		}
		if obj := left.Objects[0]; obj.GetName() != "b" || obj.GetDeletionTimestamp() == nil || *obj.GetDeletionGracePeriodSeconds() != 0 || obj.GetGeneration() != 2 {
			t.Errorf("what is left is %v, want b with a deletionTimestamp", obj)
		}

		_, err = w.create(widgets, object("v1", "c"))
		const want = `widgets.example.com "c" is forbidden: create not allowed while custom resource definition is terminating`
		if !apierrors.IsForbidden(err) || err.Error() != want {
			t.Errorf("error of a create = %v, want %s", err, want)
		}

		if err := w.edit(widgets, "default", "b", func(obj *unstructured.Unstructured) { obj.SetFinalizers(nil) }); err != nil {
			t.Fatal(err)
		}
		if w.stored("widgets.example.com") != nil {
			t.Error("the definition is still there")
		}
		if _, _, ok := w.catalog.Lookup("example.com", "v1", "widgets"); ok {
			t.Error("the resource is still in the catalog")
		}
	})
}

func TestADefinitionThatVanishesTakesItsObjectsWithIt(t *testing.T) {
	inWorld(t, nil, func(t *testing.T, w *world) {
		w.define(widgetYAML)
		if _, err := w.create(widgets, object("v1", "a", "x.io/y")); err != nil {
			t.Fatal(err)
		}
		if _, err := w.store.Update(definitionKey("widgets.example.com"), func(kind.Object) (kind.Object, error) { return nil, nil }); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		if left, err := w.store.List(widgets, "", 0); err != nil || len(left.Objects) > 0 {
			t.Errorf("%d objects are left, %v", len(left.Objects), err)
		}
		if _, _, ok := w.catalog.Lookup("example.com", "v1", "widgets"); ok {
			t.Error("the resource is still in the catalog")
		}
	})
}

func TestADefinitionCreatedAgainAtOnceIsServed(t *testing.T) {
	inWorld(t, nil, func(t *testing.T, w *world) {
		w.define(widgetYAML)
		again := definition(t, widgetYAML)
		again.SetUID("again")
		for _, next := range []kind.Object{nil, again} {
			if _, err := w.store.Update(definitionKey("widgets.example.com"), func(kind.Object) (kind.Object, error) { return next, nil }); err != nil {
				t.Fatal(err)
			}
		}
		synctest.Wait()
		if diff := cmp.Diff(acceptedConditions, conditions(w.stored("widgets.example.com"))); diff != "" {
			t.Errorf("conditions (-want +got):\n%s", diff)
		}
		if _, _, ok := w.catalog.Lookup("example.com", "v1", "widgets"); !ok {
			t.Error("the resource is not in the catalog")
		}
	})
}

func TestAResetOfTheStorageIsFollowed(t *testing.T) {
	inWorld(t, nil, func(t *testing.T, w *world) {
		empty := w.store.Revision()
		w.define(widgetYAML)
		if err := w.store.Reset(empty); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		if _, _, ok := w.catalog.Lookup("example.com", "v1", "widgets"); ok {
			t.Error("the resource is still in the catalog")
		}
		w.define(widgetYAML)
		if _, _, ok := w.catalog.Lookup("example.com", "v1", "widgets"); !ok {
			t.Error("the resource is not in the catalog again")
		}
	})
}

func TestDefinitionsThatAreStoredBeforeTheControllerAreServed(t *testing.T) {
	inWorld(t, nil, func(t *testing.T, w *world) {
		w.define(widgetYAML)
		w.Close()
		w.catalog.Remove(widgets)
		revision := w.store.Revision()
		second := New(Config{Store: w.store, Catalog: w.catalog})
		defer second.Close()
		synctest.Wait()
		if _, _, ok := w.catalog.Lookup("example.com", "v1", "widgets"); !ok {
			t.Error("the resource is not in the catalog")
		}
		if got := w.store.Revision(); got != revision {
			t.Errorf("the definition was written again, though nothing changed: revision %d, was %d", got, revision)
		}
	})
}

func TestNamesStayWithWhoHasThemWhenTheControllerBegins(t *testing.T) {
	inWorld(t, nil, func(t *testing.T, w *world) {
		w.define(widgetYAML)
		w.define(widgetYAML, with("gadgets.example.com", "metadata", "name"), with("gadgets", "spec", "names", "plural"))
		w.Close()
		revision := w.store.Revision()
		second := New(Config{Store: w.store, Catalog: w.catalog})
		defer second.Close()
		synctest.Wait()
		if got := w.store.Revision(); got != revision {
			t.Errorf("a definition was written again, though nothing changed: revision %d, was %d", got, revision)
		}
		if diff := cmp.Diff(acceptedConditions, conditions(w.stored("widgets.example.com"))); diff != "" {
			t.Errorf("conditions (-want +got):\n%s", diff)
		}
	})
}

func TestCloseWhileObjectsAreBeingDeleted(t *testing.T) {
	inWorld(t, nil, func(t *testing.T, w *world) {
		w.define(widgetYAML)
		if _, err := w.create(widgets, object("v1", "a", "x.io/y")); err != nil {
			t.Fatal(err)
		}
		w.remove("widgets.example.com")
		w.Close() // the bubble ends only if no goroutine is left
		if w.stored("widgets.example.com") == nil {
			t.Error("the definition is gone, and an object still there")
		}
	})
}

func TestManagedFieldsOfTheStatusAreRecorded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := &world{t: t, store: storage.New(storage.Options{})}
		defer w.store.Close()
		var target kind.Target
		c := catalog.New()
		w.catalog = c
		w.Controller = New(Config{Store: w.store, Catalog: c, Fields: func(t kind.Target, _, obj kind.Object) (kind.Object, error) {
			target = t
			obj.SetManagedFields([]metav1.ManagedFieldsEntry{{Manager: "kube-apiserver"}})
			return obj, nil
		}})
		defer w.Close()
		w.define(widgetYAML)
		if target.Resource.GroupResource() != Definitions || target.Subresource.Name != "status" || target.Name != "widgets.example.com" {
			t.Errorf("target = %+v, want the status of the definition", target)
		}
		if got := w.stored("widgets.example.com").ManagedFields; len(got) != 1 || got[0].Manager != "kube-apiserver" {
			t.Errorf("managed fields = %v", got)
		}
	})
}
