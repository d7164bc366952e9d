package transport

import (
	"bufio"
	"bytes"
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/kubewright/kubewright/pkg/internal/canary"
)

const (
	apiCanary   = "api-" + canary.Secret
	proxyCanary = "proxy-" + canary.Secret
)

// wire records what a proxy gets.
type wire struct {
	mu  sync.Mutex // guards got
	got bytes.Buffer
}

func (w *wire) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.got.Write(p)
}

func (w *wire) String() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.got.String()
}

// tunnel connects client, which w records, with the server at address, and closes both when either ends.
func tunnel(w *wire, client io.ReadWriteCloser, buffered io.Reader, address string) {
	server, err := net.Dial("tcp", address)
	if err != nil {
		_ = client.Close()
		return
	}
	var wg sync.WaitGroup
	wg.Go(func() {
		_, _ = io.Copy(server, io.TeeReader(buffered, w))
		_ = server.Close()
	})
	wg.Go(func() {
		_, _ = io.Copy(client, server)
		_ = client.Close()
	})
	wg.Wait()
}

// connectProxy is an HTTP proxy that knows CONNECT alone.
func connectProxy(w *wire) http.Handler {
	return http.HandlerFunc(func(rw http.ResponseWriter, req *http.Request) {
		_ = req.Header.Write(w)
		conn, buffered, err := http.NewResponseController(rw).Hijack()
		if err != nil || req.Method != http.MethodConnect {
			panic(http.ErrAbortHandler)
		}
		_, _ = io.WriteString(conn, "HTTP/1.1 200 OK\r\n\r\n")
		tunnel(w, conn, buffered, req.Host)
	})
}

// serveSOCKS5 serves one connection of a SOCKS5 proxy (RFC 1928) that asks for user name and password (RFC 1929).
func serveSOCKS5(w *wire, conn net.Conn) {
	in := bufio.NewReader(io.TeeReader(conn, w))
	read := func(n int) []byte {
		b := make([]byte, n)
		if _, err := io.ReadFull(in, b); err != nil {
			_ = conn.Close()
		}
		return b
	}
	read(int(read(2)[1]))           // version, the methods that the client knows
	_, _ = conn.Write([]byte{5, 2}) // user name and password
	read(int(read(2)[1]))
	read(int(read(1)[0]))
	_, _ = conn.Write([]byte{1, 0})
	if request := read(4); request[3] != 1 { // IPv4, which is what the test has
		_ = conn.Close()
		return
	}
	host, port := net.IP(read(4)), read(2)
	_, _ = conn.Write([]byte{5, 0, 0, 1, 0, 0, 0, 0, 0, 0})
	tunnel(w, conn, in, net.JoinHostPort(host.String(), strconv.Itoa(int(port[0])<<8|int(port[1]))))
}

// startProxy returns the URL of a proxy.
func startProxy(t *testing.T, scheme string, w *wire, certificate *tls.Certificate) *url.URL {
	t.Helper()
	u := &url.URL{Scheme: scheme, User: url.UserPassword("user", proxyCanary)}
	if scheme == "socks5" {
		listener, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		var wg sync.WaitGroup
		wg.Go(func() {
			for {
				conn, err := listener.Accept()
				if err != nil {
					return
				}
				wg.Go(func() { serveSOCKS5(w, conn) })
			}
		})
		t.Cleanup(func() {
			_ = listener.Close()
			wg.Wait()
		})
		u.Host = listener.Addr().String()
		return u
	}
	proxy := httptest.NewUnstartedServer(connectProxy(w))
	proxy.Config.ErrorLog = silent
	if scheme == "https" {
		proxy.TLS = &tls.Config{MinVersion: tls.VersionTLS12, Certificates: []tls.Certificate{*certificate}}
		proxy.StartTLS()
	} else {
		proxy.Start()
	}
	t.Cleanup(proxy.Close)
	u.Host = proxy.Listener.Addr().String()
	return u
}

func TestProxiesGetNoAPICredentialsAndServersNoProxyCredentials(t *testing.T) {
	for _, scheme := range []string{"http", "https", "socks5"} {
		t.Run(scheme, func(t *testing.T) {
			ca := newAuthority(t, "ca")
			var seen http.Header
			server := httptest.NewUnstartedServer(http.HandlerFunc(func(_ http.ResponseWriter, req *http.Request) { seen = req.Header }))
			server.TLS = &tls.Config{MinVersion: tls.VersionTLS12, Certificates: []tls.Certificate{*ca.pair("server")}}
			server.StartTLS()
			t.Cleanup(server.Close)

			var w wire
			proxy := startProxy(t, scheme, &w, ca.pair("proxy"))
			rt := newRT(t, &Config{
				BearerToken: apiCanary, Impersonate: ImpersonationConfig{UserName: apiCanary}, Origin: origin(t, server.URL),
				TLS: TLSConfig{CAData: ca.pem()}, Proxy: http.ProxyURL(proxy),
			})
			resp, err := rt.RoundTrip(getRequest(t, server.URL))
			if err != nil {
				t.Fatal(err)
			}
			if err := resp.Body.Close(); err != nil {
				t.Error(err)
			}
			if seen.Get("Authorization") != "Bearer "+apiCanary || seen.Get("Impersonate-User") != apiCanary {
				t.Errorf("the server got %v", seen)
			}
			if all := fmt.Sprint(seen); strings.Contains(all, proxyCanary) || seen.Get("Proxy-Authorization") != "" {
				t.Errorf("the server got credentials of the proxy: %s", all)
			}
			got := w.String()
			if strings.Contains(got, apiCanary) || strings.Contains(strings.ReplaceAll(got, "Proxy-Authorization", ""), "Authorization") {
				t.Errorf("the proxy got credentials of the API: %q", got)
			}
			if scheme == "socks5" && !strings.Contains(got, proxyCanary) || scheme != "socks5" && !strings.Contains(got, "Proxy-Authorization: Basic ") {
				t.Errorf("the proxy got no credentials of its own: %q", got)
			}
		})
	}
}

func TestErrorOfAProxyHidesItsPassword(t *testing.T) {
	rt := newRT(t, &Config{Proxy: func(*http.Request) (*url.URL, error) {
		return &url.URL{Scheme: "http", User: url.UserPassword("user", proxyCanary), Host: "127.0.0.1:1"}, nil
	}})
	_, err := (&http.Client{Transport: rt}).Do(getRequest(t, "https://host.invalid/"))
	if err == nil || strings.Contains(canary.Err(t, err).Error(), proxyCanary) {
		t.Errorf("error %v", err)
	}
}

// net/http reads the environment once in a process, so another one is asked.
func TestProxyFromTheEnvironment(t *testing.T) {
	targets := []string{"https://api.example", "https://10.1.2.3:6443", "https://10.2.2.3", "https://[fd00::1]", "https://host.internal", "https://localhost"}
	if os.Getenv("TEST_PROXY_CHILD") != "" {
		proxy := transportBuilder(&Config{})(nil).Proxy
		for _, target := range targets {
			u, err := proxy(getRequest(t, target))
			t.Log("PROXY", target, u, err)
		}
		return
	}
	cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestProxyFromTheEnvironment$", "-test.v")
	cmd.Env = append(os.Environ(), "TEST_PROXY_CHILD=1", "HTTPS_PROXY=http://proxy:3128", "NO_PROXY=10.1.0.0/16,fd00::/8,.internal", "https_proxy=", "no_proxy=")
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	for target, want := range map[string]string{
		"https://api.example": "http://proxy:3128", "https://10.1.2.3:6443": "<nil>", "https://10.2.2.3": "http://proxy:3128",
		"https://[fd00::1]": "<nil>", "https://host.internal": "<nil>", "https://localhost": "<nil>",
	} {
		if line := "PROXY " + target + " " + want + " <nil>"; !strings.Contains(string(out), line) {
			t.Errorf("no line %q in %s", line, out)
		}
	}
}
