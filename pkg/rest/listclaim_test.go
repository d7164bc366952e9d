package rest

import (
	"net/http"
	"strings"
	"testing"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
)

// Row 10: an answer that is no list was decoded into an empty one, by which an informer deletes everything.
func TestOnlyAListIsAnEmptyList(t *testing.T) {
	const (
		statusJSON = `{"kind":"Status","apiVersion":"v1","metadata":{},"status":"Success","code":200}`
		cborNull   = "\xd9\xd9\xf7\xf6"
		cborObject = "\xd9\xd9\xf7\xa0"
		none       = `kind "" where a list was expected`
	)
	typed, untyped := &corev1.ConfigMapList{}, &unstructured.UnstructuredList{}
	for _, c := range []struct {
		mediaType, body string
		list            runtime.Object
		want            string
	}{
		{jsonType, "null", typed, none},
		{jsonType, "{}", typed, none},
		{jsonType, `{"metadata":{"resourceVersion":"5"}}`, typed, none},
		{jsonType, statusJSON, typed, "*v1.Status where *v1.ConfigMapList was expected"},
		{jsonType, `{"kind":"ConfigMap","apiVersion":"v1"}`, typed, "*v1.ConfigMap where *v1.ConfigMapList was expected"},
		{jsonType, "null", untyped, "is missing"},
		{jsonType, "{}", untyped, "is missing"},
		{jsonType, `{"kind":"ConfigMap","apiVersion":"v1"}`, untyped, `kind "ConfigMap" where a list was expected`},
		{protobufType, "k8s\x00\x0a\x00", typed, none},
		{cborType, cborNull, typed, none},
		{cborType, cborObject, typed, none},

		{jsonType, `{"items":[]}`, typed, ""},
		{jsonType, `{"items":null}`, typed, ""},
		{jsonType, `{"kind":"ConfigMapList","apiVersion":"v1"}`, typed, ""},
		{jsonType, `{"kind":"ConfigMapList","apiVersion":"v1","items":[]}`, untyped, ""},
		{protobufType, "k8s\x00\x12\x00", typed, ""},
		{protobufType, string(encodedList(t, protobufType, &corev1.ConfigMapList{})), typed, ""},
		{cborType, string(encodedList(t, cborType, &corev1.ConfigMapList{})), typed, ""},
		{jsonType, statusJSON, &corev1.ConfigMap{}, ""}, // the answer to a deletion
	} {
		client := newTestClient(t, func(*http.Request) (*http.Response, error) { return respond(200, c.mediaType, []byte(c.body)), nil }, nil)
		err := client.Get().Resource("configmaps").Do(t.Context()).Into(c.list.DeepCopyObject())
		if (err != nil) != (c.want != "") || err != nil && !strings.Contains(err.Error(), c.want) {
			t.Errorf("%q into %T: error %v, want one with %q", c.body, c.list, err, c.want)
		}
	}
	if err := (Result{}).Into(&metav1.List{}); err == nil {
		t.Error("a Result of nothing is a list")
	}
}
