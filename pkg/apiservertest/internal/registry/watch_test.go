package registry_test

import (
	"context"
	"errors"
	"io"
	"testing"
	"testing/synctest"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/kubewright/kubewright/pkg/apiservertest/internal/registry"
)

// watch begins a watch of config maps, of which the test sees texts such as "ADDED default/a".
func (s *server) watch(o metav1.ListOptions) *registry.Watch {
	s.t.Helper()
	w, err := s.Watch(context.Background(), s.at("configmaps", "", ""), o)
	if err != nil {
		s.t.Fatalf("watch: %v", err)
	}
	s.t.Cleanup(w.Stop)
	return w
}

func textOf(e registry.Event) string {
	text := string(e.Type)
	if name := e.Object.GetName(); name != "" {
		text += " " + e.Object.GetNamespace() + "/" + name
	}
	if e.Object.GetAnnotations()[metav1.InitialEventsAnnotationKey] == "true" {
		text += " end of initial events"
	}
	return text
}

func wantEvents(t *testing.T, w *registry.Watch, want ...string) (last registry.Event) {
	t.Helper()
	for _, text := range want {
		event, err := w.Next(context.Background())
		if err != nil {
			t.Fatalf("got %v, want %s", err, text)
		}
		if got := textOf(event); got != text {
			t.Errorf("got %s, want %s", got, text)
		}
		last = event
	}
	return last
}

// wantQuiet expects no event in the next second of fake time.
func wantQuiet(t *testing.T, w *registry.Watch) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	if event, err := w.Next(ctx); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v, %v, want nothing", event, err)
	}
}

func TestWatchBegins(t *testing.T) {
	yes, no := true, false
	for _, test := range []struct {
		name    string
		options metav1.ListOptions
		want    []string
	}{
		{"without a version: with what there is", metav1.ListOptions{}, []string{"ADDED default/a", "ADDED default/b", "ADDED default/c", "ADDED kube-system/x"}},
		{"at any version: with what there is", metav1.ListOptions{ResourceVersion: "0", LabelSelector: "tier=odd"}, []string{"ADDED default/b"}},
		{"with bookmarks: and the end of it", metav1.ListOptions{AllowWatchBookmarks: true, LabelSelector: "tier=odd"}, []string{"ADDED default/b", "BOOKMARK end of initial events"}},
		{"with initial events", metav1.ListOptions{SendInitialEvents: &yes, ResourceVersionMatch: "NotOlderThan", ResourceVersion: "2", AllowWatchBookmarks: true, LabelSelector: "tier=odd"}, []string{"ADDED default/b", "BOOKMARK end of initial events"}},
		{"without initial events", metav1.ListOptions{SendInitialEvents: &no, ResourceVersionMatch: "NotOlderThan", AllowWatchBookmarks: true}, nil},
		{"at a version: with what has happened since", metav1.ListOptions{ResourceVersion: "5"}, []string{"ADDED default/a", "ADDED default/b", "ADDED default/c", "ADDED kube-system/x", "MODIFIED default/a", "DELETED kube-system/y"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := withConfigMaps(t)
				s.mustMerge("configmaps", "default", "a", `{"data":{"k":"v"}}`)
				if test.options.ResourceVersion == "5" {
					y := configMap("y")
					y.Namespace = "kube-system"
					s.create("configmaps", "kube-system", y)
					s.delete("configmaps", "kube-system", "y", metav1.DeleteOptions{})
					test.want = append(test.want[:len(test.want)-1], "ADDED kube-system/y", "DELETED kube-system/y")
				}
				w := s.watch(test.options)
				wantEvents(t, w, test.want...)
				wantQuiet(t, w)
				s.create("configmaps", "default", func() *corev1.ConfigMap {
					in := configMap("new")
					in.Labels = map[string]string{"tier": "odd"}
					return in
				}())
				wantEvents(t, w, "ADDED default/new")
			})
		})
	}
}

func TestWatchTurnsSelectorTransitionsIntoEvents(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newServer(t)
		w := s.watch(metav1.ListOptions{LabelSelector: "app=web"})
		s.create("configmaps", "default", configMap("a"))
		in := s.mustMerge("configmaps", "default", "a", `{"metadata":{"labels":{"app":"web"}}}`)
		if event := wantEvents(t, w, "ADDED default/a"); event.Object.GetResourceVersion() != in.GetResourceVersion() {
			t.Errorf("resourceVersion: got %s, want %s", event.Object.GetResourceVersion(), in.GetResourceVersion())
		}
		s.mustMerge("configmaps", "default", "a", `{"data":{"k":"v"}}`)
		wantEvents(t, w, "MODIFIED default/a")
		out := s.mustMerge("configmaps", "default", "a", `{"metadata":{"labels":{"app":"db"}}}`)
		event := wantEvents(t, w, "DELETED default/a")
		if event.Object.GetResourceVersion() != out.GetResourceVersion() || event.Object.GetLabels()["app"] != "web" {
			t.Errorf("want the object as it was selected last, at the new version: got %+v", event.Object)
		}
		s.delete("configmaps", "default", "a", metav1.DeleteOptions{})
		wantQuiet(t, w)
	})
}

func TestWatchOfOneObject(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := withConfigMaps(t)
		w, err := s.Watch(context.Background(), s.at("configmaps", "default", "b"), metav1.ListOptions{})
		if err != nil {
			t.Fatal(err)
		}
		defer w.Stop()
		wantEvents(t, w, "ADDED default/b")
		s.delete("configmaps", "default", "a", metav1.DeleteOptions{})
		s.delete("configmaps", "default", "b", metav1.DeleteOptions{})
		wantEvents(t, w, "DELETED default/b")
	})
}

func TestWatchHasBookmarks(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newServer(t)
		start := time.Now()
		w := s.watch(metav1.ListOptions{ResourceVersion: "5", AllowWatchBookmarks: true})
		s.create("secrets", "default", &corev1.Secret{ObjectMeta: metav1.ObjectMeta{Name: "s"}})
		event := wantEvents(t, w, "BOOKMARK")
		if since := time.Since(start); since != time.Minute {
			t.Errorf("bookmark after %v, want a minute", since)
		}
		if event.Object.GetResourceVersion() != "6" {
			t.Errorf("resourceVersion: got %s, want that of the secret", event.Object.GetResourceVersion())
		}
	})
}

func TestWatchEndsWithABookmark(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newServer(t)
		start := time.Now()
		w := s.watch(metav1.ListOptions{ResourceVersion: "5", AllowWatchBookmarks: true, TimeoutSeconds: new(int64(10))})
		s.create("secrets", "default", &corev1.Secret{ObjectMeta: metav1.ObjectMeta{Name: "s"}})
		wantEvents(t, w, "BOOKMARK")
		if since := time.Since(start); since != 8*time.Second {
			t.Errorf("bookmark after %v, want two seconds before the end", since)
		}
		if _, err := w.Next(context.Background()); !errors.Is(err, io.EOF) || time.Since(start) != 10*time.Second {
			t.Errorf("got %v after %v, want EOF after 10s", err, time.Since(start))
		}
	})
}

func TestWatchEndsWithoutABookmarkThatSaysNothingNew(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newServer(t).watch(metav1.ListOptions{ResourceVersion: "5", AllowWatchBookmarks: true, TimeoutSeconds: new(int64(10))})
		if event, err := w.Next(context.Background()); !errors.Is(err, io.EOF) {
			t.Errorf("got %v, %v, want EOF", event, err)
		}
	})
}

func TestWatchListOfAFutureVersionFails(t *testing.T) {
	s := newServer(t)
	w := s.watch(metav1.ListOptions{ResourceVersion: "100000", SendInitialEvents: new(true), ResourceVersionMatch: "NotOlderThan"})
	_, err := w.Next(context.Background())
	wantError(t, err, 504, metav1.StatusReasonTimeout, "Timeout: Too large resource version: 100000, current: 5")
}

func TestWatchEndsAlthoughThereIsAlwaysMore(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newServer(t)
		w := s.watch(metav1.ListOptions{TimeoutSeconds: new(int64(1))})
		for _, name := range []string{"a", "b", "c"} {
			s.create("configmaps", "default", configMap(name))
		}
		wantEvents(t, w, "ADDED default/a")
		time.Sleep(2 * time.Second)
		if _, err := w.Next(context.Background()); !errors.Is(err, io.EOF) {
			t.Errorf("got %v, want EOF", err)
		}
	})
}

func TestWatchEndsWhenItIsStopped(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newServer(t)
		w := s.watch(metav1.ListOptions{})
		go w.Stop()
		if _, err := w.Next(context.Background()); !errors.Is(err, io.EOF) {
			t.Errorf("got %v, want EOF", err)
		}
	})
}

func TestWatchOfLostHistoryIsGone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newServer(t)
		w := s.watch(metav1.ListOptions{})
		s.create("configmaps", "default", configMap("a"))
		s.create("configmaps", "default", configMap("b"))
		if err := s.store.Compact(7); err != nil {
			t.Fatal(err)
		}
		_, err := w.Next(context.Background())
		wantError(t, err, 410, metav1.StatusReasonExpired, "too old resource version: 5 (7)")
		_, err = s.Watch(context.Background(), s.at("configmaps", "", ""), metav1.ListOptions{ResourceVersion: "3"})
		wantError(t, err, 410, metav1.StatusReasonExpired, "too old resource version: 3 (7)")
	})
}

func TestWatchRefuses(t *testing.T) {
	s := newServer(t)
	const invalid = `ListOptions.meta.k8s.io "" is invalid: `
	for _, test := range []struct {
		options metav1.ListOptions
		code    int32
		reason  metav1.StatusReason
		message string
	}{
		{metav1.ListOptions{ResourceVersion: "abc"}, 500, "", `resourceVersion: Invalid value: "abc": strconv.ParseUint: parsing "abc": invalid syntax`},
		{metav1.ListOptions{SendInitialEvents: new(true)}, 422, "Invalid", invalid + "resourceVersionMatch: Forbidden: sendInitialEvents requires setting resourceVersionMatch to NotOlderThan"},
		{metav1.ListOptions{ResourceVersionMatch: "NotOlderThan", ResourceVersion: "1"}, 422, "Invalid", invalid + "resourceVersionMatch: Forbidden: resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided"},
		{metav1.ListOptions{Continue: "x"}, 422, "Invalid", invalid + "resourceVersionMatch: Forbidden: resourceVersionMatch is forbidden when continue is provided"},
		{metav1.ListOptions{LabelSelector: "x y z"}, 400, "BadRequest", "unable to parse requirement: found 'y', expected: in, notin, =, ==, !=, gt, lt"},
	} {
		t.Run(test.message, func(t *testing.T) {
			_, err := s.Watch(context.Background(), s.at("configmaps", "", ""), test.options)
			wantError(t, err, test.code, test.reason, test.message)
		})
	}
}
