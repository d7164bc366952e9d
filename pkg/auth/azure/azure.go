// Package azure tells users of the auth provider "azure", which Kubernetes has removed, what to use instead.
package azure

import (
	"errors"

	utilruntime "k8s.io/apimachinery/pkg/util/runtime"

	"github.com/kubewright/kubewright/pkg/rest"
)

func init() {
	utilruntime.Must(rest.RegisterAuthProviderPlugin("azure", removed))
}

func removed(string, map[string]string, rest.AuthProviderConfigPersister) (rest.AuthProvider, error) {
	return nil, errors.New("the auth provider \"azure\" has been removed: use the exec plugin kubelogin (https://github.com/Azure/kubelogin)")
}
