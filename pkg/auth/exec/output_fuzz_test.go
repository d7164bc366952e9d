package exec

import (
	"strings"
	"testing"

	"github.com/kubewright/kubewright/pkg/internal/canary"
)

func FuzzDecode(f *testing.F) {
	for _, seed := range []string{
		"",
		"{}",
		"null",
		`{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","status":{"token":"abc"}}`,
		`{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","status":{"token":"a","expirationTimestamp":"2030-01-02T03:04:05Z"}}`,
		`{"apiVersion":"client.authentication.k8s.io/v1beta1","kind":"ExecCredential","status":{"clientCertificateData":"x","clientKeyData":"y"}}`,
		`{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","status":{"token":"a\nb"}}`,
		"apiVersion: client.authentication.k8s.io/v1\nkind: ExecCredential\nstatus:\n  token: abc\n",
		"a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n",
		strings.Repeat("[", 10_000),
		`{"apiVersion":1}`,
		"\xff\xfe",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, output []byte) {
		if len(output) > maxOutputBytes {
			return
		}
		status, err := decode(output, v1Version)
		if err != nil {
			// Texts are ours but for numbers: an output that they repeat would have to be one of our words.
			if len(canary.Err(t, err).Error()) > 300 {
				t.Errorf("long error: %v", err)
			}
			return
		}
		if status.Token == "" && status.ClientCertificateData == "" {
			t.Error("accepted without a credential")
		}
		if strings.ContainsAny(status.Token, "\r\n\x00") {
			t.Errorf("accepted the token %q", status.Token)
		}
		cert, err := certificate(status)
		if err == nil {
			_ = expiry(status, cert)
		}
	})
}
