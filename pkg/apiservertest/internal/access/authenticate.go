package access

import (
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"errors"
	"maps"
	"net/http"
	"strings"
	"sync"
	"time"
)

// Authenticator knows users by their tokens and certificates. All methods may be called concurrently.
type Authenticator struct {
	now func() time.Time

	mu     sync.RWMutex // guards tokens, roots
	tokens map[string]User
	roots  *x509.CertPool // nil: certificates say nothing
}

// NewAuthenticator returns an Authenticator that knows these tokens, and those who have a certificate that one of the roots has signed.
func NewAuthenticator(tokens map[string]User, roots *x509.CertPool, now func() time.Time) *Authenticator {
	return &Authenticator{now: now, tokens: maps.Clone(tokens), roots: roots}
}

// SetToken makes a token that of a user. Nil means that it is nobody's any longer.
func (a *Authenticator) SetToken(token string, user *User) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if user == nil {
		delete(a.tokens, token)
		return
	}
	if a.tokens == nil {
		a.tokens = map[string]User{}
	}
	a.tokens[token] = *user
}

// SetRoots replaces the certificate authorities of clients.
func (a *Authenticator) SetRoots(roots *x509.CertPool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.roots = roots
}

// errUnauthorized is all that a client is told of a wrong credential.
var errUnauthorized = errors.New("Unauthorized") // the text that kube-apiserver sends

// Token returns whose token it is.
func (a *Authenticator) Token(token string) (User, bool) {
	a.mu.RLock()
	defer a.mu.RUnlock()
	u, ok := a.tokens[token]
	return known(u), ok
}

// Authenticate returns who sent r. A certificate counts before a token, as with kube-apiserver; one that no root has signed is an error.
func (a *Authenticator) Authenticate(r *http.Request) (User, error) {
	if r.TLS != nil && len(r.TLS.PeerCertificates) > 0 {
		return a.certificate(r.TLS.PeerCertificates)
	}
	if token, ok := bearer(r); ok {
		if u, ok := a.Token(token); ok {
			return u, nil
		}
		return User{}, errUnauthorized
	}
	return User{Name: Anonymous, Groups: []string{Unauthenticated}}, nil
}

// bearer returns the token of a request; basic and other authorizations are none of the server's.
func bearer(r *http.Request) (string, bool) {
	scheme, token, ok := strings.Cut(strings.TrimSpace(r.Header.Get("Authorization")), " ")
	token = strings.TrimSpace(token)
	return token, ok && strings.EqualFold(scheme, "bearer") && token != ""
}

func (a *Authenticator) certificate(chain []*x509.Certificate) (User, error) {
	a.mu.RLock()
	roots := a.roots
	a.mu.RUnlock()
	if roots == nil {
		return User{}, errUnauthorized
	}
	intermediates := x509.NewCertPool()
	for _, c := range chain[1:] {
		intermediates.AddCert(c)
	}
	leaf := chain[0]
	if _, err := leaf.Verify(x509.VerifyOptions{
		Roots: roots, Intermediates: intermediates, CurrentTime: a.now(), KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth},
	}); err != nil || leaf.Subject.CommonName == "" {
		return User{}, errUnauthorized
	}
	sum := sha256.Sum256(leaf.Raw)
	return known(User{
		Name:   leaf.Subject.CommonName,
		Groups: leaf.Subject.Organization,
		Extra:  map[string][]string{"authentication.kubernetes.io/credential-id": {"X509SHA256=" + hex.EncodeToString(sum[:])}},
	}), nil
}
