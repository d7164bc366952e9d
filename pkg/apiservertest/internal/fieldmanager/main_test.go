package fieldmanager

import (
	"encoding/json"
	"errors"
	"net/http"
	"testing"

	appsv1 "k8s.io/api/apps/v1"
	autoscalingv1 "k8s.io/api/autoscaling/v1"
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/kubewright/kubewright/pkg/apiservertest/internal/kind"
)

// configMaps, deployments and foos are resources as the catalog describes them.
func configMaps() kind.Target {
	return target(&kind.Resource{Plural: "configmaps", Kind: "ConfigMap", Storage: "v1", Versions: []kind.Version{
		{Name: "v1", New: func() kind.Object { return &corev1.ConfigMap{} }},
	}})
}

func deployments() kind.Target {
	return target(&kind.Resource{Group: "apps", Plural: "deployments", Kind: "Deployment", Storage: "v1", Versions: []kind.Version{
		{Name: "v1", New: func() kind.Object { return &appsv1.Deployment{} }, Subresources: []kind.Subresource{
			{Name: "status", Kind: schema.GroupVersionKind{Group: "apps", Version: "v1", Kind: "Deployment"}},
			{Name: "scale", Kind: autoscalingv1.SchemeGroupVersion.WithKind("Scale")},
		}},
	}})
}

func foos() kind.Target {
	return target(&kind.Resource{Group: "ex.io", Plural: "foos", Kind: "Foo", Storage: "v1", Custom: true, Versions: []kind.Version{
		{Name: "v1", New: func() kind.Object { return &unstructured.Unstructured{} }, Subresources: []kind.Subresource{
			{Name: "status", Kind: schema.GroupVersionKind{Group: "ex.io", Version: "v1", Kind: "Foo"}},
		}},
	}})
}

func target(r *kind.Resource) kind.Target {
	return kind.Target{Resource: r, Version: &r.Versions[0], Namespace: "default"}
}

func subresource(t kind.Target, name string) kind.Target {
	t.Subresource = t.Version.Subresource(name)
	return t
}

// object reads an object of the storage version.
func object(t *testing.T, target kind.Target, text string) kind.Object {
	t.Helper()
	o := target.Version.New()
	if err := json.Unmarshal([]byte(text), o); err != nil {
		t.Fatal(err)
	}
	return o
}

func text(t *testing.T, o any) string {
	t.Helper()
	data, err := json.Marshal(o)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// wantStatus checks an error against what the real server answered.
func wantStatus(t *testing.T, err error, code int32, reason metav1.StatusReason, message string) {
	t.Helper()
	var status apierrors.APIStatus
	if !errors.As(err, &status) {
		t.Fatalf("got error %v, want a status %d", err, code)
	}
	got := status.Status()
	if got.Code != code || got.Reason != reason || got.Message != message || got.Status != metav1.StatusFailure {
		t.Errorf("got  %d %s %q %q\nwant %d %s %q", got.Code, got.Reason, got.Message, got.Status, code, reason, message)
	}
	if code == http.StatusUnprocessableEntity && got.Details == nil {
		t.Errorf("got no details")
	}
}

type (
	configMap  = corev1.ConfigMap
	deployment = appsv1.Deployment
)

var deploymentKind = appsv1.SchemeGroupVersion.WithKind("Deployment")
