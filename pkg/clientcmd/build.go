package clientcmd

import (
	"errors"

	"github.com/kubewright/kubewright/pkg/clientcmd/api"
	"github.com/kubewright/kubewright/pkg/rest"
)

// BuildConfigFromFlags returns the configuration of a client for the current context of the kubeconfig file, with masterUrl
// in place of its server if that is set. With neither, it is the configuration of the cluster in whose pod this process runs.
func BuildConfigFromFlags(masterUrl, kubeconfigPath string) (*rest.Config, error) {
	if masterUrl == "" && kubeconfigPath == "" {
		config, err := rest.InClusterConfig()
		if errors.Is(err, rest.ErrNotInCluster) {
			return nil, NewEmptyConfigError("neither a kubeconfig nor a server is given, and this process does not run in a pod: pass the path of a kubeconfig")
		}
		return config, err
	}
	rules := &ClientConfigLoadingRules{ExplicitPath: kubeconfigPath}
	overrides := &ConfigOverrides{ClusterInfo: api.Cluster{Server: masterUrl}}
	return NewNonInteractiveDeferredLoadingClientConfig(rules, overrides).ClientConfig()
}

// RESTConfigFromKubeConfig returns the configuration of a client for the current context of a kubeconfig in YAML or JSON.
func RESTConfigFromKubeConfig(configBytes []byte) (*rest.Config, error) {
	config, err := NewClientConfigFromBytes(configBytes)
	if err != nil {
		return nil, err
	}
	return config.ClientConfig()
}
