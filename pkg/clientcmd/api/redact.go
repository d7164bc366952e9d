package api

import (
	"fmt"
	"log/slog"

	"github.com/kubewright/kubewright/pkg/internal/redact"
)

// Each type that holds a credential prints a copy in which the secrets are replaced. The methods have value receivers,
// so that values and pointers are covered alike, and fmt.Formatter wins over every verb.

// The named copies have no methods, so that printing them does not come back here.
type (
	plainAuthInfo           AuthInfo
	plainAuthProviderConfig AuthProviderConfig
	plainExecConfig         ExecConfig
	plainExecEnvVar         ExecEnvVar
)

func (a AuthInfo) redacted() plainAuthInfo {
	p := plainAuthInfo(a)
	p.ClientKeyData = redact.Bytes(p.ClientKeyData)
	p.ClientCertificateData = redact.Bytes(p.ClientCertificateData)
	p.Token = redact.String(p.Token)
	p.Password = redact.String(p.Password)
	return p
}

func (c AuthProviderConfig) redacted() plainAuthProviderConfig {
	p := plainAuthProviderConfig(c)
	if len(p.Config) > 0 {
		p.Config = map[string]string{redact.Marker: redact.Marker}
	}
	return p
}

func (c ExecConfig) redacted() plainExecConfig {
	p := plainExecConfig(c)
	if len(p.Args) > 0 {
		p.Args = []string{redact.Marker}
	}
	if len(p.Env) > 0 {
		p.Env = []ExecEnvVar{{Name: redact.Marker, Value: redact.Marker}}
	}
	if p.Config != nil {
		p.Config = redactedObject{}
	}
	return p
}

func (v ExecEnvVar) redacted() plainExecEnvVar {
	p := plainExecEnvVar(v)
	p.Value = redact.String(p.Value)
	return p
}

// Format implements fmt.Formatter; see String.
func (a AuthInfo) Format(s fmt.State, verb rune) {
	redact.Format(s, verb, a.redacted(), "api.plain", "api.")
}

// String prints a with its secrets redacted.
func (a AuthInfo) String() string { return fmt.Sprint(a) }

// GoString implements fmt.GoStringer; see String.
func (a AuthInfo) GoString() string { return fmt.Sprintf("%#v", a) }

// LogValue implements slog.LogValuer; see String.
func (a AuthInfo) LogValue() slog.Value { return slog.StringValue(a.String()) }

// Format implements fmt.Formatter; see String.
func (c AuthProviderConfig) Format(s fmt.State, verb rune) {
	redact.Format(s, verb, c.redacted(), "api.plain", "api.")
}

// String prints c with its secrets redacted.
func (c AuthProviderConfig) String() string { return fmt.Sprint(c) }

// GoString implements fmt.GoStringer; see String.
func (c AuthProviderConfig) GoString() string { return fmt.Sprintf("%#v", c) }

// LogValue implements slog.LogValuer; see String.
func (c AuthProviderConfig) LogValue() slog.Value { return slog.StringValue(c.String()) }

// Format implements fmt.Formatter; see String.
func (c ExecConfig) Format(s fmt.State, verb rune) {
	redact.Format(s, verb, c.redacted(), "api.plain", "api.")
}

// String prints c with its arguments, environment and config redacted: any of them may hold a secret.
func (c ExecConfig) String() string { return fmt.Sprint(c) }

// GoString implements fmt.GoStringer; see String.
func (c ExecConfig) GoString() string { return fmt.Sprintf("%#v", c) }

// LogValue implements slog.LogValuer; see String.
func (c ExecConfig) LogValue() slog.Value { return slog.StringValue(c.String()) }

// Format implements fmt.Formatter; see String.
func (v ExecEnvVar) Format(s fmt.State, verb rune) {
	redact.Format(s, verb, v.redacted(), "api.plain", "api.")
}

// String prints v with its value redacted.
func (v ExecEnvVar) String() string { return fmt.Sprint(v) }

// LogValue implements slog.LogValuer; see String.
func (v ExecEnvVar) LogValue() slog.Value { return slog.StringValue(v.String()) }
