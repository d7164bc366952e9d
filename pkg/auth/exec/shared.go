package exec

import (
	"fmt"

	"github.com/kubewright/kubewright/pkg/apis/clientauthentication"
	"github.com/kubewright/kubewright/pkg/auth/internal/shared"
	"github.com/kubewright/kubewright/pkg/clientcmd/api"
)

// authenticators are all that are in use. They are process-wide because a person who is asked for a password shall be asked
// once, however many clients the program makes.
var authenticators shared.Table[Authenticator]

// GetAuthenticator returns the Authenticator for config and cluster, which it copies. Callers that ask for the same get the
// same one, and so one run of the plugin serves all clients of a process. An Authenticator that no client uses any more is
// collected.
func GetAuthenticator(config *api.ExecConfig, cluster *clientauthentication.Cluster) (*Authenticator, error) {
	key, err := keyOf(config, cluster)
	if err != nil {
		return nil, fmt.Errorf("exec plugin %q: unable to encode what is configured for it: %w", config.Command, err)
	}
	return authenticators.Get(key, func() (*Authenticator, error) { return newAuthenticator(config, cluster) })
}

// keyOf hashes all that makes a difference to the plugin, or to whether and how it is run. Some fields have to be named,
// because they are no part of a kubeconfig.
func keyOf(config *api.ExecConfig, cluster *clientauthentication.Cluster) (shared.Key, error) {
	return shared.KeyOf([]any{
		config, config.Config, config.StdinUnavailable, config.StdinUnavailableMessage,
		config.PluginPolicy.PolicyType, allowedCommands(config.PluginPolicy), cluster,
	})
}
