package v1

import (
	"k8s.io/apimachinery/pkg/runtime"
)

// Config is a kubeconfig file.
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
	// Clusters, each name once.
	Clusters []NamedCluster `json:"clusters"`
	// AuthInfos are the users, each name once.
	AuthInfos []NamedAuthInfo `json:"users"`
	// Contexts, each name once.
	Contexts []NamedContext `json:"contexts"`
	// CurrentContext is the name of the context to use when none is asked for.
	CurrentContext string `json:"current-context"`
	// Extensions are what other tools keep in the file.
	Extensions []NamedExtension `json:"extensions,omitempty"`
}

// Preferences is a retired section of the kubeconfig, kept so that files survive a round trip. Nothing reads it.
type Preferences struct {
	Colors     bool             `json:"colors,omitempty"`
	Extensions []NamedExtension `json:"extensions,omitempty"`
}

// Cluster says where an API server is and how to trust it.
type Cluster struct {
	// Server is the base URL, such as https://host:6443.
	Server string `json:"server"`
	// TLSServerName replaces the host name in SNI and in the check of the server's certificate.
	TLSServerName string `json:"tls-server-name,omitempty"`
	// InsecureSkipTLSVerify turns the check of the server's certificate off.
	InsecureSkipTLSVerify bool `json:"insecure-skip-tls-verify,omitempty"`
	// CertificateAuthority is the path of a PEM bundle.
	CertificateAuthority string `json:"certificate-authority,omitempty"`
	// CertificateAuthorityData is a PEM bundle, base64 in the file. It wins over CertificateAuthority.
	CertificateAuthorityData []byte `json:"certificate-authority-data,omitempty"`
	// ProxyURL is the proxy (http, https or socks5) for all requests. Empty means the proxy that the environment names.
	ProxyURL string `json:"proxy-url,omitempty"`
	// DisableCompression asks the server for uncompressed responses.
	DisableCompression bool             `json:"disable-compression,omitempty"`
	Extensions         []NamedExtension `json:"extensions,omitempty"`
}

// AuthInfo says who the client is.
type AuthInfo struct {
	// ClientCertificate is the path of a PEM certificate.
	ClientCertificate string `json:"client-certificate,omitempty"`
	// ClientCertificateData is a PEM certificate, base64 in the file. It wins over ClientCertificate.
	ClientCertificateData []byte `json:"client-certificate-data,omitempty"`
	// ClientKey is the path of a PEM key.
	ClientKey string `json:"client-key,omitempty"`
	// ClientKeyData is a PEM key, base64 in the file. It wins over ClientKey.
	ClientKeyData []byte `json:"client-key-data,omitempty" datapolicy:"security-key"`
	// Token is a bearer token.
	Token string `json:"token,omitempty" datapolicy:"token"`
	// TokenFile is the path of a file with a bearer token, which is read again from time to time. What was last read
	// wins over Token.
	TokenFile string `json:"tokenFile,omitempty"`
	// Impersonate is the user to act as.
	Impersonate string `json:"as,omitempty"`
	// ImpersonateUID is the UID to act as.
	ImpersonateUID string `json:"as-uid,omitempty"`
	// ImpersonateGroups are the groups to act as.
	ImpersonateGroups []string `json:"as-groups,omitempty"`
	// ImpersonateUserExtra is what else is said of the user to act as.
	ImpersonateUserExtra map[string][]string `json:"as-user-extra,omitempty"`
	// Username and Password are for HTTP basic authentication.
	Username string `json:"username,omitempty"`
	Password string `json:"password,omitempty" datapolicy:"password"`
	// AuthProvider names a credential plugin that is compiled in.
	AuthProvider *AuthProviderConfig `json:"auth-provider,omitempty"`
	// Exec names a credential plugin that is a program.
	Exec       *ExecConfig      `json:"exec,omitempty"`
	Extensions []NamedExtension `json:"extensions,omitempty"`
}

// Context joins a cluster, a user and a default namespace under one name.
type Context struct {
	// Cluster is the name of an entry in Config.Clusters.
	Cluster string `json:"cluster"`
	// AuthInfo is the name of an entry in Config.AuthInfos; empty means anonymous.
	AuthInfo string `json:"user"`
	// Namespace is for requests that name none.
	Namespace  string           `json:"namespace,omitempty"`
	Extensions []NamedExtension `json:"extensions,omitempty"`
}

// NamedCluster is a Cluster in a list.
type NamedCluster struct {
	Name    string  `json:"name"`
	Cluster Cluster `json:"cluster"`
}

// NamedContext is a Context in a list.
type NamedContext struct {
	Name    string  `json:"name"`
	Context Context `json:"context"`
}

// NamedAuthInfo is an AuthInfo in a list.
type NamedAuthInfo struct {
	Name     string   `json:"name"`
	AuthInfo AuthInfo `json:"user"`
}

// NamedExtension is an extension in a list.
type NamedExtension struct {
	Name      string               `json:"name"`
	Extension runtime.RawExtension `json:"extension"`
}

// AuthProviderConfig configures a credential plugin that is compiled in.
type AuthProviderConfig struct {
	// Name of the plugin.
	Name string `json:"name"`
	// Config is the plugin's own; it may hold secrets.
	Config map[string]string `json:"config"`
}
