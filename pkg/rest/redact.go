package rest

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/kubewright/kubewright/pkg/clientcmd/api"
	"github.com/kubewright/kubewright/pkg/flowcontrol"
	"github.com/kubewright/kubewright/pkg/internal/redact"
	"github.com/kubewright/kubewright/pkg/transport"
)

// The methods that print have value receivers, so that values and pointers are covered alike, and fmt.Formatter wins over
// every verb but %p, which go vet refuses for values. (Nothing helps against printing a struct that holds a Config in an
// unexported field: package fmt calls no methods there.)

// printedConfig has the fields of Config, with TLSClientConfig not embedded: its methods would become this type's.
type printedConfig struct {
	Host                      string
	APIPath                   string
	ContentConfig             ContentConfig
	Username                  string
	Password                  string
	BearerToken               string
	BearerTokenFile           string
	Impersonate               ImpersonationConfig
	AuthProvider              *api.AuthProviderConfig
	AuthConfigPersister       string
	ExecProvider              *api.ExecConfig
	TLSClientConfig           TLSClientConfig
	UserAgent                 string
	DisableCompression        bool
	Transport                 string
	WrapTransport             transport.WrapperFunc
	QPS                       float32
	Burst                     int
	RateLimiter               flowcontrol.RateLimiter
	WarningHandler            WarningHandler
	WarningHandlerWithContext WarningHandlerWithContext
	Timeout                   time.Duration
	Dial                      func(ctx context.Context, network, address string) (net.Conn, error)
	Proxy                     func(*http.Request) (*url.URL, error)
}

func (c Config) printed() printedConfig {
	return printedConfig{
		Host:                      redactURL(c.Host),
		APIPath:                   c.APIPath,
		ContentConfig:             c.ContentConfig,
		Username:                  c.Username,
		Password:                  redact.String(c.Password),
		BearerToken:               redact.String(c.BearerToken),
		BearerTokenFile:           c.BearerTokenFile,
		Impersonate:               c.Impersonate,
		AuthProvider:              c.AuthProvider,
		AuthConfigPersister:       typeName(c.AuthConfigPersister),
		ExecProvider:              c.ExecProvider,
		TLSClientConfig:           c.TLSClientConfig,
		UserAgent:                 c.UserAgent,
		DisableCompression:        c.DisableCompression,
		Transport:                 typeName(c.Transport),
		WrapTransport:             c.WrapTransport,
		QPS:                       c.QPS,
		Burst:                     c.Burst,
		RateLimiter:               c.RateLimiter,
		WarningHandler:            c.WarningHandler,
		WarningHandlerWithContext: c.WarningHandlerWithContext,
		Timeout:                   c.Timeout,
		Dial:                      c.Dial,
		Proxy:                     c.Proxy,
	}
}

// typeName stands for a value of the caller's that may hold secrets.
func typeName(v any) string {
	if v == nil {
		return ""
	}
	return fmt.Sprintf("%T", v)
}

// Format implements fmt.Formatter: every verb prints c with its secrets redacted.
func (c Config) Format(s fmt.State, verb rune) {
	redact.Format(s, verb, c.printed(), "rest.printed", "rest.")
}

// String prints c with its secrets redacted.
func (c Config) String() string { return fmt.Sprint(c) }

// GoString implements fmt.GoStringer; see String.
func (c Config) GoString() string { return fmt.Sprintf("%#v", c) }

// LogValue implements slog.LogValuer; see String.
func (c Config) LogValue() slog.Value { return slog.StringValue(c.String()) }

// MarshalJSON writes c as the text that String returns: a Config cannot be read back.
func (c Config) MarshalJSON() ([]byte, error) { return json.Marshal(c.String()) }

// MarshalYAML implements the Marshaler of the YAML packages; see MarshalJSON.
func (c Config) MarshalYAML() (any, error) { return c.String(), nil }

// printedImpersonationConfig has the fields of ImpersonationConfig.
type printedImpersonationConfig struct {
	UserName string
	UID      string
	Groups   []string
	Extra    map[string][]string
}

// printed has the keys of Extra, but not their values: those may have come from a credential.
func (c ImpersonationConfig) printed() printedImpersonationConfig {
	p := printedImpersonationConfig(c)
	if c.Extra != nil {
		p.Extra = make(map[string][]string, len(c.Extra))
	}
	for key := range c.Extra {
		p.Extra[key] = []string{redact.Marker}
	}
	return p
}

// Format implements fmt.Formatter: every verb prints c with the values of Extra redacted.
func (c ImpersonationConfig) Format(s fmt.State, verb rune) {
	redact.Format(s, verb, c.printed(), "rest.printed", "rest.")
}

// String prints c with the values of Extra redacted.
func (c ImpersonationConfig) String() string { return fmt.Sprint(c) }

// GoString implements fmt.GoStringer; see String.
func (c ImpersonationConfig) GoString() string { return fmt.Sprintf("%#v", c) }

// LogValue implements slog.LogValuer; see String.
func (c ImpersonationConfig) LogValue() slog.Value { return slog.StringValue(c.String()) }

// MarshalJSON writes c with the values of Extra redacted.
func (c ImpersonationConfig) MarshalJSON() ([]byte, error) { return json.Marshal(c.printed()) }

// MarshalYAML implements the Marshaler of the YAML packages; see MarshalJSON.
func (c ImpersonationConfig) MarshalYAML() (any, error) { return c.printed(), nil }

// printedTLSClientConfig has the fields of TLSClientConfig, with data as text that says no more than that it is there.
type printedTLSClientConfig struct {
	Insecure   bool
	ServerName string
	CertFile   string
	KeyFile    string
	CAFile     string
	CertData   string
	KeyData    string
	CAData     string
	NextProtos []string
}

func (c TLSClientConfig) printed() printedTLSClientConfig {
	return printedTLSClientConfig{
		Insecure:   c.Insecure,
		ServerName: c.ServerName,
		CertFile:   c.CertFile,
		KeyFile:    c.KeyFile,
		CAFile:     c.CAFile,
		CertData:   redact.String(string(c.CertData)),
		KeyData:    redact.String(string(c.KeyData)),
		CAData:     byteCount(c.CAData),
		NextProtos: c.NextProtos,
	}
}

// Format implements fmt.Formatter: every verb prints c with its secrets redacted.
func (c TLSClientConfig) Format(s fmt.State, verb rune) {
	redact.Format(s, verb, c.printed(), "rest.printed", "rest.")
}

// String prints c with its secrets redacted.
func (c TLSClientConfig) String() string { return fmt.Sprint(c) }

// GoString implements fmt.GoStringer; see String.
func (c TLSClientConfig) GoString() string { return fmt.Sprintf("%#v", c) }

// LogValue implements slog.LogValuer; see String.
func (c TLSClientConfig) LogValue() slog.Value { return slog.StringValue(c.String()) }

// MarshalJSON writes c with its secrets redacted. What has data cannot be read back.
func (c TLSClientConfig) MarshalJSON() ([]byte, error) { return json.Marshal(c.printed()) }

// MarshalYAML implements the Marshaler of the YAML packages; see MarshalJSON.
func (c TLSClientConfig) MarshalYAML() (any, error) { return c.printed(), nil }

func byteCount(b []byte) string {
	if len(b) == 0 {
		return ""
	}
	return fmt.Sprintf("(%d bytes)", len(b))
}

// redactURL replaces the user information of an address, even of one that cannot be parsed.
func redactURL(s string) string {
	scheme, rest, found := strings.Cut(s, "://")
	if !found {
		scheme, rest = "", s
	}
	i := strings.LastIndex(rest, "@")
	switch {
	case i < 0:
		return s
	case found:
		return scheme + "://" + redact.Marker + rest[i:]
	default:
		return redact.Marker + rest[i:]
	}
}
