package rest

import (
	"crypto/x509"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"strings"

	"k8s.io/klog/v2"
)

// ErrNotInCluster says that this process does not run in a pod of a cluster.
var ErrNotInCluster = errors.New("unable to load in-cluster configuration, KUBERNETES_SERVICE_HOST and KUBERNETES_SERVICE_PORT must be defined")

// serviceAccountDir is where Kubernetes mounts the token and CA of a pod's service account.
const serviceAccountDir = "/var/run/secrets/kubernetes.io/serviceaccount"

// InClusterConfig returns a Config for the API server of the cluster whose pod this process runs in, as the pod's service
// account, or ErrNotInCluster. The token is read again every minute, since Kubernetes renews it. If the pod has no CA, which
// is logged, the server is checked against the system's.
func InClusterConfig() (*Config, error) {
	return inClusterConfig(os.Getenv, serviceAccountDir)
}

func inClusterConfig(getenv func(string) string, dir string) (*Config, error) {
	host, port := getenv("KUBERNETES_SERVICE_HOST"), getenv("KUBERNETES_SERVICE_PORT")
	if host == "" || port == "" {
		return nil, ErrNotInCluster
	}
	tokenFile, caFile := filepath.Join(dir, "token"), filepath.Join(dir, "ca.crt")
	token, err := os.ReadFile(tokenFile)
	if err != nil {
		return nil, fmt.Errorf("unable to read the service account's token (has the pod automountServiceAccountToken: false?): %w", err)
	}
	config := &Config{
		Host:            "https://" + net.JoinHostPort(host, port),
		BearerToken:     strings.TrimSpace(string(token)),
		BearerTokenFile: tokenFile,
	}
	switch ca, err := os.ReadFile(caFile); {
	case errors.Is(err, fs.ErrNotExist):
		klog.Background().Error(err, "No certificate authority of the cluster, using those of the system")
		return config, nil
	case err != nil:
		return nil, fmt.Errorf("unable to read the cluster's certificate authority: %w", err)
	case !x509.NewCertPool().AppendCertsFromPEM(ca):
		return nil, fmt.Errorf("the cluster's certificate authority file %q has no certificate", caFile)
	}
	config.CAFile = caFile
	return config, nil
}
