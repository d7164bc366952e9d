package testing_test

import (
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/serializer"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/apimachinery/pkg/util/managedfields"
	"sigs.k8s.io/structured-merge-diff/v6/typed"

	clienttesting "github.com/kubewright/kubewright/pkg/testing"
)

// data is a configuration of a config map.
func data(name string, data map[string]any) *configuration {
	return &configuration{"apiVersion": "v1", "kind": "ConfigMap", "metadata": map[string]any{"name": name}, "data": data}
}

func by(manager string) metav1.ApplyOptions { return metav1.ApplyOptions{FieldManager: manager} }

// owners lists who owns something of an object, and how.
func owners(o metav1.Object) []string {
	all := []string{}
	for _, entry := range o.GetManagedFields() {
		text := string(entry.Operation) + " " + entry.Manager
		if entry.Subresource != "" {
			text += " " + entry.Subresource
		}
		all = append(all, text+" "+entry.FieldsV1.GetRawString())
	}
	return all
}

func TestApplyWithOwners(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := managed(t)
		ns := c.configMaps("ns")
		w := c.watch(t, metav1.ListOptions{})
		created := ok[*corev1.ConfigMap](t)(ns.Apply(t.Context(), data("a", map[string]any{"x": "1", "y": "1"}), by("one")))
		if created.UID == "" || created.ResourceVersion == "" || !created.CreationTimestamp.Time.Equal(time.Now()) || created.Namespace != "ns" || created.Data["x"] != "1" {
			t.Errorf("created %+v", created)
		}
		if diff := cmp.Diff([]string{`Apply one {"f:data":{".":{},"f:x":{},"f:y":{}}}`}, owners(created)); diff != "" {
			t.Errorf("owners (-want +got):\n%s", diff)
		}

		_, err := ns.Apply(t.Context(), data("a", map[string]any{"x": "2"}), by("two"))
		if !apierrors.IsConflict(err) || !strings.Contains(err.Error(), `conflict with "one": .data.x`) {
			t.Errorf("error %v", err)
		}
		if got := c.get(t, "a").Data["x"]; got != "1" {
			t.Errorf("after a conflict x is %s", got)
		}
		forced := by("two")
		forced.Force = true
		got := ok[*corev1.ConfigMap](t)(ns.Apply(t.Context(), data("a", map[string]any{"x": "2"}), forced))
		if diff := cmp.Diff([]string{`Apply one {"f:data":{".":{},"f:y":{}}}`, `Apply two {"f:data":{".":{},"f:x":{}}}`}, owners(got)); diff != "" {
			t.Errorf("owners (-want +got):\n%s", diff)
		}

		got = ok[*corev1.ConfigMap](t)(ns.Apply(t.Context(), data("a", map[string]any{}), by("one")))
		if diff := cmp.Diff(map[string]string{"x": "2"}, got.Data); diff != "" {
			t.Errorf("what is no longer applied (-want +got):\n%s", diff)
		}
		if diff := cmp.Diff([]string{"ADDED a=", "MODIFIED a=", "MODIFIED a="}, there(w)); diff != "" {
			t.Errorf("events (-want +got):\n%s", diff)
		}
	})
}

func TestEveryWriteIsAccountedFor(t *testing.T) {
	c := managed(t)
	ns := c.configMaps("ns")
	cm := &corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{Name: "a"}, Data: map[string]string{"x": "1", "y": "1", "z": "1"}}
	ok[*corev1.ConfigMap](t)(ns.Create(t.Context(), cm, metav1.CreateOptions{FieldManager: "creator"}))
	cm.Data["y"] = "2"
	ok[*corev1.ConfigMap](t)(ns.Update(t.Context(), cm, metav1.UpdateOptions{FieldManager: "updater"}))
	got := ok[*corev1.ConfigMap](t)(ns.Patch(t.Context(), "a", types.MergePatchType, []byte(`{"data":{"z":"2"}}`), metav1.PatchOptions{FieldManager: "patcher"}))
	for _, want := range []string{`Update creator {"f:data":{".":{},"f:x":{}}}`, `Update updater {"f:data":{"f:y":{}}}`, `Update patcher {"f:data":{"f:z":{}}}`} {
		if !slices.Contains(owners(got), want) {
			t.Errorf("no %s in %q", want, owners(got))
		}
	}
	if _, err := ns.Apply(t.Context(), data("a", map[string]any{"z": "3"}), by("applier")); !apierrors.IsConflict(err) || !strings.Contains(err.Error(), "patcher") {
		t.Errorf("error %v", err)
	}
	unnamed := ok[*corev1.ConfigMap](t)(ns.Create(t.Context(), configMap("b", "1"), metav1.CreateOptions{}))
	if unnamed.ManagedFields[0].Manager != "unknown" {
		t.Errorf("managed fields %+v", unnamed.ManagedFields)
	}
}

func TestApplyToASeedAndToItsStatus(t *testing.T) {
	c := managed(t, deployment(1))
	status := &configuration{"apiVersion": "apps/v1", "kind": "Deployment", "metadata": map[string]any{"name": "d"}, "status": map[string]any{"replicas": 4}}
	got := ok[*appsv1.Deployment](t)(c.deployments("ns").ApplyStatus(t.Context(), status, by("controller")))
	if got.Status.Replicas != 4 || *got.Spec.Replicas != 1 || !slices.Contains(owners(got), `Apply controller status {"f:status":{".":{},"f:replicas":{}}}`) {
		t.Errorf("%+v", got)
	}
	(*status)["metadata"] = map[string]any{"name": "none"}
	if _, err := c.deployments("ns").ApplyStatus(t.Context(), status, by("controller")); !apierrors.IsNotFound(err) {
		t.Errorf("error %v", err)
	}
}

func TestApplyWithoutOwners(t *testing.T) {
	c := plain(t, deployment(1, corev1.Container{Name: "a", Image: "1"}))
	applied := &configuration{"apiVersion": "apps/v1", "kind": "Deployment", "metadata": map[string]any{"name": "d"},
		"spec": map[string]any{"template": map[string]any{"spec": map[string]any{"containers": []any{map[string]any{"name": "b", "image": "2"}}}}}}
	got := ok[*appsv1.Deployment](t)(c.deployments("ns").Apply(t.Context(), applied, by("anybody")))
	if containers := got.Spec.Template.Spec.Containers; len(containers) != 2 || *got.Spec.Replicas != 1 || got.ManagedFields != nil || got.Kind != "Deployment" {
		t.Errorf("%+v", got)
	}
	created := ok[*corev1.ConfigMap](t)(c.configMaps("ns").Apply(t.Context(), data("new", map[string]any{"x": "1"}), by("anybody")))
	if created.Namespace != "ns" || created.Data["x"] != "1" {
		t.Errorf("created %+v", created)
	}
}

func TestApplyRefuses(t *testing.T) {
	both(t, func(t *testing.T, start func(testing.TB, ...runtime.Object) *clientset) {
		ns := start(t, configMap("a", "1")).configMaps("ns")
		patch := func(name, body string) error {
			_, err := ns.Patch(t.Context(), name, types.ApplyPatchType, []byte(body), metav1.PatchOptions{FieldManager: "me"})
			return err
		}
		for body, text := range map[string]string{
			`{`: "error decoding YAML",
			`{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"b"}}`:                     "the name of the object (b) does not match the name on the URL (a)",
			`{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a","namespace":"other"}}`: "request namespace does not match object namespace",
		} {
			if err := patch("a", body); !apierrors.IsBadRequest(err) || !strings.Contains(err.Error(), text) {
				t.Errorf("%s: %v", body, err)
			}
		}
		if err := patch("new", `{"apiVersion":"v1","kind":"Nonsense","metadata":{"name":"new"}}`); err == nil {
			t.Error("an unknown kind was taken")
		}
		if err := patch("yaml", "apiVersion: v1\nkind: ConfigMap\n"); err != nil {
			t.Error(err)
		}
	})
}

// partly is a schema of config maps, and of no other kind.
const partly = `types:
- name: io.k8s.api.core.v1.ConfigMap
  map:
    fields:
    - name: apiVersion
      type: {scalar: string}
    - name: kind
      type: {scalar: string}
    - name: metadata
      type: {namedType: any}
    - name: data
      type: {map: {elementType: {scalar: string}}}
- name: any
  map: {elementType: {namedType: any}, elementRelationship: separable}
  scalar: untyped
  list: {elementType: {namedType: any}, elementRelationship: atomic}
`

// SubjectAccessReviews and their like have no schema in client-go's fakes, which cannot create them.
func TestKindsWithoutASchemaAreWrittenWithoutAnAccount(t *testing.T) {
	parser, err := typed.NewParser(typed.YAMLObject(partly))
	if err != nil {
		t.Fatal(err)
	}
	scheme := newScheme()
	c := newClientset(clienttesting.NewFieldManagedObjectTracker(scheme, serializer.NewCodecFactory(scheme).UniversalDeserializer(),
		managedfields.NewSchemeTypeConverter(scheme, parser)))
	created := ok[*appsv1.Deployment](t)(c.deployments("ns").Create(t.Context(), deployment(1), metav1.CreateOptions{}))
	if created.ManagedFields != nil || created.UID == "" {
		t.Errorf("created %+v", created)
	}
	updated := ok[*appsv1.Deployment](t)(c.deployments("ns").Update(t.Context(), deployment(2), metav1.UpdateOptions{}))
	if updated.ManagedFields != nil || *updated.Spec.Replicas != 2 {
		t.Errorf("updated %+v", updated)
	}
	got := ok[*corev1.ConfigMap](t)(c.configMaps("ns").Apply(t.Context(), data("a", map[string]any{"x": "1"}), by("me")))
	if diff := cmp.Diff([]string{`Apply me {"f:data":{"f:x":{}}}`}, owners(got)); diff != "" {
		t.Errorf("owners (-want +got):\n%s", diff)
	}
}

func TestTrackerApply(t *testing.T) {
	both(t, func(t *testing.T, start func(testing.TB, ...runtime.Object) *clientset) {
		c := start(t)
		applied := &unstructured.Unstructured{Object: *data("a", map[string]any{"x": "1"})}
		if err := c.tracker.Apply(configMaps, applied, "ns", metav1.PatchOptions{FieldManager: "me"}); err != nil {
			t.Fatal(err)
		}
		if applied.GetNamespace() != "" {
			t.Error("the configuration has changed")
		}
		typed := &corev1.ConfigMap{TypeMeta: metav1.TypeMeta{APIVersion: "v1", Kind: "ConfigMap"}, ObjectMeta: metav1.ObjectMeta{Name: "a"}, Data: map[string]string{"y": "1"}}
		if err := c.tracker.Apply(configMaps, typed, "ns", metav1.PatchOptions{FieldManager: "other"}); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(map[string]string{"x": "1", "y": "1"}, c.get(t, "a").Data); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	})
}
