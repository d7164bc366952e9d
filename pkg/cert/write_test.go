package cert

import (
	"crypto"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/rsa"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"
	"time"
)

func TestWriteCertMakesDirectoriesAndReplacesWhatIsThere(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "new")
	file := filepath.Join(dir, "tls.crt")
	for _, content := range []string{"long and old", "new"} {
		if err := WriteCert(file, []byte(content)); err != nil {
			t.Fatal(err)
		}
		if got, err := os.ReadFile(file); err != nil || string(got) != content {
			t.Errorf("content %q, error %v, want %q", got, err, content)
		}
	}
	// The process's umask may take away more.
	for name, most := range map[string]os.FileMode{dir: 0o755, file: 0o644} {
		if info, err := os.Stat(name); err != nil || info.Mode().Perm()&^most != 0 || info.Mode().Perm()&0o600 != 0o600 {
			t.Errorf("%s: mode %v, error %v, want %v", name, info.Mode(), err, most)
		}
	}
}

func TestMaxAgeDoesNotCountForFixtures(t *testing.T) {
	certPEM, keyPEM, err := GenerateSelfSignedCertKeyWithOptions(SelfSignedCertKeyOptions{Host: "h", MaxAge: time.Hour, FixtureDirectory: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	if cert := verified(t, certPEM, keyPEM, "h"); cert.NotAfter.Sub(cert.NotBefore) != fixtureAge {
		t.Errorf("valid from %v to %v, want 100 years", cert.NotBefore, cert.NotAfter)
	}
}

func TestMakeCSRFromTemplateWithKeysOfEveryKind(t *testing.T) {
	rsaKey, err := rsa.GenerateKey(rand.Reader, rsaKeyLength)
	if err != nil {
		t.Fatal(err)
	}
	_, edKey, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.CertificateRequest{Subject: pkix.Name{CommonName: "cn", Organization: []string{"o"}}, DNSNames: []string{"d"}}
	for _, key := range []crypto.Signer{newKey(t), rsaKey, edKey} {
		data, err := MakeCSRFromTemplate(key, template)
		if err != nil {
			t.Errorf("%T: %v", key, err)
			continue
		}
		block, _ := pem.Decode(data)
		csr, err := x509.ParseCertificateRequest(block.Bytes)
		if err != nil {
			t.Fatal(err)
		}
		if err := csr.CheckSignature(); err != nil || csr.Subject.String() != "CN=cn,O=o" || len(csr.DNSNames) != 1 {
			t.Errorf("%T: signature %v, request of %v for %v", key, err, csr.Subject, csr.DNSNames)
		}
	}
	if template.PublicKey != nil || template.Signature != nil {
		t.Error("the template was changed")
	}
}

func TestServingCertificatesAreThoseOfTheServerName(t *testing.T) {
	certPEM, keyPEM, err := GenerateSelfSignedCertKey("other.example", nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	other, err := tls.X509KeyPair(certPEM, keyPEM)
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewUnstartedServer(nil)
	server.TLS = &tls.Config{GetCertificate: func(hello *tls.ClientHelloInfo) (*tls.Certificate, error) {
		if hello.ServerName == "other.example" {
			return &other, nil
		}
		return nil, nil // the server's own
	}}
	server.StartTLS()
	defer server.Close()
	address := server.Listener.Addr().String()
	certs, _, err := GetServingCertificates(address, "other.example")
	if err != nil || len(certs) != 2 || certs[0].DNSNames[0] != "other.example" {
		t.Errorf("%d certificates, error %v, want that of other.example and its CA's", len(certs), err)
	}
	certs, _, err = GetServingCertificates(address, "")
	if err != nil || len(certs) != 1 || !certs[0].Equal(server.Certificate()) {
		t.Errorf("%d certificates, error %v, want the server's own", len(certs), err)
	}
}
