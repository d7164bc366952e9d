package storage

import (
	"errors"
	"testing"

	"go.uber.org/goleak"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/kubewright/kubewright/pkg/internal/apiobject"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var (
	configMaps = schema.GroupResource{Resource: "configmaps"}
	widgets    = schema.GroupResource{Group: "example.com", Resource: "widgets"}
)

func key(namespace, name string) Key {
	return Key{Resource: configMaps, Namespace: namespace, Name: name}
}

func object(key Key, value string) apiobject.Object {
	return &corev1.ConfigMap{
		ObjectMeta: metav1.ObjectMeta{Namespace: key.Namespace, Name: key.Name},
		Data:       map[string]string{"value": value},
	}
}

// put stores an object, remove deletes it; both return what Update does.
func put(t testing.TB, s *Store, key Key, value string) apiobject.Object {
	t.Helper()
	stored, err := s.Update(key, func(apiobject.Object) (apiobject.Object, error) { return object(key, value), nil })
	if err != nil {
		t.Fatal(err)
	}
	return stored
}

func remove(t testing.TB, s *Store, key Key) apiobject.Object {
	t.Helper()
	deleted, err := s.Update(key, func(apiobject.Object) (apiobject.Object, error) { return nil, nil })
	if err != nil {
		t.Fatal(err)
	}
	return deleted
}

func compact(t testing.TB, s *Store, revision int64) {
	t.Helper()
	if err := s.Compact(revision); err != nil {
		t.Fatal(err)
	}
}

func watch(t testing.TB, s *Store, namespace string, from int64) *Watch {
	t.Helper()
	w, err := s.Watch(configMaps, namespace, from)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(w.Stop)
	return w
}

// text is an object in short: namespace/name=value@resourceVersion.
func text(o apiobject.Object) string {
	if o == nil {
		return "-"
	}
	return path(o.GetNamespace(), o.GetName()) + "=" + o.(*corev1.ConfigMap).Data["value"] + "@" + o.GetResourceVersion()
}

func texts(objects []apiobject.Object) []string {
	all := []string{}
	for _, o := range objects {
		all = append(all, text(o))
	}
	return all
}

// change is an event in short: old > new.
func change(e Event) string { return text(e.Old) + " > " + text(e.New) }

func changes(events []Event) []string {
	all := []string{}
	for _, e := range events {
		all = append(all, change(e))
	}
	return all
}

// drain returns what a watch has now.
func drain(t testing.TB, w *Watch) []string {
	t.Helper()
	all := []string{}
	for {
		e, wait, err := w.TryNext()
		if err != nil {
			t.Fatal(err)
		}
		if wait != nil {
			return all
		}
		all = append(all, change(e))
	}
}

func wantCompacted(t testing.TB, err error, requested, compacted int64) {
	t.Helper()
	var got *CompactedError
	if !errors.As(err, &got) || !errors.Is(err, ErrCompacted) || got.Requested != requested || got.Compacted != compacted {
		t.Errorf("error = %v, want that history after %d is compacted, the oldest being %d", err, requested, compacted)
	}
}

func wantFuture(t testing.TB, err error, requested, current int64) {
	t.Helper()
	var got *FutureError
	if !errors.As(err, &got) || !errors.Is(err, ErrFuture) || got.Requested != requested || got.Current != current {
		t.Errorf("error = %v, want that %d is in the future, the newest being %d", err, requested, current)
	}
}
