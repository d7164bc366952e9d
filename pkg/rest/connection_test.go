package rest

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"

	"github.com/kubewright/kubewright/pkg/cert"
)

// get sends a request with config and closes the connections afterwards.
func get(t *testing.T, config *Config) error {
	t.Helper()
	client, err := RESTClientFor(config)
	if err != nil {
		return err
	}
	defer client.Client.CloseIdleConnections()
	return client.Get().Resource("pods").Do(t.Context()).Error()
}

func TestDialAndServerName(t *testing.T) {
	server, seen := listener(t, func(http.ResponseWriter, *http.Request) {})
	config := testConfig("https://api.invalid:6443")
	config.CAData = []byte(certificatePEM(server))
	config.ServerName = "example.com" // what the certificate is for
	config.Dial = func(ctx context.Context, network, address string) (net.Conn, error) {
		if address != "api.invalid:6443" {
			return nil, fmt.Errorf("address %s", address)
		}
		return (&net.Dialer{}).DialContext(ctx, network, server.Listener.Addr().String())
	}
	if err := get(t, config); err != nil || len(*seen) != 1 {
		t.Errorf("error %v, the server saw %q", err, *seen)
	}
}

func TestClientCertificateAsDataAndFile(t *testing.T) {
	peers := 0
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) { peers = len(req.TLS.PeerCertificates) }))
	server.TLS = &tls.Config{ClientAuth: tls.RequireAnyClientCert, MinVersion: tls.VersionTLS12}
	server.Config.ErrorLog = discardLog
	server.StartTLS()
	defer server.Close()

	key, err := x509.MarshalPKCS8PrivateKey(server.TLS.Certificates[0].PrivateKey)
	if err != nil {
		t.Fatal(err)
	}
	cert := certificatePEM(server)
	keyPEM := string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: key}))
	dir := t.TempDir()
	for name, content := range map[string]string{"cert": cert, "key": keyPEM, "ca": cert} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for name, tlsConfig := range map[string]TLSClientConfig{
		"data": {CAData: []byte(cert), CertData: []byte(cert), KeyData: []byte(keyPEM)},
		"file": {CAFile: filepath.Join(dir, "ca"), CertFile: filepath.Join(dir, "cert"), KeyFile: filepath.Join(dir, "key")},
		"data over files that are not there": {CAData: []byte(cert), CertData: []byte(cert), KeyData: []byte(keyPEM),
			CAFile: "/no/such/ca", CertFile: "/no/such/cert", KeyFile: "/no/such/key"},
	} {
		peers = 0
		config := testConfig(server.URL)
		config.TLSClientConfig = tlsConfig
		if err := get(t, config); err != nil || peers != 1 {
			t.Errorf("%s: error %v, the server saw %d certificates", name, err, peers)
		}
	}
	config := testConfig(server.URL)
	config.CAData = []byte(cert)
	if err := get(t, config); err == nil {
		t.Error("the server let a client without certificate in")
	}
}

func TestProxy(t *testing.T) {
	asked := ""
	proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) { asked = req.URL.String() }))
	defer proxy.Close()
	config := testConfig("http://api.invalid")
	config.Proxy = func(*http.Request) (*url.URL, error) { return url.Parse(proxy.URL) }
	if err := get(t, config); err != nil || asked != "http://api.invalid/api/v1/pods" {
		t.Errorf("error %v, the proxy was asked for %q", err, asked)
	}
}

// A thousand goroutines read and write through one client while the server drops all connections now and then and callers
// give up: no answer is lost or mixed up, no write is executed twice, and TestMain finds no goroutine that stays.
func TestOneClientServesManyGoroutines(t *testing.T) {
	var mu sync.Mutex // guards writes
	writes := map[string]int{}
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		cm := configMap()
		cm.Name = filepath.Base(req.URL.Path)
		if req.Method == http.MethodPut {
			mu.Lock()
			writes[cm.Name]++
			mu.Unlock()
		}
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write(encoded(t, "application/json", cm))
	}))
	server.Config.ErrorLog = discardLog
	server.Start()
	defer server.Close()
	transport := &http.Transport{MaxConnsPerHost: 50, MaxIdleConnsPerHost: 50}
	defer transport.CloseIdleConnections()
	config := testConfig(server.URL)
	config.Transport = transport
	c, err := RESTClientFor(config)
	if err != nil {
		t.Fatal(err)
	}

	var wg sync.WaitGroup
	for i := range 1000 {
		wg.Go(func() {
			for j := range 3 {
				name := fmt.Sprintf("cm-%d-%d", i, j)
				ctx, cancel := context.WithCancel(t.Context())
				switch {
				case i%200 == 0 && j == 1: // the server goes away
					server.CloseClientConnections()
				case i%3 == 0: // the caller does
					go cancel()
				}
				verb := http.MethodGet
				if i%3 == 1 {
					verb = http.MethodPut
				}
				var cm corev1.ConfigMap
				err := c.Verb(verb).Namespace("ns").Resource("configmaps").Name(name).Do(ctx).Into(&cm)
				switch {
				case err == nil && cm.Name != name:
					t.Errorf("asked for %s, got %s", name, cm.Name)
				case err != nil && verb == http.MethodGet && ctx.Err() == nil:
					t.Errorf("%s was lost: %v", name, err)
				}
				cancel()
			}
		})
	}
	wg.Wait()
	mu.Lock()
	defer mu.Unlock()
	for name, n := range writes {
		if n != 1 {
			t.Errorf("the write of %s was executed %d times", name, n)
		}
	}
}

func TestTokenFileRotation401IsNotSeenByTheCaller(t *testing.T) {
	want := "Bearer " + secret + "one"
	server, seen := listener(t, func(w http.ResponseWriter, req *http.Request) {
		if req.Header.Get("Authorization") != want {
			w.WriteHeader(http.StatusUnauthorized)
		}
	})
	path := filepath.Join(t.TempDir(), "token")
	write := func(token string) {
		t.Helper()
		if err := os.WriteFile(path, []byte(token), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write(secret + "one")
	config := testConfig(server.URL)
	config.CAData, config.BearerTokenFile = []byte(certificatePEM(server)), path
	client, err := RESTClientFor(config)
	if err != nil {
		t.Fatal(err)
	}
	defer client.Client.CloseIdleConnections()
	for _, token := range []string{secret + "one", secret + "two"} {
		write(token)
		want = "Bearer " + token
		if err := client.Post().Resource("pods").Body([]byte("{}")).Do(t.Context()).Error(); err != nil {
			t.Error(err)
		}
	}
	if d := cmp.Diff([]string{"Bearer " + secret + "one", "Bearer " + secret + "one", "Bearer " + secret + "two"}, *seen); d != "" {
		t.Errorf("what the server saw (-want +got):\n%s", d)
	}
}

func TestCAFileIsReadAgainWhenTheServerDoesNotMatch(t *testing.T) {
	server, _ := listener(t, func(http.ResponseWriter, *http.Request) {})
	server.Config.ErrorLog = discardLog
	other, _, err := cert.GenerateSelfSignedCertKey("other.example", nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "ca")
	if err := os.WriteFile(path, other, 0o600); err != nil {
		t.Fatal(err)
	}
	config := testConfig(server.URL)
	config.CAFile = path
	client, err := RESTClientFor(config)
	if err != nil {
		t.Fatal(err)
	}
	defer client.Client.CloseIdleConnections()
	if err := os.WriteFile(path, []byte(certificatePEM(server)), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := client.Get().Resource("pods").Do(t.Context()).Error(); err != nil {
		t.Error(err)
	}
}
