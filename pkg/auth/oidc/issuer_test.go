package oidc

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/kubewright/kubewright/pkg/internal/canary"
)

// documents makes the issuer serve a discovery document with the given issuer and token endpoint.
func (i *issuer) documents(name, endpoint string) {
	i.discovery = func(w http.ResponseWriter) bool {
		_ = json.NewEncoder(w).Encode(map[string]string{"issuer": name, "token_endpoint": endpoint})
		return true
	}
}

func TestDiscoveryDocumentsThatCannotBeUsed(t *testing.T) {
	i := newIssuer(t)
	own, endpoint := i.URL+"/issuer", i.URL+"/token"
	for name, c := range map[string]struct{ issuer, endpoint, want string }{
		"no issuer":            {"", endpoint, `is that of the issuer "": set idp-issuer-url to that if it is right`},
		"another issuer":       {"https://evil.example", endpoint, `is that of the issuer "https://evil.example"`},
		"a path below":         {own + "/tenant", endpoint, `is that of the issuer "` + own + `/tenant"`},
		"an endless issuer":    {strings.Repeat("x", 5000), endpoint, `is that of the issuer "` + strings.Repeat("x", 200) + `"`},
		"no endpoint":          {own, "", "no token_endpoint that is an https URL"},
		"endpoint without TLS": {own, "http://" + canary.Secret, "no token_endpoint that is an https URL"},
	} {
		t.Run(name, func(t *testing.T) {
			i.documents(c.issuer, c.endpoint)
			config := i.config("")
			config["extra-scopes"] = name // so that it is a provider of its own
			_, err := providerFor(t, config, nil).Credential(t.Context())
			if err == nil || !strings.Contains(canary.Err(t, err).Error(), c.want) {
				t.Errorf("got %v, want %q", err, c.want)
			}
			if i.refreshes != 0 {
				t.Error("the refresh token was sent")
			}
		})
	}
}

func TestASlashAtTheEndOfTheIssuerMakesNoDifference(t *testing.T) {
	i := newIssuer(t)
	config := i.config("")
	config["idp-issuer-url"] += "/"
	if _, err := providerFor(t, config, nil).Credential(t.Context()); err != nil {
		t.Error(canary.Err(t, err))
	}
}

func TestANewRefreshTokenIsKeptEvenWithoutAnIDToken(t *testing.T) {
	i := newIssuer(t)
	i.token = func(w http.ResponseWriter) bool {
		w.Header().Set("Content-Type", "application/json")
		fmt.Fprintf(w, `{"access_token":"a","token_type":"bearer","refresh_token":%q}`, canary.Secret+"rotated")
		return true
	}
	stored := &persister{}
	old := jwt(-time.Hour, "old")
	if _, err := providerFor(t, i.config(old), stored).Credential(t.Context()); err == nil || !strings.Contains(canary.Err(t, err).Error(), "sent no id_token") {
		t.Errorf("got %v", err)
	}
	if len(stored.configs) != 1 || stored.configs[0]["refresh-token"] != canary.Secret+"rotated" || stored.configs[0]["id-token"] != old {
		t.Errorf("stored %d times, want the new refresh token and the old ID token", len(stored.configs))
	}
}

func TestTheRefreshTokenStaysIfTheIssuerSendsNoOther(t *testing.T) {
	i := newIssuer(t)
	fresh := jwt(time.Hour, "fresh")
	i.token = func(w http.ResponseWriter) bool {
		w.Header().Set("Content-Type", "application/json")
		fmt.Fprintf(w, `{"access_token":"a","token_type":"bearer","id_token":%q}`, fresh)
		return true
	}
	stored := &persister{}
	config := i.config("")
	if got, err := providerFor(t, config, stored).Credential(t.Context()); err != nil || got.Token != fresh {
		t.Errorf("got error %v", canary.Err(t, err))
	}
	if len(stored.configs) != 1 || stored.configs[0]["refresh-token"] != config["refresh-token"] || stored.configs[0]["id-token"] != fresh {
		t.Errorf("stored %d times, want the old refresh token and the new ID token", len(stored.configs))
	}
}

func TestAStoredTokenThatIsAboutToExpireIsReplacedIfThereIsARefreshToken(t *testing.T) {
	i := newIssuer(t)
	short := jwt(expiryLeeway/2, "short")
	config := i.config(short)
	if got, err := providerFor(t, config, nil).Credential(t.Context()); err != nil || got.Token == short {
		t.Errorf("the token that expires soon is used, or error %v", canary.Err(t, err))
	}
	config["refresh-token"] = ""
	if got, err := providerFor(t, config, nil).Credential(t.Context()); err != nil || got.Token != short {
		t.Errorf("the only token is not used, or error %v", canary.Err(t, err))
	}
}
