package discovery

import (
	"encoding/json"
	"errors"
	"net/http"
	"runtime"
	"strings"
	"sync"
	"testing"

	apidiscoveryv2 "k8s.io/api/apidiscovery/v2"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/version"

	"github.com/kubewright/kubewright/pkg/apiservertest/internal/catalog"
	"github.com/kubewright/kubewright/pkg/apiservertest/internal/kind"
)

const aggregatedJSON = "application/json" + aggregationParams

func get(t *testing.T, h http.Handler, path, accept string, into any) *http.Response {
	t.Helper()
	header := map[string]string{}
	if accept != "" {
		header["Accept"] = accept
	}
	resp := serve(h, request(http.MethodGet, path, header))
	if into != nil {
		if resp.StatusCode != http.StatusOK {
			t.Fatalf("GET %s: status %d", path, resp.StatusCode)
		}
		if err := json.Unmarshal(body(t, resp), into); err != nil {
			t.Fatalf("GET %s: %v", path, err)
		}
	}
	return resp
}

// zoo is what a CustomResourceDefinition declares, in the form that kube-apiserver gives it.
func zoo() *kind.Resource {
	verbs := []string{"delete", "deletecollection", "get", "list", "patch", "create", "update", "watch"}
	return &kind.Resource{
		Group: "zoo.example.com", Plural: "animals", Singular: "animal", Kind: "Animal", ListKind: "AnimalList",
		ShortNames: []string{"an"}, Namespaced: true, Storage: "v1", Custom: true,
		Versions: []kind.Version{
			{Name: "v1beta1", Verbs: verbs},
			{Name: "v1", Verbs: verbs, Subresources: []kind.Subresource{
				{Name: "status", Verbs: []string{"get", "patch", "update"}, Kind: schema.GroupVersionKind{Group: "zoo.example.com", Version: "v1", Kind: "Animal"}},
				{Name: "scale", Verbs: []string{"get", "patch", "update"}, Kind: schema.GroupVersionKind{Group: "autoscaling", Version: "v1", Kind: "Scale"}},
			}},
		},
	}
}

func TestCustomResourcesAppearAndDisappear(t *testing.T) {
	c := catalog.New(catalog.Builtin()...)
	h := Handler(c, Options{Codec: testCodec()})
	before := get(t, h, "/apis", aggregatedJSON, nil).Header.Get("ETag")
	if resp := get(t, h, "/apis/zoo.example.com/v1", "", nil); resp.StatusCode != http.StatusNotFound {
		t.Fatalf("before it is there: status %d", resp.StatusCode)
	}
	c.Add(zoo())
	var groups metav1.APIGroupList
	get(t, h, "/apis", "", &groups)
	last := groups.Groups[len(groups.Groups)-1]
	if last.Name != "zoo.example.com" || last.PreferredVersion.Version != "v1" || len(last.Versions) != 2 {
		t.Errorf("the last group is %+v", last)
	}
	if etag := get(t, h, "/apis", aggregatedJSON, nil).Header.Get("ETag"); etag == before {
		t.Error("the ETag has not changed")
	}
	c.Remove(zoo().GroupResource())
	if etag := get(t, h, "/apis", aggregatedJSON, nil).Header.Get("ETag"); etag != before {
		t.Error("the ETag is not the old one")
	}
	if resp := get(t, h, "/apis/zoo.example.com/v1", "", nil); resp.StatusCode != http.StatusNotFound {
		t.Errorf("after it is gone: status %d", resp.StatusCode)
	}
}

func TestCustomResourceDocuments(t *testing.T) {
	h := Handler(catalog.New(zoo()), Options{Codec: testCodec()})
	resp := get(t, h, "/apis/zoo.example.com/v1", "", nil)
	want := `{"kind":"APIResourceList","apiVersion":"v1","groupVersion":"zoo.example.com/v1","resources":[` +
		`{"name":"animals","singularName":"animal","namespaced":true,"kind":"Animal","verbs":["delete","deletecollection","get","list","patch","create","update","watch"],"shortNames":["an"],"storageVersionHash":"T7SZixePADo="},` +
		`{"name":"animals/status","singularName":"","namespaced":true,"kind":"Animal","verbs":["get","patch","update"]},` +
		`{"name":"animals/scale","singularName":"","namespaced":true,"group":"autoscaling","version":"v1","kind":"Scale","verbs":["get","patch","update"]}]}` + "\n"
	if got := string(body(t, resp)); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	// kube-apiserver names the kinds of custom resources in full.
	var list apidiscoveryv2.APIGroupDiscoveryList
	get(t, h, "/apis", aggregatedJSON, &list)
	v1 := list.Items[0].Versions[0]
	if got := *v1.Resources[0].ResponseKind; v1.Version != "v1" || got != (metav1.GroupVersionKind{Group: "zoo.example.com", Version: "v1", Kind: "Animal"}) {
		t.Errorf("version %s, response kind %v", v1.Version, got)
	}
	// A version that is not there is not found by another part of kube-apiserver than one of
	// a group that is compiled in.
	if got := string(body(t, get(t, h, "/apis/zoo.example.com/v2", "", nil))); got != "404 page not found\n" {
		t.Errorf("got %q", got)
	}
}

func TestStorageVersionHash(t *testing.T) {
	// As kube-apiserver said of such a custom resource.
	if got := storageVersionHash(schema.GroupVersionKind{Group: "zzz.example.com", Version: "v1", Kind: "Zoo"}); got != "bjXkIFNDyJk=" {
		t.Errorf("got %s", got)
	}
}

func TestETagIsNotModified(t *testing.T) {
	h := Handler(catalog.New(catalog.Builtin()...), Options{Codec: testCodec()})
	for _, path := range []string{"/api", "/apis"} {
		etag := get(t, h, path, aggregatedJSON, nil).Header.Get("ETag")
		resp := serve(h, request(http.MethodGet, path, map[string]string{"Accept": aggregatedJSON, "If-None-Match": etag}))
		if resp.StatusCode != http.StatusNotModified || resp.Header.Get("ETag") != etag || len(body(t, resp)) > 0 {
			t.Errorf("%s: status %d, headers %v", path, resp.StatusCode, resp.Header)
		}
	}
}

func TestEmptyServerHasEmptyDocuments(t *testing.T) {
	h := Handler(catalog.New(), Options{Codec: testCodec()})
	for path, want := range map[string]string{
		"/apis": `{"kind":"APIGroupList","apiVersion":"v1","groups":[]}`,
	} {
		if got := strings.TrimSpace(string(body(t, get(t, h, path, "", nil)))); got != want {
			t.Errorf("%s: %s", path, got)
		}
	}
	var list apidiscoveryv2.APIGroupDiscoveryList
	get(t, h, "/api", aggregatedJSON, &list)
	if len(list.Items) != 0 {
		t.Errorf("got %+v", list)
	}
}

func TestVersion(t *testing.T) {
	var got, other version.Info
	get(t, Handler(catalog.New(), Options{Codec: testCodec()}), "/version", "", &got)
	if got.Major != "1" || got.Minor != "36" || got.GitVersion != "v1.36.3+kubewright" || got.GoVersion != runtime.Version() {
		t.Errorf("got %+v", got)
	}
	own := version.Info{Major: "1", Minor: "99", GitVersion: "v1.99.0"}
	get(t, Handler(catalog.New(), Options{Codec: testCodec(), Version: own}), "/version/", "*/*", &other)
	if other != own {
		t.Errorf("got %+v", other)
	}
}

func TestVerboseHealth(t *testing.T) {
	h := Handler(catalog.New(), Options{Codec: testCodec()})
	for path, want := range map[string]string{
		"/livez?verbose": "[+]ping ok\n[+]log ok\n[+]loopback-serving-certificate ok\n[+]etcd ok\n[+]autoregister-completion ok\nlivez check passed\n",
		"/readyz?verbose&exclude=etcd&exclude=b&exclude=a&exclude=b": "[+]ping ok\n[+]log ok\n[+]etcd excluded: ok\n[+]etcd-readiness ok\n[+]informer-sync ok\n" +
			"[+]autoregister-completion ok\n[+]shutdown ok\nwarn: some health checks cannot be excluded: no matches for \"a\",\"b\"\nreadyz check passed\n",
	} {
		if resp := get(t, h, path, "", nil); resp.StatusCode != http.StatusOK {
			t.Errorf("%s: status %d", path, resp.StatusCode)
		} else if got := string(body(t, resp)); got != want {
			t.Errorf("%s:\n%swant:\n%s", path, got, want)
		}
	}
}

func TestFailedChecksAreReported(t *testing.T) {
	h := Handler(catalog.New(), Options{Codec: testCodec(), Health: func(check string) error {
		if check == "etcd" {
			return errors.New("no leader")
		}
		return nil
	}})
	for path, want := range map[string]string{
		"/livez":      "[+]ping ok\n[+]log ok\n[+]loopback-serving-certificate ok\n[-]etcd failed: reason withheld\n[+]autoregister-completion ok\nlivez check failed\n",
		"/livez/etcd": "internal server error: no leader\n",
	} {
		resp := get(t, h, path, "", nil)
		if got := string(body(t, resp)); resp.StatusCode != http.StatusInternalServerError || got != want {
			t.Errorf("%s: status %d\n%swant:\n%s", path, resp.StatusCode, got, want)
		}
	}
	for _, path := range []string{"/livez/ping", "/readyz?exclude=etcd"} {
		if resp := get(t, h, path, "", nil); resp.StatusCode != http.StatusOK {
			t.Errorf("%s: status %d", path, resp.StatusCode)
		}
	}
}

func TestOwns(t *testing.T) {
	for path, want := range map[string]bool{
		"/api": true, "/api/v1": true, "/apis": true, "/apis/apps": true, "/apis/apps/v1": true, "/apis/apps/v1/": true,
		"/version": true, "/healthz": true, "/readyz/etcd": true, "/livez/a/b": true,
		"/": true, "/api/v1/pods": false, "/apis/apps/v1/deployments": false, "/version/x": false, "/metrics": false, "/openapi/v3": false, "/healthzz": false,
	} {
		if got := Owns(path); got != want {
			t.Errorf("%s: %v", path, got)
		}
	}
}

func TestReadersAndChangesAtOnce(t *testing.T) {
	c := catalog.New(catalog.Builtin()...)
	h := Handler(c, Options{Codec: testCodec()})
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			c.Add(zoo())
			var groups metav1.APIGroupList
			get(t, h, "/apis", "", &groups)
			if last := groups.Groups[len(groups.Groups)-1].Name; last != "zoo.example.com" {
				t.Errorf("after Add, the last group is %s", last)
			}
		})
	}
	wg.Wait()
}

// FuzzHandler asks for anything: the answer has a status, and errors other than the plain
// 404 of unknown paths are Status objects or the reports of health checks.
func FuzzHandler(f *testing.F) {
	f.Add("/apis/apps/v1", "application/json", "GET")
	f.Add("/api//", "a;b;;c=\"", "POST")
	f.Add("/readyz/%2e%2e", ",,;q=x", "X")
	h := Handler(catalog.New(catalog.Builtin()...), Options{Codec: testCodec()})
	f.Fuzz(func(t *testing.T, path, accept, method string) {
		r := request(http.MethodGet, "/", map[string]string{"Accept": accept})
		r.URL.Path, r.Method = path, method
		if resp := serve(h, r); resp.StatusCode < 200 || resp.StatusCode >= 500 {
			t.Errorf("%s %q, Accept %q: status %d", method, path, accept, resp.StatusCode)
		}
	})
}
