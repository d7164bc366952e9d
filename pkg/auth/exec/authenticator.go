package exec

import (
	"context"
	"errors"

	"github.com/kubewright/kubewright/pkg/apis/clientauthentication"
	"github.com/kubewright/kubewright/pkg/auth/internal/refresh"
	"github.com/kubewright/kubewright/pkg/clientcmd/api"
	"github.com/kubewright/kubewright/pkg/transport"
)

// Authenticator provides the credential of one plugin for one cluster, and keeps it until it expires or a server rejects it.
// It may be used concurrently and by any number of transports.
type Authenticator struct {
	*refresh.Source[transport.Credential] // its methods are those of a transport.CredentialSource

	hints *hints
}

var _ transport.CredentialSource = (*Authenticator)(nil)

// newAuthenticator copies what it needs of its arguments. cluster is what the plugin is told of the server, if its
// configuration asks for that; it may be nil otherwise.
func newAuthenticator(config *api.ExecConfig, cluster *clientauthentication.Cluster) (*Authenticator, error) {
	p, err := newPlugin(config, cluster)
	if err != nil {
		return nil, err
	}
	return &Authenticator{Source: refresh.NewSource(p.fetch), hints: &hints{text: printable(config.InstallHint, maxHintBytes)}}, nil
}

// Credential implements transport.CredentialSource. It returns a valid credential, at once if there is one, or waits for a
// run of the plugin, no longer than ctx allows.
func (a *Authenticator) Credential(ctx context.Context) (transport.Credential, error) {
	credential, err := a.Source.Credential(ctx)
	if err != nil {
		return transport.Credential{}, a.hints.explain(err)
	}
	return credential, nil
}

// UpdateTransportConfig makes transports of c use the plugin's credential. It changes nothing if c has another one: who sets a
// token wants that, and no plugin to run.
func (a *Authenticator) UpdateTransportConfig(c *transport.Config) error {
	if c.HasTokenAuth() || c.HasBasicAuth() || c.HasCertAuth() {
		return nil
	}
	if c.HasCertCallback() {
		return errors.New("both a credential plugin and a callback for client certificates are set, of which only one can be used: remove TLS.GetCertHolder or the plugin")
	}
	c.Credentials = a
	if c.Transport != nil {
		c.Credentials = tokenOnly{a}
	}
	return nil
}

// tokenOnly is for transports that do not know with which certificate to connect.
type tokenOnly struct{ *Authenticator }

// Credential implements transport.CredentialSource.
func (t tokenOnly) Credential(ctx context.Context) (transport.Credential, error) {
	credential, err := t.Authenticator.Credential(ctx)
	if err == nil && credential.Token == "" {
		return transport.Credential{}, errors.New("the exec plugin gave a client certificate and no token, which a custom Transport cannot use: configure the client without Transport")
	}
	return credential, err
}
