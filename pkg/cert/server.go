package cert

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/url"
	"time"
)

// handshakeTimeout bounds how long a server is waited for.
const handshakeTimeout = 30 * time.Second

// GetClientCANames returns the names of the CAs whose client certificates the server at apiHost ("host:port") accepts, each as
// the DER encoding that is in the handshake (RFC 5246 section 7.4.4). The server is not verified. It is nobody's error if it
// does not ask for a certificate.
func GetClientCANames(apiHost string) ([]string, error) {
	names, asked := []string{}, false
	conn, err := handshake(apiHost, &tls.Config{
		GetClientCertificate: func(request *tls.CertificateRequestInfo) (*tls.Certificate, error) {
			asked = true
			for _, name := range request.AcceptableCAs {
				names = append(names, string(name))
			}
			return &tls.Certificate{}, nil
		},
	})
	if err != nil {
		if asked { // the server may refuse those without certificate
			return names, nil
		}
		return nil, err
	}
	return names, conn.Close()
}

// GetClientCANamesForURL is GetClientCANames for the URL of a server, as in kubeconfig files.
func GetClientCANamesForURL(kubeConfigURL string) ([]string, error) {
	host, err := hostOf(kubeConfigURL)
	if err != nil {
		return nil, err
	}
	return GetClientCANames(host)
}

// GetServingCertificates returns the certificates that the server at apiHost ("host:port") presents, and each of them as PEM.
// serverName, if it is not empty, is the name that the server is asked for. The server is not verified.
func GetServingCertificates(apiHost, serverName string) ([]*x509.Certificate, [][]byte, error) {
	conn, err := handshake(apiHost, &tls.Config{ServerName: serverName})
	if err != nil {
		return nil, nil, err
	}
	defer conn.Close()
	certs := conn.ConnectionState().PeerCertificates
	pems := make([][]byte, len(certs))
	for i, cert := range certs {
		if pems[i], err = EncodeCertificates(cert); err != nil {
			return nil, nil, err
		}
	}
	return certs, pems, nil
}

// GetServingCertificatesForURL is GetServingCertificates for the URL of a server, as in kubeconfig files.
func GetServingCertificatesForURL(kubeConfigURL, serverName string) ([]*x509.Certificate, [][]byte, error) {
	host, err := hostOf(kubeConfigURL)
	if err != nil {
		return nil, nil, err
	}
	return GetServingCertificates(host, serverName)
}

// handshake connects to a server in order to look at it: nothing is sent, and so nobody has to be trusted.
func handshake(apiHost string, config *tls.Config) (*tls.Conn, error) {
	config.InsecureSkipVerify = true
	config.MinVersion = tls.VersionTLS12
	return tls.DialWithDialer(&net.Dialer{Timeout: handshakeTimeout}, "tcp", apiHost, config)
}

// hostOf returns the host and port of a URL with scheme https.
func hostOf(rawURL string) (string, error) {
	u, err := url.Parse(rawURL)
	if err != nil { // it repeats its input, which may have a password
		return "", errors.New("the URL of the TLS server cannot be parsed: want https://host or https://host:port")
	}
	if u.Scheme != "https" || u.Hostname() == "" {
		return "", fmt.Errorf("%q is not the URL of a TLS server: want https://host or https://host:port", u.Redacted())
	}
	port := u.Port()
	if port == "" {
		port = "443"
	}
	return net.JoinHostPort(u.Hostname(), port), nil
}
