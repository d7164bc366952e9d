package clientcmd

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"

	"k8s.io/apimachinery/pkg/runtime"

	"github.com/kubewright/kubewright/pkg/clientcmd/api"
)

// The types of this file are a kubeconfig as it is written (apiVersion v1): lists of named entries, where api.Config has
// maps. Data is kept as base64 text, so that an error can name its field.

type wireConfig struct {
	Kind           string              `json:"kind"`
	APIVersion     string              `json:"apiVersion"`
	Preferences    wirePreferences     `json:"preferences"`
	Clusters       []wireNamedCluster  `json:"clusters"`
	Users          []wireNamedAuthInfo `json:"users"`
	Contexts       []wireNamedContext  `json:"contexts"`
	CurrentContext string              `json:"current-context"`
	Extensions     wireExtensions      `json:"extensions"`
}

type wirePreferences struct {
	Colors     bool           `json:"colors"`
	Extensions wireExtensions `json:"extensions"`
}

type wireNamedCluster struct {
	Name    string      `json:"name"`
	Cluster wireCluster `json:"cluster"`
}

type wireCluster struct {
	Server                   string         `json:"server"`
	TLSServerName            string         `json:"tls-server-name"`
	InsecureSkipTLSVerify    bool           `json:"insecure-skip-tls-verify"`
	CertificateAuthority     string         `json:"certificate-authority"`
	CertificateAuthorityData string         `json:"certificate-authority-data"`
	ProxyURL                 string         `json:"proxy-url"`
	DisableCompression       bool           `json:"disable-compression"`
	Extensions               wireExtensions `json:"extensions"`
}

type wireNamedAuthInfo struct {
	Name string       `json:"name"`
	User wireAuthInfo `json:"user"`
}

type wireAuthInfo struct {
	ClientCertificate     string                  `json:"client-certificate"`
	ClientCertificateData string                  `json:"client-certificate-data"`
	ClientKey             string                  `json:"client-key"`
	ClientKeyData         string                  `json:"client-key-data"`
	Token                 string                  `json:"token"`
	TokenFile             string                  `json:"tokenFile"`
	Impersonate           string                  `json:"as"`
	ImpersonateUID        string                  `json:"as-uid"`
	ImpersonateGroups     []string                `json:"as-groups"`
	ImpersonateUserExtra  map[string][]string     `json:"as-user-extra"`
	Username              string                  `json:"username"`
	Password              string                  `json:"password"`
	AuthProvider          *api.AuthProviderConfig `json:"auth-provider"`
	Exec                  *api.ExecConfig         `json:"exec"`
	Extensions            wireExtensions          `json:"extensions"`
}

type wireNamedContext struct {
	Name    string      `json:"name"`
	Context wireContext `json:"context"`
}

type wireContext struct {
	Cluster    string         `json:"cluster"`
	AuthInfo   string         `json:"user"`
	Namespace  string         `json:"namespace"`
	Extensions wireExtensions `json:"extensions"`
}

type wireExtensions []wireNamedExtension

type wireNamedExtension struct {
	Name      string          `json:"name"`
	Extension json.RawMessage `json:"extension"`
}

// config returns w as an api.Config, or everything that is wrong with it.
func (w *wireConfig) config() (*api.Config, error) {
	var errs []error
	note := func(err error) {
		if err != nil {
			errs = append(errs, err)
		}
	}
	if (w.Kind != "" && w.Kind != "Config") || (w.APIVersion != "" && w.APIVersion != "v1") {
		return nil, fmt.Errorf("it is of kind %q and apiVersion %q, want a kubeconfig: kind Config, apiVersion v1", w.Kind, w.APIVersion)
	}
	c := api.NewConfig()
	c.CurrentContext = w.CurrentContext
	c.Preferences.Colors = w.Preferences.Colors
	note(w.Extensions.into(c.Extensions))
	note(w.Preferences.Extensions.into(c.Preferences.Extensions))
	for i := range w.Clusters {
		named := &w.Clusters[i]
		if _, twice := c.Clusters[named.Name]; twice {
			note(fmt.Errorf("there are two clusters of name %q", named.Name))
		}
		cluster, err := named.Cluster.cluster()
		note(within("cluster", named.Name, err))
		c.Clusters[named.Name] = cluster
	}
	for i := range w.Users {
		named := &w.Users[i]
		if _, twice := c.AuthInfos[named.Name]; twice {
			note(fmt.Errorf("there are two users of name %q", named.Name))
		}
		user, err := named.User.authInfo()
		note(within("user", named.Name, err))
		c.AuthInfos[named.Name] = user
	}
	for i := range w.Contexts {
		named := &w.Contexts[i]
		if _, twice := c.Contexts[named.Name]; twice {
			note(fmt.Errorf("there are two contexts of name %q", named.Name))
		}
		context, err := named.Context.context()
		note(within("context", named.Name, err))
		c.Contexts[named.Name] = context
	}
	return c, joinErrors(errs)
}

func (w *wireCluster) cluster() (*api.Cluster, error) {
	c := api.NewCluster()
	c.Server = w.Server
	c.TLSServerName = w.TLSServerName
	c.InsecureSkipTLSVerify = w.InsecureSkipTLSVerify
	c.CertificateAuthority = w.CertificateAuthority
	c.ProxyURL = w.ProxyURL
	c.DisableCompression = w.DisableCompression
	return c, errors.Join(
		decodeData("certificate-authority-data", w.CertificateAuthorityData, &c.CertificateAuthorityData),
		w.Extensions.into(c.Extensions))
}

func (w *wireAuthInfo) authInfo() (*api.AuthInfo, error) {
	a := api.NewAuthInfo()
	a.ClientCertificate = w.ClientCertificate
	a.ClientKey = w.ClientKey
	a.Token = w.Token
	a.TokenFile = w.TokenFile
	a.Impersonate = w.Impersonate
	a.ImpersonateUID = w.ImpersonateUID
	a.ImpersonateGroups = w.ImpersonateGroups
	if w.ImpersonateUserExtra != nil {
		a.ImpersonateUserExtra = w.ImpersonateUserExtra
	}
	a.Username = w.Username
	a.Password = w.Password
	a.AuthProvider = w.AuthProvider
	a.Exec = w.Exec
	return a, errors.Join(
		decodeData("client-certificate-data", w.ClientCertificateData, &a.ClientCertificateData),
		decodeData("client-key-data", w.ClientKeyData, &a.ClientKeyData),
		w.Extensions.into(a.Extensions))
}

func (w *wireContext) context() (*api.Context, error) {
	c := api.NewContext()
	c.Cluster, c.AuthInfo, c.Namespace = w.Cluster, w.AuthInfo, w.Namespace
	return c, w.Extensions.into(c.Extensions)
}

func (w wireExtensions) into(m map[string]runtime.Object) error {
	for _, e := range w {
		if _, twice := m[e.Name]; twice {
			return fmt.Errorf("there are two extensions of name %q", e.Name)
		}
		m[e.Name] = &runtime.Unknown{Raw: e.Extension, ContentType: runtime.ContentTypeJSON}
	}
	return nil
}

func decodeData(field, text string, into *[]byte) error {
	if text == "" {
		return nil
	}
	data, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		return fmt.Errorf("%s is not valid base64: %w", field, err)
	}
	*into = data
	return nil
}

func within(what, name string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s %q: %w", what, name, err)
}
