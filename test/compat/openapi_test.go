package compat

import (
	"maps"
	"net/http"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/protobuf/proto"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/util/managedfields"
	theirdiscovery "k8s.io/client-go/discovery"
	theirs "k8s.io/client-go/openapi"
	theircached "k8s.io/client-go/openapi/cached"
	theirrest "k8s.io/client-go/rest"

	"github.com/kubewright/kubewright/pkg/discovery"
	ours "github.com/kubewright/kubewright/pkg/openapi"
	"github.com/kubewright/kubewright/pkg/openapi/cached"
	"github.com/kubewright/kubewright/pkg/rest"
)

func TestOpenAPI(t *testing.T) {
	server := testServer(t)
	our, their := oursOn(t, server), theirsOn(t, server)

	document, err := our.OpenAPISchema()
	if err != nil {
		t.Fatal(err)
	}
	theirDocument, err := their.OpenAPISchema()
	if err != nil {
		t.Fatal(err)
	}
	if !proto.Equal(document, theirDocument) {
		t.Error("the OpenAPI v2 documents differ")
	}

	paths, err := cached.NewClient(our.OpenAPIV3()).Paths()
	if err != nil {
		t.Fatal(err)
	}
	theirPaths, err := theircached.NewClient(their.OpenAPIV3()).Paths()
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(slices.Sorted(maps.Keys(theirPaths)), slices.Sorted(maps.Keys(paths))); diff != "" {
		t.Fatalf("paths (-client-go +ours):\n%s", diff)
	}
	for name, gv := range paths {
		if got, want := gv.ServerRelativeURL(), theirPaths[name].ServerRelativeURL(); got != want {
			t.Errorf("%s is at %s, client-go %s", name, got, want)
		}
	}
	for _, contentType := range []string{runtime.ContentTypeJSON, ours.ContentTypeOpenAPIV3PB, "image/png"} {
		got, err := paths["apis/apps/v1"].Schema(contentType)
		want, theirErr := theirPaths["apis/apps/v1"].Schema(contentType)
		if (err == nil) != (theirErr == nil) || err == nil && string(got) != string(want) {
			t.Errorf("%s: %d bytes, error %v; client-go %d bytes, error %v", contentType, len(got), err, len(want), theirErr)
		}
	}
}

// TestOpenAPIDocumentThatHasChanged reads one of which the client knows the old hash.
func TestOpenAPIDocumentThatHasChanged(t *testing.T) {
	server := testServer(t)
	changed := roundTripper(func(req *http.Request) (*http.Response, error) {
		if req.URL.Query().Get("hash") != "" && req.Response == nil { // not the redirected one
			req = req.Clone(req.Context())
			query := req.URL.Query()
			query.Set("hash", "OLD")
			req.URL.RawQuery = query.Encode()
		}
		return server.RoundTrip(req)
	})
	paths, err := oursOn(t, changed).OpenAPIV3().Paths()
	if err != nil {
		t.Fatal(err)
	}
	theirPaths, err := theirsOn(t, changed).OpenAPIV3().Paths()
	if err != nil {
		t.Fatal(err)
	}
	got, err := paths["apis/apps/v1"].Schema(runtime.ContentTypeJSON)
	if err != nil {
		t.Fatal(err)
	}
	want, err := theirPaths["apis/apps/v1"].Schema(runtime.ContentTypeJSON)
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != string(want) || len(got) < 1000 {
		t.Errorf("%d bytes, client-go %d", len(got), len(want))
	}
}

func TestOpenAPITypeConverter(t *testing.T) {
	server := testServer(t)
	pod := &corev1.Pod{
		TypeMeta:   metav1.TypeMeta{APIVersion: "v1", Kind: "Pod"},
		ObjectMeta: metav1.ObjectMeta{Name: "p", Labels: map[string]string{"a": "b"}},
		Spec:       corev1.PodSpec{Containers: []corev1.Container{{Name: "c", Ports: []corev1.ContainerPort{{ContainerPort: 1, Protocol: "TCP"}}}}},
	}
	fields := func(converter managedfields.TypeConverter, err error) string {
		if err != nil {
			t.Fatal(err)
		}
		if _, err := converter.ObjectToTyped(&corev1.Pod{TypeMeta: metav1.TypeMeta{APIVersion: "none/v1", Kind: "Pod"}}); err == nil {
			t.Error("a kind that the server does not have is converted")
		}
		typed, err := converter.ObjectToTyped(pod)
		if err != nil {
			t.Fatal(err)
		}
		set, err := typed.ToFieldSet()
		if err != nil {
			t.Fatal(err)
		}
		return set.String()
	}
	got := fields(ours.NewTypeConverter(oursOn(t, server).OpenAPIV3(), false))
	want := fields(theirs.NewTypeConverter(theirsOn(t, server).OpenAPIV3(), false))
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("fields (-client-go +ours):\n%s", diff)
	}
}

// What a server says where its documents are, behind a proxy which may have changed that.
func TestOpenAPIBelowAPath(t *testing.T) {
	const (
		wrongServer = "client-go takes the path of another server's URL; we refuse it"
		noURL       = "client-go asks for the root where the server names no document"
		relative    = "a URL that is relative to nothing that is named is refused"
	)
	reasons := map[string]string{"other": wrongServer, "none": noURL, "relative": relative}
	served := documents{
		"/base/openapi/v3": `{"paths":{
			"plain":{"serverRelativeURL":"/openapi/v3/plain?hash=1"}, "below":{"serverRelativeURL":"/base/openapi/v3/below?hash=1"},
			"other":{"serverRelativeURL":"https://other/openapi/v3/plain"}, "none":{}, "relative":{"serverRelativeURL":"openapi/v3/plain"}}}`,
		"/base/openapi/v3/plain": `{"plain":true}`,
		"/base/openapi/v3/below": `{"below":true}`,
		"/base":                  `{"root":true}`,
	}
	var asked string
	transport := roundTripper(func(req *http.Request) (*http.Response, error) {
		asked = req.URL.String()
		return served.RoundTrip(req)
	})
	our, err := discovery.NewDiscoveryClientForConfig(&rest.Config{Host: "https://host/base", Transport: transport, QPS: -1})
	if err != nil {
		t.Fatal(err)
	}
	their, err := theirdiscovery.NewDiscoveryClientForConfig(&theirrest.Config{Host: "https://host/base", Transport: transport, QPS: -1})
	if err != nil {
		t.Fatal(err)
	}
	paths, err := our.OpenAPIV3().Paths()
	if err != nil {
		t.Fatal(err)
	}
	theirPaths, err := their.OpenAPIV3().Paths()
	if err != nil {
		t.Fatal(err)
	}
	for name, gv := range paths {
		result := func(gv interface {
			Schema(string) ([]byte, error)
			ServerRelativeURL() string
		}) string {
			asked = ""
			document, err := gv.Schema(runtime.ContentTypeJSON)
			return shown(gv.ServerRelativeURL(), asked, string(document), err == nil)
		}
		got, want := result(gv), result(theirPaths[name])
		if diff := cmp.Diff(want, got); (diff != "") != (reasons[name] != "") {
			t.Errorf("%s: in the table of differences: %q; (-client-go +ours):\n%s", name, reasons[name], diff)
		}
	}
}

type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(req *http.Request) (*http.Response, error) { return f(req) }
