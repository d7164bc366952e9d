package transport

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"log"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/kubewright/kubewright/pkg/internal/canary"
)

// certFiles writes a certificate and its key and returns a config that reloads them.
func certFiles(t *testing.T, ca *authority, name string) (config *Config, write func(name string)) {
	t.Helper()
	dir := t.TempDir()
	certFile, keyFile := filepath.Join(dir, "cert"), filepath.Join(dir, "key")
	write = func(name string) {
		t.Helper()
		cert, key := ca.issue(name)
		writeFile(t, certFile, string(cert))
		writeFile(t, keyFile, string(key))
	}
	write(name)
	return &Config{TLS: TLSConfig{CAData: ca.pem(), CertFile: certFile, KeyFile: keyFile, ReloadTLSFiles: true}}, write
}

func newRT(t *testing.T, config *Config) http.RoundTripper {
	t.Helper()
	rt, err := New(config)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup((&http.Client{Transport: rt}).CloseIdleConnections)
	return rt
}

// due makes the reloader look at its files at the next use.
func due[T comparable](r *reloader[T]) {
	c := *r.current.Load()
	c.checked = time.Now().Add(-2 * r.age)
	r.current.Store(&c)
}

func TestClientCertificateRotation(t *testing.T) {
	for _, http2 := range []bool{true, false} {
		t.Run(fmt.Sprintf("http2=%v", http2), func(t *testing.T) {
			ca := newAuthority(t, "ca")
			server := newIdentityServer(t, ca, http2)
			config, write := certFiles(t, ca, "one")
			rt := newRT(t, config)
			for range 3 {
				expectIdentity(t, rt, server.URL, "one")
			}
			held, err := (&http.Client{Transport: rt}).Get(server.URL + "/held")
			if err != nil {
				t.Fatal(err)
			}
			all, _ := server.connections()

			write("two")
			due(innermost(t, rt).cert)
			for range 3 {
				expectIdentity(t, rt, server.URL, "two")
			}
			if now, _ := server.connections(); now != all+1 {
				t.Errorf("%d connections for the new identity, want one", now-all)
			}

			// What was in flight goes on, and when it is done its connection is closed.
			close(server.hold)
			if body, err := io.ReadAll(held.Body); err != nil || string(body) != "one still one" {
				t.Errorf("in flight: %q, %v", body, err)
			}
			if err := held.Body.Close(); err != nil {
				t.Error(err)
			}
			waitFor(t, func() bool { _, open := server.connections(); return open == 1 })
		})
	}
}

// waitFor waits for what another goroutine or the peer does without a signal; the test's deadline bounds it.
func waitFor(t *testing.T, done func() bool) {
	t.Helper()
	for !done() {
		select {
		case <-t.Context().Done():
			t.Fatal("the test is over")
		case <-time.After(time.Millisecond):
		}
	}
}

func TestClientCertificateRotation401IsReplayed(t *testing.T) {
	ca := newAuthority(t, "ca")
	server := newIdentityServer(t, ca, true)
	config, write := certFiles(t, ca, "one")
	rt := newRT(t, config)
	expectIdentity(t, rt, server.URL, "one")
	write("two")
	server.refuse("one")
	expectIdentity(t, rt, server.URL, "two")
	server.refuse("two") // and nothing newer is there
	if code, name := ask(t, rt, server.URL); code != 401 || name != "two" {
		t.Errorf("status %d as %q", code, name)
	}
}

func TestBadClientCertificateFilesLeaveTheLastGoodOne(t *testing.T) {
	ca := newAuthority(t, "ca")
	server := newIdentityServer(t, ca, true)
	config, write := certFiles(t, ca, "one")
	rt := newRT(t, config)
	cert, _ := ca.issue("torn") // a certificate whose key has not arrived yet
	for _, content := range []string{"junk", "", string(cert)} {
		writeFile(t, config.TLS.CertFile, content)
		due(innermost(t, rt).cert)
		expectIdentity(t, rt, server.URL, "one")
	}
	if err := os.Remove(config.TLS.KeyFile); err != nil {
		t.Fatal(err)
	}
	due(innermost(t, rt).cert)
	expectIdentity(t, rt, server.URL, "one")
	write("two")
	due(innermost(t, rt).cert)
	expectIdentity(t, rt, server.URL, "two")
}

func TestUnchangedFilesKeepTheConnection(t *testing.T) {
	ca := newAuthority(t, "ca")
	server := newIdentityServer(t, ca, true)
	config, _ := certFiles(t, ca, "one")
	config.TLS.CAFile, config.TLS.CAData, config.TLS.ReloadCAFiles = filepath.Join(t.TempDir(), "ca"), nil, true
	writeFile(t, config.TLS.CAFile, string(ca.pem()))
	rt := newRT(t, config)
	for range 5 {
		expectIdentity(t, rt, server.URL, "one")
		due(innermost(t, rt).cert)
		due(innermost(t, rt).ca)
	}
	if all, _ := server.connections(); all != 1 {
		t.Errorf("%d connections, want one", all)
	}
}

func TestCARotation(t *testing.T) {
	older, newer := newAuthority(t, "older"), newAuthority(t, "newer")
	before, after := newIdentityServer(t, older, true), newIdentityServer(t, newer, true)
	caFile := filepath.Join(t.TempDir(), "ca")
	writeFile(t, caFile, string(older.pem()))
	rt := newRT(t, &Config{TLS: TLSConfig{CAFile: caFile, ReloadCAFiles: true}})
	expectIdentity(t, rt, before.URL, "nobody")

	// A bad bundle keeps the last good one.
	writeFile(t, caFile, "junk")
	due(innermost(t, rt).ca)
	expectIdentity(t, rt, before.URL, "nobody")

	// With both, the old server is known and so is the new one.
	writeFile(t, caFile, string(older.pem())+string(newer.pem()))
	due(innermost(t, rt).ca)
	expectIdentity(t, rt, before.URL, "nobody")
	expectIdentity(t, rt, after.URL, "nobody")

	// After the hard cut the old server is not trusted any more, not even over a connection that was.
	writeFile(t, caFile, string(newer.pem()))
	due(innermost(t, rt).ca)
	expectIdentity(t, rt, after.URL, "nobody")
	_, err := (&http.Client{Transport: rt}).Get(before.URL)
	var unverified *tls.CertificateVerificationError
	if !errors.As(canary.Err(t, err), &unverified) {
		t.Errorf("error %v, want the server refused", err)
	}
}

// A server whose certificate does not match is a reason to look at the CA before it is due, and the request goes through.
func TestCARotationIsNoticedWhenTheServerHasANewCertificate(t *testing.T) {
	older, newer := newAuthority(t, "older"), newAuthority(t, "newer")
	server := newIdentityServer(t, newer, true)
	caFile := filepath.Join(t.TempDir(), "ca")
	writeFile(t, caFile, string(older.pem()))
	rt := newRT(t, &Config{TLS: TLSConfig{CAFile: caFile, ReloadCAFiles: true}})
	writeFile(t, caFile, string(newer.pem()))
	expectIdentity(t, rt, server.URL, "nobody")
}

func TestCertificatesOfACredentialSource(t *testing.T) {
	ca := newAuthority(t, "ca")
	server := newIdentityServer(t, ca, true)
	source := &scripted{credential: Credential{Certificate: ca.pair("one")}}
	expired := 0
	source.expire = func(rejected Credential) {
		if rejected == source.credential {
			expired++
			source.credential = Credential{Certificate: ca.pair("two")}
		}
	}
	rt := newRT(t, &Config{Credentials: source, TLS: TLSConfig{CAData: ca.pem()}, Origin: origin(t, server.URL)})
	expectIdentity(t, rt, server.URL, "one")
	server.refuse("one")
	expectIdentity(t, rt, server.URL, "two")
	expectIdentity(t, rt, server.URL, "two")
	if all, _ := server.connections(); expired != 1 || all != 2 {
		t.Errorf("%d refreshes and %d connections, want 1 and 2", expired, all)
	}

	elsewhere := newIdentityServer(t, ca, true)
	expectIdentity(t, rt, elsewhere.URL, "nobody")
}

func TestCertificateCallbackIsAskedAgain(t *testing.T) {
	ca := newAuthority(t, "ca")
	server := newIdentityServer(t, ca, true)
	one, two := ca.pair("one"), ca.pair("two")
	now, nowErr := (*tls.Certificate)(nil), errors.New("no smart card")
	rt := newRT(t, &Config{TLS: TLSConfig{CAData: ca.pem(), GetCertHolder: &GetCertHolder{GetCert: func() (*tls.Certificate, error) {
		return now, nowErr
	}}}})
	if _, err := (&http.Client{Transport: rt}).Get(server.URL); err == nil || !strings.Contains(canary.Err(t, err).Error(), "no smart card") {
		t.Errorf("error %v, want that of the callback", err)
	}
	now, nowErr = one, nil
	expectIdentity(t, rt, server.URL, "one")
	now = two
	expectIdentity(t, rt, server.URL, "one") // not due yet
	due(innermost(t, rt).cert)
	expectIdentity(t, rt, server.URL, "two")
	nowErr = errors.New("no smart card")
	due(innermost(t, rt).cert)
	expectIdentity(t, rt, server.URL, "two")
	now, nowErr = one, nil // back to what it was: the connections are kept again
	due(innermost(t, rt).cert)
	all, _ := server.connections()
	for range 3 {
		expectIdentity(t, rt, server.URL, "one")
	}
	if after, _ := server.connections(); after != all+1 {
		t.Errorf("%d connections, want one", after-all)
	}
}

func TestFilesAreReadAgainWhenTheyAreDue(t *testing.T) {
	ca := newAuthority(t, "ca") // its keys are made outside of the bubble's time
	config, write := certFiles(t, ca, "one")
	config.TLS.CAFile, config.TLS.CAData, config.TLS.ReloadCAFiles = filepath.Join(t.TempDir(), "ca"), nil, true
	writeFile(t, config.TLS.CAFile, string(ca.pem()))
	synctest.Test(t, func(t *testing.T) {
		rt, err := newRotating(config)
		if err != nil {
			t.Fatal(err)
		}
		current := func() identity {
			t.Helper()
			i, err := rt.identity(context.Background())
			if err != nil {
				t.Fatal(err)
			}
			return i
		}
		first := current()
		write("two")
		writeFile(t, config.TLS.CAFile, string(ca.pem())+"# changed")
		if current() != first {
			t.Error("read before it was due")
		}
		time.Sleep(certFileAge)
		second := current()
		if second.cert == first.cert || second.roots != first.roots {
			t.Error("after 10 seconds: want a new certificate and the same CA")
		}
		time.Sleep(caFileAge)
		if current().roots == first.roots {
			t.Error("after 5 minutes: want a new CA")
		}
	})
}

func TestTLSConfigForReadsCertificateFilesAgain(t *testing.T) {
	ca := newAuthority(t, "ca")
	config, write := certFiles(t, ca, "one")
	synctest.Test(t, func(t *testing.T) {
		tlsConfig, err := TLSConfigFor(config)
		if err != nil {
			t.Fatal(err)
		}
		var names []string
		for range 2 {
			cert, err := tlsConfig.GetClientCertificate(&tls.CertificateRequestInfo{})
			if err != nil {
				t.Fatal(err)
			}
			names = append(names, cert.Leaf.Subject.CommonName)
			write("two")
			time.Sleep(certFileAge)
		}
		if d := cmp.Diff([]string{"one", "two"}, names); d != "" {
			t.Error(d)
		}
	})
}

func TestReloadOptionsWithDataAloneMakeAPlainTransport(t *testing.T) {
	ca := newAuthority(t, "ca")
	cert, key := ca.issue("one")
	rt := newRT(t, &Config{TLS: TLSConfig{CAData: ca.pem(), CertData: cert, KeyData: key, CAFile: "/no/such", ReloadCAFiles: true, ReloadTLSFiles: true}})
	if rt, ok := transportOf(t, rt).rt.(*http.Transport); !ok {
		t.Errorf("%T, want nothing that looks for files", rt)
	}
}

func getRequest(t *testing.T, url string) *http.Request {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	return req
}

// silent keeps what test servers say about clients that hang up out of the output.
var silent = log.New(io.Discard, "", 0)
