package apply_test

import (
	"os/exec"
	"strings"
	"testing"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/util/managedfields"

	"github.com/kubewright/kubewright/pkg/runtime/apply"
)

var _ managedfields.TypeConverter = &apply.TypeConverter{}

// newConverter returns a converter that has a schema of config maps only.
func newConverter(t *testing.T) *apply.TypeConverter {
	t.Helper()
	scheme := runtime.NewScheme()
	if err := corev1.AddToScheme(scheme); err != nil {
		t.Fatal(err)
	}
	return apply.NewTypeConverter(scheme, apply.NewSchema("io.k8s.api.core.v1\n\tConfigMap {apiVersion:string kind:string metadata:? data:<>string}"))
}

func TestConverterTakesEachFormOfAnObject(t *testing.T) {
	converter := newConverter(t)
	structured := &corev1.ConfigMap{TypeMeta: metav1.TypeMeta{APIVersion: "v1", Kind: "ConfigMap"}, Data: map[string]string{"a": "b"}}
	content := map[string]any{"apiVersion": "v1", "kind": "ConfigMap", "data": map[string]any{"a": "b"}}
	for _, object := range []runtime.Object{structured, &unstructured.Unstructured{Object: content}} {
		typed, err := converter.ObjectToTyped(object)
		if err != nil {
			t.Fatal(err)
		}
		back, err := converter.TypedToObject(typed)
		if err != nil {
			t.Fatal(err)
		}
		if data, _, _ := unstructured.NestedString(back.(*unstructured.Unstructured).Object, "data", "a"); data != "b" {
			t.Errorf("%T became %v", object, back)
		}
	}
}

func TestConverterDeducesWhatHasNoSchema(t *testing.T) {
	converter := newConverter(t)
	pod := &unstructured.Unstructured{Object: map[string]any{"apiVersion": "v1", "kind": "Pod", "spec": map[string]any{"any": []any{"x"}}}}
	typed, err := converter.ObjectToTyped(pod)
	if err != nil {
		t.Fatal(err)
	}
	set, err := typed.ToFieldSet()
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(set.String(), ".spec.any") || strings.Contains(set.String(), "[") {
		t.Errorf("owned are %s, want the list as a whole", set)
	}
	pod.SetKind("Unknown")
	if _, err := converter.ObjectToTyped(pod); err == nil {
		t.Error("a kind that is not in the scheme has a type")
	}
}

// TestClientsThatApplyLinkNoOpenAPI keeps clients small: they link this package.
func TestClientsThatApplyLinkNoOpenAPI(t *testing.T) {
	out, err := exec.CommandContext(t.Context(), "go", "list", "-deps", ".").Output()
	if err != nil {
		t.Fatal(err)
	}
	for _, heavy := range []string{"k8s.io/kube-openapi/pkg/util/proto", "github.com/google/gnostic-models", "google.golang.org/protobuf"} {
		if strings.Contains(string(out), heavy+"/") || strings.Contains(string(out), heavy+"\n") {
			t.Errorf("links %s", heavy)
		}
	}
}
