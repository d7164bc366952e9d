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

	corev1 "k8s.io/api/core/v1"
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

func TestOneClientServesManyGoroutines(t *testing.T) {
	c := newServerClient(t, func(w http.ResponseWriter, req *http.Request) {
		cm := configMap()
		cm.Name = filepath.Base(req.URL.Path)
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write(encoded(t, "application/json", cm))
	})
	var wg sync.WaitGroup
	for i := range 50 {
		wg.Go(func() {
			for j := range 10 {
				name := fmt.Sprintf("cm-%d-%d", i, j)
				var cm corev1.ConfigMap
				if err := c.Get().Namespace("ns").Resource("configmaps").Name(name).Do(t.Context()).Into(&cm); err != nil || cm.Name != name {
					t.Errorf("asked for %s, got %s, %v", name, cm.Name, err)
				}
			}
		})
	}
	wg.Wait()
}
