package cert

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"fmt"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

const (
	year         = 365 * 24 * time.Hour
	caAge        = 10 * year
	defaultAge   = year
	fixtureAge   = 100 * year
	clockSkew    = time.Hour // how far back a certificate for a server begins, for peers whose clock is late
	rsaKeyLength = 2048
)

// Config says what a CA certificate is to hold.
type Config struct {
	CommonName   string
	Organization []string
	AltNames     AltNames           // not for CA certificates
	Usages       []x509.ExtKeyUsage // not for CA certificates
	NotBefore    time.Time          // zero means now
}

// AltNames are the names of a server.
type AltNames struct {
	DNSNames []string
	IPs      []net.IP
}

// NewSelfSignedCACert returns the certificate of a CA that has key. It is valid for ten years from now.
func NewSelfSignedCACert(cfg Config, key crypto.Signer) (*x509.Certificate, error) {
	now := time.Now()
	begin := cfg.NotBefore
	if begin.IsZero() {
		begin = now
	}
	template := &x509.Certificate{
		Subject:   pkix.Name{CommonName: cfg.CommonName, Organization: cfg.Organization},
		NotBefore: begin.UTC(),
		NotAfter:  now.Add(caAge).UTC(),
	}
	if cfg.CommonName != "" {
		template.DNSNames = []string{cfg.CommonName}
	}
	return newCA(template, key)
}

// newCA signs template with its own key.
func newCA(template *x509.Certificate, key crypto.Signer) (*x509.Certificate, error) {
	template.KeyUsage = x509.KeyUsageKeyEncipherment | x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign
	template.IsCA, template.BasicConstraintsValid = true, true
	return sign(template, template, key.Public(), key)
}

// sign gives template a random serial number.
func sign(template, parent *x509.Certificate, public crypto.PublicKey, signer crypto.Signer) (*x509.Certificate, error) {
	// RFC 5280 section 4.1.2.2: positive, at most 20 octets.
	serial, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 127))
	if err != nil {
		return nil, err
	}
	template.SerialNumber = serial.Add(serial, big.NewInt(1))
	der, err := x509.CreateCertificate(rand.Reader, template, parent, public, signer)
	if err != nil {
		return nil, err
	}
	return x509.ParseCertificate(der)
}

// SelfSignedCertKeyOptions says for whom GenerateSelfSignedCertKeyWithOptions makes a certificate.
type SelfSignedCertKeyOptions struct {
	// Host is the DNS name or IP address of the server. It has to be set.
	Host string
	// AlternateIPs are further IP addresses of the server.
	AlternateIPs []net.IP
	// AlternateDNS are further DNS names of the server.
	AlternateDNS []string

	// MaxAge is how long the certificate is valid; zero means a year. It says nothing about fixtures.
	MaxAge time.Duration

	// FixtureDirectory is for tests, which it saves the time to make keys. If it is set, the certificate and key are the
	// files <host>_<ip>-<ip>_<dns>-<dns>.crt and .key there; they are made, for 100 years, if they are missing.
	FixtureDirectory string
}

// GenerateSelfSignedCertKey is GenerateSelfSignedCertKeyWithOptions with these options.
func GenerateSelfSignedCertKey(host string, alternateIPs []net.IP, alternateDNS []string) ([]byte, []byte, error) {
	return GenerateSelfSignedCertKeyWithFixtures(host, alternateIPs, alternateDNS, "")
}

// GenerateSelfSignedCertKeyWithFixtures is GenerateSelfSignedCertKeyWithOptions with these options.
func GenerateSelfSignedCertKeyWithFixtures(host string, alternateIPs []net.IP, alternateDNS []string, fixtureDirectory string) ([]byte, []byte, error) {
	return GenerateSelfSignedCertKeyWithOptions(SelfSignedCertKeyOptions{
		Host: host, AlternateIPs: alternateIPs, AlternateDNS: alternateDNS, FixtureDirectory: fixtureDirectory,
	})
}

// GenerateSelfSignedCertKeyWithOptions makes a certificate for a server and returns it, together with that of the CA that was
// made to sign it, and its RSA key, as PEM. Nobody has the key of the CA any more. The certificates begin an hour ago.
func GenerateSelfSignedCertKeyWithOptions(opts SelfSignedCertKeyOptions) ([]byte, []byte, error) {
	if opts.Host == "" {
		return nil, nil, errors.New("a certificate needs a Host")
	}
	if opts.FixtureDirectory != "" {
		return fixture(opts)
	}
	if opts.MaxAge == 0 {
		opts.MaxAge = defaultAge
	}
	return generate(opts)
}

func generate(opts SelfSignedCertKeyOptions) (certPEM, keyPEM []byte, err error) {
	now := time.Now()
	begin, end := now.Add(-clockSkew).UTC(), now.Add(opts.MaxAge-clockSkew).UTC()
	name := func(suffix string) pkix.Name {
		return pkix.Name{CommonName: fmt.Sprintf("%s%s@%d", opts.Host, suffix, now.Unix())}
	}

	caKey, err := rsa.GenerateKey(rand.Reader, rsaKeyLength)
	if err != nil {
		return nil, nil, err
	}
	ca, err := newCA(&x509.Certificate{Subject: name("-ca"), NotBefore: begin, NotAfter: end}, caKey)
	if err != nil {
		return nil, nil, err
	}

	key, err := rsa.GenerateKey(rand.Reader, rsaKeyLength)
	if err != nil {
		return nil, nil, err
	}
	template := &x509.Certificate{
		Subject: name(""), NotBefore: begin, NotAfter: end,
		KeyUsage:              x509.KeyUsageKeyEncipherment | x509.KeyUsageDigitalSignature,
		ExtKeyUsage:           []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
		BasicConstraintsValid: true,
		DNSNames:              slices.Clone(opts.AlternateDNS),
		IPAddresses:           slices.Clone(opts.AlternateIPs),
	}
	if ip := net.ParseIP(opts.Host); ip != nil {
		template.IPAddresses = slices.Insert(template.IPAddresses, 0, ip)
	} else {
		template.DNSNames = slices.Insert(template.DNSNames, 0, opts.Host)
	}
	cert, err := sign(template, ca, key.Public(), caKey)
	if err != nil {
		return nil, nil, err
	}

	if certPEM, err = EncodeCertificates(cert, ca); err != nil {
		return nil, nil, err
	}
	return certPEM, pem.EncodeToMemory(&pem.Block{Type: "RSA PRIVATE KEY", Bytes: x509.MarshalPKCS1PrivateKey(key)}), nil
}

// fixture returns what is in opts.FixtureDirectory, or makes it.
func fixture(opts SelfSignedCertKeyOptions) (certPEM, keyPEM []byte, err error) {
	ips := make([]string, len(opts.AlternateIPs))
	for i, ip := range opts.AlternateIPs {
		ips[i] = ip.String()
	}
	base := fmt.Sprintf("%s_%s_%s", opts.Host, strings.Join(ips, "-"), strings.Join(opts.AlternateDNS, "-"))
	if !filepath.IsLocal(base) || filepath.Base(base) != base {
		return nil, nil, fmt.Errorf("the names %q cannot be part of a file name", base)
	}
	certFile, keyFile := filepath.Join(opts.FixtureDirectory, base+".crt"), filepath.Join(opts.FixtureDirectory, base+".key")
	if there, err := CanReadCertAndKey(certFile, keyFile); err != nil {
		return nil, nil, err
	} else if there {
		if certPEM, err = os.ReadFile(certFile); err != nil {
			return nil, nil, err
		}
		keyPEM, err = os.ReadFile(keyFile)
		return certPEM, keyPEM, err
	}
	opts.MaxAge = fixtureAge
	if certPEM, keyPEM, err = generate(opts); err != nil {
		return nil, nil, err
	}
	if err := WriteCert(certFile, certPEM); err != nil {
		return nil, nil, fmt.Errorf("unable to write the fixture: %w", err)
	}
	if err := os.WriteFile(keyFile, keyPEM, 0o600); err != nil {
		return nil, nil, fmt.Errorf("unable to write the fixture: %w", err)
	}
	return certPEM, keyPEM, nil
}
