package transport

import (
	"context"
	"crypto/tls"
	"encoding/base64"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/oauth2"

	"github.com/kubewright/kubewright/pkg/internal/canary"
)

// recorder keeps the headers of the last request.
type recorder struct{ header http.Header }

func (r *recorder) RoundTrip(req *http.Request) (*http.Response, error) {
	r.header = req.Header
	return &http.Response{StatusCode: http.StatusOK, Body: http.NoBody}, nil
}

// send sends a request through rt and fails the test if rt changes it.
func send(t *testing.T, rt http.RoundTripper, target string, header http.Header) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, target, nil)
	if err != nil {
		t.Fatal(err)
	}
	for name, values := range header {
		req.Header[name] = values
	}
	before := req.Header.Clone()
	if _, err := rt.RoundTrip(req); err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(before, req.Header); d != "" {
		t.Errorf("the caller's request was changed (-before +after):\n%s", d)
	}
}

func origin(t *testing.T, s string) *url.URL {
	t.Helper()
	u, err := url.Parse(s)
	if err != nil {
		t.Fatal(err)
	}
	return u
}

func TestHeaders(t *testing.T) {
	for _, test := range []struct {
		name   string
		config Config
		own    http.Header
		want   http.Header
	}{
		{"nothing", Config{}, nil, http.Header{}},
		{"user agent", Config{UserAgent: "a"}, nil, http.Header{"User-Agent": {"a"}}},
		{"own user agent", Config{UserAgent: "a"}, http.Header{"User-Agent": {"mine"}}, http.Header{"User-Agent": {"mine"}}},
		{"bearer", Config{BearerToken: canary.Secret}, nil, http.Header{"Authorization": {"Bearer " + canary.Secret}}},
		{"own authorization", Config{BearerToken: canary.Secret}, http.Header{"Authorization": {"x"}}, http.Header{"Authorization": {"x"}}},
		{"basic", Config{Username: "Aladdin", Password: canary.Secret}, nil, http.Header{"Authorization": {"Basic " + base64.StdEncoding.EncodeToString([]byte("Aladdin:"+canary.Secret))}}},
		{"own authorization instead of basic", Config{Username: "u"}, http.Header{"Authorization": {"x"}}, http.Header{"Authorization": {"x"}}},
		{"impersonation", Config{Impersonate: ImpersonationConfig{UserName: "u", UID: "1", Groups: []string{"a", "b"}, Extra: map[string][]string{"example.com/%ä": {"x", "y"}}}}, nil,
			http.Header{"Impersonate-User": {"u"}, "Impersonate-Uid": {"1"}, "Impersonate-Group": {"a", "b"}, "Impersonate-Extra-Example.com%2f%25%c3%a4": {"x", "y"}}},
		{"own impersonation", Config{Impersonate: ImpersonationConfig{UserName: "u"}}, http.Header{"Impersonate-User": {"x"}}, http.Header{"Impersonate-User": {"x"}}},
		{"all", Config{UserAgent: "a", BearerToken: canary.Secret, Impersonate: ImpersonationConfig{UserName: "u"}}, http.Header{"X": {"y"}},
			http.Header{"X": {"y"}, "User-Agent": {"a"}, "Authorization": {"Bearer " + canary.Secret}, "Impersonate-User": {"u"}}},
	} {
		t.Run(test.name, func(t *testing.T) {
			r := &recorder{}
			test.config.Transport = r
			rt, err := New(&test.config)
			if err != nil {
				t.Fatal(err)
			}
			send(t, rt, "https://host/", test.own)
			if d := cmp.Diff(test.want, r.header); d != "" {
				t.Errorf("headers (-want +got):\n%s", d)
			}
		})
	}
}

func TestCredentialsGoToTheOriginOnly(t *testing.T) {
	r := &recorder{}
	rt, err := New(&Config{UserAgent: "a", BearerToken: canary.Secret, Impersonate: ImpersonationConfig{UserName: "u"}, Transport: r, Origin: origin(t, "https://Host")})
	if err != nil {
		t.Fatal(err)
	}
	for target, want := range map[string]bool{
		"https://host/x": true, "https://HOST:443/": true, "wss://host/": true,
		"http://host/": false, "https://host:6443/": false, "https://host.evil.example/": false, "https://evil/": false, "ws://host/": false,
	} {
		send(t, rt, target, nil)
		_, authorized := r.header["Authorization"]
		_, impersonates := r.header["Impersonate-User"]
		if authorized != want || impersonates != want {
			t.Errorf("%s: authorization %v, impersonation %v, want %v", target, authorized, impersonates, want)
		}
		if r.header.Get("User-Agent") != "a" {
			t.Errorf("%s: no user agent", target)
		}
	}
}

func TestTokenFileIsReadAgainAndTheLastGoodTokenKept(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		path := filepath.Join(t.TempDir(), "token")
		write := func(s string) {
			t.Helper()
			if err := os.WriteFile(path, []byte(s), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		write(one + "\n")
		r := &recorder{}
		rt, err := NewBearerAuthWithRefreshRoundTripper("ignored", path, r)
		if err != nil {
			t.Fatal(err)
		}
		expect := func(want string) {
			t.Helper()
			send(t, rt, "https://host/", nil)
			if got := r.header.Get("Authorization"); got != "Bearer "+want {
				t.Errorf("Authorization %q, want token %q", got, want)
			}
		}
		expect(one)
		write(two)
		expect(one) // not due yet
		time.Sleep(tokenFileAge)
		expect(two)
		for _, bad := range []string{"", " \n", one + "\nb", strings.Repeat(one, maxFileBytes)} {
			write(bad)
			time.Sleep(tokenFileAge)
			expect(two)
		}
		if err := os.Remove(path); err != nil {
			t.Fatal(err)
		}
		time.Sleep(tokenFileAge)
		expect(two)
		write(three)
		time.Sleep(tokenFileAge)
		expect(three)
	})
}

func TestTokenFileThatCannotBeReadAtFirst(t *testing.T) {
	path := filepath.Join(t.TempDir(), "token")
	if _, err := NewBearerAuthWithRefreshRoundTripper("", path, nil); err == nil || !strings.Contains(canary.Err(t, err).Error(), path) {
		t.Errorf("error %v, want one that names the file", err)
	}
	r := &recorder{}
	rt, err := NewBearerAuthWithRefreshRoundTripper(canary.Secret, path, r)
	if err != nil {
		t.Fatal(err)
	}
	send(t, rt, "https://host/", nil)
	if got := r.header.Get("Authorization"); got != "Bearer "+canary.Secret {
		t.Errorf("Authorization %q, want the given token", got)
	}
}

func TestWrappers(t *testing.T) {
	if Wrappers() != nil || Wrappers(nil, nil) != nil {
		t.Error("no wrappers make a wrapper")
	}
	var order []string
	wrapper := func(name string) WrapperFunc {
		return func(rt http.RoundTripper) http.RoundTripper {
			order = append(order, name)
			return rt
		}
	}
	c := &Config{Transport: &recorder{}}
	c.Wrap(wrapper("a"))
	c.Wrap(nil)
	c.WrapTransport = Wrappers(c.WrapTransport, wrapper("b"), wrapper("c"))
	if _, err := New(c); err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(order, " "); got != "a b c" {
		t.Errorf("order %q", got)
	}
}

func TestTransportSettings(t *testing.T) {
	rt, err := New(&Config{DisableCompression: true, TLS: TLSConfig{ServerName: "s"}})
	if err != nil {
		t.Fatal(err)
	}
	tr := transportOf(t, rt).rt.(*http.Transport)
	if !tr.DisableCompression || !tr.ForceAttemptHTTP2 || tr.TLSClientConfig.MinVersion != tls.VersionTLS12 || tr.TLSClientConfig.ServerName != "s" {
		t.Errorf("transport %+v", tr)
	}
	if tr.HTTP2.SendPingTimeout != readIdleTimeout || tr.HTTP2.PingTimeout != pingTimeout {
		t.Errorf("HTTP/2 health checks: %+v", tr.HTTP2)
	}
	other, err := New(&Config{})
	if err != nil {
		t.Fatal(err)
	}
	if transportOf(t, other).rt == tr || transportOf(t, other).rt == http.DefaultTransport {
		t.Error("two clients share a transport")
	}
}

func TestCertificateCallback(t *testing.T) {
	want := &tls.Certificate{Certificate: [][]byte{{1}}}
	holder := &GetCertHolder{GetCert: func() (*tls.Certificate, error) { return want, nil }}
	c, err := TLSConfigFor(&Config{TLS: TLSConfig{GetCertHolder: holder}})
	if err != nil {
		t.Fatal(err)
	}
	if got, err := c.GetClientCertificate(&tls.CertificateRequestInfo{}); got != want || err != nil {
		t.Errorf("%v, %v", got, err)
	}
	holder.GetCert = func() (*tls.Certificate, error) { return nil, nil }
	c, err = TLSConfigFor(&Config{TLS: TLSConfig{GetCertHolder: holder}})
	if err != nil {
		t.Fatal(err)
	}
	if got, err := c.GetClientCertificate(&tls.CertificateRequestInfo{}); got == nil || err != nil {
		t.Errorf("no certificate: %v, %v, want an empty one", got, err)
	}
}

func TestConfigPrintsNoSecrets(t *testing.T) {
	c := Config{Password: canary.Secret, BearerToken: canary.Secret, UserAgent: "agent", TLS: TLSConfig{KeyData: []byte(canary.Secret), CertData: []byte(canary.Secret)}}
	bytesOfCanary := strings.Trim(fmt.Sprintf("%d", []byte(canary.Secret)), "[]")
	var log strings.Builder
	slog.New(slog.NewJSONHandler(&log, nil)).Info("x", "c", c, "p", &c, "t", c.TLS)
	outs := []string{log.String(), c.String(), c.GoString(), c.TLS.String(), c.TLS.GoString()}
	for _, v := range []any{c, &c, c.TLS, &c.TLS, struct{ C *Config }{&c}} {
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
			outs = append(outs, fmt.Sprintf(verb, v))
		}
	}
	for _, out := range outs {
		for _, bad := range []string{canary.Secret, fmt.Sprintf("%x", canary.Secret), bytesOfCanary} {
			if strings.Contains(out, bad) {
				t.Errorf("a secret shows in %s", out)
			}
		}
	}
	if !strings.Contains(c.String(), "agent") {
		t.Errorf("nothing shows in %s", c)
	}
}

// k8s#104844: a wrapper that hides what can be closed.
func TestCloseIdleConnectionsReachesTheTransportThroughEveryWrapper(t *testing.T) {
	build := func(config Config) func(http.RoundTripper) http.RoundTripper {
		return func(rt http.RoundTripper) http.RoundTripper {
			config.Transport = rt
			outer, err := New(&config)
			if err != nil {
				t.Fatal(err)
			}
			return outer
		}
	}
	tokenFile := filepath.Join(t.TempDir(), "token")
	writeFile(t, tokenFile, "token")
	source := oauth2.StaticTokenSource(&oauth2.Token{AccessToken: canary.Secret})
	for name, wrap := range map[string]func(http.RoundTripper) http.RoundTripper{
		"all of a config": build(Config{UserAgent: "a", BearerToken: canary.Secret, Impersonate: ImpersonationConfig{UserName: "u"}, Origin: origin(t, "https://host")}),
		"basic":           build(Config{Username: "u"}),
		"token file":      build(Config{BearerTokenFile: tokenFile}),
		"credentials":     build(Config{Credentials: &scripted{}}),
		"token source":    TokenSourceWrapTransport(source),
		"canceller":       ContextCanceller(t.Context(), context.Canceled),
		"debug":           func(rt http.RoundTripper) http.RoundTripper { return NewDebuggingRoundTripper(rt, DebugJustURL) },
		"proxy":           func(rt http.RoundTripper) http.RoundTripper { return NewAuthProxyRoundTripper("u", "", nil, nil, rt) },
		"user agent":      func(rt http.RoundTripper) http.RoundTripper { return NewUserAgentRoundTripper("a", rt) },
		"handle":          func(rt http.RoundTripper) http.RoundTripper { return newHandle(rt) },
	} {
		inner := &closable{}
		(&http.Client{Transport: wrap(inner)}).CloseIdleConnections()
		if inner.closed != 1 {
			t.Errorf("%s: closed %d times, want once", name, inner.closed)
		}
	}
}

type closable struct {
	recorder
	closed int
}

func (c *closable) CloseIdleConnections() { c.closed++ }
