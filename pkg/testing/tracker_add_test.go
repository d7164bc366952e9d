package testing_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"

	clienttesting "github.com/kubewright/kubewright/pkg/testing"
)

func TestAdd(t *testing.T) {
	both(t, func(t *testing.T, start func(testing.TB, ...runtime.Object) *clientset) {
		c := start(t, &corev1.ConfigMapList{Items: []corev1.ConfigMap{*configMap("a", "1"), *configMap("b", "1")}})
		w := c.watch(t, metav1.ListOptions{})
		there(w)
		raw := &metav1.List{Items: []runtime.RawExtension{{Raw: []byte(`{"apiVersion":"v1","kind":"ConfigMap","metadata":{"namespace":"ns","name":"c"}}`)}}}
		if err := c.tracker.Add(raw); err != nil {
			t.Error(err)
		}
		if got := names(c.list(t, metav1.ListOptions{})); !slices.Equal(got, []string{"a", "b", "c"}) {
			t.Errorf("there are %v", got)
		}
		if got := there(w); !slices.Equal(got, []string{"ADDED c="}) {
			t.Errorf("events %v", got)
		}
		if err := c.tracker.Add(configMap("a", "2")); !apierrors.IsAlreadyExists(err) {
			t.Errorf("error %v", err)
		}
		if err := c.tracker.Add(&metav1.Status{}); err == nil || !strings.Contains(err.Error(), "*v1.Status is no API object") {
			t.Errorf("error %v", err)
		}
		if err := c.tracker.Add(&corev1.ConfigMapList{Items: []corev1.ConfigMap{*configMap("a", "2")}}); !apierrors.IsAlreadyExists(err) {
			t.Errorf("error %v", err)
		}
		foos := schema.GroupVersionResource{Group: "ex.io", Version: "v1", Resource: "foos"}
		metadata := &metav1.PartialObjectMetadata{TypeMeta: metav1.TypeMeta{APIVersion: "ex.io/v1", Kind: "Foo"}, ObjectMeta: metav1.ObjectMeta{Name: "x"}}
		if err := c.tracker.Add(metadata); err != nil {
			t.Error(err)
		}
		custom := &unstructured.Unstructured{Object: map[string]any{"apiVersion": "ex.io/v1", "kind": "Foo", "metadata": map[string]any{"name": "y"}}}
		if err := c.tracker.Add(custom); err != nil {
			t.Error(err)
		}
		for name, want := range map[string]runtime.Object{"x": metadata, "y": custom} {
			if got, err := c.tracker.Get(foos, "", name); err != nil || !cmp.Equal(want, got) {
				t.Errorf("%s is %v, %v", name, got, err)
			}
		}
		foxes := schema.GroupVersionResource{Group: "ex.io", Version: "v1", Resource: "foxen"}
		if err := clienttesting.AddAs(c.tracker, foxes, custom); err != nil {
			t.Error(err)
		}
		if _, err := c.tracker.Get(foxes, "", "y"); err != nil {
			t.Error(err)
		}
	})
}

// Tests compare what they have made a clientset with.
func TestAddedObjectsStayAsTheyAre(t *testing.T) {
	both(t, func(t *testing.T, start func(testing.TB, ...runtime.Object) *clientset) {
		for _, want := range []*corev1.ConfigMap{configMap("a", "1"), versioned(configMap("a", "1"), "999"), versioned(configMap("a", "1"), "any")} {
			c := start(t, want)
			if diff := cmp.Diff(want, c.get(t, "a")); diff != "" {
				t.Errorf("read (-want +got):\n%s", diff)
			}
			list := c.list(t, metav1.ListOptions{})
			if diff := cmp.Diff([]corev1.ConfigMap{*want}, list.Items); diff != "" {
				t.Errorf("listed (-want +got):\n%s", diff)
			}
			c.update(t, want)
		}
	})
}

// The versions of written objects are higher than those of added ones, so that nobody takes news for old.
func TestVersionsCatchUpWithAddedObjects(t *testing.T) {
	c := managed(t, versioned(configMap("a", "1"), "999"))
	if got := c.update(t, versioned(configMap("a", "2"), "999")).ResourceVersion; got != "1000" {
		t.Errorf("updated to version %s", got)
	}
}
