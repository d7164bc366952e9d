package transport

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"io"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"
)

// authority issues certificates.
type authority struct {
	t    *testing.T
	cert *x509.Certificate
	key  *ecdsa.PrivateKey
}

func newAuthority(t *testing.T, name string) *authority {
	t.Helper()
	a := &authority{t: t}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: name}, IsCA: true, BasicConstraintsValid: true,
		NotBefore: time.Unix(0, 0), NotAfter: time.Now().AddDate(100, 0, 0), KeyUsage: x509.KeyUsageCertSign,
	}
	a.cert, a.key = a.sign(template)
	return a
}

// sign signs template, with the template's own key if a has none yet.
func (a *authority) sign(template *x509.Certificate) (*x509.Certificate, *ecdsa.PrivateKey) {
	a.t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		a.t.Fatal(err)
	}
	parent, signer := a.cert, a.key
	if parent == nil {
		parent, signer = template, key
	}
	der, err := x509.CreateCertificate(rand.Reader, template, parent, key.Public(), signer)
	if err != nil {
		a.t.Fatal(err)
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		a.t.Fatal(err)
	}
	return cert, key
}

// issue returns a certificate for name, client and server, as PEM.
func (a *authority) issue(name string) (certPEM, keyPEM []byte) {
	a.t.Helper()
	cert, key := a.sign(&x509.Certificate{
		SerialNumber: big.NewInt(2), Subject: pkix.Name{CommonName: name}, DNSNames: []string{name}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		NotBefore: time.Unix(0, 0), NotAfter: time.Now().AddDate(100, 0, 0),
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth, x509.ExtKeyUsageServerAuth},
	})
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		a.t.Fatal(err)
	}
	return certToPEM(cert.Raw), pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der})
}

func (a *authority) pair(name string) *tls.Certificate {
	a.t.Helper()
	pair, err := tls.X509KeyPair(a.issue(name))
	if err != nil {
		a.t.Fatal(err)
	}
	return &pair
}

func (a *authority) pem() []byte { return certToPEM(a.cert.Raw) }

func certToPEM(der []byte) []byte {
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
}

// identityServer is a TLS server that answers with the common name of the client's certificate, and 401 if it is in refused.
type identityServer struct {
	*httptest.Server
	mu      sync.Mutex // guards the fields below
	refused string
	conns   []net.Conn // accepted
	open    map[net.Conn]bool
	hold    chan struct{} // /held is answered, but the answer ends only when this is closed
}

func newIdentityServer(t *testing.T, ca *authority, http2 bool) *identityServer {
	t.Helper()
	s := &identityServer{open: map[net.Conn]bool{}, hold: make(chan struct{})}
	s.Server = httptest.NewUnstartedServer(http.HandlerFunc(s.answer))
	clients := x509.NewCertPool()
	clients.AddCert(ca.cert)
	s.TLS = &tls.Config{MinVersion: tls.VersionTLS12, ClientAuth: tls.VerifyClientCertIfGiven, ClientCAs: clients, Certificates: []tls.Certificate{*ca.pair("server")}}
	s.EnableHTTP2 = http2
	s.Config.ErrorLog = silent
	s.Config.ConnState = func(c net.Conn, state http.ConnState) {
		s.mu.Lock()
		defer s.mu.Unlock()
		switch state {
		case http.StateNew:
			s.conns = append(s.conns, c)
			s.open[c] = true
		case http.StateClosed, http.StateHijacked:
			delete(s.open, c)
		}
	}
	s.StartTLS()
	t.Cleanup(func() {
		s.CloseClientConnections()
		s.Close()
	})
	return s
}

func (s *identityServer) answer(w http.ResponseWriter, req *http.Request) {
	name := "nobody"
	if len(req.TLS.PeerCertificates) > 0 {
		name = req.TLS.PeerCertificates[0].Subject.CommonName
	}
	s.mu.Lock()
	refused := s.refused == name
	s.mu.Unlock()
	if refused {
		w.WriteHeader(http.StatusUnauthorized)
	}
	_, _ = io.WriteString(w, name)
	if req.URL.Path == "/held" {
		_ = http.NewResponseController(w).Flush()
		select {
		case <-s.hold:
		case <-req.Context().Done(): // the test has failed
		}
		_, _ = io.WriteString(w, " still "+name)
	}
}

func (s *identityServer) refuse(name string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.refused = name
}

func (s *identityServer) connections() (all, open int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.conns), len(s.open)
}

// ask sends a request with a body and returns the answer's status and body.
func ask(t *testing.T, rt http.RoundTripper, url string) (int, string) {
	t.Helper()
	resp, err := (&http.Client{Transport: rt}).Post(url, "text/plain", strings.NewReader("x"))
	if err != nil {
		t.Error(err)
		return 0, ""
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Error(err)
	}
	return resp.StatusCode, string(body)
}

func expectIdentity(t *testing.T, rt http.RoundTripper, url, want string) {
	t.Helper()
	if code, name := ask(t, rt, url); code != http.StatusOK || name != want {
		t.Errorf("status %d as %q, want 200 as %q", code, name, want)
	}
}
