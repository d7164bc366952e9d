package oidc

import (
	"encoding/base64"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"time"

	"golang.org/x/net/http/httpguts"
	utilruntime "k8s.io/apimachinery/pkg/util/runtime"

	"github.com/kubewright/kubewright/pkg/auth/internal/refresh"
	"github.com/kubewright/kubewright/pkg/auth/internal/shared"
	"github.com/kubewright/kubewright/pkg/rest"
	"github.com/kubewright/kubewright/pkg/transport"
)

// The keys of the configuration.
const (
	issuerKey       = "idp-issuer-url"
	clientIDKey     = "client-id"
	clientSecretKey = "client-secret"
	caFileKey       = "idp-certificate-authority"
	caDataKey       = "idp-certificate-authority-data"
	scopesKey       = "extra-scopes"
	idTokenKey      = "id-token"
	refreshTokenKey = "refresh-token"
)

func init() {
	utilruntime.Must(rest.RegisterAuthProviderPlugin("oidc", newAuthProvider))
}

// expiryLeeway is how long a stored token must be valid yet to be used: one that expires on its way is of no use.
const expiryLeeway = 10 * time.Second

// providers are all that are in use. They are process-wide because a refresh token may be good for one use only: clients of
// the same configuration must not each have a copy.
var providers shared.Table[provider]

// provider is a rest.AuthProvider, and a transport.CredentialSource by what it embeds.
type provider struct {
	*refresh.Source[transport.Credential]
}

var (
	_ rest.AuthProvider          = (*provider)(nil)
	_ transport.CredentialSource = (*provider)(nil)
)

func newAuthProvider(clusterAddress string, config map[string]string, persister rest.AuthProviderConfigPersister) (rest.AuthProvider, error) {
	key, err := shared.KeyOf([]any{clusterAddress, config})
	if err != nil {
		return nil, err
	}
	p, err := providers.Get(key, func() (*provider, error) { return newProvider(config, persister) })
	if err != nil {
		return nil, fmt.Errorf("auth provider \"oidc\": %w", err)
	}
	return p, nil
}

func newProvider(config map[string]string, persister rest.AuthProviderConfigPersister) (*provider, error) {
	issuer, err := url.Parse(config[issuerKey])
	switch {
	case config[issuerKey] == "":
		return nil, fmt.Errorf("%s is not set", issuerKey)
	case err != nil || issuer.Scheme != "https" || issuer.Host == "" || issuer.User != nil:
		return nil, fmt.Errorf("%s is no https URL without user name", issuerKey)
	case config[clientIDKey] == "":
		return nil, fmt.Errorf("%s is not set", clientIDKey)
	case !httpguts.ValidHeaderFieldValue(config[idTokenKey]):
		return nil, fmt.Errorf("%s has characters that cannot be sent in a header", idTokenKey)
	}
	r := &refresher{config: maps.Clone(config), persister: persister, http: transport.Config{TLS: transport.TLSConfig{CAFile: config[caFileKey]}}}
	if text := config[caDataKey]; text != "" {
		if r.http.TLS.CAData, err = base64.StdEncoding.DecodeString(text); err != nil {
			return nil, fmt.Errorf("%s is not valid base64", caDataKey)
		}
	}
	if _, err := transport.TLSConfigFor(&r.http); err != nil {
		return nil, err
	}
	token := config[idTokenKey]
	expires := expiry(token)
	leeway := expiryLeeway
	if config[refreshTokenKey] == "" {
		leeway = 0 // there will be no other
	}
	if token == "" || !expires.IsZero() && time.Until(expires) <= leeway {
		return &provider{refresh.NewSource(r.fetch)}, nil
	}
	return &provider{refresh.NewSourceWith(r.fetch, transport.Credential{Token: token}, expires)}, nil
}

// WrapTransport implements rest.AuthProvider.
func (p *provider) WrapTransport(rt http.RoundTripper) http.RoundTripper {
	return transport.NewCredentialRoundTripper(p, rt)
}

// Login implements rest.AuthProvider.
func (p *provider) Login() error {
	return errors.New("auth provider \"oidc\" cannot log in: use a program that does, such as kubelogin, as exec plugin")
}
