package rest

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/kubewright/kubewright/pkg/clientcmd/api"
	"github.com/kubewright/kubewright/pkg/internal/canary"
)

// testProvider adds a header with its configuration.
type testProvider struct{ config map[string]string }

func (p *testProvider) Login() error { return nil }

func (p *testProvider) WrapTransport(rt http.RoundTripper) http.RoundTripper {
	return roundTripperFunc(func(req *http.Request) (*http.Response, error) {
		req = req.Clone(req.Context())
		req.Header.Set("Authorization", "Test "+p.config["value"])
		return rt.RoundTrip(req)
	})
}

type roundTripperFunc func(*http.Request) (*http.Response, error)

func (f roundTripperFunc) RoundTrip(req *http.Request) (*http.Response, error) { return f(req) }

func TestAuthProvidersAreFoundByName(t *testing.T) {
	var address string
	factory := func(clusterAddress string, config map[string]string, _ AuthProviderConfigPersister) (AuthProvider, error) {
		address = clusterAddress
		if config["value"] == "" {
			return nil, errors.New("value is not set")
		}
		return &testProvider{config}, nil
	}
	if err := RegisterAuthProviderPlugin("test", factory); err != nil {
		t.Fatal(err)
	}
	if err := RegisterAuthProviderPlugin("test", factory); err == nil || !strings.Contains(canary.Err(t, err).Error(), `"test" was registered twice`) {
		t.Error(err)
	}
	if _, err := GetAuthProvider("host", &api.AuthProviderConfig{Name: "other"}, nil); err == nil || !strings.Contains(canary.Err(t, err).Error(), `no auth provider of name "other"`) {
		t.Error(err)
	}

	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		fmt.Fprint(w, req.Header.Get("Authorization"))
	}))
	defer server.Close()
	config := testConfig(server.URL)
	config.AuthProvider = &api.AuthProviderConfig{Name: "test", Config: map[string]string{"value": "v"}}
	client, err := RESTClientFor(config)
	if err != nil {
		t.Fatal(err)
	}
	defer client.Client.CloseIdleConnections()
	body, err := client.Get().AbsPath("/x").DoRaw(t.Context())
	if err != nil || string(body) != "Test v" || address != server.URL {
		t.Errorf("got %q, %v, for the cluster %q", body, err, address)
	}
	config.AuthProvider.Config = nil
	if _, err := RESTClientFor(config); err == nil || !strings.Contains(canary.Err(t, err).Error(), "value is not set") {
		t.Error(err)
	}
}

func TestExecProviderIsAskedForTheCredential(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		fmt.Fprint(w, req.Header.Get("Authorization"))
	}))
	defer server.Close()
	config := testConfig(server.URL)
	// The token is the address that the plugin was told.
	config.ExecProvider = &api.ExecConfig{
		Command: "sh",
		Args: []string{"-c", `server=${KUBERNETES_EXEC_INFO#*\"server\":\"}
echo '{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","status":{"token":"'"${server%%\"*}"'"}}'`},
		APIVersion:         "client.authentication.k8s.io/v1",
		InteractiveMode:    api.NeverExecInteractiveMode,
		ProvideClusterInfo: true,
	}
	client, err := RESTClientFor(config)
	if err != nil {
		t.Fatal(err)
	}
	defer client.Client.CloseIdleConnections()
	body, err := client.Get().AbsPath("/x").DoRaw(t.Context())
	if err != nil || string(body) != "Bearer "+server.URL {
		t.Errorf("got %q, %v", body, err)
	}

	config.BearerToken = secret
	if client, err = RESTClientFor(config); err != nil {
		t.Fatal(err)
	}
	defer client.Client.CloseIdleConnections()
	if body, err := client.Get().AbsPath("/x").DoRaw(t.Context()); err != nil || string(body) != "Bearer "+secret {
		t.Errorf("with a token got %q, %v", body, err)
	}
}
