package transport

import (
	"context"
	"crypto/tls"
	"net"
	"net/http"
	"net/url"
)

// Config says how to reach a server and as whom. It is not changed by this package.
type Config struct {
	// UserAgent is sent with requests that have no User-Agent header.
	UserAgent string

	// TLS configures connections.
	TLS TLSConfig

	// Username and Password are for HTTP basic authentication.
	Username string
	Password string `datapolicy:"password"`

	// BearerToken is sent as Authorization header.
	BearerToken string `datapolicy:"token"`

	// BearerTokenFile is the path of a file that holds the token and is read again once it is a minute old, or when the
	// server refuses the token. What was last read wins over BearerToken.
	BearerTokenFile string

	// Credentials provides a bearer token or a client certificate, or both, that may change. It is not asked if there is
	// a user name or bearer token.
	Credentials CredentialSource

	// Impersonate is whom the server shall take the client for.
	Impersonate ImpersonationConfig

	// DisableCompression asks the server not to compress responses.
	DisableCompression bool

	// Transport replaces the transport that TLS, DialHolder, Proxy and DisableCompression would configure; none of the
	// client certificate options may be set with it.
	Transport http.RoundTripper

	// WrapTransport puts middleware around the transport, below the round trippers that add credentials. Use Wrap to
	// add to it.
	WrapTransport WrapperFunc

	// DialHolder makes the connections.
	DialHolder *DialHolder

	// Proxy chooses the proxy of a request; nil means the one that the environment names, NO_PROXY with CIDRs included.
	Proxy func(*http.Request) (*url.URL, error)

	// Origin, if set, is the base URL of the only server that credentials are sent to: requests to another scheme, host
	// or port go out without. Requests for wss and ws count as https and http.
	Origin *url.URL
}

// TLSConfig configures TLS. Data wins over the file of the same purpose.
type TLSConfig struct {
	CAFile         string // Path of the PEM bundle that servers are checked against; the system's if neither it nor CAData is set.
	CertFile       string // Path of the client's PEM certificate.
	KeyFile        string // Path of the client's PEM key.
	ReloadTLSFiles bool   // Read CertFile and KeyFile again every 10 seconds, and when the server refuses the certificate.
	ReloadCAFiles  bool   // Read CAFile again every 5 minutes, and when the server's certificate does not match.

	Insecure   bool   // Do not check the server's certificate. Refused together with a CA.
	ServerName string // Replaces the host name in SNI and in the check of the server's certificate.

	CAData   []byte // PEM bundle.
	CertData []byte // PEM certificate.
	KeyData  []byte // PEM key.

	// NextProtos are the ALPN protocols in order of preference. ["http/1.1"] turns HTTP/2 off. Empty means HTTP/2, then
	// HTTP/1.1.
	NextProtos []string

	// GetCertHolder provides the client certificate, if no certificate is set by file or data.
	GetCertHolder *GetCertHolder
}

// ImpersonationConfig is whom the server shall take the client for. The client needs the right to impersonate.
type ImpersonationConfig struct {
	// UserName must be set if anything else is.
	UserName string
	// UID of the user.
	UID string
	// Groups of the user.
	Groups []string
	// Extra is what else is said of the user.
	Extra map[string][]string
}

// DialHolder holds the function that makes connections.
type DialHolder struct {
	Dial func(ctx context.Context, network, address string) (net.Conn, error)
}

// GetCertHolder holds the function that provides the client certificate. It may be called concurrently. A transport calls
// it again after CertCallbackRefreshDuration, and when the server refuses the certificate; one with another content replaces
// the one in use. If it fails then, the last certificate stays in use.
type GetCertHolder struct {
	GetCert func() (*tls.Certificate, error)
}

// WrapperFunc returns a round tripper that does something around rt.
type WrapperFunc func(rt http.RoundTripper) http.RoundTripper

// Wrappers returns a wrapper that applies fns in order, so that the last one is outermost. Nil values are left out; nil is
// returned if nothing remains.
func Wrappers(fns ...WrapperFunc) WrapperFunc {
	wrappers := make([]WrapperFunc, 0, len(fns))
	for _, fn := range fns {
		if fn != nil {
			wrappers = append(wrappers, fn)
		}
	}
	switch len(wrappers) {
	case 0:
		return nil
	case 1:
		return wrappers[0]
	}
	return func(rt http.RoundTripper) http.RoundTripper {
		for _, wrap := range wrappers {
			rt = wrap(rt)
		}
		return rt
	}
}

// Wrap adds fn around the wrappers that are already there.
func (c *Config) Wrap(fn WrapperFunc) {
	c.WrapTransport = Wrappers(c.WrapTransport, fn)
}

// HasCA reports whether servers are checked against a bundle of c's own.
func (c *Config) HasCA() bool {
	return len(c.TLS.CAData) > 0 || len(c.TLS.CAFile) > 0
}

// HasBasicAuth reports whether c has a user name for HTTP basic authentication.
func (c *Config) HasBasicAuth() bool {
	return len(c.Username) > 0
}

// HasTokenAuth reports whether c has a bearer token or a file with one.
func (c *Config) HasTokenAuth() bool {
	return len(c.BearerToken) > 0 || len(c.BearerTokenFile) > 0
}

// hasCredentials reports whether c.Credentials is in use.
func (c *Config) hasCredentials() bool {
	return c.Credentials != nil && !c.HasBasicAuth() && !c.HasTokenAuth()
}

// HasCertAuth reports whether c has a client certificate and its key, as data or file.
func (c *Config) HasCertAuth() bool {
	return c.TLS.hasCert() && c.TLS.hasKey()
}

func (t *TLSConfig) hasCert() bool { return len(t.CertData) > 0 || t.CertFile != "" }

func (t *TLSConfig) hasKey() bool { return len(t.KeyData) > 0 || t.KeyFile != "" }

// HasCertCallback reports whether c has a function that provides the client certificate.
func (c *Config) HasCertCallback() bool {
	return c.TLS.GetCertHolder != nil
}
