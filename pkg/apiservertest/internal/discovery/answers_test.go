package discovery

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	appsv1 "k8s.io/api/apps/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/kubewright/kubewright/pkg/apiservertest/internal/catalog"
	"github.com/kubewright/kubewright/pkg/apiservertest/internal/codec"
)

// exchange is a request and kube-apiserver's answer; test/apiserver/cmd/record-answers
// writes them.
type exchange struct {
	Method string            `json:"method"`
	Path   string            `json:"path"`
	Header map[string]string `json:"header"`
	Status int               `json:"status"`
	Answer map[string]string `json:"answer"`
	Body   string            `json:"body"`
	Binary []byte            `json:"binary"`
}

// realCatalog has the resources of kube-apiserver, those too whose types are elsewhere than
// in k8s.io/api: a type of the same form stands in for them.
func realCatalog() *catalog.Catalog {
	scheme := catalog.Scheme()
	for kind, group := range map[string]string{"APIService": "apiregistration.k8s.io", "CustomResourceDefinition": "apiextensions.k8s.io"} {
		gv := schema.GroupVersion{Group: group, Version: "v1"}
		scheme.AddKnownTypeWithName(gv.WithKind(kind), &appsv1.Deployment{})
		scheme.AddKnownTypeWithName(gv.WithKind(kind+"List"), &appsv1.DeploymentList{})
	}
	return catalog.New(catalog.FromScheme(scheme)...)
}

func testCodec() *codec.Codec {
	scheme := catalog.Scheme()
	metav1.AddToGroupVersion(scheme, schema.GroupVersion{Version: "v1"})
	return codec.New(codec.Config{Scheme: scheme})
}

func request(method, path string, header map[string]string) *http.Request {
	r := httptest.NewRequest(method, path, nil)
	r.Host = "SERVER"
	r.Header.Set("User-Agent", "Go-http-client/1.1")
	for name, value := range header {
		r.Header.Set(name, value)
	}
	return r
}

func serve(h http.Handler, r *http.Request) *http.Response {
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	resp := w.Result()
	if r.Method == http.MethodHead {
		resp.Body = http.NoBody // as package http does
	}
	return resp
}

func body(t *testing.T, resp *http.Response) []byte {
	t.Helper()
	var b bytes.Buffer
	if _, err := b.ReadFrom(resp.Body); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// TestAnswersAreThoseOfKubeAPIServer compares whole answers, byte by byte.
func TestAnswersAreThoseOfKubeAPIServer(t *testing.T) {
	text, err := os.ReadFile("testdata/answers.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	h := Handler(realCatalog(), Options{Codec: testCodec()})
	for line := range bytes.Lines(text) {
		var want exchange
		if err := json.Unmarshal(line, &want); err != nil {
			t.Fatal(err)
		}
		t.Run(want.Method+" "+want.Path+" "+want.Header["Accept"], func(t *testing.T) {
			if !Owns(strings.Split(want.Path, "?")[0]) {
				t.Error("Owns says no")
			}
			resp := serve(h, request(want.Method, want.Path, want.Header))
			answer := make(map[string]string)
			for _, name := range []string{"Allow", "Cache-Control", "Content-Type", "Etag", "Location", "Vary", "X-Content-Type-Options"} {
				if value := resp.Header.Get(name); value != "" {
					answer[name] = value
				}
			}
			if resp.StatusCode != want.Status {
				t.Errorf("status %d, want %d", resp.StatusCode, want.Status)
			}
			if diff := cmp.Diff(want.Answer, answer); diff != "" {
				t.Errorf("headers (-kube-apiserver +ours):\n%s", diff)
			}
			got := body(t, resp)
			if want.Binary != nil {
				want.Body = string(want.Binary)
			}
			if diff := cmp.Diff(want.Body, string(got)); diff != "" {
				t.Errorf("body (-kube-apiserver +ours):\n%s", diff)
			}
		})
	}
}
