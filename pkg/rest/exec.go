package rest

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"

	"github.com/kubewright/kubewright/pkg/apis/clientauthentication"
)

// ConfigToExecCluster returns what config says of its server, for a credential plugin. Files are read now.
func ConfigToExecCluster(config *Config) (*clientauthentication.Cluster, error) {
	ca := &Config{TLSClientConfig: TLSClientConfig{CAData: config.CAData, CAFile: config.CAFile}}
	if err := LoadTLSFiles(ca); err != nil {
		return nil, err
	}
	cluster := &clientauthentication.Cluster{
		Server:                   config.Host,
		TLSServerName:            config.ServerName,
		InsecureSkipTLSVerify:    config.Insecure,
		CertificateAuthorityData: ca.CAData,
		DisableCompression:       config.DisableCompression,
	}
	if config.ExecProvider != nil {
		cluster.Config = config.ExecProvider.Config
	}
	if config.Proxy == nil {
		return cluster, nil
	}
	server, _, err := DefaultServerUrlFor(config)
	if err != nil {
		return nil, err
	}
	proxy, err := config.Proxy(&http.Request{Method: http.MethodGet, URL: server, Host: server.Host, Header: http.Header{}})
	if err != nil {
		return nil, fmt.Errorf("unable to find the proxy for the server's address %q: %w", redactURL(config.Host), err)
	}
	if proxy != nil {
		cluster.ProxyURL = proxy.String()
	}
	return cluster, nil
}

// ExecClusterToConfig returns a Config for the server that cluster, which a credential plugin was given, describes. It has
// no credentials.
func ExecClusterToConfig(cluster *clientauthentication.Cluster) (*Config, error) {
	config := &Config{
		Host: cluster.Server,
		TLSClientConfig: TLSClientConfig{
			Insecure:   cluster.InsecureSkipTLSVerify,
			ServerName: cluster.TLSServerName,
			CAData:     cluster.CertificateAuthorityData,
		},
		DisableCompression: cluster.DisableCompression,
	}
	if cluster.ProxyURL != "" {
		proxy, err := url.Parse(cluster.ProxyURL)
		if err != nil { // whose text repeats the URL, which may have a password
			return nil, errors.New("the cluster's proxy URL is not valid")
		}
		config.Proxy = http.ProxyURL(proxy)
	}
	return config, nil
}
