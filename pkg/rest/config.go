package rest

import (
	"context"
	"maps"
	"net"
	"net/http"
	"net/url"
	"slices"
	"time"

	"github.com/kubewright/kubewright/pkg/clientcmd/api"
	"github.com/kubewright/kubewright/pkg/flowcontrol"
	"github.com/kubewright/kubewright/pkg/transport"
)

const (
	// DefaultQPS is the rate of a client whose Config has QPS 0, in requests per second.
	DefaultQPS float32 = 5.0
	// DefaultBurst is how many requests such a client may send at once.
	DefaultBurst int = 10
)

// Config says how to reach an API server, as whom, and how fast. Constructors copy what they need: a Config may be changed
// afterwards without effect on clients that were made from it. Printing a Config hides its secrets.
type Config struct {
	// Host is a host, host:port, or base URL. The URL's path, if it has one, is put before every request's.
	Host string
	// APIPath is the path below which APIs are: "/api" for the core group, "/apis" for the others.
	APIPath string

	// ContentConfig says how objects are encoded.
	ContentConfig

	// Username and Password are for HTTP basic authentication.
	Username string
	Password string `datapolicy:"password"`

	// BearerToken is sent as Authorization header.
	BearerToken string `datapolicy:"token"`

	// BearerTokenFile is the path of a file that holds the bearer token and is read again every minute, and when the server
	// refuses the token. What was last read wins over BearerToken.
	BearerTokenFile string

	// Impersonate is whom the server shall take the client for.
	Impersonate ImpersonationConfig

	// AuthProvider is a credential plugin that is compiled in (see RegisterAuthProviderPlugin). It cannot be combined with
	// ExecProvider.
	AuthProvider *api.AuthProviderConfig

	// AuthConfigPersister stores what AuthProvider changes in its configuration.
	AuthConfigPersister AuthProviderConfigPersister

	// ExecProvider is a credential plugin that is a program (see package auth/exec). It is not run if there is a token, a
	// user name or a client certificate.
	ExecProvider *api.ExecConfig

	// TLSClientConfig configures TLS.
	TLSClientConfig

	// UserAgent names the program; empty means DefaultKubernetesUserAgent for clients that have a default.
	UserAgent string

	// DisableCompression asks the server not to compress responses.
	DisableCompression bool

	// Transport replaces the transport that the TLS options, Dial, Proxy and DisableCompression would configure. It cannot
	// be combined with TLS options. Use WrapTransport for middleware.
	Transport http.RoundTripper
	// WrapTransport puts middleware around the transport, below the round trippers that add credentials. Use Wrap to
	// add to it.
	WrapTransport transport.WrapperFunc

	// QPS is how many requests per second a client may send in the long run: 0 means DefaultQPS, a negative number no
	// limit.
	QPS float32

	// Burst is how many requests may be sent at once: 0 means DefaultBurst.
	Burst int

	// RateLimiter, if set, is used instead of one made from QPS and Burst. Clients that share it share its budget.
	RateLimiter flowcontrol.RateLimiter

	// WarningHandler is told of warnings in responses, unless WarningHandlerWithContext is set too. If neither is, the
	// default handler is (see SetDefaultWarningHandlerWithContext).
	WarningHandler WarningHandler

	// WarningHandlerWithContext is told of warnings in responses. It wins over WarningHandler.
	WarningHandlerWithContext WarningHandlerWithContext

	// Timeout bounds each request, retries and the reading of the body included, and so each watch. The server is told of
	// it (parameter "timeout"). Zero means that only requests whose context has no deadline are bounded, watches and
	// streams excepted, by ten minutes; a negative number means no bound at all. Prefer contexts.
	Timeout time.Duration

	// Dial makes the connections.
	Dial func(ctx context.Context, network, address string) (net.Conn, error)

	// Proxy chooses the proxy of a request; nil means the one that the environment names. A nil URL means none.
	Proxy func(*http.Request) (*url.URL, error)
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

// TLSClientConfig configures TLS. Data wins over the file of the same purpose.
//
// +k8s:deepcopy-gen=true
type TLSClientConfig struct {
	// Insecure turns the check of the server's certificate off: anyone on the way can read and change everything,
	// credentials included. It cannot be combined with a CA.
	Insecure bool
	// ServerName replaces the host name in SNI and in the check of the server's certificate.
	ServerName string

	// CertFile is the path of the client's PEM certificate. It and KeyFile are read again every 10 seconds, and when the
	// server refuses the certificate.
	CertFile string
	// KeyFile is the path of the client's PEM key.
	KeyFile string
	// CAFile is the path of the PEM bundle that the server is checked against. It is read again every 5 minutes, and when
	// the server does not match.
	CAFile string

	// CertData is the client's PEM certificate.
	CertData []byte
	// KeyData is the client's PEM key.
	KeyData []byte `datapolicy:"security-key"`
	// CAData is the PEM bundle that the server is checked against.
	CAData []byte

	// NextProtos are the ALPN protocols in order of preference. ["http/1.1"] turns HTTP/2 off.
	NextProtos []string
}

// Wrap adds fn around the middleware that c already has.
func (c *Config) Wrap(fn transport.WrapperFunc) {
	c.WrapTransport = transport.Wrappers(c.WrapTransport, fn)
}

// CopyConfig returns a copy of config that shares no data with it. Functions, interfaces and what plugins hold are shared.
func CopyConfig(config *Config) *Config {
	c := *config
	tlsConfig := config.TLSClientConfig
	c.TLSClientConfig = *tlsConfig.DeepCopy()
	c.Impersonate.Groups = slices.Clone(config.Impersonate.Groups)
	c.Impersonate.Extra = maps.Clone(config.Impersonate.Extra)
	for key, values := range c.Impersonate.Extra {
		c.Impersonate.Extra[key] = slices.Clone(values)
	}
	if config.GroupVersion != nil {
		gv := *config.GroupVersion
		c.GroupVersion = &gv
	}
	c.AuthProvider = config.AuthProvider.DeepCopy()
	c.ExecProvider = config.ExecProvider.DeepCopy()
	return &c
}

// AnonymousClientConfig returns a copy of config without any credential and without custom transports, which could add
// one. What it takes to find and trust the server stays.
func AnonymousClientConfig(config *Config) *Config {
	c := CopyConfig(config)
	c.Username, c.Password = "", ""
	c.BearerToken, c.BearerTokenFile = "", ""
	c.Impersonate = ImpersonationConfig{}
	c.AuthProvider, c.AuthConfigPersister, c.ExecProvider = nil, nil, nil
	c.CertFile, c.CertData = "", nil
	c.KeyFile, c.KeyData = "", nil
	c.Transport, c.WrapTransport = nil, nil
	if u, err := url.Parse(c.Host); err == nil && u.User != nil {
		u.User = nil
		c.Host = u.String()
	}
	return c
}

// AddUserAgent puts userAgent after DefaultKubernetesUserAgent, with a slash between, in config and returns config.
func AddUserAgent(config *Config, userAgent string) *Config {
	config.UserAgent = DefaultKubernetesUserAgent() + "/" + userAgent
	return config
}
