package rest

import (
	"bytes"
	"context"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"testing"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/runtime/serializer"

	"github.com/kubewright/kubewright/pkg/internal/canary"
)

// discardLog keeps what a test server says about clients that hang up out of the output.
var discardLog = log.New(io.Discard, "", 0)

func TestMain(m *testing.M) {
	registerMetrics()
	canary.Main(m)
}

var (
	testScheme     = newTestScheme()
	testCodecs     = CodecFactoryForGeneratedClient(testScheme, serializer.NewCodecFactory(testScheme))
	testParameters = runtime.NewParameterCodec(testScheme)
)

func newTestScheme() *runtime.Scheme {
	s := runtime.NewScheme()
	if err := corev1.AddToScheme(s); err != nil {
		panic(err)
	}
	metav1.AddToGroupVersion(s, schema.GroupVersion{Version: "v1"})
	return s
}

// testConfig is for the core group at host.
func testConfig(host string) *Config {
	return &Config{
		Host:    host,
		APIPath: "/api",
		QPS:     -1,
		ContentConfig: ContentConfig{
			GroupVersion:         &corev1.SchemeGroupVersion,
			NegotiatedSerializer: testCodecs.WithoutConversion(),
		},
	}
}

// roundTripper lets a function be the network.
type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(req *http.Request) (*http.Response, error) { return f(req) }

// newTestClient returns a client of a server that is f. change may be nil.
func newTestClient(t testing.TB, f roundTripper, change func(*Config)) *RESTClient {
	t.Helper()
	config := testConfig("https://server.example")
	config.Transport = f
	if change != nil {
		change(config)
	}
	c, err := RESTClientFor(config)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// newServerClient returns a client of an HTTP server on the loopback.
func newServerClient(t testing.TB, h http.HandlerFunc) *RESTClient {
	t.Helper()
	server := httptest.NewServer(h)
	config := testConfig(server.URL)
	httpClient, err := HTTPClientFor(config)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		httpClient.CloseIdleConnections()
		server.CloseClientConnections()
		server.Close()
	})
	c, err := RESTClientForConfigAndClient(config, httpClient)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// respond returns a response of the given status code.
func respond(code int, contentType string, body []byte, header ...string) *http.Response {
	h := http.Header{}
	if contentType != "" {
		h.Set("Content-Type", contentType)
	}
	for i := 0; i < len(header); i += 2 {
		h.Add(header[i], header[i+1])
	}
	return &http.Response{
		StatusCode: code, Status: http.StatusText(code), Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: h, Body: io.NopCloser(bytes.NewReader(body)), ContentLength: int64(len(body)),
	}
}

func configMap() *corev1.ConfigMap {
	return &corev1.ConfigMap{
		TypeMeta:   metav1.TypeMeta{APIVersion: "v1", Kind: "ConfigMap"},
		ObjectMeta: metav1.ObjectMeta{Namespace: "ns", Name: "cm", ResourceVersion: "7"},
		Data:       map[string]string{"k": "v"},
	}
}

// encoded returns obj in the given media type.
func encoded(t testing.TB, mediaType string, obj runtime.Object) []byte {
	t.Helper()
	info, ok := runtime.SerializerInfoForMediaType(testCodecs.SupportedMediaTypes(), mediaType)
	if !ok {
		t.Fatalf("no serializer for %q", mediaType)
	}
	data, err := runtime.Encode(testCodecs.EncoderForVersion(info.Serializer, schema.GroupVersion{Version: "v1"}), obj)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

type recordedWarnings []string

func (r *recordedWarnings) HandleWarningHeaderWithContext(_ context.Context, code int, agent string, text string) {
	*r = append(*r, text)
}
