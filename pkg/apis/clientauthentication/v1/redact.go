package v1

import (
	"fmt"
	"log/slog"
)

// Format implements fmt.Formatter: every verb prints in with its secrets redacted. Marshalling it does not redact: that is
// how a credential gets from a plugin to its client.
func (in ExecCredentialStatus) Format(f fmt.State, _ rune) {
	fmt.Fprintf(f, "{ExpirationTimestamp:%v Token:%s ClientCertificateData:%s ClientKeyData:%s}",
		in.ExpirationTimestamp, redact(in.Token), redact(in.ClientCertificateData), redact(in.ClientKeyData))
}

// LogValue implements slog.LogValuer; see Format.
func (in ExecCredentialStatus) LogValue() slog.Value { return slog.StringValue(fmt.Sprint(in)) }

func redact(s string) string {
	if s == "" {
		return ""
	}
	return "--- REDACTED ---"
}
