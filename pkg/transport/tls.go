package transport

import (
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"os"
	"slices"
)

// TLSConfigFor returns the tls.Config that c asks for, or nil if c says nothing about TLS. Files are read now.
func TLSConfigFor(c *Config) (*tls.Config, error) {
	t := &c.TLS
	if !c.HasCA() && !t.hasCert() && !t.hasKey() && !c.HasCertCallback() && !t.Insecure && t.ServerName == "" && len(t.NextProtos) == 0 {
		return nil, nil
	}
	if c.HasCA() && t.Insecure {
		return nil, errors.New("a CA is set together with Insecure: remove one of them, since Insecure would skip the check against the CA")
	}
	if t.ReloadTLSFiles || t.ReloadCAFiles {
		return nil, errors.New("reloading TLS files is not supported by this version of Kubewright yet: leave ReloadTLSFiles and ReloadCAFiles unset and make a new client when the files change")
	}

	config := &tls.Config{
		MinVersion:         tls.VersionTLS12,
		InsecureSkipVerify: t.Insecure, //nolint:gosec // what the user asked for, and documented as what it is
		ServerName:         t.ServerName,
		NextProtos:         slices.Clone(t.NextProtos),
	}
	if c.HasCA() {
		pool, err := caPool(t)
		if err != nil {
			return nil, err
		}
		config.RootCAs = pool
	}
	if err := setClientCertificate(config, c); err != nil {
		return nil, err
	}
	return config, nil
}

// dataOrFile returns data or, if there is none, the content of file. what is for the error.
func dataOrFile(what string, data []byte, file string) ([]byte, error) {
	if len(data) > 0 || file == "" {
		return data, nil
	}
	content, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("unable to read the %s: %w", what, err)
	}
	return content, nil
}

func caPool(t *TLSConfig) (*x509.CertPool, error) {
	bundle, err := dataOrFile("certificate authority", t.CAData, t.CAFile)
	if err != nil {
		return nil, err
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
			return nil, fmt.Errorf("%s holds a certificate that cannot be parsed: %w", from, err)
		}
		pool.AddCert(cert)
		found = true
	}
	if !found {
		return nil, fmt.Errorf("%s holds no PEM certificate: want blocks of -----BEGIN CERTIFICATE-----", from)
	}
	return pool, nil
}

func setClientCertificate(config *tls.Config, c *Config) error {
	t := &c.TLS
	switch {
	case t.hasCert() && !t.hasKey():
		return errors.New("a client certificate is set without its key: set KeyData or KeyFile too")
	case t.hasKey() && !t.hasCert():
		return errors.New("a client key is set without its certificate: set CertData or CertFile too")
	case t.hasCert():
		certPEM, err := dataOrFile("client certificate", t.CertData, t.CertFile)
		if err != nil {
			return err
		}
		keyPEM, err := dataOrFile("client key", t.KeyData, t.KeyFile)
		if err != nil {
			return err
		}
		cert, err := tls.X509KeyPair(certPEM, keyPEM)
		if err != nil {
			return fmt.Errorf("unable to use the client certificate and key: %w", err)
		}
		config.GetClientCertificate = func(*tls.CertificateRequestInfo) (*tls.Certificate, error) { return &cert, nil }
	case c.HasCertCallback():
		get := t.GetCertHolder.GetCert
		config.GetClientCertificate = func(*tls.CertificateRequestInfo) (*tls.Certificate, error) {
			cert, err := get()
			if err != nil {
				return nil, err
			}
			if cert == nil { // crypto/tls wants a certificate, if need be an empty one
				cert = &tls.Certificate{}
			}
			return cert, nil
		}
	}
	return nil
}
