package clientcmd

import (
	"fmt"
	"maps"

	"github.com/kubewright/kubewright/pkg/clientcmd/api"
	"github.com/kubewright/kubewright/pkg/rest"
)

// ModifyConfig makes the kubeconfig that configAccess finds say what newConfig says, as UpdateConfig describes. What others
// have changed since newConfig was read is lost: UpdateConfig avoids that.
func ModifyConfig(configAccess ConfigAccess, newConfig api.Config, relativizePaths bool) error {
	return UpdateConfig(configAccess, relativizePaths, func(config *api.Config) error {
		*config = newConfig
		return nil
	})
}

// PersistAuthProviderConfigForUser makes the persister of a user.
type PersistAuthProviderConfigForUser func(user string) rest.AuthProviderConfigPersister

// PersisterForUser returns what stores the configuration of a user's credential plugin (auth-provider), for plugins that
// renew their tokens, in the kubeconfig that configAccess finds.
func PersisterForUser(configAccess ConfigAccess, user string) rest.AuthProviderConfigPersister {
	return &persister{configAccess, user}
}

type persister struct {
	access ConfigAccess
	user   string
}

// Persist implements rest.AuthProviderConfigPersister.
func (p *persister) Persist(config map[string]string) error {
	return UpdateConfig(p.access, false, func(c *api.Config) error {
		user := c.AuthInfos[p.user]
		if user == nil || user.AuthProvider == nil {
			return fmt.Errorf("unable to store the configuration of a credential plugin: the kubeconfig has no user %q with auth-provider any more", p.user)
		}
		user.AuthProvider.Config = maps.Clone(config)
		return nil
	})
}
