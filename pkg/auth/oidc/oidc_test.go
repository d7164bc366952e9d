package oidc

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"io"
	"log"
	"maps"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/kubewright/kubewright/pkg/clientcmd/api"
	"github.com/kubewright/kubewright/pkg/internal/canary"
	"github.com/kubewright/kubewright/pkg/rest"
)

func TestMain(m *testing.M) { canary.Main(m) }

// jwt returns an unsigned token that expires in life.
func jwt(life time.Duration, id string) string {
	payload := fmt.Sprintf(`{"exp":%d,"sub":%q}`, time.Now().Add(life).Unix(), canary.Secret+id)
	return "e30." + base64.RawURLEncoding.EncodeToString([]byte(payload)) + "." + canary.Secret + id
}

// issuer is an OpenID Connect issuer. Each refresh token is good for one use.
type issuer struct {
	*httptest.Server

	mu        sync.Mutex
	refreshes int
	discovery func(w http.ResponseWriter) bool // true if it has answered
	token     func(w http.ResponseWriter) bool // likewise
	life      time.Duration
	form      map[string][]string // of the last refresh
}

func newIssuer(t *testing.T) *issuer {
	i := &issuer{life: time.Hour}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /issuer/.well-known/openid-configuration", func(w http.ResponseWriter, _ *http.Request) {
		i.mu.Lock()
		defer i.mu.Unlock()
		if i.discovery != nil && i.discovery(w) {
			return
		}
		_ = json.NewEncoder(w).Encode(map[string]string{"issuer": i.URL + "/issuer", "token_endpoint": i.URL + "/token"})
	})
	mux.HandleFunc("POST /token", func(w http.ResponseWriter, req *http.Request) {
		i.mu.Lock()
		defer i.mu.Unlock()
		if i.token != nil && i.token(w) {
			return
		}
		_ = req.ParseForm()
		i.form = req.Form
		w.Header().Set("Content-Type", "application/json")
		if user, password, _ := req.BasicAuth(); user != "client" || password != canary.Secret || req.Form.Get("refresh_token") != i.refreshToken() {
			w.WriteHeader(http.StatusBadRequest)
			fmt.Fprintf(w, `{"error":"invalid_grant","error_description":%q}`, canary.Secret)
			return
		}
		i.refreshes++
		_ = json.NewEncoder(w).Encode(map[string]any{
			"access_token": canary.Secret, "token_type": "bearer", "refresh_token": i.refreshToken(), "id_token": jwt(i.life, fmt.Sprint("fresh", i.refreshes)),
		})
	})
	i.Server = httptest.NewUnstartedServer(mux)
	i.Config.ErrorLog = log.New(io.Discard, "", 0)
	i.StartTLS()
	t.Cleanup(i.Close)
	return i
}

func (i *issuer) refreshToken() string { return fmt.Sprint(canary.Secret, "refresh", i.refreshes) }

// config returns the configuration of a client of i with the given ID token.
func (i *issuer) config(idToken string) map[string]string {
	ca := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: i.Certificate().Raw})
	return map[string]string{
		"idp-issuer-url":                 i.URL + "/issuer",
		"client-id":                      "client",
		"client-secret":                  canary.Secret,
		"id-token":                       idToken,
		"refresh-token":                  i.refreshToken(),
		"idp-certificate-authority-data": base64.StdEncoding.EncodeToString(ca),
	}
}

type persister struct {
	mu      sync.Mutex
	configs []map[string]string
	err     error
}

func (p *persister) Persist(config map[string]string) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.configs = append(p.configs, maps.Clone(config))
	return p.err
}

func providerFor(t *testing.T, config map[string]string, persister rest.AuthProviderConfigPersister) *provider {
	t.Helper()
	p, err := rest.GetAuthProvider("https://cluster", &api.AuthProviderConfig{Name: "oidc", Config: config}, persister)
	if err != nil {
		t.Fatal(err)
	}
	return p.(*provider)
}

func TestAValidTokenIsUsedWithoutTheIssuer(t *testing.T) {
	i := newIssuer(t)
	token := jwt(time.Hour, "mine")
	got, err := providerFor(t, i.config(token), nil).Credential(t.Context())
	if err != nil || got.Token != token || i.refreshes != 0 {
		t.Errorf("got %v, %v, %d refreshes", got, err, i.refreshes)
	}
}

func TestAnExpiredTokenIsRefreshedOnceForAllAndStored(t *testing.T) {
	i := newIssuer(t)
	stored := &persister{}
	config := i.config(jwt(-time.Minute, "old"))
	config["extra-scopes"] = "groups,email"
	var wg sync.WaitGroup
	for range 50 {
		wg.Go(func() {
			got, err := providerFor(t, config, stored).Credential(t.Context())
			if err != nil || !strings.HasSuffix(got.Token, "fresh1") {
				t.Errorf("got %v, %v", got, err)
			}
		})
	}
	wg.Wait()
	if i.refreshes != 1 || len(stored.configs) != 1 {
		t.Fatalf("%d refreshes, stored %d times, want 1", i.refreshes, len(stored.configs))
	}
	written := stored.configs[0]
	if !strings.HasSuffix(written["id-token"], "fresh1") || written["refresh-token"] != i.refreshToken() || written["client-id"] != "client" {
		t.Errorf("stored %v", written)
	}
}

func TestARejectedTokenIsReplacedWithTheNewestRefreshToken(t *testing.T) {
	i := newIssuer(t)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		if !strings.HasSuffix(req.Header.Get("Authorization"), "fresh2") {
			w.WriteHeader(http.StatusUnauthorized)
		}
	}))
	defer server.Close()
	config := &rest.Config{Host: server.URL, AuthProvider: &api.AuthProviderConfig{Name: "oidc", Config: i.config("")}}
	client, err := rest.HTTPClientFor(config)
	if err != nil {
		t.Fatal(err)
	}
	defer client.CloseIdleConnections()
	resp, err := client.Get(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	if resp.StatusCode != http.StatusOK || i.refreshes != 2 {
		t.Errorf("got %d after %d refreshes", resp.StatusCode, i.refreshes)
	}
}

func TestWrapTransportAddsTheToken(t *testing.T) {
	i := newIssuer(t)
	token := jwt(time.Hour, "wrapped")
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		fmt.Fprint(w, req.Header.Get("Authorization"))
	}))
	defer server.Close()
	client := &http.Client{Transport: providerFor(t, i.config(token), nil).WrapTransport(http.DefaultTransport)}
	defer client.CloseIdleConnections()
	resp, err := client.Get(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if body, _ := io.ReadAll(resp.Body); string(body) != "Bearer "+token {
		t.Errorf("got %s", body)
	}
}

func TestTokensAreUsedEvenIfTheyCannotBeStored(t *testing.T) {
	i := newIssuer(t)
	if _, err := providerFor(t, i.config(""), &persister{err: io.ErrShortWrite}).Credential(t.Context()); err != nil {
		t.Error(err)
	}
}

func TestScopesAreAskedFor(t *testing.T) {
	r := &refresher{config: map[string]string{"extra-scopes": "groups,email"}}
	if got := strings.Join(r.scopes(), " "); got != "openid groups email" {
		t.Errorf("got %q", got)
	}
}

func TestRefreshesThatFail(t *testing.T) {
	answer := func(status int, body string) func(http.ResponseWriter) bool {
		return func(w http.ResponseWriter) bool {
			w.Header().Set("Content-Type", "application/json")
			w.Header().Set("Location", "/elsewhere")
			w.WriteHeader(status)
			fmt.Fprint(w, body)
			return true
		}
	}
	for name, c := range map[string]struct {
		config    map[string]string
		discovery func(http.ResponseWriter) bool
		token     func(http.ResponseWriter) bool
		want      string
	}{
		"no refresh token":      {config: map[string]string{"refresh-token": ""}, want: "no refresh-token to get another: log in again"},
		"used refresh token":    {config: map[string]string{"refresh-token": canary.Secret + "used"}, want: "answered 400: invalid_grant: the refresh-token is no longer valid"},
		"other CA":              {config: map[string]string{"idp-certificate-authority-data": ""}, want: "unknown authority"},
		"no discovery":          {discovery: answer(404, canary.Secret), want: "the issuer answered 404, want 200"},
		"discovery elsewhere":   {discovery: answer(302, canary.Secret), want: "the issuer answered 302, want 200"},
		"discovery is no JSON":  {discovery: answer(200, canary.Secret), want: "no valid JSON"},
		"discovery is endless":  {discovery: answer(200, `{"a":"`+strings.Repeat(canary.Secret, maxDocumentBytes/8)), want: "no valid JSON, or too large"},
		"error of the endpoint": {token: answer(500, canary.Secret), want: "the token endpoint answered 500"},
		"unknown error":         {token: answer(400, `{"error":"`+canary.Secret+`"}`), want: "the token endpoint answered 400"},
		"invalid client":        {token: answer(401, `{"error":"invalid_client","error_description":"`+canary.Secret+`"}`), want: "answered 401: invalid_client"},
		"token elsewhere":       {token: answer(307, canary.Secret), want: "the token endpoint answered 307"},
		"tokens are no JSON":    {token: answer(200, canary.Secret), want: "no tokens that can be read"},
		"no ID token":           {token: answer(200, `{"access_token":"`+canary.Secret+`"}`), want: "sent no id_token"},
		"bad ID token":          {token: answer(200, `{"access_token":"a","id_token":"`+canary.Secret+`\n"}`), want: "cannot be sent in a header"},
	} {
		t.Run(name, func(t *testing.T) {
			i := newIssuer(t)
			i.discovery, i.token = c.discovery, c.token
			config := i.config(jwt(-time.Hour, "old"))
			maps.Copy(config, c.config)
			_, err := providerFor(t, config, nil).Credential(t.Context())
			if err == nil || !strings.Contains(canary.Err(t, err).Error(), c.want) || !strings.Contains(canary.Err(t, err).Error(), config["idp-issuer-url"]) {
				t.Errorf("got %v, want the issuer and %q", err, c.want)
			}
			if err != nil && strings.Contains(canary.Err(t, err).Error(), canary.Secret) {
				t.Errorf("a secret is in %v", err)
			}
		})
	}
}

func TestARefreshEndsWhenNobodyWaits(t *testing.T) {
	i := newIssuer(t)
	reached := make(chan struct{})
	hold := make(chan struct{})
	i.discovery = func(http.ResponseWriter) bool {
		close(reached)
		<-hold
		return true
	}
	defer close(hold)
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		<-reached
		cancel()
	}()
	if _, err := providerFor(t, i.config(""), nil).Credential(ctx); err == nil || !strings.Contains(canary.Err(t, err).Error(), "context canceled") {
		t.Errorf("got %v", err)
	}
}

func TestInvalidConfigurations(t *testing.T) {
	for want, change := range map[string]map[string]string{
		"idp-issuer-url is not set":                           {"idp-issuer-url": ""},
		"idp-issuer-url is no https URL without user name":    {"idp-issuer-url": "http://issuer"},
		"idp-issuer-url is no https URL without user name ":   {"idp-issuer-url": "https://u:" + canary.Secret + "@issuer"},
		"client-id is not set":                                {"client-id": ""},
		"id-token has characters that cannot be sent":         {"id-token": canary.Secret + "\n"},
		"idp-certificate-authority-data is not valid base64":  {"idp-certificate-authority-data": "%"},
		"certificate authority data holds no PEM certificate": {"idp-certificate-authority-data": "QUFB"},
		"unable to read the certificate authority":            {"idp-certificate-authority": "/does/not/exist"},
	} {
		config := map[string]string{"idp-issuer-url": "https://issuer", "client-id": "c"}
		maps.Copy(config, change)
		_, err := rest.GetAuthProvider("c", &api.AuthProviderConfig{Name: "oidc", Config: config}, nil)
		if err == nil || !strings.Contains(canary.Err(t, err).Error(), strings.TrimSpace(want)) || strings.Contains(canary.Err(t, err).Error(), canary.Secret) {
			t.Errorf("got %v, want %q", err, want)
		}
	}
}

func TestLoginSaysWhatDoes(t *testing.T) {
	err := providerFor(t, newIssuer(t).config(""), nil).Login()
	if err == nil || !strings.Contains(canary.Err(t, err).Error(), "kubelogin") {
		t.Error(err)
	}
}

func TestExpiryOfTokens(t *testing.T) {
	payload := func(text string) string {
		return "e30." + base64.RawURLEncoding.EncodeToString([]byte(text)) + ".sig"
	}
	for _, c := range []struct {
		token string
		want  int64 // 0: not known
	}{
		{payload(`{"exp":1700000000}`), 1700000000},
		{payload(`{"exp":1.7e9}`), 1700000000},
		{payload(`{"exp":-1}`), 0},
		{payload(`{"exp":1e300}`), 0},
		{payload(`{"exp":"soon"}`), 0},
		{payload(`{}`), 0},
		{payload(`[`), 0},
		{"a.%.c", 0},
		{"opaque", 0},
		{"", 0},
	} {
		got := expiry(c.token)
		if c.want == 0 && !got.IsZero() || c.want != 0 && got.Unix() != c.want {
			t.Errorf("%q: got %v, want %d", c.token, got, c.want)
		}
	}
}
