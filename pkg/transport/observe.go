package transport

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io/fs"
	"net/http"
	"time"

	"github.com/kubewright/kubewright/pkg/metrics"
)

// observeRoots returns load, of which all calls but the first are counted as attempts to read a CA again.
func observeRoots(load func() (*x509.CertPool, fingerprint, error)) func() (*x509.CertPool, fingerprint, error) {
	again, last := false, fingerprint{}
	return func() (*x509.CertPool, fingerprint, error) {
		roots, from, err := load()
		if again {
			metrics.TransportCAReloads.Increment(caReloadLabels(from != last, err))
		}
		again = true
		if err == nil {
			last = from
		}
		return roots, from, err
	}
}

// caReloadLabels returns the labels of metrics.TransportCAReloads.
func caReloadLabels(changed bool, err error) (result, reason string) {
	var unreadable *fs.PathError
	switch {
	case errors.As(err, &unreadable):
		return "failure", "unreadable"
	case err != nil:
		return "failure", "invalid"
	case changed:
		return "success", "changed"
	}
	return "success", "unchanged"
}

// observeCertificate returns load, with the metrics told of each certificate that is not the one before.
func observeCertificate(load func() (*tls.Certificate, fingerprint, error)) func() (*tls.Certificate, fingerprint, error) {
	var last *tls.Certificate
	var lastFrom fingerprint
	return func() (*tls.Certificate, fingerprint, error) {
		cert, from, err := load()
		if err != nil || cert == nil || last != nil && from == lastFrom {
			return cert, from, err
		}
		if last != nil {
			if leaf := leafOf(last); leaf != nil {
				metrics.ClientCertRotationAge.Observe(time.Since(leaf.NotBefore))
			}
		}
		var expiry *time.Time
		if leaf := leafOf(cert); leaf != nil {
			expiry = &leaf.NotAfter
		}
		metrics.ClientCertExpiry.Set(expiry)
		last, lastFrom = cert, from
		return cert, from, err
	}
}

// leafOf returns the client's own certificate, or nil if it cannot be parsed.
func leafOf(cert *tls.Certificate) *x509.Certificate {
	if cert.Leaf != nil || len(cert.Certificate) == 0 {
		return cert.Leaf
	}
	leaf, err := x509.ParseCertificate(cert.Certificate[0])
	if err != nil {
		return nil
	}
	return leaf
}

// observeAbandoned counts transports whose certificate will not be rotated any more, since nobody holds them.
func observeAbandoned(rt http.RoundTripper) {
	if r, ok := rt.(*rotating); ok && r.cert != nil {
		metrics.TransportCertRotationGCCalls.Increment()
	}
}
