package clientauthentication

import (
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
)

// ExecCredential is what a client and a credential plugin send each other.
//
// +k8s:deepcopy-gen:interfaces=k8s.io/apimachinery/pkg/runtime.Object
type ExecCredential struct {
	metav1.TypeMeta

	// Spec is what the client tells the plugin.
	Spec ExecCredentialSpec

	// Status is the plugin's answer; nil on the way to it.
	Status *ExecCredentialStatus
}

// ExecCredentialSpec is what a plugin is told of the run that it is asked for.
type ExecCredentialSpec struct {
	// Interactive is true if standard input was passed to the plugin.
	Interactive bool

	// Cluster is the cluster to authenticate to. It is nil unless the plugin's configuration has provideClusterInfo.
	Cluster *Cluster
}

// ExecCredentialStatus holds a credential: a token, a client certificate with its key, or both.
type ExecCredentialStatus struct {
	// ExpirationTimestamp is when the credential expires; nil means that it is not known.
	ExpirationTimestamp *metav1.Time
	// Token is a bearer token.
	Token string `datapolicy:"token"`
	// ClientCertificateData is a PEM certificate, with intermediates if there are any.
	ClientCertificateData string
	// ClientKeyData is the PEM key of that certificate.
	ClientKeyData string `datapolicy:"secret-key"`
}

// Cluster says what a plugin needs to talk to the cluster that it shall authenticate to. Its fields are those of a
// kubeconfig's cluster, but for files: the data of a CA is passed, not its path.
type Cluster struct {
	// Server is the base URL of the API server.
	Server string
	// TLSServerName replaces the host name in SNI and in the check of the server's certificate.
	TLSServerName string
	// InsecureSkipTLSVerify turns the check of the server's certificate off.
	InsecureSkipTLSVerify bool
	// CertificateAuthorityData is the PEM bundle that the server is checked against; the system's if empty.
	//
	// +listType=atomic
	CertificateAuthorityData []byte
	// ProxyURL is the proxy for all requests to the cluster.
	ProxyURL string
	// DisableCompression asks the server for uncompressed responses.
	DisableCompression bool
	// Config is what the cluster's extension client.authentication.k8s.io/exec in the kubeconfig has for the plugin. It is
	// no place for secrets: environments are easily read.
	Config runtime.Object
}
