package rest

import (
	"errors"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/kubewright/kubewright/pkg/internal/canary"
)

// told is a WarningHandler as programs for client-go have it.
type told struct{ texts []string }

func (w *told) HandleWarningHeader(_ int, _ string, text string) { w.texts = append(w.texts, text) }

func TestDefaultWarningHandlerIsForClientsWithoutOne(t *testing.T) {
	t.Cleanup(func() { SetDefaultWarningHandlerWithContext(WarningLogger{}) })
	c := newTestClient(t, func(*http.Request) (*http.Response, error) {
		return respond(200, "", nil, "Warning", `299 - "x"`), nil
	}, nil)
	byDefault, own := &told{}, &told{}
	SetDefaultWarningHandler(byDefault)
	_ = c.Get().Do(t.Context())
	_ = c.Get().WarningHandler(own).Do(t.Context())
	_ = c.Get().WarningHandler(own).WarningHandler(nil).Do(t.Context())
	SetDefaultWarningHandler(nil)
	_ = c.Get().Do(t.Context())
	if len(byDefault.texts) != 2 || len(own.texts) != 1 {
		t.Errorf("the default handler was told of %d warnings, the request's own of %d, want 2 and 1", len(byDefault.texts), len(own.texts))
	}
	NoWarnings{}.HandleWarningHeader(299, "-", "x")
	WarningLogger{}.HandleWarningHeader(199, "-", "not logged")
}

func TestNoBackoff(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := &NoBackoff{}
		begin := time.Now()
		n.UpdateBackoff(nil, nil, 500)
		n.Sleep(n.CalculateBackoff(nil))
		if d := time.Since(begin); d != 0 {
			t.Errorf("it waited %v", d)
		}
	})
}

func TestValidatePathSegmentName(t *testing.T) {
	for _, test := range []struct {
		name           string
		prefix         bool
		wantOneProblem string
	}{
		{"ok", false, ""}, {"..", false, "may not be '..'"}, {"..", true, ""}, {"a/b", true, "may not contain '/'"}, {"a%b", false, "may not contain '%'"},
	} {
		if got := strings.Join(ValidatePathSegmentName(test.name, test.prefix), ", "); got != test.wantOneProblem {
			t.Errorf("ValidatePathSegmentName(%q, %v) = %q, want %q", test.name, test.prefix, got, test.wantOneProblem)
		}
	}
}

func TestNewRequestWithClient(t *testing.T) {
	content := ClientContentConfig{GroupVersion: schema.GroupVersion{Version: "v1"}, Negotiator: runtime.NewClientNegotiator(testCodecs.WithoutConversion(), schema.GroupVersion{Version: "v1"})}
	base, _, err := DefaultServerURL("https://host/base", "", schema.GroupVersion{}, true)
	if err != nil {
		t.Fatal(err)
	}
	r := NewRequestWithClient(base, "api/v1", content, nil).Verb("GET").NamespaceIfScoped("ns", true).Resource("pods")
	if got := r.URL().String(); got != "https://host/base/api/v1/namespaces/ns/pods" || r.Error() != nil {
		t.Errorf("URL %s, error %v", got, r.Error())
	}
	if err := NewRequestWithClient(base, "../x", content, nil).Verb("GET").Do(t.Context()).Error(); err == nil || !strings.Contains(canary.Err(t, err).Error(), "invalid API path") {
		t.Errorf("error %v", err)
	}
}

func TestClientTellsWhatItIsFor(t *testing.T) {
	limiter := &slowLimiter{}
	c := newTestClient(t, nil, func(c *Config) { c.Transport, c.RateLimiter = http.DefaultTransport, limiter })
	if c.APIVersion() != (schema.GroupVersion{Version: "v1"}) || c.GetRateLimiter() != limiter {
		t.Errorf("version %v, limiter %v", c.APIVersion(), c.GetRateLimiter())
	}
	if (*RESTClient)(nil).GetRateLimiter() != nil {
		t.Error("a nil client has a limiter")
	}
	if CodecFactoryForGeneratedClient(testScheme, testCodecs).WithoutConversion() == nil {
		t.Error("no serializer")
	}
}

func TestHTTPWrappersForConfig(t *testing.T) {
	var header http.Header
	rt, err := HTTPWrappersForConfig(&Config{Host: "https://host", BearerToken: secret, UserAgent: "a"}, roundTripper(func(req *http.Request) (*http.Response, error) {
		header = req.Header
		return respond(200, "", nil), nil
	}))
	if err != nil {
		t.Fatal(err)
	}
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "https://host/exec", nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := rt.RoundTrip(req); err != nil {
		t.Fatal(err)
	}
	if header.Get("Authorization") != "Bearer "+secret || header.Get("User-Agent") != "a" {
		t.Errorf("headers %v", header)
	}
}

func TestRequestConstructionErrorUnwraps(t *testing.T) {
	c := newTestClient(t, func(*http.Request) (*http.Response, error) { return nil, http.ErrHandlerTimeout }, nil)
	err := c.Verb("a b").Do(t.Context()).Error()
	var construction *RequestConstructionError
	if !errors.As(canary.Err(t, err), &construction) || errors.Unwrap(err) == nil {
		t.Errorf("error %v", err)
	}
}
