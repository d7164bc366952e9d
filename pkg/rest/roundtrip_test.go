package rest

import (
	"context"
	"errors"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/kubewright/kubewright/pkg/internal/canary"
)

// TestRoundTripAnswersAsHTTPClientDoes compares answers and errors with those of an http.Client, whose Do is left out.
func TestRoundTripAnswersAsHTTPClientDoes(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		if _, password, ok := req.BasicAuth(); ok {
			w.Header().Set("Password", password)
		}
		if req.URL.Path == "/moved" {
			http.Redirect(w, req, "/elsewhere", http.StatusTemporaryRedirect)
		}
	}))
	defer server.Close()
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	follow := func(*http.Request, []*http.Request) error { return nil }
	for name, test := range map[string]struct {
		client *http.Client
		ctx    context.Context
		method string
		url    string
	}{
		"answer":                   {client: &http.Client{}, url: server.URL},
		"no client":                {url: server.URL},
		"HEAD":                     {client: &http.Client{}, method: http.MethodHead, url: server.URL},
		"redirect":                 {client: &http.Client{}, url: server.URL + "/moved"},
		"redirect that is refused": {client: &http.Client{CheckRedirect: refuseRedirect}, url: server.URL + "/moved"},
		"redirect that is allowed": {client: &http.Client{CheckRedirect: follow}, url: server.URL + "/moved"},
		"cookies":                  {client: &http.Client{Jar: jar}, url: server.URL},
		"timeout":                  {client: &http.Client{Timeout: time.Hour}, url: server.URL},
		"user in the address":      {client: &http.Client{}, url: strings.Replace(server.URL, "//", "//user:password@", 1)},
		"HTTP where TLS is spoken": {client: &http.Client{}, url: strings.Replace(server.URL, "http:", "https:", 1)},
		"nobody listens":           {client: &http.Client{}, method: http.MethodPut, url: "http://127.0.0.1:1/path"},
		"unknown scheme":           {client: &http.Client{}, url: "gopher://127.0.0.1/path"},
		"context that has ended":   {client: &http.Client{}, ctx: ended, url: server.URL},
		"failing transport": {
			client: &http.Client{Transport: roundTripper(func(*http.Request) (*http.Response, error) { return nil, errors.New("broken") })}, url: server.URL,
		},
	} {
		t.Run(name, func(t *testing.T) {
			if test.ctx == nil {
				test.ctx = t.Context()
			}
			answer := func(send func(*http.Client, *http.Request) (*http.Response, error)) string {
				req, err := http.NewRequestWithContext(test.ctx, test.method, test.url, http.NoBody)
				if err != nil {
					t.Fatal(err)
				}
				resp, err := send(test.client, req)
				if err != nil {
					if _, ok := errors.AsType[*url.Error](err); !ok {
						t.Errorf("the error is a %T", err)
					}
					return err.Error()
				}
				defer resp.Body.Close()
				return resp.Status + resp.Header.Get("Location") + resp.Header.Get("Password") + resp.Request.URL.Path
			}
			got := answer(roundTrip)
			want := answer(func(client *http.Client, req *http.Request) (*http.Response, error) {
				return withoutRedirects(client).Do(req)
			})
			if got != want {
				t.Errorf("got %q, want %q", got, want)
			}
		})
	}
}

func TestRoundTripSurvivesTransportsOfTests(t *testing.T) {
	req := httptest.NewRequest(http.MethodGet, "https://server.example/path?token="+canary.Secret, http.NoBody)
	send := func(resp *http.Response, err error) (*http.Response, error) {
		return roundTrip(&http.Client{Transport: roundTripper(func(*http.Request) (*http.Response, error) { return resp, err })}, req)
	}
	if _, err := send(nil, nil); err == nil || err.Error() != `Get "https://server.example/path": `+errNoResponse.Error() {
		t.Errorf("no response: %v", err)
	}
	resp, err := send(&http.Response{StatusCode: http.StatusOK}, nil)
	if err != nil || resp.Body != http.NoBody {
		t.Errorf("no body: %v, %v", resp, err)
	}
}
