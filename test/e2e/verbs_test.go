package e2e

import (
	"context"
	"crypto/rand"
	"fmt"
	"strings"
	"testing"

	apiequality "k8s.io/apimachinery/pkg/api/equality"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/apimachinery/pkg/watch"
)

type object interface {
	runtime.Object
	metav1.Object
}

type list interface {
	runtime.Object
	metav1.ListInterface
}

// verbs are what every generated client has.
type verbs[T object, L list] interface {
	Create(ctx context.Context, obj T, opts metav1.CreateOptions) (T, error)
	Update(ctx context.Context, obj T, opts metav1.UpdateOptions) (T, error)
	Delete(ctx context.Context, name string, opts metav1.DeleteOptions) error
	DeleteCollection(ctx context.Context, opts metav1.DeleteOptions, listOpts metav1.ListOptions) error
	Get(ctx context.Context, name string, opts metav1.GetOptions) (T, error)
	List(ctx context.Context, opts metav1.ListOptions) (L, error)
	Watch(ctx context.Context, opts metav1.ListOptions) (watch.Interface, error)
	Patch(ctx context.Context, name string, pt types.PatchType, data []byte, opts metav1.PatchOptions, subresources ...string) (T, error)
}

// testVerbs sends every verb to the server. newObject returns a valid object
// without metadata.
func testVerbs[T object, L list](t *testing.T, client verbs[T, L], newObject func() T) {
	ctx := t.Context()
	// Cluster-scoped kinds are shared by all tests: names and labels are this test's own.
	id := strings.ToLower(rand.Text()[:8])
	prefix := id + "-"
	labels := map[string]string{"test": id}
	selected := metav1.ListOptions{LabelSelector: "test=" + id}
	create := func(name string) T {
		t.Helper()
		obj := newObject()
		obj.SetName(prefix + name)
		obj.SetLabels(labels)
		created, err := client.Create(ctx, obj, metav1.CreateOptions{})
		if err != nil {
			t.Fatalf("create %s: %v", name, err)
		}
		if created.GetUID() == "" || created.GetResourceVersion() == "" || created.GetName() != prefix+name {
			t.Fatalf("created %s has uid %q, version %q, name %q", name, created.GetUID(), created.GetResourceVersion(), created.GetName())
		}
		return created
	}

	a := create("a")
	b := create("b")
	duplicate := newObject()
	duplicate.SetName(a.GetName())
	if _, err := client.Create(ctx, duplicate, metav1.CreateOptions{}); !apierrors.IsAlreadyExists(err) {
		t.Errorf("create again: got %v, want AlreadyExists", err)
	}

	got, err := client.Get(ctx, a.GetName(), metav1.GetOptions{})
	if err != nil {
		t.Fatalf("get: %v", err)
	}
	if !apiequality.Semantic.DeepEqual(a, got) {
		t.Errorf("get returns another object than create:\n%v\n%v", got, a)
	}

	changed := a.DeepCopyObject().(T)
	changed.SetAnnotations(map[string]string{"step": "update"})
	updated, err := client.Update(ctx, changed, metav1.UpdateOptions{})
	if err != nil {
		t.Fatalf("update: %v", err)
	}
	if updated.GetAnnotations()["step"] != "update" || updated.GetResourceVersion() == a.GetResourceVersion() {
		t.Errorf("updated object has annotations %v and version %s", updated.GetAnnotations(), updated.GetResourceVersion())
	}
	if _, err := client.Update(ctx, changed, metav1.UpdateOptions{}); !apierrors.IsConflict(err) {
		t.Errorf("update of a stale object: got %v, want Conflict", err)
	}

	w, err := client.Watch(ctx, metav1.ListOptions{LabelSelector: selected.LabelSelector, ResourceVersion: updated.GetResourceVersion()})
	if err != nil {
		t.Fatalf("watch: %v", err)
	}
	defer w.Stop()

	for step, patch := range map[types.PatchType]string{
		types.MergePatchType: `{"metadata":{"annotations":{"step":"application/merge-patch+json"}}}`,
		types.JSONPatchType:  `[{"op":"replace","path":"/metadata/annotations/step","value":"application/json-patch+json"}]`,
	} {
		patched, err := client.Patch(ctx, a.GetName(), step, []byte(patch), metav1.PatchOptions{})
		if err != nil {
			t.Fatalf("%s: %v", step, err)
		}
		event := <-w.ResultChan()
		seen, ok := event.Object.(T)
		if !ok || event.Type != watch.Modified {
			t.Fatalf("watch: got %s of %T, want MODIFIED of %T", event.Type, event.Object, patched)
		}
		if !apiequality.Semantic.DeepEqual(patched, seen) || seen.GetAnnotations()["step"] != string(step) {
			t.Errorf("watch delivers another object than %s returns:\n%v\n%v", step, seen, patched)
		}
	}

	testPages(t, client, selected, a.GetName(), b.GetName())

	if err := client.Delete(ctx, a.GetName(), metav1.DeleteOptions{}); err != nil {
		t.Fatalf("delete: %v", err)
	}
	if event := <-w.ResultChan(); event.Type != watch.Deleted || event.Object.(T).GetName() != a.GetName() {
		t.Errorf("watch: got %s of %v, want DELETED of %s", event.Type, event.Object, a.GetName())
	}
	if _, err := client.Get(ctx, a.GetName(), metav1.GetOptions{}); !apierrors.IsNotFound(err) {
		t.Errorf("get of what is deleted: got %v, want NotFound", err)
	}
	if err := client.DeleteCollection(ctx, metav1.DeleteOptions{}, selected); err != nil {
		t.Fatalf("delete collection: %v", err)
	}
	if names := testPages(t, client, selected); len(names) > 0 {
		t.Errorf("left after delete collection: %v", names)
	}
}

// testPages lists one object at a time and compares their names.
func testPages[T object, L list](t *testing.T, client verbs[T, L], selected metav1.ListOptions, want ...string) []string {
	t.Helper()
	var names []string
	selected.Limit = 1
	for {
		page, err := client.List(t.Context(), selected)
		if err != nil {
			t.Fatalf("list: %v", err)
		}
		err = meta.EachListItem(page, func(item runtime.Object) error {
			names = append(names, item.(T).GetName())
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		if selected.Continue = page.GetContinue(); selected.Continue == "" {
			break
		}
	}
	if fmt.Sprint(names) != fmt.Sprint(want) {
		t.Errorf("list: got %v, want %v", names, want)
	}
	return names
}
