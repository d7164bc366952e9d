package rest

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/kubewright/kubewright/pkg/clientcmd/api"
	"github.com/kubewright/kubewright/pkg/flowcontrol"
	"github.com/kubewright/kubewright/pkg/internal/canary"
)

// fullConfig has every field set.
func fullConfig() *Config {
	c := testConfig("https://user:" + secret + "@host/path")
	c.AcceptContentTypes, c.ContentType = "a", "b"
	c.Username, c.Password, c.BearerToken, c.BearerTokenFile = "u", secret, secret, "f"
	c.Impersonate = ImpersonationConfig{UserName: "i", UID: "1", Groups: []string{"g"}, Extra: map[string][]string{"k": {"v"}}}
	c.AuthProvider = &api.AuthProviderConfig{Name: "p", Config: map[string]string{"a": secret}}
	c.AuthConfigPersister = persister{}
	c.ExecProvider = &api.ExecConfig{Command: "c", Args: []string{secret}}
	c.TLSClientConfig = TLSClientConfig{Insecure: true, ServerName: "s", CertFile: "c", KeyFile: "k", CAFile: "a",
		CertData: []byte("c"), KeyData: []byte(secret), CAData: []byte("a"), NextProtos: []string{"h2"}}
	c.UserAgent, c.DisableCompression = "agent", true
	c.Transport = http.DefaultTransport
	c.WrapTransport = func(rt http.RoundTripper) http.RoundTripper { return rt }
	c.QPS, c.Burst, c.RateLimiter = 1, 2, flowcontrol.NewTokenBucketRateLimiter(1, 1)
	c.WarningHandler, c.WarningHandlerWithContext = NoWarnings{}, NoWarnings{}
	c.Timeout = time.Second
	c.Dial = func(context.Context, string, string) (net.Conn, error) { return nil, nil }
	c.Proxy = func(*http.Request) (*url.URL, error) { return nil, nil }
	return c
}

type persister struct{}

func (persister) Persist(map[string]string) error { return nil }

func TestFullConfigIsFull(t *testing.T) {
	v := reflect.ValueOf(*fullConfig())
	for i := range v.NumField() {
		if v.Field(i).IsZero() {
			t.Errorf("field %s is not set: the tests of copies do not see it", v.Type().Field(i).Name)
		}
	}
}

// withoutFuncs makes a Config comparable.
func withoutFuncs(c *Config) Config {
	d := *c
	d.WrapTransport, d.Dial, d.Proxy, d.NegotiatedSerializer, d.Transport, d.RateLimiter = nil, nil, nil, nil, nil, nil
	return d
}

// plainView lets cmp see the fields of a Config.
type plainView Config

func TestCopyConfigSharesNoData(t *testing.T) {
	c := fullConfig()
	copied := CopyConfig(c)
	if d := cmp.Diff(plainView(withoutFuncs(c)), plainView(withoutFuncs(copied))); d != "" {
		t.Fatalf("the copy is not equal (-original +copy):\n%s", d)
	}
	if copied.WrapTransport == nil || copied.Dial == nil || copied.Proxy == nil || copied.Transport == nil || copied.RateLimiter != c.RateLimiter {
		t.Error("the copy lacks a function or interface")
	}
	c.CertData[0], c.KeyData[0], c.CAData[0], c.NextProtos[0] = 'x', 'x', 'x', "x"
	c.Impersonate.Groups[0], c.Impersonate.Extra["k"][0] = "x", "x"
	c.Impersonate.Extra["new"] = nil
	c.AuthProvider.Config["a"], c.ExecProvider.Args[0] = "x", "x"
	c.GroupVersion = &schema.GroupVersion{Group: "x"}
	if d := cmp.Diff(plainView(withoutFuncs(fullConfig())), plainView(withoutFuncs(copied))); d != "" {
		t.Errorf("a change of the original reached the copy (-want +got):\n%s", d)
	}
}

func TestAnonymousClientConfigHasNoCredentials(t *testing.T) {
	got := AnonymousClientConfig(fullConfig())
	want := fullConfig()
	want.Host = "https://host/path"
	want.Username, want.Password, want.BearerToken, want.BearerTokenFile = "", "", "", ""
	want.Impersonate = ImpersonationConfig{}
	want.AuthProvider, want.AuthConfigPersister, want.ExecProvider = nil, nil, nil
	want.CertFile, want.CertData, want.KeyFile, want.KeyData = "", nil, "", nil
	if d := cmp.Diff(plainView(withoutFuncs(want)), plainView(withoutFuncs(got))); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
	if got.Transport != nil || got.WrapTransport != nil {
		t.Error("a custom transport is left, which may add credentials")
	}
}

func TestUserAgent(t *testing.T) {
	agent := DefaultKubernetesUserAgent()
	if strings.Count(agent, "/") < 3 || strings.ContainsAny(agent, "\r\n") || strings.Contains(agent, "((") {
		t.Errorf("user agent %q", agent)
	}
	c := AddUserAgent(&Config{}, "mine")
	if c.UserAgent != agent+"/mine" {
		t.Errorf("user agent %q", c.UserAgent)
	}
	if err := SetKubernetesDefaults(c); err != nil || c.UserAgent != agent+"/mine" {
		t.Errorf("user agent %q, error %v", c.UserAgent, err)
	}
	c = &Config{}
	if err := SetKubernetesDefaults(c); err != nil || c.UserAgent != agent {
		t.Errorf("user agent %q, error %v", c.UserAgent, err)
	}
	if got := printable("a b(c)\n/é"); got != "a_b_c____" {
		t.Errorf("printable = %q", got)
	}
}

func TestClientConstructionErrors(t *testing.T) {
	for _, test := range []struct {
		name   string
		change func(*Config)
		want   string
	}{
		{"no group version", func(c *Config) { c.GroupVersion = nil }, "needs Config.GroupVersion"},
		{"no serializer", func(c *Config) { c.NegotiatedSerializer = nil }, "needs Config.NegotiatedSerializer"},
		{"exec plugin", func(c *Config) { c.ExecProvider = &api.ExecConfig{Command: "aws", Args: []string{secret}} }, `exec plugin "aws": invalid apiVersion ""`},
		{"auth provider", func(c *Config) { c.AuthProvider = &api.AuthProviderConfig{Name: "none"} }, `no auth provider of name "none" is compiled in`},
		{"both", func(c *Config) { c.ExecProvider, c.AuthProvider = &api.ExecConfig{}, &api.AuthProviderConfig{} }, "both ExecProvider and AuthProvider are set"},
		{"wrong host", func(c *Config) { c.Host = "ftp://u:" + secret + "@h" }, `its scheme is "ftp"`},
		{"CA and Insecure", func(c *Config) { c.Insecure, c.CAData = true, []byte("x") }, "a CA is set together with Insecure"},
		{"CA that is none", func(c *Config) { c.CAData = []byte("x") }, "holds no PEM certificate"},
		{"CA file that is not there", func(c *Config) { c.CAFile = "/no/such/file" }, "unable to read the certificate authority: open /no/such/file"},
		{"certificate without key", func(c *Config) { c.CertData = []byte("x") }, "without its key"},
		{"key without certificate", func(c *Config) { c.KeyData = []byte(secret) }, "without its certificate"},
		{"certificate that is none", func(c *Config) { c.CertData, c.KeyData = []byte("x"), []byte(secret) }, "unable to use the client certificate"},
		{"TLS with own transport", func(c *Config) { c.CAData, c.Transport = []byte("x"), http.DefaultTransport }, "together with a custom Transport"},
		{"password and token", func(c *Config) { c.Username, c.BearerToken = "u", secret }, "both a user name and a bearer token are set"},
		{"token with a line break", func(c *Config) { c.BearerToken = secret + "\r\nX: y" }, "bearer token: the value has a line break"},
		{"token file that is not there", func(c *Config) { c.BearerTokenFile = "/no/such/file" }, "open /no/such/file"},
		{"user agent with a line break", func(c *Config) { c.UserAgent = "a\nb" }, "user agent: the value has a line break"},
		{"impersonation with a line break", func(c *Config) { c.Impersonate.UserName = "a\r\nImpersonate-Group: system:masters" }, "impersonation: the value has a line break"},
		{"impersonation without user", func(c *Config) { c.Impersonate.Groups = []string{"g"} }, "needs a user name too"},
		{"negative burst", func(c *Config) { c.QPS, c.Burst = 1, -1 }, "Config.Burst is negative"},
	} {
		t.Run(test.name, func(t *testing.T) {
			c := testConfig("https://host")
			test.change(c)
			_, err := RESTClientFor(c)
			if err == nil || !strings.Contains(canary.Err(t, err).Error(), test.want) || strings.Contains(canary.Err(t, err).Error(), secret) {
				t.Errorf("error %v\nwant one with %s", err, test.want)
			}
		})
	}
}

func TestInClusterConfig(t *testing.T) {
	env := map[string]string{"KUBERNETES_SERVICE_HOST": "fd00::1", "KUBERNETES_SERVICE_PORT": "443"}
	getenv := func(name string) string { return env[name] }
	dir := t.TempDir()
	if _, err := inClusterConfig(func(string) string { return "" }, dir); !errors.Is(canary.Err(t, err), ErrNotInCluster) {
		t.Errorf("outside: error %v", err)
	}
	if _, err := inClusterConfig(getenv, dir); !errors.Is(canary.Err(t, err), os.ErrNotExist) || !strings.Contains(canary.Err(t, err).Error(), "service account's token") {
		t.Errorf("without token: error %v", err)
	}
	write(t, filepath.Join(dir, "token"), secret+"\n")
	if c, err := inClusterConfig(getenv, dir); err != nil || c.CAFile != "" || c.Insecure {
		t.Errorf("without CA: %v, %v", c, err)
	}
	write(t, filepath.Join(dir, "ca.crt"), "x")
	if _, err := inClusterConfig(getenv, dir); err == nil || !strings.Contains(canary.Err(t, err).Error(), "has no certificate") {
		t.Errorf("with a wrong CA: error %v", err)
	}
	server := httptest.NewTLSServer(nil)
	defer server.Close()
	write(t, filepath.Join(dir, "ca.crt"), certificatePEM(server))
	c, err := inClusterConfig(getenv, dir)
	if err != nil {
		t.Fatal(err)
	}
	if c.Host != "https://[fd00::1]:443" || c.BearerToken != secret || c.BearerTokenFile != filepath.Join(dir, "token") || c.CAFile != filepath.Join(dir, "ca.crt") {
		t.Errorf("config %v", c)
	}
}

func TestLoadTLSFiles(t *testing.T) {
	dir := t.TempDir()
	write(t, filepath.Join(dir, "ca"), "from file")
	c := &Config{TLSClientConfig: TLSClientConfig{CAFile: filepath.Join(dir, "ca"), CertData: []byte("data"), CertFile: "/no/such/file"}}
	if err := LoadTLSFiles(c); err != nil {
		t.Fatal(err)
	}
	if string(c.CAData) != "from file" || string(c.CertData) != "data" || c.KeyData != nil {
		t.Errorf("CA %q, certificate %q, key %q", c.CAData, c.CertData, c.KeyData)
	}
	c.KeyFile = "/no/such/file"
	if err := LoadTLSFiles(c); !errors.Is(canary.Err(t, err), os.ErrNotExist) {
		t.Errorf("error %v", err)
	}
}

func TestTLSConfigFor(t *testing.T) {
	if c, err := TLSConfigFor(&Config{Host: "https://h"}); c != nil || err != nil {
		t.Errorf("without TLS options: %v, %v", c, err)
	}
	c, err := TLSConfigFor(&Config{Host: "https://h", TLSClientConfig: TLSClientConfig{ServerName: "s"}})
	if err != nil || c.ServerName != "s" || c.MinVersion != tls.VersionTLS12 {
		t.Errorf("%v, %v", c, err)
	}
}

func TestConfigWrapAddsOutermost(t *testing.T) {
	var order []string
	wrapper := func(name string) func(http.RoundTripper) http.RoundTripper {
		return func(rt http.RoundTripper) http.RoundTripper {
			return roundTripper(func(req *http.Request) (*http.Response, error) {
				order = append(order, name)
				return rt.RoundTrip(req)
			})
		}
	}
	c := newTestClient(t, func(*http.Request) (*http.Response, error) { return respond(200, "", nil), nil }, func(c *Config) {
		c.Wrap(wrapper("first"))
		c.Wrap(wrapper("second"))
	})
	if err := c.Get().Do(t.Context()).Error(); err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(order, " "); got != "second first" {
		t.Errorf("order %q", got)
	}
}

func write(t testing.TB, path, content string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
}
