package clientcmd

import (
	"github.com/kubewright/kubewright/pkg/clientcmd/api"
	"github.com/kubewright/kubewright/pkg/rest"
)

// KubeconfigGetter returns a kubeconfig that is kept somewhere else than in files.
type KubeconfigGetter func() (*api.Config, error)

// ClientConfigGetter is a ClientConfigLoader that calls a KubeconfigGetter. It knows no files.
type ClientConfigGetter struct {
	kubeconfigGetter KubeconfigGetter
}

// BuildConfigFromKubeconfigGetter returns the configuration of a client for the current context of what kubeconfigGetter
// returns, with masterUrl in place of its server if that is set.
func BuildConfigFromKubeconfigGetter(masterUrl string, kubeconfigGetter KubeconfigGetter) (*rest.Config, error) {
	overrides := &ConfigOverrides{ClusterInfo: api.Cluster{Server: masterUrl}}
	return NewNonInteractiveDeferredLoadingClientConfig(&ClientConfigGetter{kubeconfigGetter}, overrides).ClientConfig()
}

// Load implements ClientConfigLoader.
func (g *ClientConfigGetter) Load() (*api.Config, error) { return g.kubeconfigGetter() }

// IsDefaultConfig implements ClientConfigLoader: there is no default.
func (g *ClientConfigGetter) IsDefaultConfig(*rest.Config) bool { return false }

// GetStartingConfig implements ConfigAccess.
func (g *ClientConfigGetter) GetStartingConfig() (*api.Config, error) { return g.kubeconfigGetter() }

// GetLoadingPrecedence implements ConfigAccess.
func (g *ClientConfigGetter) GetLoadingPrecedence() []string { return nil }

// GetDefaultFilename implements ConfigAccess.
func (g *ClientConfigGetter) GetDefaultFilename() string { return "" }

// IsExplicitFile implements ConfigAccess.
func (g *ClientConfigGetter) IsExplicitFile() bool { return false }

// GetExplicitFile implements ConfigAccess.
func (g *ClientConfigGetter) GetExplicitFile() string { return "" }
