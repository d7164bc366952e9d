package cache

import (
	"errors"
	"strings"
	"testing"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
)

func TestKeys(t *testing.T) {
	namespaced, cluster := labelled("ns", "a", ""), labelled("", "a", "")
	for _, c := range []struct {
		obj             interface{}
		plain, deletion string // "" is an error
	}{
		{namespaced, "ns/a", "ns/a"},
		{cluster, "a", "a"},
		{ExplicitKey("x/y"), "x/y", "x/y"},
		{DeletedFinalStateUnknown{Key: "ns/gone"}, "", "ns/gone"},
		{"text", "", ""},
		{nil, "", ""},
	} {
		plain, err := MetaNamespaceKeyFunc(c.obj)
		if plain != c.plain || (err == nil) != (c.plain != "") {
			t.Errorf("MetaNamespaceKeyFunc(%v) = %q, %v; want %q", c.obj, plain, err, c.plain)
		}
		deletion, err := DeletionHandlingMetaNamespaceKeyFunc(c.obj)
		if deletion != c.deletion || (err == nil) != (c.deletion != "") {
			t.Errorf("DeletionHandlingMetaNamespaceKeyFunc(%v) = %q, %v; want %q", c.obj, deletion, err, c.deletion)
		}
	}
}

func TestObjectNames(t *testing.T) {
	for key, want := range map[string]ObjectName{"ns/a": {"ns", "a"}, "a": {"", "a"}, "": {}} {
		got, err := ParseObjectName(key)
		if got != want || err != nil || got.String() != key {
			t.Errorf("ParseObjectName(%q) = %v, %v; and back %q", key, got, err, got.String())
		}
		namespace, name, err := SplitMetaNamespaceKey(key)
		if namespace != want.Namespace || name != want.Name || err != nil {
			t.Errorf("SplitMetaNamespaceKey(%q) = %q, %q, %v", key, namespace, name, err)
		}
	}
	if _, err := ParseObjectName("a/b/c"); err == nil || !strings.Contains(err.Error(), `unexpected key format: "a/b/c"`) {
		t.Errorf("error = %v", err)
	}
	name := NamespacedNameAsObjectName(types.NamespacedName{Namespace: "ns", Name: "a"})
	if name.AsNamespacedName().String() != "ns/a" {
		t.Errorf("AsNamespacedName = %v", name.AsNamespacedName())
	}
	if namespace, short := name.Parts(); namespace != "ns" || short != "a" {
		t.Errorf("Parts = %q, %q", namespace, short)
	}
	if got, err := DeletionHandlingObjectToName(DeletedFinalStateUnknown{Key: "ns/a"}); got != name || err != nil {
		t.Errorf("name of a tombstone = %v, %v", got, err)
	}
	if got, err := DeletionHandlingObjectToName(labelled("ns", "a", "")); got != name || err != nil {
		t.Errorf("name of an object = %v, %v", got, err)
	}
}

func TestKeyErrorNamesTheTypeAndNotTheContent(t *testing.T) {
	reason := errors.New("no name")
	err := KeyError{&corev1.Secret{Data: map[string][]byte{"password": []byte("hunter2")}}, reason}
	if got := err.Error(); got != "no key for an object of type *v1.Secret: no name" || !errors.Is(err, reason) {
		t.Errorf("error = %q", got)
	}
}

func TestIndexFuncToKeyFuncAdapter(t *testing.T) {
	for name, c := range map[string]struct {
		values []string
		err    error
		want   string
	}{
		"one":     {[]string{"k"}, nil, "k"},
		"none":    {nil, nil, ""},
		"several": {[]string{"a", "b"}, nil, ""},
		"failure": {nil, errors.New("no"), ""},
	} {
		key, err := IndexFuncToKeyFuncAdapter(func(interface{}) ([]string, error) { return c.values, c.err })(nil)
		if key != c.want || (err == nil) != (c.want != "") {
			t.Errorf("%s: %q, %v; want %q", name, key, err, c.want)
		}
	}
}

func TestMetaNamespaceIndexFunc(t *testing.T) {
	if got, err := MetaNamespaceIndexFunc(labelled("ns", "a", "")); err != nil || len(got) != 1 || got[0] != "ns" {
		t.Errorf("MetaNamespaceIndexFunc = %v, %v", got, err)
	}
	if _, err := MetaNamespaceIndexFunc("text"); err == nil {
		t.Error("no error for something without metadata")
	}
}

func TestKeyOfTypedObjects(t *testing.T) {
	if key, err := keyOf(labelled("ns", "a", "")); key != "ns/a" || err != nil {
		t.Errorf("keyOf = %q, %v", key, err)
	}
	var none *corev1.ConfigMap
	if _, err := keyOf(none); err == nil {
		t.Error("no error for a nil pointer")
	}
	var _ metav1.Object = none
}
