package fielddiff

import (
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"
	"time"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/utils/ptr"
)

func deployment() *appsv1.Deployment {
	return &appsv1.Deployment{
		TypeMeta: metav1.TypeMeta{Kind: "Deployment"},
		ObjectMeta: metav1.ObjectMeta{
			Name: "d", Annotations: map[string]string{"a": "1"}, CreationTimestamp: metav1.NewTime(time.Unix(1e9, 0)),
			ManagedFields: []metav1.ManagedFieldsEntry{{FieldsV1: metav1.NewFieldsV1(`{"f:a":{}}`)}},
		},
		Spec: appsv1.DeploymentSpec{
			Replicas: ptr.To[int32](1),
			Template: corev1.PodTemplateSpec{Spec: corev1.PodSpec{Containers: []corev1.Container{{
				Name: "c", Resources: corev1.ResourceRequirements{Limits: corev1.ResourceList{"cpu": resource.MustParse("1500m")}},
			}}}},
		},
	}
}

func TestPaths(t *testing.T) {
	container := func(d *appsv1.Deployment) *corev1.Container { return &d.Spec.Template.Spec.Containers[0] }
	for want, change := range map[string]func(d *appsv1.Deployment){
		"kind":                                   func(d *appsv1.Deployment) { d.Kind = "" },
		"metadata.name":                          func(d *appsv1.Deployment) { d.Name = "e" },
		"metadata.labels":                        func(d *appsv1.Deployment) { d.Labels = map[string]string{} },
		"metadata.annotations[a]":                func(d *appsv1.Deployment) { d.Annotations["a"] = "2" },
		"metadata.annotations[b]":                func(d *appsv1.Deployment) { d.Annotations["b"] = "" },
		"metadata.annotations":                   func(d *appsv1.Deployment) { d.Annotations = nil },
		"metadata.creationTimestamp":             func(d *appsv1.Deployment) { d.CreationTimestamp.Time = time.Unix(1e9, 1) },
		"metadata.finalizers":                    func(d *appsv1.Deployment) { d.Finalizers = append(d.Finalizers, "f") },
		"metadata.deletionTimestamp":             func(d *appsv1.Deployment) { d.DeletionTimestamp = &metav1.Time{} },
		"spec.replicas":                          func(d *appsv1.Deployment) { *d.Spec.Replicas = 2 },
		"spec.selector":                          func(d *appsv1.Deployment) { d.Spec.Selector = &metav1.LabelSelector{} },
		"spec.template.spec.tolerations":         func(d *appsv1.Deployment) { d.Spec.Template.Spec.Tolerations = []corev1.Toleration{} },
		"spec.template.spec.nodeName":            func(d *appsv1.Deployment) { d.Spec.Template.Spec.NodeName = "n" },
		"spec.template.spec.hostIPC":             func(d *appsv1.Deployment) { d.Spec.Template.Spec.HostIPC = true },
		"spec.template.spec.containers":          func(d *appsv1.Deployment) { d.Spec.Template.Spec.Containers = nil },
		"spec.template.spec.containers[0].image": func(d *appsv1.Deployment) { container(d).Image = "i" },
		"spec.template.spec.containers[0].resources.limits[cpu]": func(d *appsv1.Deployment) {
			container(d).Resources.Limits["cpu"] = resource.MustParse("2")
		},
	} {
		a, b := deployment(), deployment()
		change(b)
		for _, got := range [][]string{Paths(a, b), Paths(b, a)} {
			if !slices.Equal(got, []string{want}) {
				t.Errorf("Paths = %v, want %s", got, want)
			}
		}
	}
	if got := Paths(deployment(), deployment()); got != nil {
		t.Errorf("Paths of equal objects = %v", got)
	}
	several := deployment()
	several.Name, several.Spec.Paused = "e", true
	if got := Paths(deployment(), several); !slices.Equal(got, []string{"metadata.name", "spec.paused"}) {
		t.Errorf("Paths = %v", got)
	}
}

// To print a quantity, or to ask for a time in another zone, is no modification.
func TestPathsComparesQuantitiesAndTimesByValue(t *testing.T) {
	a, b := deployment(), deployment()
	q := b.Spec.Template.Spec.Containers[0].Resources.Limits["cpu"]
	_ = q.String() // keeps the text
	b.Spec.Template.Spec.Containers[0].Resources.Limits["cpu"] = q
	b.CreationTimestamp = metav1.NewTime(b.CreationTimestamp.In(time.FixedZone("far", 3600)))
	if reflect.DeepEqual(a, b) {
		t.Fatal("the test shows nothing: the objects are equal in memory")
	}
	if got := Paths(a, b); got != nil {
		t.Errorf("Paths = %v", got)
	}
}

func TestPathsOfOtherObjects(t *testing.T) {
	type opaque struct{ hidden int }
	type holder struct {
		Opaque   opaque `json:"opaque"`
		Skipped  string `json:"-"`
		Untagged [2]int
		Any      any `json:"any"`
		Inlined  struct {
			Deep int `json:"deep"`
		} `json:",inline"`
	}
	u := func(value any) *unstructured.Unstructured {
		return &unstructured.Unstructured{Object: map[string]any{"spec": map[string]any{"list": []any{int64(1), value}}}}
	}
	inlined := holder{}
	inlined.Inlined.Deep = 1
	for want, pair := range map[string][2]any{
		"opaque":                {holder{}, holder{Opaque: opaque{1}}},
		"Skipped":               {holder{}, holder{Skipped: "x"}},
		"Untagged[1]":           {holder{}, holder{Untagged: [2]int{0, 1}}},
		"any":                   {holder{Any: 1}, holder{Any: "1"}},
		"deep":                  {holder{}, inlined},
		"Object[spec][list][1]": {u("a"), u("b")},
		"data[key]":             {&corev1.Secret{Data: map[string][]byte{"key": []byte("ab")}}, &corev1.Secret{Data: map[string][]byte{"key": []byte("ac")}}},
		"raw": {struct {
			R []byte `json:"raw"`
		}{[]byte("a")}, struct {
			R []byte `json:"raw"`
		}{[]byte("b")}},
		"Object.metadata.name": {runtime.RawExtension{Object: deployment()}, runtime.RawExtension{Object: &appsv1.Deployment{}}},
		"":                     {1, 2},
	} {
		if got := Paths(pair[0], pair[1]); !slices.Contains(got, want) {
			t.Errorf("Paths = %v, want %q", got, want)
		}
		if got := Paths(pair[0], pair[0]); got != nil {
			t.Errorf("Paths of %q to itself = %v", want, got)
		}
	}
	if got := Paths(nil, nil); got != nil {
		t.Errorf("Paths of nothing = %v", got)
	}
}

// Where reflect.DeepEqual sees a difference, so does Paths, and the other way round.
func TestPathsAgreesWithDeepEqual(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 1))
	var value func(depth int) any
	value = func(depth int) any {
		switch random.IntN(5 + depth) {
		case 0:
			return nil
		case 1:
			return random.IntN(2) == 0
		case 2:
			return int64(random.IntN(2))
		case 3, 4:
			return string(rune('a' + random.IntN(2)))
		default:
			if random.IntN(2) == 0 {
				list := make([]any, random.IntN(3))
				for i := range list {
					list[i] = value(depth - 1)
				}
				return list
			}
			object := map[string]any{}
			for range random.IntN(3) {
				object[string(rune('a'+random.IntN(2)))] = value(depth - 1)
			}
			return object
		}
	}
	equal := 0
	for range 20_000 {
		a, b := value(3), value(3)
		paths := Paths(a, b)
		if reflect.DeepEqual(a, b) != (len(paths) == 0) {
			t.Fatalf("Paths(%#v, %#v) = %v", a, b, paths)
		}
		if len(paths) == 0 {
			equal++
		}
	}
	if equal == 0 {
		t.Error("no two values were equal: the test shows half of it only")
	}
}
