package transport

import (
	"fmt"
	"log/slog"
	"strings"
)

const redacted = "--- REDACTED ---"

// The named copies have no methods, so that printing them does not come back here.
type (
	plainConfig    Config
	plainTLSConfig TLSConfig
)

// Format implements fmt.Formatter: every verb prints c with its secrets redacted.
func (c Config) Format(s fmt.State, verb rune) {
	p := plainConfig(c)
	p.Password = redactString(p.Password)
	p.BearerToken = redactString(p.BearerToken)
	p.Credentials = nil // it may be a struct that would show what it holds
	format(s, verb, p)
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
	p.CertData = redactBytes(p.CertData)
	p.KeyData = redactBytes(p.KeyData)
	format(s, verb, p)
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
		certificate = redacted
	}
	fmt.Fprintf(s, "{Token:%s Certificate:%s}", redactString(c.Token), certificate)
}

// String prints c with its secrets redacted.
func (c Credential) String() string { return fmt.Sprint(c) }

// GoString implements fmt.GoStringer; see String.
func (c Credential) GoString() string { return c.String() }

// LogValue implements slog.LogValuer; see String.
func (c Credential) LogValue() slog.Value { return slog.StringValue(c.String()) }

// MarshalText implements encoding.TextMarshaler, which JSON and YAML use; see String.
func (c Credential) MarshalText() ([]byte, error) { return []byte(c.String()), nil }

// format prints v in Go syntax for %#v and with field names for every other verb: no verb may fall back to printing what
// v was made from.
func format(s fmt.State, verb rune, v any) {
	if verb == 'v' && s.Flag('#') {
		text := fmt.Sprintf("%#v", v)
		fmt.Fprint(s, strings.Replace(text, "transport.plain", "transport.", 1))
		return
	}
	fmt.Fprintf(s, "%+v", v)
}

func redactString(s string) string {
	if s == "" {
		return ""
	}
	return redacted
}

func redactBytes(b []byte) []byte {
	if len(b) == 0 {
		return nil
	}
	return []byte(redacted)
}
