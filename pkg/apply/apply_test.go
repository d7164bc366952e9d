package apply_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/runtime/serializer"
	"k8s.io/apimachinery/pkg/runtime/serializer/cbor/direct"

	"github.com/kubewright/kubewright/pkg/apply"
	"github.com/kubewright/kubewright/pkg/rest"
)

// client returns a client of a server that leaves the last request in sent and body.
func client(t *testing.T, contentType string) (client rest.Interface, sent *http.Request, body *[]byte) {
	t.Helper()
	sent, body = new(http.Request), new([]byte)
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		*sent = *r
		*body, _ = io.ReadAll(r.Body)
	}))
	t.Cleanup(server.Close)
	client, err := rest.RESTClientFor(&rest.Config{Host: server.URL, APIPath: "/apis", ContentConfig: rest.ContentConfig{
		ContentType:          contentType,
		GroupVersion:         &schema.GroupVersion{Group: "example.com", Version: "v1"},
		NegotiatedSerializer: serializer.NewCodecFactory(runtime.NewScheme()),
	}})
	if err != nil {
		t.Fatal(err)
	}
	return client, sent, body
}

func TestRequest(t *testing.T) {
	configuration := map[string]any{"kind": "Thing", "spec": map[string]any{"size": int64(3)}}
	for contentType, want := range map[string]string{
		"":                                    "application/apply-patch+yaml",
		"application/json":                    "application/apply-patch+yaml",
		"application/vnd.kubernetes.protobuf": "application/apply-patch+yaml",
		"application/cbor":                    "application/apply-patch+cbor",
	} {
		t.Run(contentType, func(t *testing.T) {
			client, sent, body := client(t, contentType)
			request, err := apply.NewRequest(client, configuration)
			if err != nil {
				t.Fatal(err)
			}
			if err := request.Resource("things").Name("a").Param("fieldManager", "me").Do(t.Context()).Error(); err != nil {
				t.Fatal(err)
			}
			if sent.Method != http.MethodPatch || sent.URL.String() != "/apis/example.com/v1/things/a?fieldManager=me" || sent.Header.Get("Content-Type") != want {
				t.Errorf("%s %s as %s, want %s", sent.Method, sent.URL, sent.Header.Get("Content-Type"), want)
			}
			var got unstructured.Unstructured
			if want == "application/apply-patch+cbor" {
				err = direct.Unmarshal(*body, &got.Object)
			} else {
				err = got.UnmarshalJSON(*body)
			}
			if size, _, _ := unstructured.NestedInt64(got.Object, "spec", "size"); err != nil || size != 3 {
				t.Errorf("%q, error %v", *body, err)
			}
		})
	}
}

func TestWhatCannotBeEncodedIsAnError(t *testing.T) {
	client, _, _ := client(t, "")
	request, err := apply.NewRequest(client, make(chan int))
	if request != nil || err == nil || !strings.Contains(err.Error(), "unable to encode chan int as the configuration to apply") {
		t.Errorf("%v, error %v", request, err)
	}
}
