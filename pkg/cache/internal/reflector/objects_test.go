package reflector

import (
	"context"
	"errors"
	"io"
	"strings"
	"testing"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/watch"
)

// answer is a ListWatcher with fixed answers.
type answer struct {
	list  runtime.Object
	watch watch.Interface
	err   error
}

func (a answer) ListWithContext(context.Context, metav1.ListOptions) (runtime.Object, error) {
	return a.list, a.err
}

func (a answer) WatchWithContext(context.Context, metav1.ListOptions) (watch.Interface, error) {
	return a.watch, a.err
}

func acceptConfigMap(object runtime.Object) (*corev1.ConfigMap, error) {
	if cm, ok := object.(*corev1.ConfigMap); ok {
		return cm, nil
	}
	return nil, errors.New("not a ConfigMap")
}

func configMap(name, version string) *corev1.ConfigMap {
	return &corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{Namespace: "ns", Name: name, ResourceVersion: version}}
}

func TestListGivesEachObjectMemoryOfItsOwn(t *testing.T) {
	list := &corev1.ConfigMapList{ListMeta: metav1.ListMeta{ResourceVersion: "7", Continue: "x"},
		Items: []corev1.ConfigMap{*configMap("a", "1"), *configMap("b", "2")}}
	var got []*corev1.ConfigMap
	page, err := Objects(answer{list: list}, acceptConfigMap).List(t.Context(), metav1.ListOptions{}, func(item Item[*corev1.ConfigMap]) error {
		got = append(got, item.Object)
		return nil
	})
	if err != nil || page != (Page{Version: "7", Continue: "x"}) || len(got) != 2 || got[0].Name != "a" {
		t.Fatalf("page %+v, objects %v, error %v", page, got, err)
	}
	if got[0] == &list.Items[0] {
		t.Error("the object is part of the list: it would keep the whole list alive (R14)")
	}
}

func TestListErrors(t *testing.T) {
	each := func(Item[*corev1.ConfigMap]) error { return nil }
	for name, c := range map[string]struct {
		answer answer
		want   string
	}{
		"failure":      {answer{err: errors.New("no route")}, "no route"},
		"nothing":      {answer{}, "neither a list nor an error"},
		"not a list":   {answer{list: configMap("a", "1")}, "*v1.ConfigMap is not a list"},
		"wrong object": {answer{list: &corev1.SecretList{Items: []corev1.Secret{{ObjectMeta: metav1.ObjectMeta{Name: "s"}}}}}, "object s: not a ConfigMap"},
	} {
		_, err := Objects(c.answer, acceptConfigMap).List(t.Context(), metav1.ListOptions{}, each)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: error = %v, want one with %q", name, err, c.want)
		}
	}
}

func TestWatchErrors(t *testing.T) {
	for name, c := range map[string]struct {
		answer answer
		want   string
	}{
		"failure": {answer{err: errors.New("no route")}, "no route"},
		"nothing": {answer{}, "neither a watch nor an error"},
	} {
		_, err := Objects(c.answer, acceptConfigMap).Watch(t.Context(), metav1.ListOptions{})
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: error = %v, want one with %q", name, err, c.want)
		}
	}
}

func TestStreamEvents(t *testing.T) {
	expired := apierrors.NewResourceExpired("too old").Status()
	throttled := apierrors.NewTooManyRequests("later", 1).Status()
	internal := apierrors.NewInternalError(errors.New("oops")).Status()
	client := func(cause string) runtime.Object {
		return apierrors.NewClientErrorReporter(500, "watch", cause).AsObject(errors.New("unexpected end"))
	}
	for name, c := range map[string]struct {
		event watch.Event
		want  string // object name and version, or the error
		lost  bool
	}{
		"added":                 {watch.Event{Type: watch.Added, Object: configMap("a", "7")}, "a 7", false},
		"bookmark":              {watch.Event{Type: watch.Bookmark, Object: configMap("", "8")}, " 8", false},
		"bookmark of no type":   {watch.Event{Type: watch.Bookmark, Object: &metav1.PartialObjectMetadata{ObjectMeta: metav1.ObjectMeta{ResourceVersion: "9"}}}, " 9", false},
		"bookmark, no version":  {watch.Event{Type: watch.Bookmark, Object: configMap("", "")}, "bookmark without a resource version", true},
		"nil object":            {watch.Event{Type: watch.Deleted}, "event DELETED without an object", true},
		"wrong type":            {watch.Event{Type: watch.Added, Object: &corev1.Secret{ObjectMeta: metav1.ObjectMeta{Name: "s", Namespace: "ns"}}}, "event ADDED, object ns/s: not a ConfigMap", true},
		"no metadata":           {watch.Event{Type: watch.Added, Object: &metav1.Status{}}, "event ADDED with a *v1.Status", true},
		"unknown type of event": {watch.Event{Type: "MOVED", Object: configMap("a", "7")}, `event of unknown type "MOVED"`, true},
		"expired":               {watch.Event{Type: watch.Error, Object: &expired}, "too old", true},
		"internal error":        {watch.Event{Type: watch.Error, Object: &internal}, "oops", true},
		"error without status":  {watch.Event{Type: watch.Error, Object: configMap("a", "1")}, "unexpected object", true},
		"broken connection":     {watch.Event{Type: watch.Error, Object: client("ClientWatchBroken")}, "unexpected end", false},
		"undecodable event":     {watch.Event{Type: watch.Error, Object: client("ClientWatchDecoding")}, "unexpected end", true},
		"too many requests":     {watch.Event{Type: watch.Error, Object: &throttled}, "later", false},
	} {
		t.Run(name, func(t *testing.T) {
			w := watch.NewFakeWithOptions(watch.FakeOptions{ChannelSize: 1})
			w.Action(c.event.Type, c.event.Object)
			stream, err := Objects(answer{watch: w}, acceptConfigMap).Watch(t.Context(), metav1.ListOptions{})
			if err != nil {
				t.Fatal(err)
			}
			e, err := stream.Next(t.Context())
			got := e.Version
			if e.Object != nil {
				got = e.Object.Name + " " + got
			} else {
				got = " " + got
			}
			if err != nil {
				got = err.Error()
			}
			if !strings.Contains(got, c.want) || errors.Is(err, ErrLost) != c.lost {
				t.Errorf("Next = %q, lost %v; want %q, lost %v", got, errors.Is(err, ErrLost), c.want, c.lost)
			}
			stream.Stop()
			if _, err := stream.Next(t.Context()); err != io.EOF {
				t.Errorf("Next after the end = %v, want io.EOF", err)
			}
		})
	}
}

func TestStreamEndsWithItsContext(t *testing.T) {
	w := watch.NewFake()
	defer w.Stop()
	stream, err := Objects(answer{watch: w}, acceptConfigMap).Watch(t.Context(), metav1.ListOptions{})
	if err != nil {
		t.Fatal(err)
	}
	cause := errors.New("enough")
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(cause)
	if _, err := stream.Next(ctx); err != cause {
		t.Errorf("Next = %v, want the cause of the context", err)
	}
}
