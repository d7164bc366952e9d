package apiservertest

import (
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"sync"
	"time"

	"github.com/kubewright/kubewright/pkg/apiservertest/internal/pki"
)

// certificates are what server and clients show each other.
type certificates struct {
	now func() time.Time

	mu        sync.Mutex // guards what follows
	authority *pki.Authority
	serving   *tls.Certificate
	roots     *x509.CertPool // all authorities that the server had: certificates of clients stay good
}

func newCertificates(now func() time.Time) (*certificates, error) {
	c := &certificates{now: now, roots: x509.NewCertPool()}
	_, err := c.rotateAuthority()
	return c, err
}

// rotateAuthority makes a new authority, and a serving certificate that it has signed.
func (c *certificates) rotateAuthority() (*pki.Authority, error) {
	authority, err := pki.NewAuthority("kubewright-apiservertest", c.now)
	if err != nil {
		return nil, err
	}
	serving, err := newServing(authority)
	if err != nil {
		return nil, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.authority, c.serving = authority, serving
	roots := c.roots.Clone() // the old one is in use
	roots.AppendCertsFromPEM(authority.PEM())
	c.roots = roots
	return authority, nil
}

func newServing(authority *pki.Authority) (*tls.Certificate, error) {
	serving, err := authority.Serving("localhost", "127.0.0.1", "::1", memoryHost, "kubernetes.default.svc")
	if err != nil {
		return nil, err
	}
	return &serving, nil
}

func (c *certificates) current() *pki.Authority {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.authority
}

func (c *certificates) clientRoots() *x509.CertPool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.roots
}

func (c *certificates) servingCertificate(*tls.ClientHelloInfo) (*tls.Certificate, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.serving, nil
}

// RotateCertificate gives the server another certificate, of the same authority. Connections that are open keep the old one.
func (s *Server) RotateCertificate() error {
	serving, err := newServing(s.current())
	if err != nil {
		return fmt.Errorf("apiservertest: %w", err)
	}
	s.certificates.mu.Lock()
	defer s.certificates.mu.Unlock()
	s.serving = serving
	return nil
}

// RotateAuthority gives the server a certificate of another authority, and returns that as PEM. Clients that trust the old one alone
// cannot connect any more; connections that are open stay so. Configurations from Config have the new one from then on. Client
// certificates of the old one stay good.
func (s *Server) RotateAuthority() (ca []byte, err error) {
	authority, err := s.rotateAuthority()
	if err != nil {
		return nil, fmt.Errorf("apiservertest: %w", err)
	}
	s.authenticator.SetRoots(s.clientRoots())
	return authority.PEM(), nil
}
