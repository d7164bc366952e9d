package apiserver

import (
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/csv"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
)

// mastersGroup is bound to everything by Kubernetes itself.
const mastersGroup = "system:masters"

// User is a name known to the API server with the credential that proves it: a bearer
// token, or a client certificate and its key.
type User struct {
	Name   string
	Groups []string

	Token string // empty for a user with a certificate

	CertPEM, KeyPEM []byte // nil for a user with a token
}

// Admin is the user "admin" of the group system:masters, who may do everything, with a
// client certificate.
func (c *Cluster) Admin() User { return c.admin }

// AdminToken is the user "admin-token" of the group system:masters, who may do
// everything, with a token.
func (c *Cluster) AdminToken() User { return c.adminToken }

// Plain is the user "plain", who has a token and no right but those of every
// authenticated user (discovery, and reviews of its own access).
func (c *Cluster) Plain() User { return c.plain }

// ClientCertificate makes a user of any name and groups, with a certificate that the
// API server accepts. It needs no running server and no restart.
func (c *Cluster) ClientCertificate(name string, groups ...string) (User, error) {
	certPEM, keyPEM, err := c.clientCA.issueClient(name, groups)
	if err != nil {
		return User{}, err
	}
	return User{Name: name, Groups: groups, CertPEM: certPEM, KeyPEM: keyPEM}, nil
}

// HTTPClient returns a client that verifies the API servers' certificates and
// authenticates as user; the zero User makes an anonymous one. It speaks HTTP/1.1 and
// has a connection pool of its own: call CloseIdleConnections when done with it.
func (c *Cluster) HTTPClient(user User) (*http.Client, error) {
	c.mu.Lock()
	ca := c.servingCA
	c.mu.Unlock()
	return newHTTPClient(user, ca)
}

func newHTTPClient(user User, ca *authority) (*http.Client, error) {
	config := &tls.Config{RootCAs: x509.NewCertPool(), MinVersion: tls.VersionTLS12}
	config.RootCAs.AddCert(ca.cert)
	if user.CertPEM != nil {
		pair, err := tls.X509KeyPair(user.CertPEM, user.KeyPEM)
		if err != nil {
			return nil, fmt.Errorf("certificate of user %q: %w", user.Name, err)
		}
		config.Certificates = []tls.Certificate{pair}
	}
	return &http.Client{Transport: &bearer{
		token:     user.Token,
		Transport: &http.Transport{TLSClientConfig: config},
	}}, nil
}

// bearer adds a token, unless it is empty, to each request. The embedded transport
// gives it CloseIdleConnections.
type bearer struct {
	token string
	*http.Transport
}

func (b *bearer) RoundTrip(req *http.Request) (*http.Response, error) {
	if b.token != "" {
		req = req.Clone(req.Context())
		req.Header.Set("Authorization", "Bearer "+b.token)
	}
	return b.Transport.RoundTrip(req)
}

// makeUsers fills in the cluster's own users and writes the tokens of those who have
// one to the file that kube-apiserver reads at its start.
func (c *Cluster) makeUsers() error {
	var err error
	if c.admin, err = c.ClientCertificate("admin", mastersGroup); err != nil {
		return err
	}
	c.adminToken = User{Name: "admin-token", Groups: []string{mastersGroup}, Token: rand.Text()}
	c.plain = User{Name: "plain", Token: rand.Text()}

	var text strings.Builder
	w := csv.NewWriter(&text)
	for _, user := range []User{c.adminToken, c.plain} {
		// token, user name, uid, groups
		if err := w.Write([]string{user.Token, user.Name, user.Name, strings.Join(user.Groups, ",")}); err != nil {
			return err
		}
	}
	w.Flush()
	return os.WriteFile(filepath.Join(c.dir, tokenFile), []byte(text.String()), 0o600)
}
