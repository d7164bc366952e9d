package codec

import (
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"

	"github.com/kubewright/kubewright/pkg/apiservertest/internal/catalog"
	"github.com/kubewright/kubewright/pkg/apiservertest/internal/kind"
)

var born = metav1.NewTime(time.Date(2026, 11, 20, 22, 42, 17, 0, time.UTC))

func newCodec() *Codec {
	return New(Config{Scheme: catalog.Scheme(), Now: func() time.Time { return born.Add(90 * time.Second) }})
}

// at returns the target of a built-in resource.
func at(t testing.TB, group, version, resource string) kind.Target {
	t.Helper()
	r, v, ok := catalog.New(catalog.Builtin()...).Lookup(group, version, resource)
	if !ok {
		t.Fatalf("no %s in %s/%s", resource, group, version)
	}
	return kind.Target{Resource: r, Version: v}
}

// foos is a custom resource with two versions.
func foos(version string) kind.Target {
	v := func(name string) kind.Version {
		return kind.Version{
			Name:    name,
			New:     func() kind.Object { return &unstructured.Unstructured{} },
			NewList: func() runtime.Object { return &unstructured.UnstructuredList{} },
		}
	}
	r := &kind.Resource{
		Group: "ex.io", Plural: "foos", Singular: "foo", Kind: "Foo", ListKind: "FooList", Namespaced: true, Custom: true, Storage: "v1",
		Versions: []kind.Version{v("v1"), v("v2")},
	}
	return kind.Target{Resource: r, Version: r.Version(version)}
}

func configMap(name string) *corev1.ConfigMap {
	return &corev1.ConfigMap{
		ObjectMeta: metav1.ObjectMeta{Name: name, Namespace: "default", ResourceVersion: "7", UID: "u", CreationTimestamp: born},
		Data:       map[string]string{"a": "<b>"},
	}
}

func foo(name string) *unstructured.Unstructured {
	return &unstructured.Unstructured{Object: map[string]any{
		"apiVersion": "ex.io/v1", "kind": "Foo",
		"metadata": map[string]any{"name": name, "resourceVersion": "8", "creationTimestamp": "2026-11-20T22:42:17Z"},
		"spec":     map[string]any{"n": int64(1)},
	}}
}

// get returns a request with an Accept header.
func get(accept, target string) *http.Request {
	r := httptest.NewRequest(http.MethodGet, target, nil)
	if accept != "" {
		r.Header.Set("Accept", accept)
	}
	return r
}
