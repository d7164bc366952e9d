package v1

import (
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
)

// ExecCredential is what a client and a credential plugin send each other.
//
// +k8s:deepcopy-gen:interfaces=k8s.io/apimachinery/pkg/runtime.Object
type ExecCredential struct {
	metav1.TypeMeta `json:""`

	// Spec is what the client tells the plugin.
	Spec ExecCredentialSpec `json:"spec,omitempty"`

	// Status is the plugin's answer; nil on the way to it.
	//
	// +optional
	Status *ExecCredentialStatus `json:"status,omitempty"`
}

// ExecCredentialSpec is what a plugin is told of the run that it is asked for.
type ExecCredentialSpec struct {
	// Cluster is the cluster to authenticate to. It is nil unless the plugin's configuration has provideClusterInfo.
	//
	// +optional
	Cluster *Cluster `json:"cluster,omitempty"`

	// Interactive is true if standard input was passed to the plugin.
	Interactive bool `json:"interactive"`
}

// ExecCredentialStatus holds a credential: a token, a client certificate with its key, or both. It goes from process to
// process in memory only.
type ExecCredentialStatus struct {
	// ExpirationTimestamp is when the credential expires; nil means that it is not known.
	//
	// +optional
	ExpirationTimestamp *metav1.Time `json:"expirationTimestamp,omitempty"`
	// Token is a bearer token.
	//
	// +optional
	Token string `json:"token,omitempty" datapolicy:"token"`
	// ClientCertificateData is a PEM certificate, with intermediates if there are any.
	//
	// +optional
	ClientCertificateData string `json:"clientCertificateData,omitempty"`
	// ClientKeyData is the PEM key of that certificate.
	//
	// +optional
	ClientKeyData string `json:"clientKeyData,omitempty" datapolicy:"security-key"`
}

// Cluster says what a plugin needs to talk to the cluster that it shall authenticate to. Its fields are those of a
// kubeconfig's cluster, but for files: the data of a CA is passed, not its path.
type Cluster struct {
	// Server is the base URL of the API server.
	Server string `json:"server"`
	// TLSServerName replaces the host name in SNI and in the check of the server's certificate.
	//
	// +optional
	TLSServerName string `json:"tls-server-name,omitempty"`
	// InsecureSkipTLSVerify turns the check of the server's certificate off.
	//
	// +optional
	InsecureSkipTLSVerify bool `json:"insecure-skip-tls-verify,omitempty"`
	// CertificateAuthorityData is the PEM bundle that the server is checked against; the system's if empty.
	//
	// +optional
	// +listType=atomic
	CertificateAuthorityData []byte `json:"certificate-authority-data,omitempty"`
	// ProxyURL is the proxy for all requests to the cluster.
	//
	// +optional
	ProxyURL string `json:"proxy-url,omitempty"`
	// DisableCompression asks the server for uncompressed responses.
	//
	// +optional
	DisableCompression bool `json:"disable-compression,omitempty"`
	// Config is what the cluster's extension client.authentication.k8s.io/exec in the kubeconfig has for the plugin. It is
	// no place for secrets: environments are easily read.
	//
	// +optional
	Config runtime.RawExtension `json:"config,omitempty"`
}
