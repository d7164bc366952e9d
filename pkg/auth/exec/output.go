package exec

import (
	"bytes"
	"crypto/tls"
	"errors"
	"fmt"
	"time"

	"golang.org/x/net/http/httpguts"
	"k8s.io/apimachinery/pkg/util/json"
	"sigs.k8s.io/yaml"

	v1 "github.com/kubewright/kubewright/pkg/apis/clientauthentication/v1"
)

// decode returns the credential in what a plugin printed: an ExecCredential of the given version, as JSON or YAML. The
// errors repeat nothing of the output, which may hold secrets.
func decode(output []byte, apiVersion string) (*v1.ExecCredentialStatus, error) {
	if output = bytes.TrimSpace(output); len(output) == 0 {
		return nil, errors.New("it printed nothing, want an ExecCredential")
	}
	unusable := fmt.Errorf("its output of %d bytes is no valid ExecCredential, neither as JSON nor as YAML", len(output))
	if output[0] != '{' {
		var err error
		if output, err = yaml.YAMLToJSON(output); err != nil {
			return nil, unusable
		}
	}
	var credential v1.ExecCredential // the fields of all versions are the same
	if err := json.Unmarshal(output, &credential); err != nil {
		return nil, unusable
	}
	switch {
	case credential.Kind != "ExecCredential":
		return nil, errors.New("its output is of another kind than ExecCredential")
	case credential.APIVersion == v1Version && apiVersion != v1Version, credential.APIVersion == v1beta1Version && apiVersion != v1beta1Version:
		return nil, fmt.Errorf("its output has apiVersion %q, but it is configured with %q: set that to what the plugin supports", credential.APIVersion, apiVersion)
	case credential.APIVersion != apiVersion:
		return nil, fmt.Errorf("its output has another apiVersion than %q, with which it is configured", apiVersion)
	case credential.Status == nil:
		return nil, errors.New("its output has no status")
	}
	return credential.Status, checkStatus(credential.Status)
}

func checkStatus(status *v1.ExecCredentialStatus) error {
	hasCert, hasKey := status.ClientCertificateData != "", status.ClientKeyData != ""
	switch {
	case hasCert && !hasKey:
		return errors.New("its status has clientCertificateData without clientKeyData")
	case hasKey && !hasCert:
		return errors.New("its status has clientKeyData without clientCertificateData")
	case status.Token == "" && !hasCert:
		return errors.New("its status has neither a token nor a client certificate")
	case !httpguts.ValidHeaderFieldValue(status.Token):
		return errors.New("status.token has characters, such as a newline, that cannot be sent in a header")
	}
	return nil
}

// certificate returns the client certificate of status, or nil if it has none.
func certificate(status *v1.ExecCredentialStatus) (*tls.Certificate, error) {
	if status.ClientCertificateData == "" {
		return nil, nil
	}
	cert, err := tls.X509KeyPair([]byte(status.ClientCertificateData), []byte(status.ClientKeyData))
	if err != nil { // whose text may repeat a part of the output
		return nil, errors.New("its client certificate and key are no valid PEM, or do not belong together")
	}
	return &cert, nil
}

// expiry returns when the credential expires: the time that the plugin says, or the end of the certificate if that is sooner.
// Zero means that it is not known.
func expiry(status *v1.ExecCredentialStatus, cert *tls.Certificate) time.Time {
	var expires time.Time
	if status.ExpirationTimestamp != nil {
		expires = status.ExpirationTimestamp.Time
	}
	if cert != nil && (expires.IsZero() || cert.Leaf.NotAfter.Before(expires)) {
		expires = cert.Leaf.NotAfter
	}
	return expires
}
