package runtime_test

import (
	"net/http"
	"strings"
	"testing"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/conversion"
	apiruntime "k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/kubewright/kubewright/pkg/rest"
	"github.com/kubewright/kubewright/pkg/runtime"
)

// boat is an internal type, and boatV1 what is sent.
type boat struct {
	metav1.TypeMeta
	metav1.ObjectMeta
	Sails int
}

type boatV1 struct {
	metav1.TypeMeta   `json:",inline"`
	metav1.ObjectMeta `json:"metadata,omitempty"`
	SailCount         int `json:"sailCount"`
}

func (b *boat) DeepCopyObject() apiruntime.Object   { c := *b; return &c }
func (b *boatV1) DeepCopyObject() apiruntime.Object { c := *b; return &c }

const boatGroup = "boats.example.com"

// installBoats registers both versions and how one becomes the other.
func installBoats(scheme *apiruntime.Scheme) {
	v1 := schema.GroupVersion{Group: boatGroup, Version: "v1"}
	scheme.AddKnownTypeWithName(schema.GroupVersionKind{Group: boatGroup, Version: apiruntime.APIVersionInternal, Kind: "Boat"}, &boat{})
	scheme.AddKnownTypeWithName(v1.WithKind("Boat"), &boatV1{})
	metav1.AddToGroupVersion(scheme, v1)
	must := func(err error) {
		if err != nil {
			panic(err)
		}
	}
	must(scheme.AddConversionFunc((*boat)(nil), (*boatV1)(nil), func(a, b any, _ conversion.Scope) error {
		from, to := a.(*boat), b.(*boatV1)
		to.ObjectMeta, to.SailCount = from.ObjectMeta, from.Sails
		return nil
	}))
	must(scheme.AddConversionFunc((*boatV1)(nil), (*boat)(nil), func(a, b any, _ conversion.Scope) error {
		from, to := a.(*boatV1), b.(*boat)
		to.ObjectMeta, to.Sails = from.ObjectMeta, from.SailCount
		return nil
	}))
}

func TestInternalAPIConvertsToWhatIsSent(t *testing.T) {
	server := &server{answer: `{"kind":"Boat","apiVersion":"boats.example.com/v1","metadata":{"name":"brig"},"sailCount":4}`}
	api := runtime.NewInternalAPI(boatGroup, "/apis", installBoats)
	restClient, err := api.RESTClientForConfigAndClient(&rest.Config{Host: "http://server"}, &http.Client{Transport: server})
	if err != nil {
		t.Fatal(err)
	}
	boats := runtime.NewClient("boats", restClient, api.ParameterCodec(), "harbor", func() *boat { return &boat{} })
	got, err := boats.Create(t.Context(), &boat{ObjectMeta: metav1.ObjectMeta{Name: "brig"}, Sails: 3}, metav1.CreateOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if want := "POST /apis/boats.example.com/v1/namespaces/harbor/boats"; server.last.Method+" "+server.last.Path != want {
		t.Errorf("the request was %s %s, want %s", server.last.Method, server.last.Path, want)
	}
	if !strings.Contains(server.last.Body, `"apiVersion":"boats.example.com/v1"`) || !strings.Contains(server.last.Body, `"sailCount":3`) {
		t.Errorf("what was sent is not of version v1: %s", server.last.Body)
	}
	if got.Name != "brig" || got.Sails != 4 {
		t.Errorf("what came back was not converted: %+v", got)
	}
}

func TestInternalAPINeedsAnExternalVersion(t *testing.T) {
	api := runtime.NewInternalAPI(boatGroup, "/apis", func(*apiruntime.Scheme) {})
	if _, err := api.RESTClientFor(&rest.Config{Host: "http://server"}); err == nil || !strings.Contains(err.Error(), "no external version") {
		t.Errorf("got %v", err)
	}
}
