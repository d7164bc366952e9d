package clientcmd

// The names of the flags that kubectl has for ConfigOverrides.
const (
	FlagClusterName        = "cluster"
	FlagAuthInfoName       = "user"
	FlagContext            = "context"
	FlagNamespace          = "namespace"
	FlagAPIServer          = "server"
	FlagTLSServerName      = "tls-server-name"
	FlagInsecure           = "insecure-skip-tls-verify"
	FlagCertFile           = "client-certificate"
	FlagKeyFile            = "client-key"
	FlagCAFile             = "certificate-authority"
	FlagEmbedCerts         = "embed-certs"
	FlagBearerToken        = "token"
	FlagImpersonate        = "as"
	FlagImpersonateUID     = "as-uid"
	FlagImpersonateGroup   = "as-group"
	FlagUsername           = "username"
	FlagPassword           = "password"
	FlagTimeout            = "request-timeout"
	FlagProxyURL           = "proxy-url"
	FlagDisableCompression = "disable-compression"
)

// ConfigOverrideFlags are the flags for ConfigOverrides.
type ConfigOverrideFlags struct {
	AuthOverrideFlags    AuthOverrideFlags
	ClusterOverrideFlags ClusterOverrideFlags
	ContextOverrideFlags ContextOverrideFlags
	CurrentContext       FlagInfo
	Timeout              FlagInfo
}

// AuthOverrideFlags are the flags for a user.
type AuthOverrideFlags struct {
	ClientCertificate FlagInfo
	ClientKey         FlagInfo
	Token             FlagInfo
	Impersonate       FlagInfo
	ImpersonateUID    FlagInfo
	ImpersonateGroups FlagInfo
	Username          FlagInfo
	Password          FlagInfo
}

// ContextOverrideFlags are the flags for a context.
type ContextOverrideFlags struct {
	ClusterName  FlagInfo
	AuthInfoName FlagInfo
	Namespace    FlagInfo
}

// ClusterOverrideFlags are the flags for a cluster. APIVersion is not bound to anything.
type ClusterOverrideFlags struct {
	APIServer             FlagInfo
	APIVersion            FlagInfo
	CertificateAuthority  FlagInfo
	InsecureSkipTLSVerify FlagInfo
	TLSServerName         FlagInfo
	ProxyURL              FlagInfo
	DisableCompression    FlagInfo
}

// RecommendedConfigOverrideFlags returns kubectl's flags, with prefix before their long names.
func RecommendedConfigOverrideFlags(prefix string) ConfigOverrideFlags {
	return ConfigOverrideFlags{
		AuthOverrideFlags:    RecommendedAuthOverrideFlags(prefix),
		ClusterOverrideFlags: RecommendedClusterOverrideFlags(prefix),
		ContextOverrideFlags: RecommendedContextOverrideFlags(prefix),
		CurrentContext:       FlagInfo{prefix + FlagContext, "", "", "Name of the kubeconfig context to use"},
		Timeout:              FlagInfo{prefix + FlagTimeout, "", "0", "How long a single request to the server may take, such as 1s, 2m or 3h; 0 means as long as it takes"},
	}
}

// RecommendedAuthOverrideFlags returns kubectl's flags for a user, with prefix before their long names.
func RecommendedAuthOverrideFlags(prefix string) AuthOverrideFlags {
	return AuthOverrideFlags{
		ClientCertificate: FlagInfo{prefix + FlagCertFile, "", "", "Path of a client certificate file for TLS"},
		ClientKey:         FlagInfo{prefix + FlagKeyFile, "", "", "Path of a client key file for TLS"},
		Token:             FlagInfo{prefix + FlagBearerToken, "", "", "Bearer token to authenticate to the server with"},
		Impersonate:       FlagInfo{prefix + FlagImpersonate, "", "", "User to act as"},
		ImpersonateUID:    FlagInfo{prefix + FlagImpersonateUID, "", "", "UID to act as"},
		ImpersonateGroups: FlagInfo{prefix + FlagImpersonateGroup, "", "", "Group to act as; repeat the flag for several groups"},
		Username:          FlagInfo{prefix + FlagUsername, "", "", "User name for basic authentication to the server"},
		Password:          FlagInfo{prefix + FlagPassword, "", "", "Password for basic authentication to the server"},
	}
}

// RecommendedClusterOverrideFlags returns kubectl's flags for a cluster, with prefix before their long names.
func RecommendedClusterOverrideFlags(prefix string) ClusterOverrideFlags {
	return ClusterOverrideFlags{
		APIServer:             FlagInfo{prefix + FlagAPIServer, "", "", "Address and port of the API server"},
		CertificateAuthority:  FlagInfo{prefix + FlagCAFile, "", "", "Path of a file with the certificates of the server's authority"},
		InsecureSkipTLSVerify: FlagInfo{prefix + FlagInsecure, "", "false", "Do not check the server's certificate: connections are not safe then"},
		TLSServerName:         FlagInfo{prefix + FlagTLSServerName, "", "", "Name to expect in the server's certificate, if it is not the name that the server is reached by"},
		ProxyURL:              FlagInfo{prefix + FlagProxyURL, "", "", "URL of the proxy to connect through"},
		DisableCompression:    FlagInfo{prefix + FlagDisableCompression, "", "", "Ask the server not to compress responses"},
	}
}

// RecommendedContextOverrideFlags returns kubectl's flags for a context, with prefix before their long names.
func RecommendedContextOverrideFlags(prefix string) ContextOverrideFlags {
	return ContextOverrideFlags{
		ClusterName:  FlagInfo{prefix + FlagClusterName, "", "", "Name of the kubeconfig cluster to use"},
		AuthInfoName: FlagInfo{prefix + FlagAuthInfoName, "", "", "Name of the kubeconfig user to use"},
		Namespace:    FlagInfo{prefix + FlagNamespace, "n", "", "Namespace of this request"},
	}
}
