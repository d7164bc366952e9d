package apiobject

import (
	"regexp"
	"strings"
	"testing"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

func TestNames(t *testing.T) {
	long := GenerateName(strings.Repeat("x", 100))
	if len(long) != 63 || !strings.HasPrefix(GenerateName("web-"), "web-") {
		t.Errorf("generated %q", long)
	}
	uid := regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`)
	if one, other := NewUID(), NewUID(); one == other || !uid.MatchString(string(one)) {
		t.Errorf("uids %s and %s", one, other)
	}
}

func TestWithKindLeavesTheObjectAsItIs(t *testing.T) {
	kind := corev1.SchemeGroupVersion.WithKind("ConfigMap")
	for _, o := range []Object{
		&corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{Name: "a"}},
		&unstructured.Unstructured{Object: map[string]any{"metadata": map[string]any{"name": "a"}}},
	} {
		with := WithKind(o, kind)
		if with.GetObjectKind().GroupVersionKind() != kind || with.GetName() != "a" || !o.GetObjectKind().GroupVersionKind().Empty() {
			t.Errorf("%v of %v", with, o)
		}
		if WithKind(with, kind) != with {
			t.Errorf("a %T that has the kind was copied", o)
		}
	}
}
