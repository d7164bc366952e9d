package patch

import (
	"encoding/json"
	"errors"
	"net/http"
	"testing"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/kubewright/kubewright/pkg/internal/apiobject"
)

// configMaps, deployments and foos return empty objects.
func configMaps() apiobject.Object  { return &corev1.ConfigMap{} }
func deployments() apiobject.Object { return &appsv1.Deployment{} }
func foos() apiobject.Object        { return &unstructured.Unstructured{} }

// object reads text into an empty object.
func object(t *testing.T, o apiobject.Object, text string) apiobject.Object {
	t.Helper()
	if err := json.Unmarshal([]byte(text), o); err != nil {
		t.Fatal(err)
	}
	return o
}

func foo(t *testing.T, fields string) apiobject.Object {
	return object(t, foos(), `{"apiVersion":"ex.io/v1","kind":"Foo",`+fields+`}`)
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

var (
	configMapKind  = corev1.SchemeGroupVersion.WithKind("ConfigMap")
	deploymentKind = appsv1.SchemeGroupVersion.WithKind("Deployment")
	fooKind        = schema.GroupVersionKind{Group: "ex.io", Version: "v1", Kind: "Foo"}
)
