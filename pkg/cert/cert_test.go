package cert

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"io"
	"log"
	"net"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/kubewright/kubewright/pkg/internal/canary"
)

func newKey(t testing.TB) *ecdsa.PrivateKey {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func newTestCA(t testing.TB) *x509.Certificate {
	t.Helper()
	ca, err := NewSelfSignedCACert(Config{CommonName: "ca", Organization: []string{"o"}}, newKey(t))
	if err != nil {
		t.Fatal(err)
	}
	return ca
}

func TestSelfSignedCACert(t *testing.T) {
	ca := newTestCA(t)
	if err := ca.CheckSignatureFrom(ca); err != nil {
		t.Error(err)
	}
	if age := ca.NotAfter.Sub(ca.NotBefore); !ca.IsCA || ca.KeyUsage&x509.KeyUsageCertSign == 0 || age != 10*365*24*time.Hour || ca.Subject.String() != "CN=ca,O=o" {
		t.Errorf("CA %v, usage %b, valid for %v, subject %v", ca.IsCA, ca.KeyUsage, age, ca.Subject)
	}
	begin := time.Unix(1e9, 0).UTC()
	early, err := NewSelfSignedCACert(Config{CommonName: "ca", NotBefore: begin}, newKey(t))
	if err != nil || !early.NotBefore.Equal(begin) {
		t.Errorf("%v, error %v, want it to begin at %v", early, err, begin)
	}
}

// verified checks that the pair serves host and is signed by the CA that comes with it.
func verified(t *testing.T, certPEM, keyPEM []byte, host string) *x509.Certificate {
	t.Helper()
	if _, err := tls.X509KeyPair(certPEM, keyPEM); err != nil {
		t.Fatal(err)
	}
	certs, err := ParseCertsPEM(certPEM)
	if err != nil || len(certs) != 2 {
		t.Fatalf("%d certificates, error %v", len(certs), err)
	}
	if _, err := certs[0].Verify(x509.VerifyOptions{DNSName: host, Roots: newPool(certs[1:])}); err != nil {
		t.Error(err)
	}
	return certs[0]
}

func TestSelfSignedCertKey(t *testing.T) {
	certPEM, keyPEM, err := GenerateSelfSignedCertKey("host.example", []net.IP{net.IPv4(10, 0, 0, 1)}, []string{"a", "b"})
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"host.example", "a", "b", "10.0.0.1"} {
		cert := verified(t, certPEM, keyPEM, name)
		if age := cert.NotAfter.Sub(cert.NotBefore); age != year || cert.IsCA {
			t.Errorf("valid for %v, CA: %v", age, cert.IsCA)
		}
	}
	certPEM, keyPEM, err = GenerateSelfSignedCertKeyWithOptions(SelfSignedCertKeyOptions{Host: "::1", MaxAge: 2 * time.Hour})
	if err != nil {
		t.Fatal(err)
	}
	if cert := verified(t, certPEM, keyPEM, "::1"); cert.NotAfter.Sub(cert.NotBefore) != 2*time.Hour {
		t.Errorf("valid from %v to %v", cert.NotBefore, cert.NotAfter)
	}
}

func TestSelfSignedFixtures(t *testing.T) {
	dir := t.TempDir()
	make := func() (certPEM, keyPEM []byte, err error) {
		return GenerateSelfSignedCertKeyWithFixtures("h", []net.IP{net.IPv4(1, 2, 3, 4), net.IPv4(1, 2, 3, 5)}, []string{"a", "b"}, dir)
	}
	certPEM, keyPEM, err := make()
	if err != nil {
		t.Fatal(err)
	}
	if cert := verified(t, certPEM, keyPEM, "b"); cert.NotAfter.Sub(cert.NotBefore) != 100*year {
		t.Errorf("valid from %v to %v", cert.NotBefore, cert.NotAfter)
	}
	for name, want := range map[string][]byte{"h_1.2.3.4-1.2.3.5_a-b.crt": certPEM, "h_1.2.3.4-1.2.3.5_a-b.key": keyPEM} {
		if got, err := os.ReadFile(filepath.Join(dir, name)); err != nil || string(got) != string(want) {
			t.Errorf("%s: %v, or not what was returned", name, err)
		}
	}
	again, _, err := make()
	if err != nil || string(again) != string(certPEM) {
		t.Errorf("error %v, or another certificate the second time", err)
	}
	if err := os.Remove(filepath.Join(dir, "h_1.2.3.4-1.2.3.5_a-b.key")); err != nil {
		t.Fatal(err)
	}
	if _, _, err := make(); err == nil || !strings.Contains(canary.Err(t, err).Error(), "is there without its key") {
		t.Errorf("error %v", err)
	}
}

func TestSelfSignedErrors(t *testing.T) {
	for want, opts := range map[string]SelfSignedCertKeyOptions{
		"needs a Host":                  {},
		"cannot be part of a file name": {Host: "../x", FixtureDirectory: t.TempDir()},
		"unable to write the fixture":   {Host: "h", FixtureDirectory: "/dev/null/x"},
	} {
		if _, _, err := GenerateSelfSignedCertKeyWithOptions(opts); err == nil || !strings.Contains(canary.Err(t, err).Error(), want) {
			t.Errorf("error %v, want one with %q", err, want)
		}
	}
}

func TestParseCerts(t *testing.T) {
	ca := newTestCA(t)
	data, err := EncodeCertificates(ca, ca)
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "new", "ca.crt")
	bundle := "# text\n" + string(pem.EncodeToMemory(&pem.Block{Type: "X509 CRL"})) + string(data) + "more"
	if err := WriteCert(file, []byte(bundle)); err != nil {
		t.Fatal(err)
	}
	certs, err := CertsFromFile(file)
	if err != nil || len(certs) != 2 || !certs[1].Equal(ca) {
		t.Errorf("%d certificates, error %v", len(certs), err)
	}
	pool, err := NewPool(file)
	if err != nil || !pool.Equal(newPool([]*x509.Certificate{ca})) {
		t.Errorf("pool %v, error %v", pool, err)
	}
	if _, err := NewPoolFromBytes(data); err != nil {
		t.Error(err)
	}
}

func TestParseCertsErrors(t *testing.T) {
	junk := filepath.Join(t.TempDir(), "junk")
	if err := os.WriteFile(junk, []byte("junk "+canary.Secret), 0o600); err != nil {
		t.Fatal(err)
	}
	broken := pem.EncodeToMemory(&pem.Block{Type: CertificateBlockType, Bytes: []byte(canary.Secret)})
	for want, f := range map[string]func() error{
		"the data has no PEM certificate":                   func() error { _, err := ParseCertsPEM(nil); return err },
		"certificate 1 cannot be parsed":                    func() error { _, err := ParseCertsPEM(broken); return err },
		"has no PEM certificate":                            func() error { _, err := NewPoolFromBytes([]byte(canary.Secret)); return err },
		"unable to read certificates from \"" + junk + "\"": func() error { _, err := NewPool(junk); return err },
		"open /no/such":                                     func() error { _, err := CertsFromFile("/no/such"); return err },
	} {
		if err := f(); err == nil || !strings.Contains(canary.Err(t, err).Error(), want) {
			t.Errorf("error %v, want one with %q", err, want)
		}
	}
}

func TestCanReadCertAndKey(t *testing.T) {
	dir := t.TempDir()
	there, missing := filepath.Join(dir, "there"), filepath.Join(dir, "missing")
	if err := os.WriteFile(there, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		cert, key string
		want      bool
		err       string
	}{
		{there, there, true, ""},
		{missing, missing, false, ""},
		{there, missing, false, "without its key"},
		{missing, there, false, "without its certificate"},
		{there, dir, false, "is a directory"},
	} {
		got, err := CanReadCertAndKey(test.cert, test.key)
		if got != test.want || (err == nil) != (test.err == "") || err != nil && !strings.Contains(canary.Err(t, err).Error(), test.err) {
			t.Errorf("%s and %s: %v, error %v", test.cert, test.key, got, err)
		}
	}
}

func TestMakeCSR(t *testing.T) {
	key := newKey(t)
	data, err := MakeCSR(key, &pkix.Name{CommonName: "cn"}, []string{"d"}, []net.IP{net.IPv4(1, 2, 3, 4)})
	if err != nil {
		t.Fatal(err)
	}
	block, _ := pem.Decode(data)
	if block == nil || block.Type != CertificateRequestBlockType {
		t.Fatalf("block %v", block)
	}
	csr, err := x509.ParseCertificateRequest(block.Bytes)
	if err != nil {
		t.Fatal(err)
	}
	if err := csr.CheckSignature(); err != nil {
		t.Error(err)
	}
	if csr.Subject.CommonName != "cn" || !key.PublicKey.Equal(csr.PublicKey) || cmp.Diff(csr.DNSNames, []string{"d"}) != "" || len(csr.IPAddresses) != 1 {
		t.Errorf("request %+v", csr)
	}
	if _, err := MakeCSR("no key", &pkix.Name{}, nil, nil); err == nil || !strings.Contains(canary.Err(t, err).Error(), "crypto.Signer") {
		t.Errorf("error %v", err)
	}
}

// newServer asks for certificates of ca, unless that is nil.
func newServer(t *testing.T, ca *x509.Certificate, version uint16) *httptest.Server {
	t.Helper()
	server := httptest.NewUnstartedServer(nil)
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	server.TLS = &tls.Config{MinVersion: version, MaxVersion: version}
	if ca != nil {
		server.TLS.ClientAuth, server.TLS.ClientCAs = tls.RequireAndVerifyClientCert, newPool([]*x509.Certificate{ca})
	}
	server.StartTLS()
	t.Cleanup(server.Close)
	return server
}

func TestClientCANames(t *testing.T) {
	ca := newTestCA(t)
	for _, version := range []uint16{tls.VersionTLS12, tls.VersionTLS13} {
		names, err := GetClientCANamesForURL(newServer(t, ca, version).URL)
		if err != nil || cmp.Diff([]string{string(ca.RawSubject)}, names) != "" {
			t.Errorf("%s: names %q, error %v", tls.VersionName(version), names, err)
		}
		names, err = GetClientCANames(newServer(t, nil, version).Listener.Addr().String())
		if err != nil || len(names) != 0 {
			t.Errorf("%s: names %q, error %v, want none", tls.VersionName(version), names, err)
		}
	}
}

func TestServingCertificates(t *testing.T) {
	server := newServer(t, nil, tls.VersionTLS13)
	certs, pems, err := GetServingCertificatesForURL(server.URL, "example.com")
	if err != nil || len(certs) != 1 || len(pems) != 1 || !certs[0].Equal(server.Certificate()) {
		t.Fatalf("certificates %v, error %v", certs, err)
	}
	if parsed, err := ParseCertsPEM(pems[0]); err != nil || !parsed[0].Equal(certs[0]) {
		t.Errorf("%v, error %v", parsed, err)
	}
}

func TestServerErrors(t *testing.T) {
	for url, want := range map[string]string{
		"http://host":                                 `"http://host" is not the URL of a TLS server`,
		"host:1":                                      "is not the URL of a TLS server",
		"https://user:" + canary.Secret + "@/":        "https://user:xxxxx@/",
		"https://127.0.0.1:1":                         "connection refused",
		"https://host\x7f.invalid:1":                  "cannot be parsed: want https://host or https://host:port",
		"https://user:" + canary.Secret + "/x@host:1": "cannot be parsed",
	} {
		if _, err := GetClientCANamesForURL(url); err == nil || !strings.Contains(canary.Err(t, err).Error(), want) {
			t.Errorf("%q: error %v, want one with %q", url, err, want)
		}
		if _, _, err := GetServingCertificatesForURL(url, ""); err == nil || !strings.Contains(canary.Err(t, err).Error(), want) {
			t.Errorf("%q: error %v, want one with %q", url, err, want)
		}
	}
}

func TestHostOf(t *testing.T) {
	for url, want := range map[string]string{"https://h": "h:443", "https://h:1/path": "h:1", "https://[::1]": "[::1]:443"} {
		if got, err := hostOf(url); got != want || err != nil {
			t.Errorf("%s: %q, error %v, want %q", url, got, err, want)
		}
	}
}

func FuzzParseCertsPEM(f *testing.F) {
	data, err := EncodeCertificates(newTestCA(f))
	if err != nil {
		f.Fatal(err)
	}
	for _, seed := range [][]byte{nil, data, data[:len(data)/2], append([]byte("junk\n"), data...), []byte("-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----")} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		certs, err := ParseCertsPEM(data)
		if (err == nil) != (len(certs) > 0) {
			t.Fatalf("%d certificates, error %v", len(certs), err)
		}
		encoded, err := EncodeCertificates(certs...)
		if err != nil {
			t.Fatal(err)
		}
		if again, err := ParseCertsPEM(encoded); len(certs) > 0 && (err != nil || len(again) != len(certs)) {
			t.Fatalf("%d certificates became %d, error %v", len(certs), len(again), err)
		}
	})
}
