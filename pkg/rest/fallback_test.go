package rest

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
)

const protobuf = runtime.ContentTypeProtobuf

// picky is a server that takes and sends JSON only. It records what it is sent.
type picky struct{ seen []string }

func (p *picky) RoundTrip(req *http.Request) (*http.Response, error) {
	contentType, accept := req.Header.Get("Content-Type"), req.Header.Get("Accept")
	p.seen = append(p.seen, fmt.Sprintf("%s %s (%s)", req.Method, contentType, accept))
	var body []byte
	if req.Body != nil {
		body, _ = io.ReadAll(req.Body)
	}
	switch {
	case contentType != "" && contentType != runtime.ContentTypeJSON:
		return respond(http.StatusUnsupportedMediaType, "text/plain", []byte("no")), nil
	case !strings.Contains(accept, "json") && !strings.Contains(accept, "*/*"):
		return respond(http.StatusNotAcceptable, "text/plain", []byte("no")), nil
	case len(body) == 0:
		body = []byte(`{"kind":"ConfigMap","apiVersion":"v1"}`)
	}
	return respond(200, runtime.ContentTypeJSON, body), nil
}

func TestServerThatTakesNoProtobufGetsJSONFromThenOn(t *testing.T) {
	p := &picky{}
	c := newTestClient(t, p.RoundTrip, func(c *Config) { c.ContentType = protobuf })
	for range 2 {
		var got corev1.ConfigMap
		if err := c.Post().Resource("configmaps").Body(configMap()).Do(t.Context()).Into(&got); err != nil {
			t.Fatal(err)
		}
		if got.Name != "cm" || got.Data["k"] != "v" {
			t.Errorf("the server got %v", got)
		}
	}
	accept := " (" + protobuf + ", */*)"
	want := "POST " + protobuf + accept + "|POST application/json" + accept + "|POST application/json" + accept
	if got := strings.Join(p.seen, "|"); got != want {
		t.Errorf("requests %s, want %s", got, want)
	}
}

// A request can be sent again after it fell back.
func TestRequestThatFellBackIsSentAgainAsJSON(t *testing.T) {
	p := &picky{}
	r := newTestClient(t, p.RoundTrip, func(c *Config) { c.ContentType = protobuf }).Put().Body(configMap())
	for range 2 {
		if err := r.Do(t.Context()).Error(); err != nil {
			t.Fatal(err)
		}
	}
	if len(p.seen) != 3 {
		t.Errorf("requests %q, want one in protobuf and two in JSON", p.seen)
	}
}

func TestCallersOwnContentIsNotReplaced(t *testing.T) {
	protobufBody := encoded(t, protobuf, configMap())
	for name, request := range map[string]func(*RESTClient) *Request{
		"bytes": func(c *RESTClient) *Request { return c.Post().SetHeader("Content-Type", protobuf).Body(protobufBody) },
		"reader": func(c *RESTClient) *Request {
			return c.Post().SetHeader("Content-Type", protobuf).Body(bytes.NewReader(protobufBody))
		},
		"own type":  func(c *RESTClient) *Request { return c.Post().SetHeader("Content-Type", protobuf).Body(configMap()) },
		"own patch": func(c *RESTClient) *Request { return c.Patch("application/apply-patch+yaml").Body([]byte("a: b")) },
		"accept":    func(c *RESTClient) *Request { return c.Get().SetHeader("Accept", protobuf) },
	} {
		t.Run(name, func(t *testing.T) {
			p := &picky{}
			c := newTestClient(t, p.RoundTrip, func(c *Config) { c.ContentType = protobuf })
			err := request(c).Do(t.Context()).Error()
			if len(p.seen) != 1 || !apierrors.IsUnsupportedMediaType(err) && !apierrors.IsNotAcceptable(err) {
				t.Errorf("requests %q, error %v", p.seen, err)
			}
		})
	}
}

func TestServerThatHasNoProtobufIsAskedForJSON(t *testing.T) {
	p := &picky{}
	c := newTestClient(t, p.RoundTrip, func(c *Config) { c.AcceptContentTypes = protobuf })
	if err := c.Get().Do(t.Context()).Into(&corev1.ConfigMap{}); err != nil {
		t.Fatal(err)
	}
	if got, want := strings.Join(p.seen, "|"), "GET  ("+protobuf+")|GET  (application/json)"; got != want {
		t.Errorf("requests %s, want %s", got, want)
	}
}

func TestServerThatTakesNothingIsAskedOnce(t *testing.T) {
	for _, code := range []int{http.StatusUnsupportedMediaType, http.StatusNotAcceptable} {
		attempts := 0
		c := newTestClient(t, func(*http.Request) (*http.Response, error) {
			attempts++
			return respond(code, "text/plain", []byte("no")), nil
		}, func(c *Config) { c.ContentType, c.AcceptContentTypes = protobuf, protobuf })
		if err := c.Post().Body(configMap()).Do(t.Context()).Error(); err == nil || attempts != 2 {
			t.Errorf("%d: %d attempts, error %v, want 2", code, attempts, err)
		}
	}
}

func TestTablesAndMetadataByAccept(t *testing.T) {
	table := `{"kind":"Table","apiVersion":"meta.k8s.io/v1","rows":[{"cells":["cm"]}]}`
	metadata := `{"kind":"PartialObjectMetadata","apiVersion":"meta.k8s.io/v1","metadata":{"name":"cm"}}`
	for accept, body := range map[string]string{
		"application/json;as=Table;v=v1;g=meta.k8s.io,application/json":                 table,
		"application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io,application/json": metadata,
	} {
		c := newTestClient(t, func(req *http.Request) (*http.Response, error) {
			if got := req.Header.Get("Accept"); got != accept {
				t.Errorf("Accept %q, want %q", got, accept)
			}
			return respond(200, "application/json", []byte(body)), nil
		}, nil)
		result := c.Get().SetHeader("Accept", accept).Do(t.Context())
		var (
			gotTable    metav1.Table
			gotMetadata metav1.PartialObjectMetadata
			err         error
			got         string
		)
		if body == table {
			if err = result.Into(&gotTable); err == nil && len(gotTable.Rows) == 1 {
				got = fmt.Sprint(gotTable.Rows[0].Cells...)
			}
		} else if err = result.Into(&gotMetadata); err == nil {
			got = gotMetadata.Name
		}
		if err != nil || got != "cm" {
			t.Errorf("Accept %q: %q, error %v", accept, got, err)
		}
	}
}
