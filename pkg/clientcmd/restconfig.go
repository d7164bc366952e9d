package clientcmd

import (
	"fmt"
	"net/http"
	"os"
	"strings"

	"github.com/kubewright/kubewright/pkg/rest"
)

// restConfig returns the configuration of a client for the choice, which must be valid. Credentials are left out if the
// server does not speak TLS, so that they are not sent in the clear.
func (c *choice) restConfig(timeout string) (*rest.Config, error) {
	config := &rest.Config{
		Host:               c.cluster.Server,
		DisableCompression: c.cluster.DisableCompression,
		TLSClientConfig: rest.TLSClientConfig{
			Insecure:   c.cluster.InsecureSkipTLSVerify,
			ServerName: c.cluster.TLSServerName,
			CAFile:     c.cluster.CertificateAuthority,
			CAData:     c.cluster.CertificateAuthorityData,
		},
	}
	if c.cluster.ProxyURL != "" {
		u, err := parseProxyURL(c.cluster.ProxyURL)
		if err != nil {
			return nil, within("cluster", c.context.Cluster, err)
		}
		config.Proxy = http.ProxyURL(u)
	}
	if timeout != "" {
		var err error
		if config.Timeout, err = ParseTimeout(timeout); err != nil {
			return nil, err
		}
	}
	if !rest.IsConfigTransportTLS(*config) {
		config.CAFile, config.CAData = "", nil
		return config, nil
	}
	c.authenticate(config)
	if config.BearerToken == "" && config.BearerTokenFile != "" {
		token, err := os.ReadFile(config.BearerTokenFile)
		if err != nil {
			return nil, within("user", c.context.AuthInfo, fmt.Errorf("unable to read tokenFile: %w", err))
		}
		config.BearerToken = strings.TrimSpace(string(token))
	}
	return config, nil
}

func (c *choice) authenticate(config *rest.Config) {
	config.CertFile, config.CertData = c.user.ClientCertificate, c.user.ClientCertificateData
	config.KeyFile, config.KeyData = c.user.ClientKey, c.user.ClientKeyData
	config.BearerToken, config.BearerTokenFile = c.user.Token, c.user.TokenFile
	config.Username, config.Password = c.user.Username, c.user.Password
	config.AuthProvider = c.user.AuthProvider
	if c.user.Exec != nil {
		config.ExecProvider = c.user.Exec
		config.ExecProvider.Config = c.cluster.Extensions[execExtension]
	}
	if c.user.Impersonate != "" {
		config.Impersonate = rest.ImpersonationConfig{
			UserName: c.user.Impersonate,
			UID:      c.user.ImpersonateUID,
			Groups:   c.user.ImpersonateGroups,
			Extra:    c.user.ImpersonateUserExtra,
		}
	}
}

// execExtension is the name of the cluster's extension that is for credential plugins.
const execExtension = "client.authentication.k8s.io/exec"
