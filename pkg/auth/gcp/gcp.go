// Package gcp tells users of the auth provider "gcp", which Kubernetes has removed, what to use instead.
package gcp

import (
	"errors"

	utilruntime "k8s.io/apimachinery/pkg/util/runtime"

	"github.com/kubewright/kubewright/pkg/rest"
)

func init() {
	utilruntime.Must(rest.RegisterAuthProviderPlugin("gcp", removed))
}

func removed(string, map[string]string, rest.AuthProviderConfigPersister) (rest.AuthProvider, error) {
	return nil, errors.New("the auth provider \"gcp\" has been removed: use the exec plugin gke-gcloud-auth-plugin (https://cloud.google.com/kubernetes-engine/docs/how-to/cluster-access-for-kubectl)")
}
