package clientcmd

import (
	"os"
	"strings"

	"github.com/kubewright/kubewright/pkg/clientcmd/api"
	"github.com/kubewright/kubewright/pkg/rest"
)

// InClusterConfig is the ClientConfig of a process that runs in a pod.
type InClusterConfig interface {
	ClientConfig
	// Possible reports whether this process runs in a pod that has a service account.
	Possible() bool
}

// serviceAccountDir is where Kubernetes mounts the token and namespace of a pod's service account.
const serviceAccountDir = "/var/run/secrets/kubernetes.io/serviceaccount"

// inClusterConfig implements InClusterConfig.
type inClusterConfig struct {
	overrides *ConfigOverrides // may be nil
	base      func() (*rest.Config, error)
	getenv    func(string) string
	dir       string
}

func newInClusterConfig(overrides *ConfigOverrides) *inClusterConfig {
	return &inClusterConfig{overrides: overrides, base: rest.InClusterConfig, getenv: os.Getenv, dir: serviceAccountDir}
}

// Possible implements InClusterConfig.
func (c *inClusterConfig) Possible() bool {
	info, err := os.Stat(c.dir + "/token")
	return err == nil && !info.IsDir() && c.getenv("KUBERNETES_SERVICE_HOST") != "" && c.getenv("KUBERNETES_SERVICE_PORT") != ""
}

// ClientConfig implements ClientConfig. Overrides of server, token and certificate authority count.
func (c *inClusterConfig) ClientConfig() (*rest.Config, error) {
	config, err := c.base()
	if err != nil || c.overrides == nil {
		return config, err
	}
	override(&config.Host, c.overrides.ClusterInfo.Server)
	if user := &c.overrides.AuthInfo; user.Token != "" || user.TokenFile != "" {
		config.BearerToken, config.BearerTokenFile = user.Token, user.TokenFile
	}
	if file := c.overrides.ClusterInfo.CertificateAuthority; file != "" {
		config.CAFile, config.CAData = file, nil
	}
	return config, nil
}

// Namespace implements ClientConfig: $POD_NAMESPACE, or else the service account's, or else "default".
func (c *inClusterConfig) Namespace() (string, bool, error) {
	if namespace := c.getenv("POD_NAMESPACE"); namespace != "" {
		return namespace, false, nil
	}
	if data, err := os.ReadFile(c.dir + "/namespace"); err == nil {
		if namespace := strings.TrimSpace(string(data)); namespace != "" {
			return namespace, false, nil
		}
	}
	return defaultNamespace, false, nil
}

// RawConfig implements ClientConfig: there is no kubeconfig.
func (c *inClusterConfig) RawConfig() (api.Config, error) {
	return api.Config{}, NewEmptyConfigError("a process in a pod has no kubeconfig")
}

// ConfigAccess implements ClientConfig.
func (c *inClusterConfig) ConfigAccess() ConfigAccess { return NewDefaultClientConfigLoadingRules() }
