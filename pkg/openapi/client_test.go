package openapi

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/runtime/serializer"

	"github.com/kubewright/kubewright/pkg/internal/canary"
	"github.com/kubewright/kubewright/pkg/rest"
)

func TestMain(m *testing.M) { canary.Main(m) }

// pages is a server below /base that answers with the page of a path and query.
type pages map[string]string

func (p pages) RoundTrip(req *http.Request) (*http.Response, error) {
	code, body := http.StatusOK, p[req.URL.RequestURI()]
	if body == "" {
		code = http.StatusNotFound
	}
	if accept := req.Header.Get("Accept"); strings.HasPrefix(accept, "text/") {
		body = accept
	}
	return &http.Response{StatusCode: code, Header: http.Header{"Content-Type": {"text/plain"}}, Body: io.NopCloser(strings.NewReader(body))}, nil
}

func restClient(t *testing.T, transport http.RoundTripper) rest.Interface {
	t.Helper()
	scheme := runtime.NewScheme()
	metav1.AddToGroupVersion(scheme, schema.GroupVersion{Version: "v1"})
	config := &rest.Config{Host: "https://host/base", Transport: transport, QPS: -1}
	config.NegotiatedSerializer = serializer.NewCodecFactory(scheme).WithoutConversion()
	client, err := rest.UnversionedRESTClientFor(config)
	if err != nil {
		t.Fatal(err)
	}
	return client
}

func TestPaths(t *testing.T) {
	client := NewClientWithContext(restClient(t, pages{
		"/base/openapi/v3":               `{"paths":{"api/v1":{"serverRelativeURL":"/openapi/v3/api/v1?hash=1"},"proxied":{"serverRelativeURL":"/base/openapi/v3/proxied"}}}`,
		"/base/openapi/v3/api/v1?hash=1": `{"api":true}`,
		"/base/openapi/v3/proxied":       `{"proxied":true}`,
	}))
	paths, err := client.PathsWithContext(t.Context())
	if err != nil || len(paths) != 2 {
		t.Fatalf("%v, error %v", paths, err)
	}
	for name, want := range map[string][2]string{"api/v1": {"/openapi/v3/api/v1?hash=1", `{"api":true}`}, "proxied": {"/openapi/v3/proxied", `{"proxied":true}`}} {
		document, err := paths[name].SchemaWithContext(t.Context(), runtime.ContentTypeJSON)
		if got := [2]string{paths[name].ServerRelativeURL(), string(document)}; got != want || err != nil {
			t.Errorf("got %s, error %v\nwant %s", got, err, want)
		}
	}
	document, err := paths["api/v1"].SchemaWithContext(t.Context(), "text/special")
	if string(document) != "text/special" || err != nil {
		t.Errorf("accepted was %q, error %v", document, err)
	}
}

// TestDocumentThatHasChanged is about a server that redirects from an old hash to a new one. Redirects are not followed.
func TestDocumentThatHasChanged(t *testing.T) {
	transport := roundTripper(func(req *http.Request) (*http.Response, error) {
		if req.URL.Query().Get("hash") != "" {
			header := http.Header{"Location": {"https://other/openapi/v3/api/v1"}}
			return &http.Response{StatusCode: http.StatusMovedPermanently, Header: header, Body: http.NoBody}, nil
		}
		return pages{"/base/openapi/v3/api/v1": `{"new":true}`, "/base/openapi/v3": `{"paths":{"api/v1":{"serverRelativeURL":"/openapi/v3/api/v1?hash=old"},"gone":{"serverRelativeURL":"/openapi/v3/gone?hash=old"}}}`}.RoundTrip(req)
	})
	paths, err := NewClient(restClient(t, transport)).Paths()
	if err != nil {
		t.Fatal(err)
	}
	if document, err := paths["api/v1"].Schema(runtime.ContentTypeJSON); string(document) != `{"new":true}` || err != nil {
		t.Errorf("%s, error %v", document, err)
	}
	if document, err := paths["gone"].Schema(runtime.ContentTypeJSON); document != nil || !apierrors.IsNotFound(err) {
		t.Errorf("%s, error %v", document, err)
	}
}

func TestPathsThatAreNone(t *testing.T) {
	for _, body := range []string{"null", "{}", "[]", "<html>", `{"paths":null}`, `{"paths":{"a":1}}`} {
		if paths, err := NewClient(restClient(t, pages{"/base/openapi/v3": body})).Paths(); err == nil {
			t.Errorf("%s: %v", body, paths)
		}
	}
	if _, err := NewClient(restClient(t, pages{})).Paths(); !apierrors.IsNotFound(err) {
		t.Errorf("error %v", err)
	}
	if paths, err := NewClient(restClient(t, pages{"/base/openapi/v3": `{"paths":{}}`})).Paths(); err != nil || len(paths) != 0 {
		t.Errorf("a server without documents: %v, error %v", paths, err)
	}
}

// TestServerDoesNotChooseTheServer: the URLs are the server's, the credentials of the request are for that server only.
func TestServerDoesNotChooseTheServer(t *testing.T) {
	asked := 0
	transport := roundTripper(func(req *http.Request) (*http.Response, error) {
		if req.URL.Path != "/base/openapi/v3" {
			asked++
			if req.URL.Host != "host" || !strings.HasPrefix(req.URL.Path, "/base/") {
				t.Errorf("asked for %s", req.URL)
			}
		}
		return pages{"/base/openapi/v3": `{"paths":{"1":{"serverRelativeURL":"https://other/openapi/v3"},"2":{"serverRelativeURL":"//other/openapi/v3"},
			"3":{"serverRelativeURL":"https:openapi"},"4":{"serverRelativeURL":"user@other/x"},"5":{},"6":{"serverRelativeURL":"/../../x"}}}`}.RoundTrip(req)
	})
	paths, err := NewClient(restClient(t, transport)).Paths()
	if err != nil || len(paths) != 6 {
		t.Fatalf("%v, error %v", paths, err)
	}
	for name, gv := range paths {
		if document, err := gv.Schema(runtime.ContentTypeJSON); err == nil {
			t.Errorf("%s: %s", name, document)
		}
	}
	if asked > 2 {
		t.Errorf("%d requests: only paths are asked for", asked)
	}
}

type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(req *http.Request) (*http.Response, error) { return f(req) }

var errOld = errors.New("old")

// old is a client, and a document, that were written before there were contexts.
type old struct{ fails bool }

func (o old) Paths() (map[string]GroupVersion, error) {
	if o.fails {
		return nil, errOld
	}
	return map[string]GroupVersion{"old": o}, nil
}
func (old) Schema(contentType string) ([]byte, error) { return []byte(contentType), nil }
func (old) ServerRelativeURL() string                 { return "/old" }

func TestAdapters(t *testing.T) {
	ended, end := context.WithCancel(t.Context())
	end()
	client := ToClientWithContext(old{})
	paths, err := client.PathsWithContext(t.Context())
	if err != nil || paths["old"].ServerRelativeURL() != "/old" {
		t.Fatalf("%v, error %v", paths, err)
	}
	if document, err := paths["old"].SchemaWithContext(t.Context(), "x"); string(document) != "x" || err != nil {
		t.Errorf("%s, error %v", document, err)
	}
	if _, err := client.PathsWithContext(ended); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
	if _, err := paths["old"].SchemaWithContext(ended, "x"); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
	if _, err := ToClientWithContext(old{fails: true}).PathsWithContext(t.Context()); !errors.Is(err, errOld) {
		t.Errorf("error %v", err)
	}
	own := NewClient(restClient(t, pages{}))
	if ToClientWithContext(own) != own.(ClientWithContext) {
		t.Error("a client with contexts is wrapped")
	}
	gv := &groupVersion{}
	if ToGroupVersionWithContext(gv) != GroupVersionWithContext(gv) {
		t.Error("a document with contexts is wrapped")
	}
}

func TestTypeConverter(t *testing.T) {
	served := pages{
		"/base/openapi/v3": `{"paths":{"api/v1":{"serverRelativeURL":"/openapi/v3/api/v1"},"apis/a/v1":{"serverRelativeURL":"/openapi/v3/apis/a/v1"}}}`,
		"/base/openapi/v3/api/v1": `{"components":{"schemas":{"ConfigMap":{"type":"object","properties":{"data":{"type":"object","additionalProperties":{"type":"string"}},"kind":{"type":"string"},"apiVersion":{"type":"string"}},
			"x-kubernetes-group-version-kind":[{"group":"","version":"v1","kind":"ConfigMap"}]}}}}`,
		"/base/openapi/v3/apis/a/v1": `{"components":{}}`,
	}
	object := &corev1.ConfigMap{TypeMeta: metav1.TypeMeta{APIVersion: "v1", Kind: "ConfigMap"}, Data: map[string]string{"a": "b"}}
	strict, err := NewTypeConverter(NewClient(restClient(t, served)), false)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := strict.ObjectToTyped(object); err == nil {
		t.Error("metadata is in no document, and was not missed")
	}
	lenient, err := NewTypeConverter(NewClient(restClient(t, served)), true)
	if err != nil {
		t.Fatal(err)
	}
	typed, err := lenient.ObjectToTyped(object)
	if err != nil {
		t.Fatal(err)
	}
	if set, err := typed.ToFieldSet(); err != nil || !strings.Contains(set.String(), ".data.a") {
		t.Errorf("%v, error %v", set, err)
	}
	for _, body := range []string{"", "{", `{"components":{"schemas":{"A":null}}}`} {
		served["/base/openapi/v3/apis/a/v1"] = body
		if _, err := NewTypeConverter(NewClient(restClient(t, served)), true); err == nil || !strings.Contains(err.Error(), "apis/a/v1") {
			t.Errorf("%q: error %v", body, err)
		}
	}
	if _, err := NewTypeConverter(NewClient(restClient(t, pages{})), true); !apierrors.IsNotFound(err) {
		t.Errorf("error %v", err)
	}
}
