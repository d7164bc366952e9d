package transport

import (
	"crypto/tls"
	"errors"
	"fmt"
	"net/http"
	"os"
	"slices"
	"time"

	utilnet "k8s.io/apimachinery/pkg/util/net"

	"github.com/kubewright/kubewright/pkg/metrics"
)

const (
	tlsHandshakeTimeout = 10 * time.Second
	idleConnTimeout     = 90 * time.Second
	// maxIdlePerHost keeps as many HTTP/1.1 connections as a busy controller uses, instead of net/http's two.
	maxIdlePerHost = 25
	// maxResponseHeaderBytes is far more than an API server sends.
	maxResponseHeaderBytes = 1 << 20
)

// New returns a round tripper for config, with connections of its own unless config.Transport is set. Pool.New shares them.
func New(config *Config) (http.RoundTripper, error) {
	metrics.EnsureRegistered()
	rt, err := base(config)
	if err != nil {
		return nil, err
	}
	return HTTPWrappersForConfig(config, rt)
}

// base returns the round tripper that has the connections.
func base(config *Config) (http.RoundTripper, error) {
	if config.Transport != nil {
		if config.HasCA() || config.HasCertAuth() || config.HasCertCallback() || config.TLS.Insecure {
			return nil, errors.New("TLS options are set together with a custom Transport, which would ignore them: configure TLS in the Transport")
		}
		return config.Transport, nil
	}
	return newTransport(config)
}

// newTransport returns a new transport for config, which has none.
func newTransport(config *Config) (*handle, error) {
	if config.rotates() {
		r, err := newRotating(config)
		if err != nil {
			return nil, err
		}
		return newHandle(r), nil
	}
	tlsConfig, err := TLSConfigFor(config)
	if err != nil {
		return nil, err
	}
	return newHandle(transportBuilder(config)(tlsConfig)), nil
}

// transportBuilder returns a function that makes a transport for config with the given tls.Config, which it may change.
func transportBuilder(config *Config) func(*tls.Config) *http.Transport {
	dial := newDialer().DialContext
	if config.DialHolder != nil && config.DialHolder.Dial != nil {
		dial = config.DialHolder.Dial
	}
	proxy := config.Proxy
	if proxy == nil {
		proxy = utilnet.NewProxierWithNoProxyCIDR(http.ProxyFromEnvironment)
	}
	http2 := http2Settings(os.Getenv)
	protos := slices.Clone(config.TLS.NextProtos)
	http1Only := http2 == nil || len(protos) > 0 && !slices.Contains(protos, "h2")
	disableCompression := config.DisableCompression

	return func(tlsConfig *tls.Config) *http.Transport {
		t := &http.Transport{
			Proxy:                  proxy,
			DialContext:            dial,
			TLSClientConfig:        tlsConfig,
			TLSHandshakeTimeout:    tlsHandshakeTimeout,
			IdleConnTimeout:        idleConnTimeout,
			MaxIdleConnsPerHost:    maxIdlePerHost,
			MaxResponseHeaderBytes: maxResponseHeaderBytes,
			DisableCompression:     disableCompression,
			ForceAttemptHTTP2:      true,
			HTTP2:                  http2,
		}
		if http1Only {
			t.ForceAttemptHTTP2 = false
			t.Protocols = new(http.Protocols)
			t.Protocols.SetHTTP1(true)
			if tlsConfig != nil {
				tlsConfig.NextProtos = slices.DeleteFunc(slices.Clone(protos), func(p string) bool { return p == "h2" })
			}
		}
		return t
	}
}

// HTTPWrappersForConfig puts the round trippers that config asks for around rt: middleware, credentials, impersonation and
// user agent. It is for clients that bring their own transport, such as those that hijack connections; others use New.
func HTTPWrappersForConfig(config *Config, rt http.RoundTripper) (http.RoundTripper, error) {
	if config.HasBasicAuth() && config.HasTokenAuth() {
		return nil, errors.New("both a user name and a bearer token are set, of which only one can be sent: remove one of them")
	}
	if err := config.Impersonate.validate(); err != nil {
		return nil, err
	}
	if err := validHeaderValue(config.UserAgent); err != nil {
		return nil, fmt.Errorf("user agent: %w", err)
	}

	if config.WrapTransport != nil {
		rt = config.WrapTransport(rt)
	}
	rt = DebugWrappers(rt)
	trusted, err := withCredentials(config, rt)
	if err != nil {
		return nil, err
	}
	if len(config.UserAgent) > 0 {
		trusted = NewUserAgentRoundTripper(config.UserAgent, trusted)
		rt = NewUserAgentRoundTripper(config.UserAgent, rt)
	}
	if config.Origin != nil && config.hasIdentity() {
		return newSameOriginRoundTripper(config.Origin, trusted, rt), nil
	}
	return trusted, nil
}

// withCredentials puts around rt what tells the server who the client is.
func withCredentials(config *Config, rt http.RoundTripper) (http.RoundTripper, error) {
	switch {
	case config.HasTokenAuth():
		var err error
		if rt, err = NewBearerAuthWithRefreshRoundTripper(config.BearerToken, config.BearerTokenFile, rt); err != nil {
			return nil, err
		}
	case config.HasBasicAuth():
		rt = NewBasicAuthRoundTripper(config.Username, config.Password, rt)
	case config.Credentials != nil:
		rt = NewCredentialRoundTripper(config.Credentials, rt)
	}
	if !config.Impersonate.empty() {
		rt = NewImpersonatingRoundTripper(config.Impersonate, rt)
	}
	return rt, nil
}

// hasIdentity reports whether withCredentials does anything.
func (c *Config) hasIdentity() bool {
	return c.HasTokenAuth() || c.HasBasicAuth() || c.hasCredentials() || !c.Impersonate.empty()
}
