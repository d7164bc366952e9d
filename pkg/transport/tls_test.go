package transport

import (
	"encoding/pem"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/kubewright/kubewright/pkg/internal/canary"
)

func TestTLSErrors(t *testing.T) {
	dir := t.TempDir()
	junk := filepath.Join(dir, "junk")
	if err := os.WriteFile(junk, []byte("junk"), 0o600); err != nil {
		t.Fatal(err)
	}
	brokenCert := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: []byte("x")})
	for _, test := range []struct {
		name string
		tls  TLSConfig
		want string
	}{
		{"CA and Insecure", TLSConfig{CAData: []byte("x"), Insecure: true}, "a CA is set together with Insecure"},
		{"CA data without certificate", TLSConfig{CAData: []byte("x")}, "certificate authority data holds no PEM certificate"},
		{"CA file without certificate", TLSConfig{CAFile: junk}, "certificate authority file \"" + junk + "\" holds no PEM certificate"},
		{"CA with a broken certificate", TLSConfig{CAData: brokenCert}, "holds a certificate that cannot be parsed"},
		{"CA file that is not there", TLSConfig{CAFile: "/no/such"}, "unable to read the certificate authority: open /no/such"},
		{"certificate file that is not there", TLSConfig{CertFile: "/no/such", KeyData: []byte("x")}, "unable to read the client certificate: open /no/such"},
		{"key file that is not there", TLSConfig{CertData: []byte("x"), KeyFile: "/no/such"}, "unable to read the client key: open /no/such"},
		{"certificate that is none", TLSConfig{CertFile: junk, KeyFile: junk}, "unable to use the client certificate and key"},
		{"certificate alone", TLSConfig{CertData: []byte("x")}, "a client certificate is set without its key"},
		{"key alone", TLSConfig{KeyData: []byte("x")}, "a client key is set without its certificate"},
	} {
		t.Run(test.name, func(t *testing.T) {
			if _, err := New(&Config{TLS: test.tls}); err == nil || !strings.Contains(canary.Err(t, err).Error(), test.want) {
				t.Errorf("error %v, want one with %q", err, test.want)
			}
		})
	}
}

func TestNoTLSOptionsNoTLSConfig(t *testing.T) {
	if c, err := TLSConfigFor(&Config{}); c != nil || err != nil {
		t.Errorf("%v, %v", c, err)
	}
}

func TestServerIsCheckedAgainstTheCA(t *testing.T) {
	server := httptest.NewTLSServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	defer server.Close()
	// Junk and other blocks around a certificate are common in bundles.
	bundle := "# comment\n" + string(pem.EncodeToMemory(&pem.Block{Type: "X509 CRL", Bytes: []byte("x")})) +
		string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw})) + "junk"
	rt, err := New(&Config{TLS: TLSConfig{CAData: []byte(bundle)}})
	if err != nil {
		t.Fatal(err)
	}
	client := &http.Client{Transport: rt}
	defer client.CloseIdleConnections()
	resp, err := client.Get(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	if err := resp.Body.Close(); err != nil {
		t.Error(err)
	}
}
