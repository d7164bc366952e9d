package rest

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"math/big"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"golang.org/x/net/http2"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// h2Storm serves three requests, and says goodbye when it gets a fourth: to every second client before that is executed, to
// the others within.
func h2Storm(connections *atomic.Int32) func(*h2Conn) {
	return func(c *h2Conn) {
		within := connections.Add(1)%2 == 0
		last := uint32(0)
		for range 3 {
			stream, body, err := c.request()
			if err != nil {
				return
			}
			c.execute(body)
			c.answer(stream)
			last = max(last, stream)
		}
		stream, body, err := c.request()
		if err != nil {
			return
		}
		if within {
			c.execute(body)
			last = max(last, stream)
		}
		_ = c.WriteGoAway(last, http2.ErrCodeNo, nil)
	}
}

// Every connection is ended after a few requests: all reads are answered, and no write is executed twice.
func TestStormOfGoAways(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const workers, requests = 10, 20
		var connections, written, lost atomic.Int32
		s := &h2Server{script: []func(*h2Conn){h2Storm(&connections)}}
		c := s.client(t)
		var wg sync.WaitGroup
		for i := range workers {
			wg.Go(func() {
				for j := range requests {
					if (i+j)%2 == 0 {
						if got, err := c.Get().Name("x").Resource("pods").DoRaw(t.Context()); err != nil || string(got) != "ok" {
							t.Errorf("read: answer %q, error %v", got, err)
						}
						continue
					}
					if _, err := c.Post().Resource("pods").Body([]byte(fmt.Sprintf("write %d %d", i, j))).DoRaw(t.Context()); err != nil {
						lost.Add(1)
					} else {
						written.Add(1)
					}
				}
			})
		}
		wg.Wait()
		s.mu.Lock()
		defer s.mu.Unlock()
		executed := map[string]int{}
		for _, body := range s.bodies {
			executed[body]++
		}
		delete(executed, "") // the reads
		for body, n := range executed {
			if n != 1 {
				t.Errorf("%q was executed %d times", body, n)
			}
		}
		if n := int32(len(executed)); n < written.Load() || n > written.Load()+lost.Load() {
			t.Errorf("%d writes were executed, %d reported as done, %d as lost", n, written.Load(), lost.Load())
		}
		if s.accepted < workers*requests/4/2 || written.Load() == 0 {
			t.Errorf("%d connections, %d writes: that is no storm", s.accepted, written.Load())
		}
	})
}

// h2Identities are whom a server lets in: with any of the tokens and any of the client certificates.
type h2Identities struct {
	tokens []string
	leaves [][]byte
}

func (i *h2Identities) include(req *http.Request) bool {
	token, ok := strings.CutPrefix(req.Header.Get("Authorization"), "Bearer ")
	return ok && slices.Contains(i.tokens, token) && len(req.TLS.PeerCertificates) > 0 &&
		slices.ContainsFunc(i.leaves, func(leaf []byte) bool { return bytes.Equal(leaf, req.TLS.PeerCertificates[0].Raw) })
}

// h2Backend is a server that comes back at the same address. It answers with the path and the body of a request.
type h2Backend struct {
	t        *testing.T
	tls      *tls.Config
	address  string
	server   *http.Server
	served   chan error
	accepted atomic.Pointer[h2Identities]
	conns    atomic.Int32

	mu       sync.Mutex // guards what follows
	executed map[string]int
	rejected time.Time // when a request was last turned away
}

func (b *h2Backend) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	body, err := io.ReadAll(req.Body)
	if err != nil {
		return
	}
	if req.ProtoMajor != 2 || !b.accepted.Load().include(req) {
		b.mu.Lock()
		b.rejected = time.Now()
		b.mu.Unlock()
		w.WriteHeader(http.StatusUnauthorized)
		return
	}
	if req.Method == http.MethodPost {
		b.mu.Lock()
		b.executed[string(body)]++
		b.mu.Unlock()
	}
	_, _ = io.WriteString(w, req.URL.Path+" "+string(body))
}

func (b *h2Backend) start() {
	b.t.Helper()
	listener, err := net.Listen("tcp", b.address)
	if err != nil {
		b.t.Fatal(err)
	}
	b.address = listener.Addr().String()
	b.server = &http.Server{Handler: b, ErrorLog: discardLog, ReadHeaderTimeout: time.Minute, TLSConfig: b.tls.Clone()}
	b.server.ConnState = func(_ net.Conn, state http.ConnState) {
		if state == http.StateNew {
			b.conns.Add(1)
		}
	}
	b.served = make(chan error, 1)
	go func() { b.served <- b.server.ServeTLS(listener, "", "") }()
}

func (b *h2Backend) stop() {
	b.t.Helper()
	if err := b.server.Close(); err != nil {
		b.t.Error(err)
	}
	if err := <-b.served; !errors.Is(err, http.ErrServerClosed) {
		b.t.Error(err)
	}
}

// selfSigned returns a certificate for server and client. Its key is of a kind that makes thousands of handshakes cheap.
func selfSigned(t *testing.T) (certPEM, keyPEM []byte) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), NotBefore: time.Unix(0, 0), NotAfter: time.Now().AddDate(100, 0, 0), IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	keyDER, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: keyDER})
}

// rotate writes the files of another identity, and lets only that in when they are written.
func (b *h2Backend) rotate(config *Config, n int) {
	b.t.Helper()
	token := fmt.Sprintf("token-%d", n)
	certPEM, keyPEM := selfSigned(b.t)
	pair, err := tls.X509KeyPair(certPEM, keyPEM)
	if err != nil {
		b.t.Fatal(err)
	}
	next := &h2Identities{[]string{token}, [][]byte{pair.Certificate[0]}}
	if before := b.accepted.Load(); before != nil {
		b.accepted.Store(&h2Identities{append(before.tokens, token), append(before.leaves, pair.Certificate[0])})
	}
	for path, content := range map[string][]byte{config.BearerTokenFile: []byte(token), config.CertFile: certPEM, config.KeyFile: keyPEM} {
		if err := os.WriteFile(path, content, 0o600); err != nil {
			b.t.Fatal(err)
		}
	}
	b.accepted.Store(next)
}

// calm waits until no request was turned away for so long that the client looks for other credentials again: after a
// rejection without any it does not for a second.
func (b *h2Backend) calm() {
	const long = 2500 * time.Millisecond
	for wait := long; wait > 0; {
		time.Sleep(wait)
		b.mu.Lock()
		wait = long - time.Since(b.rejected)
		b.mu.Unlock()
	}
}

// neverSent says that an error is about a connection that has not come about.
func neverSent(err error) bool {
	return strings.Contains(err.Error(), "TLS handshake timeout") || strings.Contains(err.Error(), "client conn could not be established")
}

// A thousand goroutines share a client whose token and certificate are rotated under it, whose server is restarted, and whose
// callers give up now and then. Reads are answered, each with its own answer; writes are executed once or, if a restart took
// them, not at all; and TestMain finds no goroutine that stays.
func TestThousandGoroutinesOverHTTP2(t *testing.T) {
	const goroutines, rounds = 1000, 2
	certPEM, keyPEM := selfSigned(t)
	pair, err := tls.X509KeyPair(certPEM, keyPEM)
	if err != nil {
		t.Fatal(err)
	}
	b := &h2Backend{t: t, address: "127.0.0.1:0", executed: map[string]int{}, tls: &tls.Config{
		MinVersion: tls.VersionTLS12, Certificates: []tls.Certificate{pair}, ClientAuth: tls.RequestClientCert,
	}}
	b.start()
	dir := t.TempDir()
	config := testConfig("https://" + b.address)
	config.CAData, config.BearerTokenFile = certPEM, filepath.Join(dir, "token")
	config.CertFile, config.KeyFile = filepath.Join(dir, "cert"), filepath.Join(dir, "key")
	b.rotate(config, 0)
	client, err := RESTClientFor(config)
	if err != nil {
		t.Fatal(err)
	}
	if err := client.Get().Resource("pods").Do(t.Context()).Error(); err != nil { // so that there is a connection for all
		t.Fatal(err)
	}

	var rotations, restarts, answered atomic.Int32
	request := func(i, j int) {
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		if i%7 == 0 && j%2 == 0 {
			go cancel()
		}
		name := fmt.Sprintf("pod-%d-%d", i, j)
		r, want := client.Get(), "/api/v1/namespaces/ns/pods/"+name+" "
		write := (i+j)%3 == 0
		if write {
			r, want = client.Post().Body([]byte(name)), want+name
		}
		rotated, before := rotations.Load(), restarts.Load()
		got, err := r.Namespace("ns").Resource("pods").Name(name).DoRaw(ctx)
		rotated = rotations.Load() - rotated
		restarted := before%2 == 1 || restarts.Load() != before
		var status interface{ Status() metav1.Status }
		switch {
		case err == nil && string(got) != want:
			t.Errorf("%s: answer %q, want %q", name, got, want)
		case err == nil:
			answered.Add(1)
		case ctx.Err() != nil:
		case restarted && errors.Is(err, syscall.ECONNREFUSED): // nobody was there
		case write && restarts.Load() > 0 && connectionLost(err): // perhaps one that the restart ended, unnoticed until now
		case rotated > 0 && errors.As(err, &status): // it was replayed once, perhaps with an identity that was replaced, too
		case neverSent(err): // the machine is too busy for a thousand handshakes
		default:
			t.Errorf("%s was lost: %v", name, err)
		}
	}
	var wg sync.WaitGroup
	var over atomic.Bool
	for i := range goroutines {
		wg.Go(func() {
			for j := 0; j < 3 || !over.Load(); j++ {
				request(i, j)
			}
		})
	}
	for round := 1; round <= rounds; round++ {
		b.calm()
		rotations.Add(1)
		b.rotate(config, round)
		if round%2 == 0 {
			restarts.Add(1) // odd: it is away
			b.stop()
			b.start()
			restarts.Add(1)
		}
	}
	b.calm()
	over.Store(true)
	wg.Wait()
	client.Client.CloseIdleConnections()
	b.stop()
	if n := answered.Load(); n < goroutines {
		t.Errorf("%d requests were answered", n)
	}
	for body, n := range b.executed {
		if n != 1 {
			t.Errorf("the write %s was executed %d times", body, n)
		}
	}
	t.Logf("%d answers over %d connections", answered.Load(), b.conns.Load())
}
