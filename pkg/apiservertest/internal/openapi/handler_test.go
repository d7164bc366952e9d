package openapi

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	openapi_v2 "github.com/google/gnostic-models/openapiv2"
	openapi_v3 "github.com/google/gnostic-models/openapiv3"
	"google.golang.org/protobuf/proto"
	"k8s.io/apimachinery/pkg/runtime"
	openapiproto "k8s.io/kube-openapi/pkg/util/proto"

	"github.com/kubewright/kubewright/pkg/apiservertest/internal/catalog"
	"github.com/kubewright/kubewright/pkg/apiservertest/internal/kind"
)

// builtin returns the handler for the built-in resources, which all tests share: it has no
// state but what it has made.
var builtin = sync.OnceValue(func() http.Handler {
	return Handler(catalog.New(catalog.Builtin()...), Options{Scheme: catalog.Scheme(), Now: now})
})

func now() time.Time { return time.Date(2030, 1, 2, 3, 4, 5, 0, time.UTC) }

func serve(h http.Handler, method, path string, header map[string]string) *http.Response {
	r := httptest.NewRequest(method, path, nil)
	for name, value := range header {
		r.Header.Set(name, value)
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w.Result()
}

func body(t *testing.T, resp *http.Response) []byte {
	t.Helper()
	var b bytes.Buffer
	if _, err := b.ReadFrom(resp.Body); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func get(t *testing.T, h http.Handler, path string, into any) {
	t.Helper()
	resp := serve(h, http.MethodGet, path, nil)
	if resp.StatusCode != http.StatusOK {
		t.Fatalf("GET %s: status %d", path, resp.StatusCode)
	}
	if err := json.Unmarshal(body(t, resp), into); err != nil {
		t.Fatalf("GET %s: %v", path, err)
	}
}

// index returns the URLs of the documents by their names.
func index(t *testing.T, h http.Handler) map[string]string {
	t.Helper()
	var list struct {
		Paths map[string]struct{ ServerRelativeURL string }
	}
	get(t, h, "/openapi/v3", &list)
	urls := make(map[string]string)
	for name, link := range list.Paths {
		urls[name] = link.ServerRelativeURL
	}
	return urls
}

func TestIndexNamesEveryGroupVersion(t *testing.T) {
	urls := index(t, builtin())
	for _, name := range []string{"api/v1", "apis/apps/v1", "apis/autoscaling/v1", "apis/autoscaling/v2", "apis/storage.k8s.io/v1"} {
		if !strings.HasPrefix(urls[name], "/openapi/v3/"+name+"?hash=") {
			t.Errorf("%s: URL %q", name, urls[name])
		}
	}
	if url := urls["apis/storage.k8s.io/v1beta1"]; url != "" {
		t.Errorf("a version that is not served has the URL %s", url)
	}
}

func TestAnswerToTheRightHashMayBeKept(t *testing.T) {
	resp := serve(builtin(), http.MethodGet, index(t, builtin())["apis/apps/v1"], nil)
	if resp.StatusCode != http.StatusOK || resp.Header.Get("Cache-Control") != "public, immutable" ||
		resp.Header.Get("Expires") != "Thu, 02 Jan 2031 03:04:05 UTC" {
		t.Errorf("status %d, headers %v", resp.StatusCode, resp.Header)
	}
}

func TestOtherHashesAreRedirected(t *testing.T) {
	resp := serve(builtin(), http.MethodGet, "/openapi/v3/apis/apps/v1?hash=00", nil)
	if want := index(t, builtin())["apis/apps/v1"]; resp.StatusCode != http.StatusMovedPermanently || resp.Header.Get("Location") != want {
		t.Errorf("status %d, headers %v", resp.StatusCode, resp.Header)
	}
	if resp := serve(builtin(), http.MethodGet, "/openapi/v3/apis/apps/v1?hash=00", map[string]string{"Accept": "text/html"}); resp.StatusCode != http.StatusNotAcceptable {
		t.Errorf("status %d", resp.StatusCode)
	}
}

func TestETagIsNotModified(t *testing.T) {
	for _, path := range []string{"/openapi/v3/apis/apps/v1", "/openapi/v2"} {
		etag := serve(builtin(), http.MethodGet, path, nil).Header.Get("Etag")
		if resp := serve(builtin(), http.MethodGet, path, map[string]string{"If-None-Match": etag}); resp.StatusCode != http.StatusNotModified {
			t.Errorf("%s: status %d", path, resp.StatusCode)
		}
	}
}

func TestUnknownPathsAreNotFound(t *testing.T) {
	for _, path := range []string{"/openapi", "/openapi/v1", "/openapi/v3/x", "/openapi/v3/apis/apps/v9", "/openapi/v2/x"} {
		if !Owns(path) {
			t.Errorf("Owns(%q) is false", path)
		}
		if resp := serve(builtin(), http.MethodGet, path, nil); resp.StatusCode != http.StatusNotFound {
			t.Errorf("%s: status %d", path, resp.StatusCode)
		}
	}
	if Owns("/openapis") {
		t.Error("Owns(/openapis) is true")
	}
}

func TestProtobuf(t *testing.T) {
	for _, test := range []struct {
		path, accept, contentType string
		into                      proto.Message
	}{
		{"/openapi/v3/apis/coordination.k8s.io/v1", "application/com.github.proto-openapi.spec.v3@v1.0+protobuf", protobufV3, new(openapi_v3.Document)},
		{"/openapi/v2", "application/com.github.proto-openapi.spec.v2.v1.0+protobuf, application/json", protobufV2, new(openapi_v2.Document)},
	} {
		h := Handler(catalog.New(only("coordination.k8s.io")...), Options{Scheme: catalog.Scheme()})
		resp := serve(h, http.MethodGet, test.path, map[string]string{"Accept": test.accept})
		if got := resp.Header.Get("Content-Type"); got != test.contentType {
			t.Errorf("%s: Content-Type %s", test.path, got)
		}
		if err := proto.Unmarshal(body(t, resp), test.into); err != nil {
			t.Errorf("%s: %v", test.path, err)
		}
	}
}

func only(group string) []*kind.Resource {
	var all []*kind.Resource
	for _, r := range catalog.Builtin() {
		if r.Group == group {
			all = append(all, r)
		}
	}
	return all
}

// TestClientsUnderstandV2 reads the document as kubectl does.
func TestClientsUnderstandV2(t *testing.T) {
	doc, err := openapi_v2.ParseDocument(body(t, serve(builtin(), http.MethodGet, "/openapi/v2", nil)))
	if err != nil {
		t.Fatal(err)
	}
	models, err := openapiproto.NewOpenAPIData(doc)
	if err != nil {
		t.Fatal(err)
	}
	pod, ok := models.LookupModel("io.k8s.api.core.v1.Pod").(*openapiproto.Kind)
	if !ok {
		t.Fatal("a Pod is no structure")
	}
	spec, ok := pod.Fields["spec"].(openapiproto.Reference)
	if !ok || spec.Reference() != "io.k8s.api.core.v1.PodSpec" {
		t.Errorf("the spec of a Pod: %v", pod.Fields["spec"])
	}
	if containers := spec.SubSchema().(*openapiproto.Kind).Fields["containers"]; containers.GetExtensions()["x-kubernetes-patch-merge-key"] != "name" {
		t.Errorf("the containers of a Pod: %v", containers.GetExtensions())
	}
}

func TestV2HasTheKindsOfAllVersions(t *testing.T) {
	var doc struct {
		Definitions map[string]schema
		Paths       map[string]pathItemV2
		Parameters  map[string]parameterV2
	}
	get(t, builtin(), "/openapi/v2", &doc)
	if kinds := doc.Definitions["io.k8s.apimachinery.pkg.apis.meta.v1.DeleteOptions"].Kinds; len(kinds) < 15 {
		t.Errorf("DeleteOptions has the kinds %v", kinds)
	}
	spec := doc.Definitions["io.k8s.api.policy.v1.PodDisruptionBudgetSpec"]
	if s := spec.Properties["minAvailable"]; s.Ref != "#/definitions/io.k8s.apimachinery.pkg.util.intstr.IntOrString" || s.Description == "" {
		t.Errorf("got %+v", s)
	}
	if s := doc.Definitions["io.k8s.apimachinery.pkg.util.intstr.IntOrString"]; s.Type != "string" || s.Format != "int-or-string" {
		t.Errorf("got %+v", s)
	}
	for _, p := range doc.Paths["/apis/apps/v1/namespaces/{namespace}/deployments/{name}"].Patch.Parameters {
		if shared, ok := doc.Parameters[strings.TrimPrefix(p.Ref, "#/parameters/")]; !ok || shared.Name == "" {
			t.Errorf("no parameter %s", p.Ref)
		}
	}
}

func TestEmptyServer(t *testing.T) {
	h := Handler(catalog.New(), Options{Scheme: runtime.NewScheme()})
	if urls := index(t, h); len(urls) != 0 {
		t.Errorf("got %v", urls)
	}
	var doc swagger
	get(t, h, "/openapi/v2", &doc)
	if doc.Swagger != "2.0" || doc.Info.Version != "1.36" || len(doc.Paths) != 0 {
		t.Errorf("got %+v", doc)
	}
}

func BenchmarkFirstRequest(b *testing.B) {
	for b.Loop() {
		h := Handler(catalog.New(catalog.Builtin()...), Options{Scheme: catalog.Scheme()})
		if resp := serve(h, http.MethodGet, "/openapi/v3", nil); resp.StatusCode != http.StatusOK {
			b.Fatal(resp.Status)
		}
	}
}

// FuzzHandler asks for anything: no answer is an error of the server.
func FuzzHandler(f *testing.F) {
	f.Add("/openapi/v3/apis/apps/v1", "hash=1", "application/json")
	f.Add("/openapi/v2", "", "application/com.github.proto-openapi.spec.v2@v1.0+protobuf;q=x,")
	f.Add("/openapi/v3//", "hash=%zz", "*/*")
	h := Handler(catalog.New(only("coordination.k8s.io")...), Options{Scheme: catalog.Scheme()})
	f.Fuzz(func(t *testing.T, path, query, accept string) {
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		r.URL.Path, r.URL.RawQuery = path, query
		r.Header.Set("Accept", accept)
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		if w.Code < 200 || w.Code >= 500 {
			t.Errorf("%q %q, Accept %q: status %d", path, query, accept, w.Code)
		}
	})
}
