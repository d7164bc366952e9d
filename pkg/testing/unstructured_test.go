package testing_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/apimachinery/pkg/util/managedfields"
	"k8s.io/apimachinery/pkg/watch"

	clienttesting "github.com/kubewright/kubewright/pkg/testing"
)

var (
	foos    = schema.GroupVersionResource{Group: "ex.io", Version: "v1", Resource: "foos"}
	fooKind = schema.GroupVersionKind{Group: "ex.io", Version: "v1", Kind: "Foo"}
)

func foo(spec, status any) *unstructured.Unstructured {
	return &unstructured.Unstructured{Object: map[string]any{
		"apiVersion": "ex.io/v1", "kind": "Foo", "metadata": map[string]any{"namespace": "ns", "name": "a"}, "spec": spec, "status": status,
	}}
}

// Fake dynamic clients keep unstructured objects.
func TestUnstructuredObjects(t *testing.T) {
	scheme := runtime.NewScheme()
	scheme.AddKnownTypeWithName(fooKind, &unstructured.Unstructured{})
	scheme.AddKnownTypeWithName(fooKind.GroupVersion().WithKind("FooList"), &unstructured.UnstructuredList{})
	for name, tracker := range map[string]clienttesting.ObjectTracker{
		"plain":   clienttesting.NewObjectTracker(scheme, nil),
		"managed": clienttesting.NewFieldManagedObjectTracker(scheme, nil, managedfields.NewDeducedTypeConverter()),
	} {
		t.Run(name, func(t *testing.T) {
			react := clienttesting.ObjectReaction(tracker)
			do := func(action clienttesting.Action) *unstructured.Unstructured {
				t.Helper()
				_, object, err := react(action)
				if err != nil {
					t.Fatal(err)
				}
				return object.(*unstructured.Unstructured)
			}
			created := do(clienttesting.NewCreateAction(foos, "ns", foo("1", "1")))
			updated := do(clienttesting.NewUpdateAction(foos, "ns", foo("2", "1")))
			status := do(clienttesting.NewUpdateSubresourceAction(foos, "status", "ns", foo("2", "2")))
			patched := do(clienttesting.NewPatchAction(foos, "ns", "a", types.MergePatchType, []byte(`{"spec":"3"}`)))
			applied := do(clienttesting.NewPatchAction(foos, "ns", "a", types.ApplyPatchType, []byte(`{"apiVersion":"ex.io/v1","kind":"Foo","more":"1"}`)))
			if applied.Object["spec"] != "3" || applied.Object["status"] != "2" || applied.Object["more"] != "1" {
				t.Errorf("at the end %v", applied.Object)
			}
			list, err := tracker.List(foos, fooKind, "")
			if err != nil {
				t.Fatal(err)
			}
			if all := list.(*unstructured.UnstructuredList); all.GetKind() != "FooList" || all.GetAPIVersion() != "ex.io/v1" || !cmp.Equal(&all.Items[0], applied) {
				t.Errorf("list %v", all)
			}
			w := ok[watch.Interface](t)(tracker.Watch(foos, "ns", metav1.ListOptions{ResourceVersion: "01"}))
			defer w.Stop()
			for _, want := range []*unstructured.Unstructured{created, updated, status, patched, applied} {
				if diff := cmp.Diff(runtime.Object(want), (<-w.ResultChan()).Object); diff != "" {
					t.Errorf("(-then +now):\n%s", diff)
				}
			}
		})
	}
}
