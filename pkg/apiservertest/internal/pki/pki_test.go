package pki

import (
	"crypto/tls"
	"crypto/x509"
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"
	"testing/synctest"
	"time"
)

// TestServerAndClientTrustEachOther makes a handshake with certificates of both kinds.
func TestServerAndClientTrustEachOther(t *testing.T) {
	a, err := NewAuthority("test", time.Now)
	if err != nil {
		t.Fatal(err)
	}
	serving, err := a.Serving("localhost", "127.0.0.1", "::1")
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(_ http.ResponseWriter, req *http.Request) {
		subject := req.TLS.VerifiedChains[0][0].Subject
		if subject.CommonName != "jane" || !slices.Equal(subject.Organization, []string{"dev", "ops"}) {
			t.Errorf("the client is %v", subject)
		}
	}))
	server.TLS = &tls.Config{Certificates: []tls.Certificate{serving}, ClientCAs: a.Pool(), ClientAuth: tls.RequireAndVerifyClientCert}
	server.StartTLS()
	defer server.Close()

	certPEM, keyPEM, err := a.Client("jane", "dev", "ops")
	if err != nil {
		t.Fatal(err)
	}
	cert, err := tls.X509KeyPair(certPEM, keyPEM)
	if err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	if !roots.AppendCertsFromPEM(a.PEM()) {
		t.Fatal("no certificate in the PEM of the authority")
	}
	transport := &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots, Certificates: []tls.Certificate{cert}}}
	defer transport.CloseIdleConnections()
	resp, err := (&http.Client{Transport: transport}).Get(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
}

// TestGoesByTheClock: certificates are valid now, whenever that is.
func TestGoesByTheClock(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a, err := NewAuthority("test", time.Now)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := a.cert.Verify(x509.VerifyOptions{Roots: a.Pool(), CurrentTime: time.Now()}); err != nil {
			t.Error(err)
		}
		if left := time.Until(a.cert.NotAfter); left != lifetime {
			t.Errorf("valid for %v, want %v", left, lifetime)
		}
	})
}
