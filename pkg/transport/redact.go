package transport

import (
	"fmt"
	"log/slog"

	"github.com/kubewright/kubewright/pkg/internal/redact"
)

// The named copies have no methods, so that printing them does not come back here.
type (
	plainConfig    Config
	plainTLSConfig TLSConfig
)

// Format implements fmt.Formatter: every verb prints c with its secrets redacted.
func (c Config) Format(s fmt.State, verb rune) {
	p := plainConfig(c)
	p.Password = redact.String(p.Password)
	p.BearerToken = redact.String(p.BearerToken)
	p.Credentials = nil // it may be a struct that would show what it holds
	redact.Format(s, verb, p, "transport.plain", "transport.")
}

// String prints c with its secrets redacted.
func (c Config) String() string { return fmt.Sprint(c) }

// GoString implements fmt.GoStringer; see String.
func (c Config) GoString() string { return fmt.Sprintf("%#v", c) }

// LogValue implements slog.LogValuer; see String.
func (c Config) LogValue() slog.Value { return slog.StringValue(c.String()) }

// Format implements fmt.Formatter: every verb prints t with its secrets redacted.
func (t TLSConfig) Format(s fmt.State, verb rune) {
	p := plainTLSConfig(t)
	p.CertData = redact.Bytes(p.CertData)
	p.KeyData = redact.Bytes(p.KeyData)
	redact.Format(s, verb, p, "transport.plain", "transport.")
}

// String prints t with its secrets redacted.
func (t TLSConfig) String() string { return fmt.Sprint(t) }

// GoString implements fmt.GoStringer; see String.
func (t TLSConfig) GoString() string { return fmt.Sprintf("%#v", t) }

// LogValue implements slog.LogValuer; see String.
func (t TLSConfig) LogValue() slog.Value { return slog.StringValue(t.String()) }

// Format implements fmt.Formatter: every verb says only what there is.
func (c Credential) Format(s fmt.State, _ rune) {
	certificate := ""
	if c.Certificate != nil {
		certificate = redact.Marker
	}
	fmt.Fprintf(s, "{Token:%s Certificate:%s}", redact.String(c.Token), certificate)
}

// String prints c with its secrets redacted.
func (c Credential) String() string { return fmt.Sprint(c) }

// GoString implements fmt.GoStringer; see String.
func (c Credential) GoString() string { return c.String() }

// LogValue implements slog.LogValuer; see String.
func (c Credential) LogValue() slog.Value { return slog.StringValue(c.String()) }

// MarshalText implements encoding.TextMarshaler, which JSON and YAML use; see String.
func (c Credential) MarshalText() ([]byte, error) { return []byte(c.String()), nil }
