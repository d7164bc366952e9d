package transport

import (
	"crypto/tls"
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestConfigSaysWhatItHas(t *testing.T) {
	type has struct{ CA, Basic, Token, Cert, Callback bool }
	for name, test := range map[string]struct {
		config Config
		want   has
	}{
		"nothing":              {},
		"CA data":              {Config{TLS: TLSConfig{CAData: []byte("x")}}, has{CA: true}},
		"CA file":              {Config{TLS: TLSConfig{CAFile: "x"}}, has{CA: true}},
		"user name":            {Config{Username: "x"}, has{Basic: true}},
		"password alone":       {Config{Password: "x"}, has{}},
		"token":                {Config{BearerToken: "x"}, has{Token: true}},
		"token file":           {Config{BearerTokenFile: "x"}, has{Token: true}},
		"certificate data":     {Config{TLS: TLSConfig{CertData: []byte("x"), KeyData: []byte("x")}}, has{Cert: true}},
		"certificate files":    {Config{TLS: TLSConfig{CertFile: "x", KeyFile: "x"}}, has{Cert: true}},
		"data and file":        {Config{TLS: TLSConfig{CertData: []byte("x"), KeyFile: "x"}}, has{Cert: true}},
		"certificate, no key":  {Config{TLS: TLSConfig{CertFile: "x"}}, has{}},
		"certificate callback": {Config{TLS: TLSConfig{GetCertHolder: &GetCertHolder{GetCert: func() (*tls.Certificate, error) { return nil, nil }}}}, has{Callback: true}},
	} {
		c := &test.config
		got := has{c.HasCA(), c.HasBasicAuth(), c.HasTokenAuth(), c.HasCertAuth(), c.HasCertCallback()}
		if got != test.want {
			t.Errorf("%s: got %+v, want %+v", name, got, test.want)
		}
	}
}

// TestSetAuthProxyHeadersReplacesIdentities: what a request says of its user already would be believed, too.
func TestSetAuthProxyHeadersReplacesIdentities(t *testing.T) {
	req := &http.Request{Header: http.Header{
		"X-Remote-User":         {"intruder"},
		"X-Remote-Group":        {"system:masters"},
		"X-Remote-Extra-Scopes": {"all"},
		"Accept":                {"x"},
	}}
	SetAuthProxyHeaders(req, "jane", "42", []string{"dev", "ops"}, map[string][]string{"example.com/key": {"a", "b"}})
	want := http.Header{
		"X-Remote-User":                    {"jane"},
		"X-Remote-Uid":                     {"42"},
		"X-Remote-Group":                   {"dev", "ops"},
		"X-Remote-Extra-Example.com%2fkey": {"a", "b"},
		"Accept":                           {"x"},
	}
	if diff := cmp.Diff(want, req.Header); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}
