package rest

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/types"

	"github.com/kubewright/kubewright/pkg/internal/canary"
)

// builderClient never sends anything.
func builderClient(t testing.TB, host, apiPath string) *RESTClient {
	t.Helper()
	config := testConfig(host)
	config.APIPath = apiPath
	base, path, err := DefaultServerUrlFor(config)
	if err != nil {
		t.Fatal(err)
	}
	c, err := NewRESTClient(base, path, ClientContentConfig{
		GroupVersion: corev1.SchemeGroupVersion,
		Negotiator:   runtime.NewClientNegotiator(config.NegotiatedSerializer, corev1.SchemeGroupVersion),
	}, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestBuildURL(t *testing.T) {
	c := builderClient(t, "https://host:6443/base/path/", "/api")
	const root = "https://host:6443/base/path"
	for _, test := range []struct {
		name string
		r    *Request
		want string
	}{
		{"nothing", c.Get(), root + "/api/v1"},
		{"collection in all namespaces", c.Get().Namespace("").Resource("pods"), root + "/api/v1/pods"},
		{"collection", c.Get().Namespace("ns").Resource("pods"), root + "/api/v1/namespaces/ns/pods"},
		{"object", c.Get().Namespace("ns").Resource("pods").Name("p"), root + "/api/v1/namespaces/ns/pods/p"},
		{"cluster-scoped object", c.Get().NamespaceIfScoped("ns", false).Resource("nodes").Name("n"), root + "/api/v1/nodes/n"},
		{"order of calls does not matter", c.Get().SubResource("log").Name("p").Resource("pods").Namespace("ns"), root + "/api/v1/namespaces/ns/pods/p/log"},
		{"resource is lower case", c.Get().Resource("Pods"), root + "/api/v1/pods"},
		{"subresources", c.Put().Namespace("ns").Resource("pods").Name("p").SubResource("a", "b"), root + "/api/v1/namespaces/ns/pods/p/a/b"},
		{"suffix with slashes", c.Get().Namespace("ns").Resource("services").Name("s").SubResource("proxy").Suffix("/x//y", "z"), root + "/api/v1/namespaces/ns/services/s/proxy/x/y/z"},
		{"prefix", c.Get().Prefix("watch", "more").Resource("pods"), root + "/api/v1/watch/more/pods"},
		{"absolute path", c.Get().AbsPath("/apis", "apps/v1"), root + "/apis/apps/v1"},
		{"absolute path with slash at its end", c.Get().AbsPath("/healthz/"), root + "/healthz/"},
		{"absolute path drops the prefix", c.Get().Prefix("x").AbsPath("/version"), root + "/version"},
		{"absolute path root", c.Get().AbsPath("/"), root + "/"},
		{"absolute path and suffix", c.Get().AbsPath("/logs/").Suffix("a"), root + "/logs/a"},
		{"request URI", c.Get().Param("old", "1").RequestURI("/apis/g/v1/things/a%20b?x=1&x=2"), root + "/apis/g/v1/things/a%20b?x=1&x=2"},
		{"name is escaped", c.Get().Namespace("ns").Resource("pods").Name("a?b#c d;e,f:g@é"), root + "/api/v1/namespaces/ns/pods/a%3Fb%23c%20d%3Be%2Cf:g@%C3%A9"},
		{"RBAC name", c.Get().Resource("clusterroles").Name("system:node"), root + "/api/v1/clusterroles/system:node"},
		{"parameters add up", c.Get().Resource("pods").Param("a", "1").Param("a", "2 &"), root + "/api/v1/pods?a=1&a=2+%26"},
		{"versioned parameters", c.Get().Resource("pods").Param("limit", "1").
			VersionedParams(&metav1.ListOptions{LabelSelector: "a=b", Limit: 5, Watch: true}, testParameters), root + "/api/v1/pods?labelSelector=a%3Db&limit=1&limit=5&watch=true"},
		{"timeout is told", c.Get().Resource("pods").Timeout(90 * time.Second), root + "/api/v1/pods?timeout=1m30s"},
	} {
		t.Run(test.name, func(t *testing.T) {
			w, err := test.r.build()
			if err != nil {
				t.Fatal(err)
			}
			if got := w.url.String(); got != test.want {
				t.Errorf("URL %s\nwant %s", got, test.want)
			}
		})
	}
}

func TestBuildBelowEscapedBase(t *testing.T) {
	c := builderClient(t, "https://host/a%2Fb", "/api")
	w, err := c.Get().Resource("pods").Name("x y").build()
	if err != nil {
		t.Fatal(err)
	}
	if got, want := w.url.String(), "https://host/a%2Fb/api/v1/pods/x%20y"; got != want {
		t.Errorf("URL %s, want %s", got, want)
	}
}

func TestBuildMethodHeadersAndBody(t *testing.T) {
	c := builderClient(t, "https://host", "/api")
	cm := configMap()
	const jsonType, protobufType = "application/json", "application/vnd.kubernetes.protobuf"
	json := encoded(t, jsonType, cm)
	for _, test := range []struct {
		name   string
		r      *Request
		method string
		header http.Header
		body   string
	}{
		{"get", c.Get(), "GET", http.Header{"Accept": {"application/json, */*"}}, ""},
		{"delete", c.Delete(), "DELETE", http.Header{"Accept": {"application/json, */*"}}, ""},
		{"any verb", c.Verb("OPTIONS"), "OPTIONS", http.Header{"Accept": {"application/json, */*"}}, ""},
		{"patch", c.Patch(types.MergePatchType).Body([]byte("{}")), "PATCH",
			http.Header{"Accept": {"application/json, */*"}, "Content-Type": {"application/merge-patch+json"}}, "{}"},
		{"post object", c.Post().Body(cm), "POST", http.Header{"Accept": {"application/json, */*"}, "Content-Type": {jsonType}}, string(json)},
		{"put protobuf", c.Put().UseProtobufAsDefaultIfPreferred(true).Body(cm), "PUT",
			http.Header{"Accept": {"application/vnd.kubernetes.protobuf,application/json"}, "Content-Type": {protobufType}}, string(encoded(t, protobufType, cm))},
		{"put not protobuf", c.Put().UseProtobufAsDefaultIfPreferred(false).Body(cm), "PUT",
			http.Header{"Accept": {"application/json, */*"}, "Content-Type": {jsonType}}, string(json)},
		{"body bytes without type", c.Post().Body([]byte("x")), "POST", http.Header{"Accept": {"application/json, */*"}}, "x"},
		{"nil object", c.Post().Body((*corev1.ConfigMap)(nil)), "POST", http.Header{"Accept": {"application/json, */*"}}, ""},
		{"nil", c.Post().Body(nil), "POST", http.Header{"Accept": {"application/json, */*"}}, ""},
		{"own headers", c.Get().SetHeader("accept", "text/plain").SetHeader("x-y", "1", "2"), "GET", http.Header{"Accept": {"text/plain"}, "X-Y": {"1", "2"}}, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			w, err := test.r.build()
			if err != nil {
				t.Fatal(err)
			}
			if w.method != test.method {
				t.Errorf("method %s, want %s", w.method, test.method)
			}
			if d := cmp.Diff(test.header, w.header); d != "" {
				t.Errorf("headers (-want +got):\n%s", d)
			}
			if strings.TrimSpace(string(w.body)) != strings.TrimSpace(test.body) {
				t.Errorf("body %q, want %q", w.body, test.body)
			}
		})
	}
}

func TestProtobufIsNotChosenOverTheConfig(t *testing.T) {
	c := builderClient(t, "https://host", "/api")
	c.content = newContent(ClientContentConfig{ContentType: "application/json"})
	w, err := c.Get().UseProtobufAsDefault().build()
	if err != nil {
		t.Fatal(err)
	}
	if got := w.header.Get("Accept"); got != "application/json, */*" {
		t.Errorf("Accept %q, want what the Config says", got)
	}
}

func TestBuildErrors(t *testing.T) {
	c := builderClient(t, "https://host", "/api")
	for _, test := range []struct {
		name string
		r    *Request
		want string
	}{
		{"empty name", c.Get().Resource("pods").Name(""), "resource name may not be empty"},
		{"name twice", c.Get().Name("a").Name("b"), `resource name already set to "a", cannot change to "b"`},
		{"namespace twice", c.Get().Namespace("a").Namespace("b"), `namespace already set to "a", cannot change to "b"`},
		{"empty namespace is set too", c.Get().Namespace("").Namespace("b"), `namespace already set to "", cannot change to "b"`},
		{"resource twice", c.Get().Resource("a").Resource("b"), `resource already set to "a", cannot change to "b"`},
		{"subresource twice", c.Get().SubResource("a").SubResource("b"), `subresource already set to "a", cannot change to "b"`},
		{"name is a parent", c.Get().Name(".."), `invalid resource name "..": may not be '..'`},
		{"name has a slash", c.Get().Name("../../nodes/x"), `invalid resource name "../../nodes/x": may not contain '/'`},
		{"name has an escaped slash", c.Get().Name("a%2fb"), `invalid resource name "a%2fb": may not contain '%'`},
		{"name has a NUL", c.Get().Name("a\x00b"), `invalid resource name "a\x00b": may not contain control characters`},
		{"namespace is a parent", c.Get().Namespace(".."), `invalid namespace "..": may not be '..'`},
		{"resource has a slash", c.Get().Resource("pods/x"), `invalid resource "pods/x": may not contain '/'`},
		{"subresource is here", c.Get().SubResource("."), `invalid subresource ".": may not be '.'`},
		{"suffix leads up", c.Get().Suffix("a/../../b"), `invalid path suffix "a/../../b": a segment may not be '..'`},
		{"prefix leads up", c.Get().Prefix(".."), `invalid path prefix "..": a segment may not be '..'`},
		{"absolute path leads up", c.Get().AbsPath("/a/.."), `invalid absolute path "/a/..": a segment may not be '..'`},
		{"absolute path has a line break", c.Get().AbsPath("/a\nb"), `invalid absolute path "/a\nb": may not contain control characters`},
		{"request URI of another server", c.Get().RequestURI("https://evil.example/x"), `must not name a server`},
		{"request URI with a hidden slash", c.Get().RequestURI("/a/..%2f..%2fb"), `may not contain an escaped slash`},
		{"request URI with a hidden parent", c.Get().RequestURI("/a/%2e%2e/b"), `a segment may not be '..'`},
		{"request URI that is none", c.Get().RequestURI("a b"), `invalid request URI "a b": want a path`},
		{"object of an empty namespace", c.Get().Namespace("").Resource("pods").Name("a"), `an empty namespace may not be set when a resource name is provided (pods "a")`},
		{"creation in an empty namespace", c.Post().Namespace("").Resource("pods"), `an empty namespace may not be set during creation (pods)`},
		{"header with a line break", c.Get().SetHeader("X", "a\r\nB: c"), `invalid value for header "X"`},
		{"header name with a space", c.Get().SetHeader("a b", "x"), `invalid header name "a b"`},
		{"negative timeout", c.Get().Timeout(-1), `invalid timeout`},
		{"body of a wrong type", c.Get().Body(5), `unable to use int as the request body`},
		{"body from no file", c.Get().Body("/no/such/file"), `unable to read the request body: open /no/such/file`},
		{"body that the scheme does not know", c.Post().UseProtobufAsDefault().Body(&unknownObject{}), `unable to encode *rest.unknownObject as the request body`},
		{"patch with an object", c.Patch(types.ApplyYAMLPatchType).Body(configMap()), `no serializers registered for application/apply-patch+yaml`},
		{"parameters of a wrong type", c.Get().VersionedParams(&unknownObject{}, testParameters), `unable to encode *rest.unknownObject as query parameters of v1`},
		{"verb that is none", c.Verb("GE T"), `request construction error: invalid method "GE T"`},
		{"all at once", c.Get().Name("").Resource("a/b"), "resource name may not be empty\ninvalid resource \"a/b\": may not contain '/'"},
	} {
		t.Run(test.name, func(t *testing.T) {
			test.r.c.Client = &http.Client{Transport: roundTripper(func(*http.Request) (*http.Response, error) {
				t.Error("the request was sent")
				return nil, http.ErrHandlerTimeout
			})}
			err := test.r.Do(t.Context()).Error()
			if err == nil || !strings.Contains(canary.Err(t, err).Error(), test.want) {
				t.Errorf("error %v\nwant one with %s", err, test.want)
			}
		})
	}
}

type unknownObject struct{}

func (u *unknownObject) GetObjectKind() schema.ObjectKind { return schema.EmptyObjectKind }

func (u *unknownObject) DeepCopyObject() runtime.Object { c := *u; return &c }
