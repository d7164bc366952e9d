package transport

import (
	"context"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"slices"
	"time"
)

const (
	certFileAge = 10 * time.Second // how old a certificate or key from a file may become before the files are read again
	caFileAge   = 5 * time.Minute  // likewise for the CA
)

// TLSConfigFor returns the tls.Config that c asks for, or nil if c says nothing about TLS. Files are read now. A client
// certificate that can change is read again for later connections, the CA is not: clients from New notice a new one.
func TLSConfigFor(c *Config) (*tls.Config, error) {
	config, err := tlsTemplate(c)
	if config == nil || err != nil {
		return nil, err
	}
	if c.HasCA() {
		if config.RootCAs, _, err = loadRoots(&c.TLS); err != nil {
			return nil, err
		}
	}
	get, err := certificateGetter(c)
	if err != nil {
		return nil, err
	}
	if get != nil {
		config.GetClientCertificate = func(info *tls.CertificateRequestInfo) (*tls.Certificate, error) {
			cert, err := get(info.Context())
			if cert == nil && err == nil { // crypto/tls wants a certificate, if need be an empty one
				cert = &tls.Certificate{}
			}
			return cert, err
		}
	}
	return config, nil
}

// tlsTemplate returns the tls.Config that c asks for, but for CA and client certificate, or nil if c says nothing about TLS.
func tlsTemplate(c *Config) (*tls.Config, error) {
	t := &c.TLS
	switch {
	case !c.HasCA() && !t.hasCert() && !t.hasKey() && !c.HasCertCallback() && !c.hasCredentials() && !t.Insecure && t.ServerName == "" && len(t.NextProtos) == 0:
		return nil, nil
	case c.HasCA() && t.Insecure:
		return nil, errors.New("a CA is set together with Insecure: remove one of them, since Insecure would skip the check against the CA")
	case t.hasCert() && !t.hasKey():
		return nil, errors.New("a client certificate is set without its key: set KeyData or KeyFile too")
	case t.hasKey() && !t.hasCert():
		return nil, errors.New("a client key is set without its certificate: set CertData or CertFile too")
	}
	return &tls.Config{
		MinVersion:         tls.VersionTLS12,
		InsecureSkipVerify: t.Insecure, //nolint:gosec // what the user asked for, and documented as what it is
		ServerName:         t.ServerName,
		NextProtos:         slices.Clone(t.NextProtos),
	}, nil
}

// certificateGetter returns what provides the client certificate for a connection, or nil if c has none.
func certificateGetter(c *Config) (func(context.Context) (*tls.Certificate, error), error) {
	switch {
	case c.TLS.reloadsCert():
		files, err := newCertFiles(&c.TLS)
		if err != nil {
			return nil, err
		}
		return files.get, nil
	case c.HasCertAuth():
		cert, err := newFixedCertificate(&c.TLS)
		return func(context.Context) (*tls.Certificate, error) { return cert, nil }, err
	case c.HasCertCallback():
		return func(context.Context) (*tls.Certificate, error) { return c.TLS.GetCertHolder.GetCert() }, nil
	case c.hasCredentials():
		return func(ctx context.Context) (*tls.Certificate, error) {
			credential, err := c.Credentials.Credential(ctx)
			return credential.Certificate, err
		}, nil
	}
	return nil, nil
}

// reloadsCert reports whether the client certificate is from files that may change.
func (t *TLSConfig) reloadsCert() bool {
	return t.ReloadTLSFiles && t.hasCert() && t.hasKey() && (len(t.CertData) == 0 || len(t.KeyData) == 0)
}

// reloadsCA reports whether the CA is from a file that may change.
func (t *TLSConfig) reloadsCA() bool {
	return t.ReloadCAFiles && len(t.CAData) == 0 && t.CAFile != ""
}

// newCertFiles and newCAFile keep a copy of t, which belongs to the caller.

func newCertFiles(t *TLSConfig) (*reloader[*tls.Certificate], error) {
	kept := *t
	kept.CertData, kept.KeyData = slices.Clone(t.CertData), slices.Clone(t.KeyData)
	what := fmt.Sprintf("client certificate (file %q) and key (file %q)", t.CertFile, t.KeyFile)
	return newReloader(what, certFileAge, observeCertificate(func() (*tls.Certificate, fingerprint, error) { return loadCertificate(&kept) }))
}

func newCAFile(t *TLSConfig) (*reloader[*x509.CertPool], error) {
	kept := *t
	what := fmt.Sprintf("certificate authority file %q", t.CAFile)
	return newReloader(what, caFileAge, observeRoots(func() (*x509.CertPool, fingerprint, error) { return loadRoots(&kept) }))
}

// newFixedCertificate returns the client certificate of a client that uses it for ever.
func newFixedCertificate(t *TLSConfig) (*tls.Certificate, error) {
	cert, _, err := observeCertificate(func() (*tls.Certificate, fingerprint, error) { return loadCertificate(t) })()
	return cert, err
}

// dataOrFile returns data or, if there is none, the content of file. what is for the error.
func dataOrFile(what string, data []byte, file string) ([]byte, error) {
	if len(data) > 0 || file == "" {
		return data, nil
	}
	return readFile(what, file)
}

func loadRoots(t *TLSConfig) (*x509.CertPool, fingerprint, error) {
	bundle, err := dataOrFile("certificate authority", t.CAData, t.CAFile)
	if err != nil {
		return nil, fingerprint{}, err
	}
	from := "certificate authority data"
	if len(t.CAData) == 0 {
		from = fmt.Sprintf("certificate authority file %q", t.CAFile)
	}
	pool := x509.NewCertPool()
	found := false
	for rest := bundle; ; {
		var block *pem.Block
		if block, rest = pem.Decode(rest); block == nil {
			break
		}
		if block.Type != "CERTIFICATE" {
			continue
		}
		cert, err := x509.ParseCertificate(block.Bytes)
		if err != nil {
			return nil, fingerprint{}, fmt.Errorf("%s holds a certificate that cannot be parsed: %w", from, err)
		}
		pool.AddCert(cert)
		found = true
	}
	if !found {
		return nil, fingerprint{}, fmt.Errorf("%s holds no PEM certificate: want blocks of -----BEGIN CERTIFICATE-----", from)
	}
	return pool, sha256.Sum256(bundle), nil
}

func loadCertificate(t *TLSConfig) (*tls.Certificate, fingerprint, error) {
	certPEM, err := dataOrFile("client certificate", t.CertData, t.CertFile)
	if err != nil {
		return nil, fingerprint{}, err
	}
	keyPEM, err := dataOrFile("client key", t.KeyData, t.KeyFile)
	if err != nil {
		return nil, fingerprint{}, err
	}
	cert, err := tls.X509KeyPair(certPEM, keyPEM)
	if err != nil {
		return nil, fingerprint{}, fmt.Errorf("unable to use the client certificate and key: %w", err)
	}
	return &cert, sha256.Sum256(slices.Concat(certPEM, keyPEM)), nil
}
