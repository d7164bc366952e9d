package proof

import (
	"context"
	"encoding/json"
	"os"
	"reflect"
	"testing"
	"time"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/util/wait"
	"k8s.io/apimachinery/pkg/watch"

	"github.com/kubewright/kubewright/pkg/cache"
	"github.com/kubewright/kubewright/pkg/rest"
)

const (
	namespace = "default"
	manager   = "proof"
)

// define creates the CustomResourceDefinition in a file, and waits until the server has its resource.
func define(t *testing.T, client rest.Interface, file, resource string) {
	t.Helper()
	definition, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	err = client.Post().AbsPath("/apis/apiextensions.k8s.io/v1/customresourcedefinitions").
		SetHeader("Content-Type", "application/yaml").Body(definition).Do(t.Context()).Error()
	if err != nil {
		t.Fatal(err)
	}
	err = wait.PollUntilContextCancel(t.Context(), 10*time.Millisecond, true, func(ctx context.Context) (bool, error) {
		err := client.Get().Resource(resource).Do(ctx).Error()
		if apierrors.IsNotFound(err) {
			return false, nil
		}
		return true, err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// client is what the clients of all kinds have: T is a pointer to the kind, L one to its list, and A one to its apply
// configuration.
type client[T, L, A any] interface {
	Create(context.Context, T, metav1.CreateOptions) (T, error)
	Delete(context.Context, string, metav1.DeleteOptions) error
	List(context.Context, metav1.ListOptions) (L, error)
	Watch(context.Context, metav1.ListOptions) (watch.Interface, error)
	Apply(context.Context, A, metav1.ApplyOptions) (T, error)
}

// kind is what is generated for a kind, bound to a clientset.
type kind[T, L, A any] struct {
	client   client[T, L, A]
	informer cache.SharedIndexInformer
	start    func(context.Context)
	// cached reads an object from the lister.
	cached func(name string) (T, error)
	// created and applied are objects to begin with.
	created T
	applied A
	// extract is what a manager has applied.
	extract func(T, string) (A, error)
}

// use creates an object and applies another one, which it returns, and sees both wherever they should be.
func use[T metav1.Object, L runtime.Object, A any](t *testing.T, k kind[T, L, A]) T {
	t.Helper()
	ctx := t.Context()
	watched, err := k.client.Watch(ctx, metav1.ListOptions{})
	if err != nil {
		t.Fatal(err)
	}
	defer watched.Stop()
	created, err := k.client.Create(ctx, k.created, metav1.CreateOptions{})
	if err != nil {
		t.Fatal(err)
	}
	event := <-watched.ResultChan()
	if object, ok := event.Object.(T); !ok || event.Type != watch.Added || !reflect.DeepEqual(object, created) {
		t.Errorf("the watch tells %s of %s, want %s", event.Type, text(t, event.Object), text(t, created))
	}
	list, err := k.client.List(ctx, metav1.ListOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if n := meta.LenList(list); n != 1 {
		t.Errorf("the list has %d items, want 1", n)
	}

	events := follow(t, k.informer)
	k.start(ctx)
	next(t, events, "add "+created.GetName())
	applied, err := k.client.Apply(ctx, k.applied, metav1.ApplyOptions{FieldManager: manager})
	if err != nil {
		t.Fatal(err)
	}
	next(t, events, "add "+applied.GetName())
	if cached, err := k.cached(applied.GetName()); err != nil || !reflect.DeepEqual(cached, applied) {
		t.Errorf("the lister has %s, %v, want %s", text(t, cached), err, text(t, applied))
	}
	if err := k.client.Delete(ctx, created.GetName(), metav1.DeleteOptions{}); err != nil {
		t.Fatal(err)
	}
	next(t, events, "delete "+created.GetName())
	return applied
}

// extracts checks that what was applied can be read from the object that came of it.
func extracts[T, L, A any](t *testing.T, k kind[T, L, A], applied T) {
	t.Helper()
	extracted, err := k.extract(applied, manager)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := text(t, extracted), text(t, k.applied); got != want {
		t.Errorf("extracted %s, want what was applied: %s", got, want)
	}
}

// text returns an object as JSON.
func text(t *testing.T, object any) string {
	t.Helper()
	out, err := json.Marshal(object)
	if err != nil {
		t.Fatal(err)
	}
	return string(out)
}

// follow returns a line for each event of an informer.
func follow(t *testing.T, informer cache.SharedIndexInformer) <-chan string {
	t.Helper()
	events := make(chan string, 10)
	tell := func(event string, object any) { events <- event + " " + object.(metav1.Object).GetName() }
	_, err := informer.AddEventHandler(cache.ResourceEventHandlerFuncs{
		AddFunc:    func(object any) { tell("add", object) },
		UpdateFunc: func(_, object any) { tell("update", object) },
		DeleteFunc: func(object any) { tell("delete", object) },
	})
	if err != nil {
		t.Fatal(err)
	}
	return events
}

// next waits for the next event.
func next(t *testing.T, events <-chan string, want string) {
	t.Helper()
	if got := <-events; got != want {
		t.Errorf("the informer tells %q, want %q", got, want)
	}
}
