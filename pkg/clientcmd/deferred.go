package clientcmd

import (
	"io"

	"github.com/kubewright/kubewright/pkg/clientcmd/api"
	"github.com/kubewright/kubewright/pkg/rest"
)

// DeferredLoadingClientConfig is a ClientConfig that loads its kubeconfig each time it is asked, so that rules and overrides
// may be filled in, for example by flags, after it was made.
type DeferredLoadingClientConfig struct {
	loader    ClientConfigLoader
	overrides *ConfigOverrides
	prompter  *prompter // may be nil
	inCluster InClusterConfig
}

// NewNonInteractiveDeferredLoadingClientConfig returns a ClientConfig for what loader loads. overrides may be nil.
func NewNonInteractiveDeferredLoadingClientConfig(loader ClientConfigLoader, overrides *ConfigOverrides) ClientConfig {
	return NewInteractiveDeferredLoadingClientConfig(loader, overrides, nil)
}

// NewInteractiveDeferredLoadingClientConfig returns a ClientConfig for what loader loads, which asks for a user name and
// password on fallbackReader if there are no credentials. overrides may be nil.
func NewInteractiveDeferredLoadingClientConfig(loader ClientConfigLoader, overrides *ConfigOverrides, fallbackReader io.Reader) ClientConfig {
	return &DeferredLoadingClientConfig{loader: loader, overrides: overrides, prompter: newPrompter(fallbackReader), inCluster: newInClusterConfig(overrides)}
}

func (config *DeferredLoadingClientConfig) direct() (OverridingClientConfig, error) {
	loaded, err := config.loader.Load()
	if err != nil {
		return nil, err
	}
	return newDirectClientConfig(*loaded, "", config.overrides, config.prompter, config.loader), nil
}

// RawConfig implements ClientConfig.
func (config *DeferredLoadingClientConfig) RawConfig() (api.Config, error) {
	direct, err := config.direct()
	if err != nil {
		return api.Config{}, err
	}
	return direct.RawConfig()
}

// ClientConfig implements ClientConfig. If there is no kubeconfig or it leads to nothing but the loader's default, and no
// file was asked for, a process in a pod gets the configuration of its cluster.
func (config *DeferredLoadingClientConfig) ClientConfig() (*rest.Config, error) {
	direct, err := config.direct()
	if err != nil {
		return nil, err
	}
	c, err := direct.ClientConfig()
	saysNothing := IsEmptyConfig(err) || err == nil && config.loader.IsDefaultConfig(c)
	if saysNothing && !config.loader.IsExplicitFile() && config.inCluster.Possible() {
		return config.inCluster.ClientConfig()
	}
	return c, err
}

// Namespace implements ClientConfig. If neither an override nor the context names one, a process in a pod gets the pod's, and
// others "default".
func (config *DeferredLoadingClientConfig) Namespace() (string, bool, error) {
	direct, err := config.direct()
	if err != nil {
		return "", false, err
	}
	namespace, overridden, err := direct.Namespace()
	switch {
	case err != nil && !IsEmptyConfig(err):
		return "", false, err
	case overridden || err == nil && config.namesNamespace(direct):
		return namespace, overridden, nil
	case config.inCluster.Possible():
		return config.inCluster.Namespace()
	}
	return defaultNamespace, false, nil
}

// namesNamespace reports whether the chosen context itself has a namespace.
func (config *DeferredLoadingClientConfig) namesNamespace(direct OverridingClientConfig) bool {
	merged, err := direct.MergedRawConfig()
	if err != nil {
		return false
	}
	context := merged.Contexts[merged.CurrentContext]
	return context != nil && context.Namespace != ""
}

// ConfigAccess implements ClientConfig.
func (config *DeferredLoadingClientConfig) ConfigAccess() ConfigAccess { return config.loader }
