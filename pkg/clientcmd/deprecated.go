package clientcmd

import (
	"errors"
	"io/fs"
	"os"

	"k8s.io/klog/v2"

	"github.com/kubewright/kubewright/pkg/clientcmd/api"
)

// UseModifyConfigLock lets ModifyConfig and UpdateConfig lock the kubeconfig. Without the lock, concurrent changes are lost.
// Set it before the first call.
var UseModifyConfigLock = true

// ClusterDefaults is the server that $KUBERNETES_MASTER names, or http://localhost:8080.
//
// Deprecated: say in ConfigOverrides.ClusterDefaults what the default is.
var ClusterDefaults = api.Cluster{Server: defaultServer()}

// DefaultClientConfig leads to ClusterDefaults.
//
// Deprecated: use NewDefaultClientConfig.
var DefaultClientConfig = DirectClientConfig{
	config:       *api.NewConfig(),
	overrides:    &ConfigOverrides{ClusterDefaults: ClusterDefaults},
	configAccess: NewDefaultClientConfigLoadingRules(),
}

func defaultServer() string {
	if server := os.Getenv("KUBERNETES_MASTER"); server != "" {
		return server
	}
	return "http://localhost:8080"
}

// GetConfigFromFileOrDie reads a kubeconfig from a file, which is empty if the file is not there. Other errors end the program.
//
// Deprecated: use LoadFromFile, which returns errors.
func GetConfigFromFileOrDie(filename string) *api.Config {
	config, err := LoadFromFile(filename)
	if errors.Is(err, fs.ErrNotExist) {
		return api.NewConfig()
	}
	if err != nil {
		klog.Background().Error(err, "Unable to load the kubeconfig", "file", filename)
		klog.Flush()
		os.Exit(1)
	}
	return config
}
