package rest

import (
	"encoding/pem"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/kubewright/kubewright/pkg/internal/canary"
)

func certificatePEM(server *httptest.Server) string {
	return string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw}))
}

// listener records the Authorization headers of what comes.
func listener(t *testing.T, answer http.HandlerFunc) (*httptest.Server, *[]string) {
	t.Helper()
	var seen []string
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		seen = append(seen, req.Header.Get("Authorization")+req.Header.Get("Impersonate-User"))
		answer(w, req)
	}))
	server.EnableHTTP2 = true
	server.StartTLS()
	t.Cleanup(server.Close)
	return server, &seen
}

func TestCredentialsDoNotFollowARedirect(t *testing.T) {
	elsewhere, seenElsewhere := listener(t, func(http.ResponseWriter, *http.Request) {})
	for _, code := range []int{301, 302, 303, 307, 308} {
		server, seen := listener(t, func(w http.ResponseWriter, req *http.Request) {
			http.Redirect(w, req, elsewhere.URL, code)
		})
		c := testConfig(server.URL)
		c.CAData = []byte(certificatePEM(server)) // httptest servers share their certificate
		c.BearerToken = secret
		client, err := RESTClientFor(c)
		if err != nil {
			t.Fatal(err)
		}
		err = client.Get().Resource("pods").Do(t.Context()).Error()
		if err == nil || !strings.Contains(canary.Err(t, err).Error(), "redirect to") {
			t.Errorf("%d: error %v", code, err)
		}
		if len(*seen) != 1 || (*seen)[0] != "Bearer "+secret {
			t.Errorf("%d: the server saw %q", code, *seen)
		}
		client.Client.CloseIdleConnections()
	}
	if len(*seenElsewhere) != 0 {
		t.Errorf("the other server saw %q", *seenElsewhere)
	}
}

// Even a client whose owner chose to follow redirects takes no credentials along.
func TestCredentialsStayWithTheConfiguredServer(t *testing.T) {
	elsewhere, seenElsewhere := listener(t, func(http.ResponseWriter, *http.Request) {})
	server, _ := listener(t, func(w http.ResponseWriter, req *http.Request) {
		http.Redirect(w, req, elsewhere.URL, http.StatusTemporaryRedirect)
	})
	for _, change := range []func(*Config){
		func(c *Config) { c.BearerToken = secret },
		func(c *Config) { c.Username, c.Password = "u", secret },
		func(c *Config) { c.Impersonate.UserName = "jane" },
	} {
		c := testConfig(server.URL)
		c.CAData = []byte(certificatePEM(server))
		change(c)
		httpClient, err := HTTPClientFor(c)
		if err != nil {
			t.Fatal(err)
		}
		httpClient.CheckRedirect = func(*http.Request, []*http.Request) error { return nil }
		client, err := RESTClientForConfigAndClient(c, httpClient)
		if err != nil {
			t.Fatal(err)
		}
		if err := client.Get().Do(t.Context()).Error(); err != nil {
			t.Error(err)
		}
		httpClient.CloseIdleConnections()
	}
	if got := strings.Join(*seenElsewhere, "|"); got != "||" {
		t.Errorf("the other server saw %q, want three requests without credentials", got)
	}
}

func TestServerIsVerified(t *testing.T) {
	server, seen := listener(t, func(http.ResponseWriter, *http.Request) {})
	server.Config.ErrorLog = discardLog
	c := testConfig(server.URL)
	c.BearerToken = secret
	client, err := RESTClientFor(c)
	if err != nil {
		t.Fatal(err)
	}
	if err := client.Get().Do(t.Context()).Error(); err == nil || strings.Contains(canary.Err(t, err).Error(), secret) {
		t.Errorf("error %v", err)
	}
	c.Insecure = true
	client, err = RESTClientFor(c)
	if err != nil {
		t.Fatal(err)
	}
	if err := client.Get().Do(t.Context()).Error(); err != nil {
		t.Error(err)
	}
	client.Client.CloseIdleConnections()
	if len(*seen) != 1 {
		t.Errorf("the server saw %q, want one request", *seen)
	}
}

func TestHTTP2IsUsedUnlessTurnedOff(t *testing.T) {
	proto := ""
	server, _ := listener(t, func(w http.ResponseWriter, req *http.Request) { proto = req.Proto })
	for want, protos := range map[string][]string{"HTTP/2.0": nil, "HTTP/1.1": {"http/1.1"}} {
		c := testConfig(server.URL)
		c.CAData, c.NextProtos = []byte(certificatePEM(server)), protos
		client, err := RESTClientFor(c)
		if err != nil {
			t.Fatal(err)
		}
		if err := client.Get().Do(t.Context()).Error(); err != nil {
			t.Error(err)
		}
		if proto != want {
			t.Errorf("protocol %s, want %s", proto, want)
		}
		client.Client.CloseIdleConnections()
	}
}

func TestClientWithoutPolicyFollowsNoRedirects(t *testing.T) {
	c := testConfig("http://host")
	client, err := RESTClientForConfigAndClient(c, &http.Client{Transport: roundTripper(func(*http.Request) (*http.Response, error) {
		return respond(302, "", nil, "Location", "http://elsewhere"), nil
	})})
	if err != nil {
		t.Fatal(err)
	}
	if err := client.Get().Do(t.Context()).Error(); err == nil || !strings.Contains(canary.Err(t, err).Error(), `redirect to "http://elsewhere"`) {
		t.Errorf("error %v", err)
	}
}
