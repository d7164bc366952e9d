package catalog

import (
	"slices"
	"testing"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
)

// Policy, with its list, stands for a type that a user defines.
type Policy struct {
	metav1.TypeMeta   `json:",inline"`
	metav1.ObjectMeta `json:"metadata"`
	Status            string `json:"status"`
}

type PolicyList struct {
	metav1.TypeMeta `json:",inline"`
	metav1.ListMeta `json:"metadata"`
}

// Plain has no status.
type Plain struct {
	metav1.TypeMeta   `json:",inline"`
	metav1.ObjectMeta `json:"metadata"`
}

func (p *Policy) DeepCopyObject() runtime.Object     { c := *p; return &c }
func (p *PolicyList) DeepCopyObject() runtime.Object { c := *p; return &c }
func (p *Plain) DeepCopyObject() runtime.Object      { c := *p; return &c }

func TestTypesFromElsewhereAreGuessed(t *testing.T) {
	scheme := runtime.NewScheme()
	for _, version := range []string{"v1beta1", "v2", "v1"} {
		gv := schema.GroupVersion{Group: "example.com", Version: version}
		scheme.AddKnownTypes(gv, &Policy{}, &PolicyList{})
		metav1.AddToGroupVersion(scheme, gv)
	}
	scheme.AddKnownTypes(schema.GroupVersion{Group: "example.com", Version: runtime.APIVersionInternal}, &Policy{}, &PolicyList{})
	plain := schema.GroupVersion{Group: "acme.example.com", Version: "v1"}
	scheme.AddKnownTypes(plain, &Plain{})
	scheme.AddKnownTypeWithName(plain.WithKind("PlainList"), &PolicyList{})

	c := New(FromScheme(scheme)...)
	if got := names(c); got != "plains.acme.example.com policies.example.com" {
		t.Fatalf("got %s", got)
	}
	r, v, _ := c.Lookup("example.com", "v2", "policies")
	if r.Singular != "policy" || r.Kind != "Policy" || r.ListKind != "PolicyList" || !r.Namespaced || r.Storage != "v2" {
		t.Errorf("got %+v", r)
	}
	var versions []string
	for _, v := range r.Versions {
		versions = append(versions, v.Name)
	}
	if !slices.Equal(versions, []string{"v2", "v1", "v1beta1"}) {
		t.Errorf("versions %v", versions)
	}
	if status := v.Subresource("status"); status == nil || status.Kind != r.GroupVersionKind(v) {
		t.Errorf("status: %+v", status)
	}
	if _, ok := v.New().(*Policy); !ok {
		t.Errorf("New returns %T", v.New())
	}
	if _, v, _ := c.Lookup("acme.example.com", "v1", "plains"); v.Subresource("status") != nil {
		t.Error("a type without a status has the subresource")
	}
}

func TestTypesWithoutAListAreNoResources(t *testing.T) {
	scheme := runtime.NewScheme()
	scheme.AddKnownTypes(schema.GroupVersion{Group: "example.com", Version: "v1"}, &Policy{})
	if got := FromScheme(scheme); len(got) != 0 {
		t.Errorf("got %v", got)
	}
}

func TestGuessesDoNotAddToTheTable(t *testing.T) {
	scheme := runtime.NewScheme()
	// A type of Kubernetes in a version that is not served, and a user's of a known name.
	scheme.AddKnownTypes(schema.GroupVersion{Group: "old", Version: "v1"}, &corev1.Pod{}, &corev1.PodList{})
	gv := schema.GroupVersion{Group: "policy", Version: "v9"}
	scheme.AddKnownTypeWithName(gv.WithKind("PodDisruptionBudget"), &Policy{})
	scheme.AddKnownTypeWithName(gv.WithKind("PodDisruptionBudgetList"), &PolicyList{})
	if got := FromScheme(scheme); len(got) != 0 {
		t.Errorf("got %v", got)
	}
}
