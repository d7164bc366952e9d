package transport

import (
	"context"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"net/http"
	"slices"
	"sync"
	"time"
)

// rotating is a transport whose CA or client certificate may change. A tls.Config in use is never changed (CVE-2025-68121):
// each identity has a generation, a transport of its own. Requests use the one of the newest identity; requests that the
// others still have go on, and their connections are closed as soon as they are idle.
type rotating struct {
	build    func(*tls.Config) *http.Transport
	template *tls.Config
	ca       *reloader[*x509.CertPool]   // nil for the fixed CA of template
	cert     *reloader[*tls.Certificate] // nil for none, or the one that comes with a request (certificateKey)

	mu          sync.Mutex    // guards generations
	generations []*generation // the newest first; later ones are retired
}

// identity is what a connection cannot change. Equal ones (==) are the same.
type identity struct {
	roots *x509.CertPool
	cert  *tls.Certificate // nil for none
}

type generation struct {
	*http.Transport
	identity identity

	// Guarded by rotating.mu.
	active  int       // requests whose answers are not closed
	retired time.Time // zero for the newest
}

// rotates reports whether anything that connections are made with may change.
func (c *Config) rotates() bool {
	return c.TLS.reloadsCA() || c.TLS.reloadsCert() || !c.HasCertAuth() && (c.HasCertCallback() || c.hasCredentials())
}

func newRotating(config *Config) (*rotating, error) {
	template, err := tlsTemplate(config)
	if err != nil {
		return nil, err
	}
	r := &rotating{template: template, build: transportBuilder(config)}
	switch {
	case config.TLS.reloadsCA():
		r.ca, err = newCAFile(&config.TLS)
	case config.HasCA():
		template.RootCAs, _, err = loadRoots(&config.TLS)
	}
	if err != nil {
		return nil, err
	}
	switch {
	case config.TLS.reloadsCert():
		r.cert, err = newCertFiles(&config.TLS)
	case config.HasCertAuth():
		var cert *tls.Certificate
		cert, err = newFixedCertificate(&config.TLS)
		template.GetClientCertificate = fixedCertificate(cert)
	case config.HasCertCallback():
		r.cert = newCertCallback(config.TLS.GetCertHolder.GetCert)
	}
	if err != nil {
		return nil, err
	}
	return r, nil
}

func newCertCallback(get func() (*tls.Certificate, error)) *reloader[*tls.Certificate] {
	load := func() (*tls.Certificate, fingerprint, error) {
		cert, err := get()
		if cert == nil || err != nil {
			return nil, fingerprint{}, err
		}
		return cert, sha256.Sum256(slices.Concat(cert.Certificate...)), nil
	}
	return newLazyReloader("client certificate from GetCertHolder", CertCallbackRefreshDuration, observeCertificate(load))
}

func fixedCertificate(cert *tls.Certificate) func(*tls.CertificateRequestInfo) (*tls.Certificate, error) {
	return func(*tls.CertificateRequestInfo) (*tls.Certificate, error) { return cert, nil }
}

// RoundTrip sends req. If the server refuses the identity, or the CA does not fit the server, and there is another one, the
// request is sent once more where it can be.
func (r *rotating) RoundTrip(req *http.Request) (*http.Response, error) {
	i, err := r.identity(req.Context())
	if err != nil {
		closeBody(req)
		return nil, err
	}
	resp, err := r.send(r.acquire(i), req)
	if !r.rejected(i, resp, err) || !replayable(req) {
		return resp, err
	}
	fresh, freshErr := r.identity(req.Context())
	if freshErr != nil || fresh == i {
		return resp, err
	}
	again, replayErr := replay(req)
	if replayErr != nil {
		return resp, err
	}
	if resp != nil {
		discard(resp.Body)
	}
	return r.send(r.acquire(fresh), again)
}

// identity returns the newest one, as far as ctx allows to wait for it. There is an error if there never was one.
func (r *rotating) identity(ctx context.Context) (i identity, err error) {
	if r.ca != nil {
		if i.roots, err = r.ca.get(ctx); err != nil {
			return identity{}, err
		}
	}
	if r.cert != nil {
		i.cert, err = r.cert.get(ctx)
		return i, err
	}
	i.cert, _ = ctx.Value(certificateKey{}).(*tls.Certificate)
	return i, nil
}

// rejected reports whether another identity could change what came of a request, and has it looked for.
func (r *rotating) rejected(i identity, resp *http.Response, err error) bool {
	var unverified *tls.CertificateVerificationError
	var op *net.OpError
	switch {
	case r.ca != nil && errors.As(err, &unverified):
		r.ca.expire(i.roots)
		return true
	case r.cert != nil && err == nil && resp.StatusCode == http.StatusUnauthorized:
		r.cert.expire(i.cert)
		return true
	case r.cert != nil && errors.As(err, &op) && op.Op == "remote error":
		// The server ended the TLS connection with an alert, perhaps since the certificate has expired. Whether it
		// did anything before is not known: only the next request profits.
		r.cert.expire(i.cert)
	}
	return false
}

// acquire returns the generation of i, with one more request.
func (r *rotating) acquire(i identity) *generation {
	g, retired := r.generation(i)
	if retired != nil {
		retired.CloseIdleConnections() // which may take time: r.mu is not held
	}
	return g
}

// generation is acquire, but leaves it to the caller to close the idle connections of the generation that is retired, if any.
func (r *rotating) generation(i identity) (g, retired *generation) {
	r.mu.Lock()
	defer r.mu.Unlock()
	at := slices.IndexFunc(r.generations, func(g *generation) bool { return g.identity == i })
	if at != 0 {
		retired = r.promote(i, at)
	}
	g = r.generations[0]
	g.active++
	return g, retired
}

// promote makes the generation of i, which is at the given place or -1 if it is to be made, the newest, and returns what was
// it, if any. r.mu is held.
func (r *rotating) promote(i identity, at int) (retired *generation) {
	var g *generation
	if at > 0 {
		g = r.generations[at]
		g.retired = time.Time{}
		r.generations = slices.Delete(r.generations, at, at+1)
	} else {
		tlsConfig := r.template.Clone()
		if i.roots != nil {
			tlsConfig.RootCAs = i.roots
		}
		if i.cert != nil {
			tlsConfig.GetClientCertificate = fixedCertificate(i.cert)
		}
		g = &generation{Transport: r.build(tlsConfig), identity: i}
	}
	if len(r.generations) > 0 {
		retired = r.generations[0]
		retired.retired = time.Now()
	}
	// Retired ones stay for a while, for requests that are a little late and for CloseIdleConnections.
	r.generations = slices.DeleteFunc(r.generations, func(old *generation) bool {
		return old.active == 0 && time.Since(old.retired) > idleConnTimeout
	})
	r.generations = slices.Insert(r.generations, 0, g)
	return retired
}

// release ends a request of g.
func (r *rotating) release(g *generation) {
	r.mu.Lock()
	g.active--
	last := g.active == 0 && !g.retired.IsZero()
	r.mu.Unlock()
	if last {
		g.CloseIdleConnections()
	}
}

// send sends req through g, which was acquired, and releases g when the answer's body is closed.
func (r *rotating) send(g *generation, req *http.Request) (*http.Response, error) {
	resp, err := g.RoundTrip(req)
	if err != nil || resp.StatusCode == http.StatusSwitchingProtocols { // then the connection has left the transport
		r.release(g)
		return resp, err
	}
	resp.Body = &releasingBody{ReadCloser: resp.Body, release: sync.OnceFunc(func() { r.release(g) })}
	return resp, nil
}

// releasingBody calls release when it is closed. At its end an HTTP/2 stream could still be counted as active.
type releasingBody struct {
	io.ReadCloser
	release func()
}

func (b *releasingBody) Close() error {
	defer b.release()
	return b.ReadCloser.Close()
}

// CloseIdleConnections closes those of every generation.
func (r *rotating) CloseIdleConnections() {
	r.mu.Lock()
	generations := slices.Clone(r.generations)
	r.mu.Unlock()
	for _, g := range generations {
		g.CloseIdleConnections()
	}
}

// WrappedRoundTripper returns the transport of the newest identity, so that apimachinery's util/net finds its settings.
func (r *rotating) WrappedRoundTripper() http.RoundTripper {
	i, err := r.identity(context.Background())
	if err != nil {
		return r.build(r.template.Clone())
	}
	g := r.acquire(i)
	defer r.release(g)
	return g.Transport
}
