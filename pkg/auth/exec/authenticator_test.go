package exec

import (
	"context"
	"crypto/tls"
	"encoding/pem"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/kubewright/kubewright/pkg/apis/clientauthentication"
	"github.com/kubewright/kubewright/pkg/clientcmd/api"
	"github.com/kubewright/kubewright/pkg/internal/canary"
	"github.com/kubewright/kubewright/pkg/transport"
)

func authenticatorFor(t *testing.T, config *api.ExecConfig) *Authenticator {
	t.Helper()
	a, err := GetAuthenticator(config, nil)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// clientFor returns a client for server with the credential of a.
func clientFor(t *testing.T, a *Authenticator, server *httptest.Server) *http.Client {
	t.Helper()
	c := &transport.Config{}
	if server.TLS != nil {
		c.TLS.CAData = pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw})
	}
	if err := a.UpdateTransportConfig(c); err != nil {
		t.Fatal(err)
	}
	rt, err := transport.New(c)
	if err != nil {
		t.Fatal(err)
	}
	client := &http.Client{Transport: rt}
	t.Cleanup(client.CloseIdleConnections)
	t.Cleanup(server.Close)
	return client
}

func TestOneRunServesAllClients(t *testing.T) {
	var wrong atomic.Int32
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, req *http.Request) {
		if req.Header.Get("Authorization") != "Bearer "+canary.Secret {
			wrong.Add(1)
		}
	}))
	config := configFor(t, "token")
	runs := counting(t, config)
	var wg sync.WaitGroup
	for range 10 {
		client := clientFor(t, authenticatorFor(t, config), server)
		for range 10 {
			wg.Go(func() {
				resp, err := client.Get(server.URL)
				if err != nil {
					t.Error(err)
					return
				}
				resp.Body.Close()
			})
		}
	}
	wg.Wait()
	if wrong.Load() != 0 || runs() != 1 {
		t.Errorf("%d requests without the token, %d runs, want 0 and 1", wrong.Load(), runs())
	}
}

func TestARejectedTokenIsReplacedAndTheRequestSentAgain(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		body, _ := io.ReadAll(req.Body)
		if req.Header.Get("Authorization") != "Bearer "+canary.Secret+"2" {
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		fmt.Fprintf(w, "%s", body)
	}))
	config := configFor(t, "runtoken")
	runs := counting(t, config)
	client := clientFor(t, authenticatorFor(t, config), server)
	resp, err := client.Post(server.URL, "text/plain", strings.NewReader("a body"))
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, _ := io.ReadAll(resp.Body)
	if resp.StatusCode != http.StatusOK || string(body) != "a body" || runs() != 2 {
		t.Errorf("got %d %q after %d runs", resp.StatusCode, body, runs())
	}
}

func TestARejectedCertificateIsReplacedAndItsConnectionRetired(t *testing.T) {
	var mu sync.Mutex
	var certs, connections []string
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		certs = append(certs, req.TLS.PeerCertificates[0].Subject.CommonName)
		connections = append(connections, req.RemoteAddr)
		if certs[len(certs)-1] == certs[0] {
			w.WriteHeader(http.StatusUnauthorized)
		}
	}))
	server.TLS = &tls.Config{ClientAuth: tls.RequireAnyClientCert}
	server.EnableHTTP2 = true
	server.StartTLS()
	config := configFor(t, "cert")
	runs := counting(t, config)
	client := clientFor(t, authenticatorFor(t, config), server)
	for range 3 {
		resp, err := client.Get(server.URL)
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		if resp.StatusCode != http.StatusOK {
			t.Errorf("got %d", resp.StatusCode)
		}
	}
	if len(certs) != 4 || certs[0] == certs[1] || certs[1] != certs[3] || connections[0] == connections[1] || connections[1] != connections[3] || runs() != 2 {
		t.Errorf("certificates %v on connections %v after %d runs", certs, connections, runs())
	}
}

func TestACustomTransportGetsTheTokenAndNoCertificate(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		fmt.Fprint(w, req.Header.Get("Authorization"))
	}))
	defer server.Close()
	for mode, want := range map[string]string{"both": "", "cert": "which a custom Transport cannot use"} {
		c := &transport.Config{Transport: server.Client().Transport}
		if err := authenticatorFor(t, configFor(t, mode)).UpdateTransportConfig(c); err != nil {
			t.Fatal(err)
		}
		rt, err := transport.New(c)
		if err != nil {
			t.Fatal(err)
		}
		resp, err := (&http.Client{Transport: rt}).Get(server.URL)
		if err == nil {
			body, _ := io.ReadAll(resp.Body)
			resp.Body.Close()
			if want != "" || string(body) != "Bearer "+canary.Secret {
				t.Errorf("%s: got %s", mode, body)
			}
		} else if want == "" || !strings.Contains(canary.Err(t, err).Error(), want) {
			t.Errorf("%s: %v", mode, err)
		}
	}
}

func TestAPluginThatHangsDoesNotBlockAnother(t *testing.T) {
	server := httptest.NewServer(http.NotFoundHandler())
	hanging := clientFor(t, authenticatorFor(t, configFor(t, "hang")), server)
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error)
	go func() {
		req, _ := http.NewRequestWithContext(ctx, http.MethodGet, server.URL, nil)
		resp, err := hanging.Do(req)
		if err == nil {
			resp.Body.Close()
		}
		done <- err
	}()
	resp, err := clientFor(t, authenticatorFor(t, configFor(t, "token")), server).Get(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	cancel()
	if err := <-done; err == nil || !strings.Contains(canary.Err(t, err).Error(), "context canceled") {
		t.Errorf("got %v", err)
	}
}

func TestAWaiterThatLeavesDoesNotStopThePluginForTheOthers(t *testing.T) {
	gate := filepath.Join(t.TempDir(), "gate")
	config := configFor(t, "wait="+gate)
	runs := counting(t, config)
	a := authenticatorFor(t, config)
	impatient, leave := context.WithCancel(t.Context())
	left, stayed := make(chan error), make(chan error)
	go func() { _, err := a.Credential(impatient); left <- err }()
	go func() { _, err := a.Credential(t.Context()); stayed <- err }()
	eventually(t, func() bool { return runs() == 1 })
	leave()
	if err := <-left; err == nil {
		t.Error("no error for the waiter that left")
	}
	if err := os.WriteFile(gate, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := <-stayed; err != nil {
		t.Error(err)
	}
}

func TestNoRunPerRequestWhenAPluginFails(t *testing.T) {
	config := configFor(t, "exit")
	runs := counting(t, config)
	a, err := newAuthenticator(config, nil)
	if err != nil {
		t.Fatal(err)
	}
	start := time.Now()
	for range 1000 {
		if _, err := a.Credential(t.Context()); err == nil || strings.Contains(canary.Err(t, err).Error(), canary.Secret) {
			t.Fatal(err)
		}
	}
	if most := 2 + int(time.Since(start)/(time.Second/2)); runs() > most {
		t.Errorf("%d runs in %v", runs(), time.Since(start))
	}
}

func TestOtherCredentialsWin(t *testing.T) {
	a := authenticatorFor(t, configFor(t, "token"))
	for _, c := range []*transport.Config{
		{BearerToken: "x"},
		{BearerTokenFile: "x"},
		{Username: "x"},
		{TLS: transport.TLSConfig{CertData: []byte("x"), KeyData: []byte("x")}},
	} {
		if err := a.UpdateTransportConfig(c); err != nil || c.Credentials != nil {
			t.Errorf("%v: the plugin is used, or an error: %v", c, err)
		}
	}
	c := &transport.Config{TLS: transport.TLSConfig{GetCertHolder: &transport.GetCertHolder{}}}
	if err := a.UpdateTransportConfig(c); err == nil || !strings.Contains(canary.Err(t, err).Error(), "remove TLS.GetCertHolder or the plugin") {
		t.Error(err)
	}
}

func TestEqualConfigurationsShareAnAuthenticator(t *testing.T) {
	base := configFor(t, "token")
	cluster := &clientauthentication.Cluster{Server: "https://a"}
	first, err := GetAuthenticator(base, cluster)
	if err != nil {
		t.Fatal(err)
	}
	for name, change := range map[string]func(*api.ExecConfig, *clientauthentication.Cluster){
		"command":     func(c *api.ExecConfig, _ *clientauthentication.Cluster) { c.Command = "other" },
		"arguments":   func(c *api.ExecConfig, _ *clientauthentication.Cluster) { c.Args = []string{"x"} },
		"environment": func(c *api.ExecConfig, _ *clientauthentication.Cluster) { c.Env[0].Value = "x" },
		"version":     func(c *api.ExecConfig, _ *clientauthentication.Cluster) { c.APIVersion = v1beta1Version },
		"stdin":       func(c *api.ExecConfig, _ *clientauthentication.Cluster) { c.StdinUnavailable = true },
		"policy": func(c *api.ExecConfig, _ *clientauthentication.Cluster) {
			c.PluginPolicy.PolicyType = api.PluginPolicyDenyAll
		},
		"cluster": func(_ *api.ExecConfig, c *clientauthentication.Cluster) { c.Server = "https://b" },
	} {
		config, cluster := base.DeepCopy(), cluster.DeepCopy()
		if again, err := GetAuthenticator(config, cluster); err != nil || again != first {
			t.Errorf("another authenticator for the same (%v)", err)
		}
		change(config, cluster)
		if other, err := GetAuthenticator(config, cluster); err != nil || other == first {
			t.Errorf("%s: the same authenticator for another configuration (%v)", name, err)
		}
	}
	runtime.KeepAlive(first)
}

func TestPrintingAnAuthenticatorShowsNoSecret(t *testing.T) {
	a := authenticatorFor(t, configFor(t, "token"))
	credential, err := a.Credential(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	c := &transport.Config{}
	if err := a.UpdateTransportConfig(c); err != nil {
		t.Fatal(err)
	}
	for _, v := range []any{a, *a, credential, &credential, c, *c} {
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q"} {
			if text := fmt.Sprintf(verb, v); strings.Contains(text, canary.Secret) {
				t.Errorf("%s of %T shows the secret: %s", verb, v, text)
			}
		}
	}
}
