package rest

import (
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"
)

// countingServer counts the connections that it has.
type countingServer struct {
	*httptest.Server
	mu        sync.Mutex // guards all, open
	all, open int
}

func newCountingServer(t *testing.T) *countingServer {
	t.Helper()
	s := &countingServer{Server: httptest.NewUnstartedServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))}
	s.EnableHTTP2 = true
	s.Config.ErrorLog = discardLog
	s.Config.ConnState = func(_ net.Conn, state http.ConnState) {
		s.mu.Lock()
		defer s.mu.Unlock()
		switch state {
		case http.StateNew:
			s.all++
			s.open++
		case http.StateClosed, http.StateHijacked:
			s.open--
		}
	}
	s.StartTLS()
	t.Cleanup(s.Close)
	return s
}

func (s *countingServer) connections() (all, open int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.all, s.open
}

func TestClientsOfEqualConfigsShareConnections(t *testing.T) {
	server := newCountingServer(t)
	for _, token := range []string{"one", "one", "two"} { // a token is a matter of the request
		config := testConfig(server.URL)
		config.CAData, config.BearerToken = []byte(certificatePEM(server.Server)), token
		client, err := RESTClientFor(config)
		if err != nil {
			t.Fatal(err)
		}
		defer client.Client.CloseIdleConnections()
		if err := client.Get().Resource("pods").Do(t.Context()).Error(); err != nil {
			t.Error(err)
		}
	}
	if all, _ := server.connections(); all != 1 {
		t.Errorf("%d connections, want one", all)
	}
}

// A client for each request, which nobody closes, is what many reconcilers do.
func TestConnectionsOfForgottenClientsAreClosed(t *testing.T) {
	server := newCountingServer(t)
	for range 100 {
		config := testConfig(server.URL)
		config.CAData = []byte(certificatePEM(server.Server))
		config.Proxy = http.ProxyFromEnvironment // which makes that nothing is shared
		client, err := RESTClientFor(config)
		if err != nil {
			t.Fatal(err)
		}
		if err := client.Get().Resource("pods").Do(t.Context()).Error(); err != nil {
			t.Error(err)
		}
	}
	for _, open := server.connections(); open > 0; _, open = server.connections() {
		runtime.GC()
		select {
		case <-t.Context().Done():
			t.Fatalf("%d connections are open", open)
		case <-time.After(time.Millisecond):
		}
	}
}

// Each runs in a process of its own, since registration happens once.
func TestMetricsAreRegisteredByEveryConstructorOfConnections(t *testing.T) {
	const variable = "TEST_REGISTRATION_CHILD"
	constructors := map[string]func(*Config) error{
		"HTTPClientFor": func(c *Config) error { _, err := HTTPClientFor(c); return err },
		"TransportFor":  func(c *Config) error { _, err := TransportFor(c); return err },
	}
	if construct, ok := constructors[os.Getenv(variable)]; ok {
		if err := construct(testConfig("https://server.example")); err != nil {
			t.Fatal(err)
		}
		fmt.Printf("registered %d times\n", ensured.Load())
		return
	}
	for name := range constructors {
		cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestMetricsAreRegisteredByEveryConstructorOfConnections$")
		cmd.Env = append(os.Environ(), variable+"="+name)
		out, err := cmd.CombinedOutput()
		if err != nil || !strings.Contains(string(out), "registered 1 times") {
			t.Errorf("%s: %v: %s", name, err, out)
		}
	}
}
