package transport

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// restartable is a server that comes back at the same address. It wants one of the tokens that are accepted now, and answers
// with the request's path and body.
type restartable struct {
	t        *testing.T
	address  string
	accepted atomic.Pointer[[]string]
	server   *http.Server
	served   chan error
}

func (r *restartable) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	body, err := io.ReadAll(req.Body)
	if err != nil {
		return
	}
	if !slices.Contains(*r.accepted.Load(), strings.TrimPrefix(req.Header.Get("Authorization"), "Bearer ")) {
		w.WriteHeader(http.StatusUnauthorized)
		return
	}
	_, _ = io.WriteString(w, req.URL.Path+" "+string(body))
}

func (r *restartable) start() {
	r.t.Helper()
	listener, err := net.Listen("tcp", r.address)
	if err != nil {
		r.t.Fatal(err)
	}
	if r.server == nil {
		r.address = listener.Addr().String()
	}
	r.server = &http.Server{Handler: r, ErrorLog: silent, ReadHeaderTimeout: time.Minute}
	r.served = make(chan error, 1)
	go func() { r.served <- r.server.Serve(listener) }()
}

func (r *restartable) stop() {
	r.t.Helper()
	if err := r.server.Close(); err != nil {
		r.t.Error(err)
	}
	if err := <-r.served; !errors.Is(err, http.ErrServerClosed) {
		r.t.Error(err)
	}
}

// Rotations of token and certificate, restarts and cancellations go on while 1,000 goroutines share a client. Each request
// gets its own answer. It may end otherwise only if it was cancelled, if the server was away meanwhile (then it is sent
// once more), or if the token changed between its two attempts. There is no TLS, whose thousands of handshakes would take most of the time; that a
// connection has the right identity is what the tests of rotating show.
func TestThousandGoroutinesWithRotationsCancellationsAndRestarts(t *testing.T) {
	const goroutines, requests, rounds = 1000, 4, 6
	server := &restartable{t: t, address: "127.0.0.1:0"}
	server.accepted.Store(&[]string{"token-0"})
	server.start()

	var certificate atomic.Pointer[tls.Certificate]
	certificate.Store(&tls.Certificate{Certificate: [][]byte{[]byte("client-0")}})
	config := &Config{
		BearerTokenFile: filepath.Join(t.TempDir(), "token"),
		Origin:          origin(t, "http://"+server.address),
		TLS:             TLSConfig{GetCertHolder: &GetCertHolder{GetCert: func() (*tls.Certificate, error) { return certificate.Load(), nil }}},
	}
	writeFile(t, config.BearerTokenFile, "token-0")
	rt := newRT(t, config)
	certReloader := innermost(t, rt).cert

	var restarts, rotations, finished, answered atomic.Int64
	var wg sync.WaitGroup
	for i := range goroutines {
		wg.Go(func() {
			for j := 0; j < requests; j++ {
				path, body := fmt.Sprintf("/%d/%d", i, j), fmt.Sprintf("body of %d, %d", i, j)
				ctx, cancel := context.WithCancel(context.Background())
				cancelled := (i+j)%20 == 0
				if cancelled {
					go cancel()
				}
				restartsBefore, rotationsBefore := restarts.Load(), rotations.Load()
				code, got, err := post(ctx, rt, "http://"+server.address+path, body)
				restarted, rotated := restarts.Load() != restartsBefore || restartsBefore%2 == 1, rotations.Load()-rotationsBefore
				cancel()
				if err != nil && restarted {
					waitFor(t, func() bool { return restarts.Load()%2 == 0 })
					j-- // once more
					continue
				}
				finished.Add(1)
				switch {
				case err != nil:
					if !cancelled || !errors.Is(err, context.Canceled) {
						t.Errorf("%s: %v", path, err)
					}
				case code == http.StatusUnauthorized:
					if rotated == 0 {
						t.Errorf("%s: status 401 though the token did not change meanwhile", path)
					}
				case code != http.StatusOK || got != path+" "+body:
					t.Errorf("%s: status %d, answer %q", path, code, got)
				default:
					answered.Add(1)
				}
			}
		})
	}

	for round := 1; round <= rounds; round++ {
		waitFor(t, func() bool { return finished.Load() >= int64(round*goroutines*requests/(rounds+2)) })
		older, newer := fmt.Sprintf("token-%d", round-1), fmt.Sprintf("token-%d", round)
		server.accepted.Store(&[]string{older, newer})
		writeFile(t, config.BearerTokenFile, newer)
		certificate.Store(&tls.Certificate{Certificate: [][]byte{[]byte(newer)}})
		due(certReloader)
		rotations.Add(1)
		server.accepted.Store(&[]string{newer})
		if round%4 == 1 {
			restarts.Add(1) // odd: it is away
			server.stop()
			server.start()
			restarts.Add(1)
		}
	}
	wg.Wait()
	if n := answered.Load(); n < goroutines*requests/2 {
		t.Errorf("%d of %d requests were answered", n, goroutines*requests)
	}
	(&http.Client{Transport: rt}).CloseIdleConnections()
	server.stop()
}

func post(ctx context.Context, rt http.RoundTripper, url, body string) (int, string, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, url, strings.NewReader(body))
	if err != nil {
		return 0, "", err
	}
	resp, err := rt.RoundTrip(req)
	if err != nil {
		return 0, "", err
	}
	defer resp.Body.Close()
	got, err := io.ReadAll(resp.Body)
	return resp.StatusCode, string(got), err
}

// innermost returns the rotating transport inside rt.
func innermost(t *testing.T, rt http.RoundTripper) *rotating {
	t.Helper()
	for {
		if r, ok := rt.(*rotating); ok {
			return r
		}
		outer, ok := rt.(interface{ WrappedRoundTripper() http.RoundTripper })
		if !ok {
			t.Fatalf("%T has no rotating transport", rt)
		}
		rt = outer.WrappedRoundTripper()
	}
}
