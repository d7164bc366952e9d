package rest

import (
	"crypto/tls"
	"fmt"
	"net/http"
	"os"

	"github.com/kubewright/kubewright/pkg/transport"
)

// HTTPClientFor returns an http.Client with the identity, credentials and connections that config asks for. Clients whose
// configurations ask for the same connections share them (transport.Pool says what that means); redirects are not followed.
//
// The client needs not be closed: its idle connections are closed when nobody holds it any more, and when they were idle for
// 90 seconds. CloseIdleConnections closes them at once.
func HTTPClientFor(config *Config) (*http.Client, error) {
	rt, err := TransportFor(config)
	if err != nil {
		return nil, err
	}
	return &http.Client{Transport: rt, Timeout: config.Timeout, CheckRedirect: refuseRedirect}, nil
}

// TransportFor returns the http.RoundTripper of HTTPClientFor.
func TransportFor(config *Config) (http.RoundTripper, error) {
	c, err := config.TransportConfig()
	if err != nil {
		return nil, err
	}
	return transports.New(c)
}

// HTTPWrappersForConfig puts around rt what config asks for above the connection: middleware, credentials, impersonation,
// user agent. It is for clients that bring their own transport; others use TransportFor.
func HTTPWrappersForConfig(config *Config, rt http.RoundTripper) (http.RoundTripper, error) {
	c, err := config.TransportConfig()
	if err != nil {
		return nil, err
	}
	return transport.HTTPWrappersForConfig(c, rt)
}

// TLSConfigFor returns the tls.Config that config asks for, or nil if it says nothing about TLS.
func TLSConfigFor(config *Config) (*tls.Config, error) {
	c, err := config.TransportConfig()
	if err != nil {
		return nil, err
	}
	return transport.TLSConfigFor(c)
}

// TransportConfig returns the part of c that package transport needs. Credentials are bound to the server that c names.
func (c *Config) TransportConfig() (*transport.Config, error) {
	origin, _, err := DefaultServerUrlFor(c)
	if err != nil {
		return nil, err
	}
	t := &transport.Config{
		UserAgent:       c.UserAgent,
		Username:        c.Username,
		Password:        c.Password,
		BearerToken:     c.BearerToken,
		BearerTokenFile: c.BearerTokenFile,
		Impersonate: transport.ImpersonationConfig{
			UserName: c.Impersonate.UserName,
			UID:      c.Impersonate.UID,
			Groups:   c.Impersonate.Groups,
			Extra:    c.Impersonate.Extra,
		},
		TLS: transport.TLSConfig{
			Insecure:   c.Insecure,
			ServerName: c.ServerName,
			CAFile:     c.CAFile,
			CAData:     c.CAData,
			CertFile:   c.CertFile,
			CertData:   c.CertData,
			KeyFile:    c.KeyFile,
			KeyData:    c.KeyData,
			NextProtos: c.NextProtos,

			ReloadTLSFiles: true,
			ReloadCAFiles:  true,
		},
		DisableCompression: c.DisableCompression,
		Transport:          c.Transport,
		WrapTransport:      c.WrapTransport,
		Proxy:              c.Proxy,
		Origin:             origin,
	}
	if c.Dial != nil {
		t.DialHolder = &transport.DialHolder{Dial: c.Dial}
	}
	if err := c.addPlugins(t); err != nil {
		return nil, err
	}
	return t, nil
}

// LoadTLSFiles reads the files that c names into the data fields that are empty.
func LoadTLSFiles(c *Config) error {
	for _, f := range []struct {
		what string
		data *[]byte
		file string
	}{
		{"certificate authority", &c.CAData, c.CAFile},
		{"client certificate", &c.CertData, c.CertFile},
		{"client key", &c.KeyData, c.KeyFile},
	} {
		if len(*f.data) > 0 || f.file == "" {
			continue
		}
		content, err := os.ReadFile(f.file)
		if err != nil {
			return fmt.Errorf("unable to read the %s: %w", f.what, err)
		}
		*f.data = content
	}
	return nil
}

// IsConfigTransportTLS reports whether a client for config would speak TLS to the server, so that credentials can be sent.
// With Insecure it does, but to whom is not known.
func IsConfigTransportTLS(config Config) bool {
	base, _, err := DefaultServerUrlFor(&config)
	return err == nil && base.Scheme == "https"
}

// refuseRedirect is the CheckRedirect of clients that return a redirect instead of following it: API servers send none, and
// what a redirect leads to could be anything (CVE-2020-8559, CVE-2022-3172).
func refuseRedirect(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }

// withoutRedirects returns client if it has a policy of its own about redirects, else a copy of it that follows none. nil
// stands for the client that uses http.DefaultTransport.
func withoutRedirects(client *http.Client) *http.Client {
	switch {
	case client == nil:
		return &http.Client{CheckRedirect: refuseRedirect}
	case client.CheckRedirect != nil:
		return client
	}
	c := *client
	c.CheckRedirect = refuseRedirect
	return &c
}
