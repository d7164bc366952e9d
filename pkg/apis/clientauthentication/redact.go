package clientauthentication

import (
	"fmt"
	"log/slog"

	"github.com/kubewright/kubewright/pkg/internal/redact"
)

// Format implements fmt.Formatter: every verb prints in with its secrets redacted. Marshalling it does not redact: that is
// how a credential gets from a plugin to its client.
func (in ExecCredentialStatus) Format(f fmt.State, _ rune) {
	fmt.Fprintf(f, "{ExpirationTimestamp:%v Token:%s ClientCertificateData:%s ClientKeyData:%s}",
		in.ExpirationTimestamp, redact.String(in.Token), redact.String(in.ClientCertificateData), redact.String(in.ClientKeyData))
}

// LogValue implements slog.LogValuer; see Format.
func (in ExecCredentialStatus) LogValue() slog.Value { return slog.StringValue(fmt.Sprint(in)) }
