package auth

import (
	"strings"
	"testing"

	"github.com/kubewright/kubewright/pkg/clientcmd/api"
	"github.com/kubewright/kubewright/pkg/internal/canary"
	"github.com/kubewright/kubewright/pkg/rest"
)

func TestTheProvidersAreThere(t *testing.T) {
	for name, want := range map[string]string{
		"oidc":  "idp-issuer-url is not set",
		"gcp":   "has been removed",
		"azure": "has been removed",
		"other": "no auth provider",
	} {
		if _, err := rest.GetAuthProvider("https://host", &api.AuthProviderConfig{Name: name}, nil); err == nil || !strings.Contains(canary.Err(t, err).Error(), want) {
			t.Errorf("%s: got %v, want %q", name, err, want)
		}
	}
}
