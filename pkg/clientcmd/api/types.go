package api

import (
	"k8s.io/apimachinery/pkg/runtime"
)

// Config is a kubeconfig, read from one file or merged from several.
//
// +k8s:deepcopy-gen:interfaces=k8s.io/apimachinery/pkg/runtime.Object
type Config struct {
	// Kind is "Config" or empty.
	// +k8s:conversion-gen=false
	Kind string `json:"kind,omitempty"`
	// APIVersion is "v1" or empty.
	// +k8s:conversion-gen=false
	APIVersion string `json:"apiVersion,omitempty"`
	// Preferences are carried along and used by nothing: Kubernetes has retired this section of the kubeconfig.
	Preferences Preferences `json:"preferences,omitzero"`
	// Clusters by name.
	Clusters map[string]*Cluster `json:"clusters"`
	// AuthInfos, the users, by name.
	AuthInfos map[string]*AuthInfo `json:"users"`
	// Contexts by name.
	Contexts map[string]*Context `json:"contexts"`
	// CurrentContext is the name of the context to use when none is asked for.
	CurrentContext string `json:"current-context"`
	// Extensions by name; what other tools keep in the file.
	Extensions map[string]runtime.Object `json:"extensions,omitempty"`
}

// Preferences is a retired section of the kubeconfig, kept so that files survive a round trip. Nothing reads it.
type Preferences struct {
	Colors     bool                      `json:"colors,omitempty"`
	Extensions map[string]runtime.Object `json:"extensions,omitempty"`
}

// Cluster says where an API server is and how to trust it.
type Cluster struct {
	// LocationOfOrigin is the file that this came from; relative paths are relative to it. Never written.
	// +k8s:conversion-gen=false
	LocationOfOrigin string `json:"-"`
	// Server is the base URL, such as https://host:6443.
	Server string `json:"server"`
	// TLSServerName replaces the host name in SNI and in the check of the server's certificate.
	TLSServerName string `json:"tls-server-name,omitempty"`
	// InsecureSkipTLSVerify turns the check of the server's certificate off: anyone on the way can read and change
	// everything, credentials included.
	InsecureSkipTLSVerify bool `json:"insecure-skip-tls-verify,omitempty"`
	// CertificateAuthority is the path of a PEM bundle.
	CertificateAuthority string `json:"certificate-authority,omitempty"`
	// CertificateAuthorityData is a PEM bundle. It wins over CertificateAuthority.
	CertificateAuthorityData []byte `json:"certificate-authority-data,omitempty"`
	// ProxyURL is the proxy (http, https or socks5) for all requests. Empty means the proxy that the environment names.
	ProxyURL string `json:"proxy-url,omitempty"`
	// DisableCompression asks the server for uncompressed responses: cheaper for both sides on a fast network.
	DisableCompression bool `json:"disable-compression,omitempty"`
	// Extensions by name.
	Extensions map[string]runtime.Object `json:"extensions,omitempty"`
}

// AuthInfo says who the client is.
type AuthInfo struct {
	// LocationOfOrigin is the file that this came from; relative paths are relative to it. Never written.
	// +k8s:conversion-gen=false
	LocationOfOrigin string `json:"-"`
	// ClientCertificate is the path of a PEM certificate.
	ClientCertificate string `json:"client-certificate,omitempty"`
	// ClientCertificateData is a PEM certificate. It wins over ClientCertificate.
	ClientCertificateData []byte `json:"client-certificate-data,omitempty"`
	// ClientKey is the path of a PEM key.
	ClientKey string `json:"client-key,omitempty"`
	// ClientKeyData is a PEM key. It wins over ClientKey.
	ClientKeyData []byte `json:"client-key-data,omitempty" datapolicy:"security-key"`
	// Token is a bearer token.
	Token string `json:"token,omitempty" datapolicy:"token"`
	// TokenFile is the path of a file with a bearer token, which is read again from time to time. What was last read
	// wins over Token.
	TokenFile string `json:"tokenFile,omitempty"`
	// Impersonate is the user to act as.
	Impersonate string `json:"act-as,omitempty"`
	// ImpersonateUID is the UID to act as.
	ImpersonateUID string `json:"act-as-uid,omitempty"`
	// ImpersonateGroups are the groups to act as.
	ImpersonateGroups []string `json:"act-as-groups,omitempty"`
	// ImpersonateUserExtra is what else is said of the user to act as.
	ImpersonateUserExtra map[string][]string `json:"act-as-user-extra,omitempty"`
	// Username and Password are for HTTP basic authentication.
	Username string `json:"username,omitempty"`
	Password string `json:"password,omitempty" datapolicy:"password"`
	// AuthProvider names a credential plugin that is compiled in.
	AuthProvider *AuthProviderConfig `json:"auth-provider,omitempty"`
	// Exec names a credential plugin that is a program.
	Exec *ExecConfig `json:"exec,omitempty"`
	// Extensions by name.
	Extensions map[string]runtime.Object `json:"extensions,omitempty"`
}

// Context joins a cluster, a user and a default namespace under one name.
type Context struct {
	// LocationOfOrigin is the file that this came from. Never written.
	// +k8s:conversion-gen=false
	LocationOfOrigin string `json:"-"`
	// Cluster is a key of Config.Clusters.
	Cluster string `json:"cluster"`
	// AuthInfo is a key of Config.AuthInfos; empty means anonymous.
	AuthInfo string `json:"user"`
	// Namespace is for requests that name none.
	Namespace string `json:"namespace,omitempty"`
	// Extensions by name.
	Extensions map[string]runtime.Object `json:"extensions,omitempty"`
}

// AuthProviderConfig configures a credential plugin that is compiled in.
type AuthProviderConfig struct {
	// Name of the plugin.
	Name string `json:"name"`
	// Config is the plugin's own; it may hold secrets.
	Config map[string]string `json:"config,omitempty"`
}

// NewConfig returns an empty Config whose maps can be written to.
func NewConfig() *Config {
	return &Config{
		Preferences: *NewPreferences(),
		Clusters:    map[string]*Cluster{},
		AuthInfos:   map[string]*AuthInfo{},
		Contexts:    map[string]*Context{},
		Extensions:  map[string]runtime.Object{},
	}
}

// NewPreferences returns empty Preferences whose map can be written to.
func NewPreferences() *Preferences {
	return &Preferences{Extensions: map[string]runtime.Object{}}
}

// NewCluster returns an empty Cluster whose map can be written to.
func NewCluster() *Cluster {
	return &Cluster{Extensions: map[string]runtime.Object{}}
}

// NewContext returns an empty Context whose map can be written to.
func NewContext() *Context {
	return &Context{Extensions: map[string]runtime.Object{}}
}

// NewAuthInfo returns an empty AuthInfo whose maps can be written to.
func NewAuthInfo() *AuthInfo {
	return &AuthInfo{
		Extensions:           map[string]runtime.Object{},
		ImpersonateUserExtra: map[string][]string{},
	}
}
