package clientcmd

import (
	"github.com/kubewright/kubewright/pkg/clientcmd/api"
	"github.com/kubewright/kubewright/pkg/rest"
)

// DeferredLoadingClientConfig is a ClientConfig that loads its kubeconfig each time it is asked, so that rules and overrides
// may be filled in, for example by flags, after it was made.
type DeferredLoadingClientConfig struct {
	loader    ClientConfigLoader
	overrides *ConfigOverrides
	inCluster func() (*rest.Config, error)
}

// NewNonInteractiveDeferredLoadingClientConfig returns a ClientConfig for what loader loads. overrides may be nil.
func NewNonInteractiveDeferredLoadingClientConfig(loader ClientConfigLoader, overrides *ConfigOverrides) ClientConfig {
	return &DeferredLoadingClientConfig{loader: loader, overrides: overrides, inCluster: rest.InClusterConfig}
}

func (config *DeferredLoadingClientConfig) direct() (OverridingClientConfig, error) {
	loaded, err := config.loader.Load()
	if err != nil {
		return nil, err
	}
	return NewNonInteractiveClientConfig(*loaded, "", config.overrides, config.loader), nil
}

// RawConfig implements ClientConfig.
func (config *DeferredLoadingClientConfig) RawConfig() (api.Config, error) {
	direct, err := config.direct()
	if err != nil {
		return api.Config{}, err
	}
	return direct.RawConfig()
}

// ClientConfig implements ClientConfig. If there is no kubeconfig, and none was asked for, a process in a pod gets the
// configuration of its cluster.
func (config *DeferredLoadingClientConfig) ClientConfig() (*rest.Config, error) {
	direct, err := config.direct()
	if err != nil {
		return nil, err
	}
	c, err := direct.ClientConfig()
	if IsEmptyConfig(err) && !config.loader.IsExplicitFile() {
		if c, inClusterErr := config.inCluster(); inClusterErr == nil {
			return c, nil
		}
	}
	return c, err
}

// Namespace implements ClientConfig. Without a kubeconfig it is "default".
func (config *DeferredLoadingClientConfig) Namespace() (string, bool, error) {
	direct, err := config.direct()
	if err != nil {
		return "", false, err
	}
	namespace, overridden, err := direct.Namespace()
	if IsEmptyConfig(err) {
		return "default", false, nil
	}
	return namespace, overridden, err
}

// ConfigAccess implements ClientConfig.
func (config *DeferredLoadingClientConfig) ConfigAccess() ConfigAccess { return config.loader }
