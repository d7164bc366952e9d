package fake

import (
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/serializer"
	"k8s.io/apimachinery/pkg/types"

	"github.com/kubewright/kubewright/pkg/internal/canary"
	"github.com/kubewright/kubewright/pkg/rest"
)

func response(code int, body string) *http.Response {
	return &http.Response{StatusCode: code, Header: http.Header{"Content-Type": {"application/json"}}, Body: io.NopCloser(strings.NewReader(body))}
}

func newFake(t *testing.T) *RESTClient {
	t.Helper()
	scheme := runtime.NewScheme()
	if err := corev1.AddToScheme(scheme); err != nil {
		t.Fatal(err)
	}
	return &RESTClient{
		NegotiatedSerializer: serializer.NewCodecFactory(scheme).WithoutConversion(),
		GroupVersion:         corev1.SchemeGroupVersion,
		VersionedAPIPath:     "/api/v1",
	}
}

func TestResponseIsReturnedAndTheRequestRecorded(t *testing.T) {
	c := newFake(t)
	for method, request := range map[string]*rest.Request{
		"GET": c.Get(), "PUT": c.Put(), "POST": c.Post(), "DELETE": c.Delete(), "PATCH": c.Patch(types.MergePatchType), "HEAD": c.Verb("HEAD"),
	} {
		c.Resp = response(200, `{"kind":"Pod","apiVersion":"v1","metadata":{"name":"p"}}`)
		var pod corev1.Pod
		if err := request.Namespace("ns").Resource("pods").Name("p").Do(t.Context()).Into(&pod); err != nil || pod.Name != "p" {
			t.Errorf("%s: pod %q, error %v", method, pod.Name, err)
		}
		if got, want := c.Req.Method+" "+c.Req.URL.String(), method+" https://localhost/api/v1/namespaces/ns/pods/p"; got != want {
			t.Errorf("request %s, want %s", got, want)
		}
		if patch := c.Req.Header.Get("Content-Type") == string(types.MergePatchType); patch != (method == "PATCH") {
			t.Errorf("%s: content type %q", method, c.Req.Header.Get("Content-Type"))
		}
	}
	if c.APIVersion() != corev1.SchemeGroupVersion || c.GetRateLimiter() != nil {
		t.Errorf("version %v, limiter %v", c.APIVersion(), c.GetRateLimiter())
	}
}

func TestClientWinsOverResponse(t *testing.T) {
	c := newFake(t)
	c.Resp = response(500, "")
	c.Client = CreateHTTPClient(func(req *http.Request) (*http.Response, error) {
		body, err := io.ReadAll(req.Body)
		if err != nil {
			return nil, err
		}
		return response(201, string(body)), nil
	})
	var created bool
	got, err := c.Post().Resource("pods").Body(&corev1.Pod{ObjectMeta: metav1.ObjectMeta{Name: "p"}}).Do(t.Context()).WasCreated(&created).Get()
	if err != nil || !created || got.(*corev1.Pod).Name != "p" || c.Req == nil {
		t.Errorf("created %v, object %v, error %v", created, got, err)
	}
}

func TestErrorWinsOverAll(t *testing.T) {
	c := newFake(t)
	c.Err = errors.New("broken")
	c.Resp = response(200, "{}")
	c.Client = CreateHTTPClient(func(*http.Request) (*http.Response, error) { t.Error("the client was asked"); return nil, nil })
	if err := c.Get().Do(t.Context()).Error(); !errors.Is(err, c.Err) || c.Req != nil {
		t.Errorf("error %v, request %v", err, c.Req)
	}
}

func TestFakeWithoutAnswerSaysSo(t *testing.T) {
	c := &RESTClient{}
	if err := c.Get().Do(t.Context()).Error(); err == nil || !strings.Contains(canary.Err(t, err).Error(), "this fake has no answer") {
		t.Errorf("error %v", err)
	}
	if err := c.Post().Body(&corev1.Pod{}).Error(); err == nil || !strings.Contains(canary.Err(t, err).Error(), "without a NegotiatedSerializer") {
		t.Errorf("error %v", err)
	}
}
