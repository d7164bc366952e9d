package rest

import (
	"bytes"
	"io"
	"net/http"
	"testing"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/runtime/serializer"
)

// echo is a server that sends back what it is sent, as what it was sent.
type echo struct{ contentType, accept string }

func (e *echo) RoundTrip(req *http.Request) (*http.Response, error) {
	e.contentType, e.accept = req.Header.Get("Content-Type"), req.Header.Get("Accept")
	body, err := io.ReadAll(req.Body)
	return respond(200, e.contentType, body), err
}

func TestObjectsTravelInEachContentType(t *testing.T) {
	magic := map[string]string{
		runtime.ContentTypeJSON: `{"kind"`, runtime.ContentTypeYAML: "apiVersion: v1", runtime.ContentTypeProtobuf: "k8s\x00", runtime.ContentTypeCBOR: "\xd9\xd9\xf7",
	}
	for contentType, begin := range magic {
		t.Run(contentType, func(t *testing.T) {
			e := &echo{}
			var body []byte
			c := newTestClient(t, e.RoundTrip, func(c *Config) { c.ContentType = contentType })
			var got corev1.ConfigMap
			result := c.Post().Resource("configmaps").Body(configMap()).Do(t.Context())
			body, _ = result.Raw()
			if err := result.Into(&got); err != nil || got.Name != "cm" || got.Data["k"] != "v" {
				t.Errorf("object %v, error %v", got, err)
			}
			if !bytes.HasPrefix(body, []byte(begin)) {
				t.Errorf("the body begins with %q, want %q", body[:min(len(body), 10)], begin)
			}
			if e.contentType != contentType || e.accept != contentType+", */*" {
				t.Errorf("Content-Type %q, Accept %q", e.contentType, e.accept)
			}
		})
	}
}

// Nobody gets CBOR who did not ask for it.
func TestCBORIsOffUnlessAskedFor(t *testing.T) {
	for _, test := range []struct {
		config              ContentConfig
		protobufPreferred   bool
		contentType, accept string
	}{
		{ContentConfig{}, false, "application/json", "application/json, */*"},
		{ContentConfig{}, true, "application/vnd.kubernetes.protobuf", "application/vnd.kubernetes.protobuf,application/json"},
		{ContentConfig{AcceptContentTypes: "application/cbor,application/json"}, true, "application/json", "application/cbor,application/json"},
		{ContentConfig{ContentType: "application/cbor"}, true, "application/cbor", "application/cbor, */*"},
	} {
		e := &echo{}
		c := newTestClient(t, e.RoundTrip, func(c *Config) {
			c.ContentType, c.AcceptContentTypes = test.config.ContentType, test.config.AcceptContentTypes
		})
		err := c.Post().UseProtobufAsDefaultIfPreferred(test.protobufPreferred).Body(configMap()).Do(t.Context()).Error()
		if err != nil || e.contentType != test.contentType || e.accept != test.accept {
			t.Errorf("%+v: Content-Type %q, Accept %q, error %v", test.config, e.contentType, e.accept, err)
		}
	}
}

func TestCodecFactoryForGeneratedClientKeepsOneThatKnowsCBOR(t *testing.T) {
	again := CodecFactoryForGeneratedClient(testScheme, testCodecs)
	if len(again.SupportedMediaTypes()) != len(testCodecs.SupportedMediaTypes()) {
		t.Error("CBOR was added twice")
	}
}

// A client without version, whose objects have no Go types.
func TestUntypedObjectsOfAnUnversionedClient(t *testing.T) {
	e := &echo{}
	config := testConfig("https://server.example")
	config.GroupVersion = nil
	config.Transport = roundTripper(e.RoundTrip)
	config.NegotiatedSerializer = untyped{}
	c, err := UnversionedRESTClientFor(config)
	if err != nil {
		t.Fatal(err)
	}
	want := &unstructured.Unstructured{Object: map[string]any{"apiVersion": "example.com/v1", "kind": "Widget", "spec": map[string]any{"n": int64(1)}}}
	got, err := c.Post().AbsPath("/apis/example.com/v1/widgets").Body(want).Do(t.Context()).Get()
	if err != nil {
		t.Fatal(err)
	}
	if u, ok := got.(*unstructured.Unstructured); !ok || u.GetKind() != "Widget" || c.APIVersion() != (schema.GroupVersion{}) {
		t.Errorf("object %v, version %v", got, c.APIVersion())
	}
}

// untyped is a serializer of objects without Go types.
type untyped struct{ serializer.CodecFactory }

func (untyped) SupportedMediaTypes() []runtime.SerializerInfo {
	return []runtime.SerializerInfo{{
		MediaType: "application/json", MediaTypeType: "application", MediaTypeSubType: "json", EncodesAsText: true,
		Serializer: unstructured.UnstructuredJSONScheme,
	}}
}

func (untyped) EncoderForVersion(e runtime.Encoder, _ runtime.GroupVersioner) runtime.Encoder {
	return e
}

func (untyped) DecoderToVersion(d runtime.Decoder, _ runtime.GroupVersioner) runtime.Decoder {
	return d
}
