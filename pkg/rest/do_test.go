package rest

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/types"

	"github.com/kubewright/kubewright/pkg/internal/canary"
)

func TestVerbsOverHTTP(t *testing.T) {
	var got string
	c := newServerClient(t, func(w http.ResponseWriter, req *http.Request) {
		body, _ := io.ReadAll(req.Body)
		got = fmt.Sprintf("%s %s %s %s", req.Method, req.RequestURI, req.Header.Get("Content-Type"), bytes.TrimSpace(body))
		w.Header().Set("Content-Type", "application/json")
		if req.Method == http.MethodPost {
			w.WriteHeader(http.StatusCreated)
		}
		_, _ = w.Write(encoded(t, "application/json", configMap()))
	})
	for _, test := range []struct {
		request *Request
		want    string
		created bool
	}{
		{c.Get(), "GET /api/v1/namespaces/ns/configmaps/cm  ", false},
		{c.Put().Body([]byte("1")), "PUT /api/v1/namespaces/ns/configmaps/cm  1", false},
		{c.Post().Body([]byte("2")), "POST /api/v1/namespaces/ns/configmaps/cm  2", true},
		{c.Patch(types.MergePatchType).Body([]byte("{}")), "PATCH /api/v1/namespaces/ns/configmaps/cm application/merge-patch+json {}", false},
		{c.Delete().Body([]byte("3")), "DELETE /api/v1/namespaces/ns/configmaps/cm  3", false},
		{c.Post().Body(strings.NewReader("reader")), "POST /api/v1/namespaces/ns/configmaps/cm  reader", true},
	} {
		var cm corev1.ConfigMap
		var created bool
		var code int
		var contentType string
		err := test.request.Namespace("ns").Resource("configmaps").Name("cm").Do(t.Context()).
			WasCreated(&created).StatusCode(&code).ContentType(&contentType).Into(&cm)
		if err != nil {
			t.Fatal(err)
		}
		if got != test.want {
			t.Errorf("the server got %q, want %q", got, test.want)
		}
		if created != test.created || (code == 201) != test.created || contentType != "application/json" {
			t.Errorf("%s: created %v, code %d, content type %q", test.want, created, code, contentType)
		}
	}
}

func TestResultIsDecodedFromWhatTheServerSends(t *testing.T) {
	for _, mediaType := range []string{"application/json", "application/vnd.kubernetes.protobuf", "application/yaml", "application/cbor", "application/json; charset=utf-8", ""} {
		t.Run(mediaType, func(t *testing.T) {
			as := mediaType
			if as == "" {
				as = "application/json" // what the client asked for
			}
			as, _, _ = strings.Cut(as, ";")
			c := newTestClient(t, func(*http.Request) (*http.Response, error) {
				return respond(200, mediaType, encoded(t, as, configMap())), nil
			}, nil)
			want := configMap()
			want.TypeMeta = metav1.TypeMeta{} // typed clients leave it empty

			var into corev1.ConfigMap
			if err := c.Get().Do(t.Context()).Into(&into); err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff(want, &into); d != "" {
				t.Errorf("Into (-want +got):\n%s", d)
			}
			got, err := c.Get().Do(t.Context()).Get()
			if err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff(want, got); d != "" {
				t.Errorf("Get (-want +got):\n%s", d)
			}
		})
	}
}

func TestErrorsOfTheServer(t *testing.T) {
	notFound := apierrors.NewNotFound(schema.GroupResource{Resource: "configmaps"}, "cm")
	status := &notFound.ErrStatus
	status.TypeMeta = metav1.TypeMeta{APIVersion: "v1", Kind: "Status"}
	for _, test := range []struct {
		name string
		resp func() *http.Response
		is   func(error) bool
		want string
	}{
		{"Status in JSON", func() *http.Response {
			return respond(404, "application/json", encoded(t, "application/json", status))
		}, apierrors.IsNotFound, `configmaps "cm" not found`},
		{"Status in protobuf", func() *http.Response {
			return respond(404, "application/vnd.kubernetes.protobuf", encoded(t, "application/vnd.kubernetes.protobuf", status))
		}, apierrors.IsNotFound, `configmaps "cm" not found`},
		{"no Status", func() *http.Response { return respond(409, "text/html", []byte("<html>no</html>")) }, apierrors.IsConflict, "conflict"},
		{"nothing", func() *http.Response { return respond(401, "", nil) }, apierrors.IsUnauthorized, "provide credentials"},
		{"proxy", func() *http.Response { return respond(502, "text/plain", []byte("bad gateway")) }, apierrors.IsInternalError, "bad gateway"},
		{"429 without Retry-After", func() *http.Response { return respond(429, "text/plain", []byte("disruption budget")) }, apierrors.IsTooManyRequests, "too many requests"},
		{"binary error", func() *http.Response { return respond(500, "", []byte{0xff, 0xfe}) }, apierrors.IsInternalError, "\uFFFD"},
		{"Status of success", func() *http.Response {
			return respond(500, "application/json", []byte(`{"kind":"Status","apiVersion":"v1","status":"Success"}`))
		}, apierrors.IsInternalError, "error on the server"},
		{"redirect", func() *http.Response {
			return respond(302, "", nil, "Location", "https://login.example/?token="+secret)
		}, func(err error) bool { return errors.As(canary.Err(t, err), new(*apierrors.StatusError)) }, `a redirect to "https://login.example", which is not followed`},
	} {
		t.Run(test.name, func(t *testing.T) {
			c := newTestClient(t, func(*http.Request) (*http.Response, error) { return test.resp(), nil }, nil)
			request := func() *Request { return c.Get().Namespace("ns").Resource("configmaps").Name("cm") }
			_, rawErr := request().DoRaw(t.Context())
			_, streamErr := request().Stream(t.Context())
			_, watchErr := request().Watch(t.Context())
			_, getErr := request().Do(t.Context()).Get()
			for how, err := range map[string]error{
				"Error": request().Do(t.Context()).Error(), "Into": request().Do(t.Context()).Into(&corev1.ConfigMap{}),
				"Get": getErr, "DoRaw": rawErr, "Stream": streamErr, "Watch": watchErr,
			} {
				if err == nil || !test.is(err) || !strings.Contains(canary.Err(t, err).Error(), test.want) || strings.Contains(canary.Err(t, err).Error(), "canary") {
					t.Errorf("%s: error %v, want one with %q", how, err, test.want)
				}
			}
		})
	}
}

func TestIntoOfSomethingElse(t *testing.T) {
	for _, test := range []struct{ name, body, want string }{
		{"another type", `{"kind":"Secret","apiVersion":"v1"}`, "the server answered with *v1.Secret where *v1.ConfigMap was expected"},
		{"failure with code 200", `{"kind":"Status","apiVersion":"v1","status":"Failure","message":"broken"}`, "broken"},
		{"success", `{"kind":"Status","apiVersion":"v1","status":"Success"}`, ""},
		{"nothing", ``, "0-length response with status code: 200 and content type: application/json"},
		{"truncated JSON", `{"kind":"ConfigMap","apiVersion":"v1`, "unable to decode the response"},
	} {
		t.Run(test.name, func(t *testing.T) {
			c := newTestClient(t, func(*http.Request) (*http.Response, error) {
				return respond(200, "application/json", []byte(test.body)), nil
			}, nil)
			err := c.Get().Do(t.Context()).Into(&corev1.ConfigMap{})
			if (test.want == "") != (err == nil) || err != nil && !strings.Contains(canary.Err(t, err).Error(), test.want) {
				t.Errorf("error %v, want %q", err, test.want)
			}
		})
	}
}

func TestDoRawReturnsTheBodyOfAnError(t *testing.T) {
	c := newTestClient(t, func(*http.Request) (*http.Response, error) { return respond(500, "text/plain", []byte("why")), nil }, nil)
	body, err := c.Get().AbsPath("/healthz").DoRaw(t.Context())
	if string(body) != "why" || err == nil {
		t.Errorf("body %q, error %v", body, err)
	}
}

func TestBodyOfUnknownTypeIsRaw(t *testing.T) {
	c := newTestClient(t, func(*http.Request) (*http.Response, error) { return respond(200, "text/plain", []byte("ok")), nil }, nil)
	body, err := c.Get().AbsPath("/healthz").Do(t.Context()).Raw()
	if string(body) != "ok" || err != nil {
		t.Errorf("body %q, error %v", body, err)
	}
	if err := c.Get().Do(t.Context()).Into(&corev1.ConfigMap{}); err == nil || !strings.Contains(canary.Err(t, err).Error(), "text/plain") {
		t.Errorf("Into: error %v, want one with the content type", err)
	}
}

func TestStreamIsTheCallersToClose(t *testing.T) {
	c := newServerClient(t, func(w http.ResponseWriter, req *http.Request) { _, _ = io.WriteString(w, "line 1\nline 2\n") })
	s, err := c.Get().Timeout(1e12).Suffix("log").Stream(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(s)
	if string(body) != "line 1\nline 2\n" || err != nil {
		t.Errorf("body %q, error %v", body, err)
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
}

func TestBodyIsBounded(t *testing.T) {
	for _, claimed := range []int64{-1, 0, 5, 10, 11, 1 << 50} {
		if body, err := readBody(strings.NewReader("0123456789"), claimed, 10); string(body) != "0123456789" || err != nil {
			t.Errorf("claimed %d: body %q, error %v", claimed, body, err)
		}
		body, err := readBody(strings.NewReader("0123456789x"), claimed, 10)
		if len(body) > 10 || !errors.Is(canary.Err(t, err), errBodyTooLarge) {
			t.Errorf("claimed %d: %d bytes above the limit, error %v", claimed, len(body), err)
		}
		if cap(body) > 2<<20 {
			t.Errorf("claimed %d: %d bytes were allocated", claimed, cap(body))
		}
	}
}

func TestMaxBodyBytes(t *testing.T) {
	c := newTestClient(t, func(*http.Request) (*http.Response, error) {
		return respond(200, "text/plain", []byte("0123456789")), nil
	}, nil)
	for n, fits := range map[int64]bool{9: false, 10: true, 0: true, -1: true} {
		body, err := c.Get().AbsPath("/x").MaxBodyBytes(n).DoRaw(t.Context())
		if fits != (err == nil && string(body) == "0123456789") || err != nil && !strings.Contains(err.Error(), "/x is larger than the 9 bytes") {
			t.Errorf("at most %d: %s, error %v", n, body, err)
		}
	}
}

func TestErrorBodyIsBounded(t *testing.T) {
	read := 0
	c := newTestClient(t, func(*http.Request) (*http.Response, error) {
		resp := respond(500, "text/plain", nil)
		resp.Body = io.NopCloser(readerFunc(func(p []byte) (int, error) { read += len(p); return copy(p, bytes.Repeat([]byte("x"), len(p))), nil }))
		resp.ContentLength = -1
		return resp, nil
	}, nil)
	err := c.Get().Do(t.Context()).Error()
	if err == nil || len(canary.Err(t, err).Error()) > 2*maxErrorTextBytes {
		t.Errorf("the error has %d bytes", len(canary.Err(t, err).Error()))
	}
	if read > 4*maxErrorBodyBytes {
		t.Errorf("%d bytes were read", read)
	}
}

type readerFunc func([]byte) (int, error)

func (f readerFunc) Read(p []byte) (int, error) { return f(p) }

func TestBodyThatBreaksOffIsAnError(t *testing.T) {
	c := newTestClient(t, func(*http.Request) (*http.Response, error) {
		resp := respond(200, "application/json", nil)
		resp.Body = io.NopCloser(io.MultiReader(strings.NewReader(`{"kind"`), readerFunc(func([]byte) (int, error) { return 0, io.ErrUnexpectedEOF })))
		return resp, nil
	}, nil)
	err := c.Get().Resource("pods").MaxRetries(0).Do(t.Context()).Error()
	if !errors.Is(canary.Err(t, err), io.ErrUnexpectedEOF) || !strings.Contains(canary.Err(t, err).Error(), "GET /api/v1/pods broke off after 7 bytes") {
		t.Errorf("error %v", err)
	}
}

func TestWarnings(t *testing.T) {
	var out bytes.Buffer
	writer := NewWarningWriter(&out, WarningWriterOptions{Deduplicate: true})
	resp := func(*http.Request) (*http.Response, error) {
		return respond(200, "application/json", encoded(t, "application/json", configMap()),
			"Warning", `299 - "deprecated \"x\""`, "Warning", `199 - "other"`, "Warning", "garbage"), nil
	}
	c := newTestClient(t, resp, func(config *Config) { config.WarningHandler = writer })
	for range 2 {
		result := c.Get().Do(t.Context())
		if n := len(result.Warnings()); n != 2 {
			t.Errorf("%d warnings, want 2: %v", n, result.Warnings())
		}
	}
	if got, want := out.String(), "Warning: deprecated \"x\"\n"; got != want {
		t.Errorf("written %q, want %q", got, want)
	}

	out.Reset()
	NewWarningWriter(&out, WarningWriterOptions{Color: true}).HandleWarningHeader(299, "-", "\x1b[2Jgone\n")
	if got, want := out.String(), "\x1b[33;1mWarning:\x1b[0m \uFFFD[2Jgone\uFFFD\n"; got != want {
		t.Errorf("written %q, want %q", got, want)
	}

	var own, ofRequest recordedWarnings
	c = newTestClient(t, resp, func(config *Config) { config.WarningHandlerWithContext = &own })
	_ = c.Get().Do(t.Context())
	_ = c.Get().WarningHandlerWithContext(&ofRequest).Do(t.Context())
	_ = c.Get().WarningHandler(NoWarnings{}).Do(t.Context())
	if len(own) != 2 || len(ofRequest) != 2 {
		t.Errorf("the client's handler was told of %d warnings, the request's of %d, want 2 and 2", len(own), len(ofRequest))
	}
}
