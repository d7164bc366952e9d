package cert

import (
	"bytes"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// The types of the PEM blocks that certificates and requests for them are in.
const (
	CertificateBlockType        = "CERTIFICATE"
	CertificateRequestBlockType = "CERTIFICATE REQUEST"
)

// NewPool returns the certificates in the PEM file as a pool; see CertsFromFile.
func NewPool(filename string) (*x509.CertPool, error) {
	certs, err := CertsFromFile(filename)
	if err != nil {
		return nil, err
	}
	return newPool(certs), nil
}

// NewPoolFromBytes returns the certificates in the PEM data as a pool; see ParseCertsPEM.
func NewPoolFromBytes(pemBlock []byte) (*x509.CertPool, error) {
	certs, err := ParseCertsPEM(pemBlock)
	if err != nil {
		return nil, err
	}
	return newPool(certs), nil
}

func newPool(certs []*x509.Certificate) *x509.CertPool {
	pool := x509.NewCertPool()
	for _, cert := range certs {
		pool.AddCert(cert)
	}
	return pool
}

// CertsFromFile returns the certificates in the PEM file. One that cannot be parsed is an error, and so is a file without
// any.
func CertsFromFile(file string) ([]*x509.Certificate, error) {
	data, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	certs, err := ParseCertsPEM(data)
	if err != nil {
		return nil, fmt.Errorf("unable to read certificates from %q: %w", file, err)
	}
	return certs, nil
}

// ParseCertsPEM returns the certificates in the PEM data. One that cannot be parsed is an error, and so is data without any.
// Blocks of other types and text around are passed over.
func ParseCertsPEM(pemCerts []byte) ([]*x509.Certificate, error) {
	var certs []*x509.Certificate
	for {
		var block *pem.Block
		if block, pemCerts = pem.Decode(pemCerts); block == nil {
			break
		}
		if block.Type != CertificateBlockType {
			continue
		}
		cert, err := x509.ParseCertificate(block.Bytes)
		if err != nil {
			return nil, fmt.Errorf("certificate %d cannot be parsed: %w", len(certs)+1, err)
		}
		certs = append(certs, cert)
	}
	if len(certs) == 0 {
		return nil, errors.New("the data has no PEM certificate: want blocks of -----BEGIN CERTIFICATE-----")
	}
	return certs, nil
}

// EncodeCertificates returns certs as PEM.
func EncodeCertificates(certs ...*x509.Certificate) ([]byte, error) {
	var b bytes.Buffer
	for _, cert := range certs {
		if err := pem.Encode(&b, &pem.Block{Type: CertificateBlockType, Bytes: cert.Raw}); err != nil {
			return nil, err
		}
	}
	return b.Bytes(), nil
}

// WriteCert writes data to certPath, which is made if it is missing (0644), and so are its directories (0755).
func WriteCert(certPath string, data []byte) error {
	if err := os.MkdirAll(filepath.Dir(certPath), 0o755); err != nil {
		return err
	}
	return os.WriteFile(certPath, data, 0o644)
}

// CanReadCertAndKey reports whether both files can be read. If only one of them can, that is an error: half of a pair is
// rather lost than not there yet.
func CanReadCertAndKey(certPath, keyPath string) (bool, error) {
	cert, certErr := canRead(certPath)
	key, keyErr := canRead(keyPath)
	switch {
	case cert && !key:
		return false, fmt.Errorf("the certificate %q is there without its key: %w", certPath, keyErr)
	case key && !cert:
		return false, fmt.Errorf("the key %q is there without its certificate: %w", keyPath, certErr)
	}
	return cert, nil
}

// canRead says why not, too.
func canRead(path string) (bool, error) {
	file, err := os.Open(path)
	if err != nil {
		return false, err
	}
	defer file.Close()
	if info, err := file.Stat(); err == nil && info.IsDir() {
		return false, &fs.PathError{Op: "read", Path: path, Err: errors.New("is a directory")}
	}
	return true, nil
}
