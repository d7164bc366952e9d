package rest

import (
	"errors"
	"fmt"
	"net/http"
	"sync"

	"github.com/kubewright/kubewright/pkg/apis/clientauthentication"
	"github.com/kubewright/kubewright/pkg/auth/exec"
	"github.com/kubewright/kubewright/pkg/clientcmd/api"
	"github.com/kubewright/kubewright/pkg/transport"
)

// AuthProvider is a credential plugin that is compiled in. One that is a transport.CredentialSource as well is asked for its
// credential, for requests to the configured server only; others wrap the transport, and see to it themselves whom they
// give a credential.
type AuthProvider interface {
	// WrapTransport returns a round tripper that adds a credential to requests and sends them through rt.
	WrapTransport(rt http.RoundTripper) http.RoundTripper
	// Login initializes the provider, without asking a person.
	Login() error
}

// Factory returns the AuthProvider for a cluster. config is the provider's part of a kubeconfig, which persister, unless it
// is nil, writes back.
type Factory func(clusterAddress string, config map[string]string, persister AuthProviderConfigPersister) (AuthProvider, error)

// authProviders is the one registry of this package, and filled by init functions: packages of providers are imported for
// nothing else (see package auth), and kubeconfigs refer to them by name.
var authProviders struct {
	mu        sync.Mutex // guards factories
	factories map[string]Factory
}

// RegisterAuthProviderPlugin makes the providers of plugin available to kubeconfigs under name, which must not be taken.
func RegisterAuthProviderPlugin(name string, plugin Factory) error {
	authProviders.mu.Lock()
	defer authProviders.mu.Unlock()
	if _, taken := authProviders.factories[name]; taken {
		return fmt.Errorf("the auth provider %q was registered twice", name)
	}
	if authProviders.factories == nil {
		authProviders.factories = map[string]Factory{}
	}
	authProviders.factories[name] = plugin
	return nil
}

// GetAuthProvider returns the provider that apc names, for the cluster at clusterAddress. persister may be nil.
func GetAuthProvider(clusterAddress string, apc *api.AuthProviderConfig, persister AuthProviderConfigPersister) (AuthProvider, error) {
	authProviders.mu.Lock()
	factory, found := authProviders.factories[apc.Name]
	authProviders.mu.Unlock()
	if !found {
		return nil, fmt.Errorf("no auth provider of name %q is compiled in: import the package that registers it, or use an exec plugin", apc.Name)
	}
	return factory(clusterAddress, apc.Config, persister)
}

// addPlugins lets t use the credential plugin of c, if there is one.
func (c *Config) addPlugins(t *transport.Config) error {
	switch {
	case c.ExecProvider != nil && c.AuthProvider != nil:
		return errors.New("both ExecProvider and AuthProvider are set, of which only one can be used")
	case c.ExecProvider != nil:
		var cluster *clientauthentication.Cluster
		if c.ExecProvider.ProvideClusterInfo {
			var err error
			if cluster, err = ConfigToExecCluster(c); err != nil {
				return err
			}
		}
		authenticator, err := exec.GetAuthenticator(c.ExecProvider, cluster)
		if err != nil {
			return err
		}
		return authenticator.UpdateTransportConfig(t)
	case c.AuthProvider != nil:
		provider, err := GetAuthProvider(c.Host, c.AuthProvider, c.AuthConfigPersister)
		if err != nil {
			return err
		}
		if source, ok := provider.(transport.CredentialSource); ok {
			t.Credentials = source
		} else {
			t.Wrap(provider.WrapTransport)
		}
	}
	return nil
}
