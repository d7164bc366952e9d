package gcp

import (
	"strings"
	"testing"

	"github.com/kubewright/kubewright/pkg/clientcmd/api"
	"github.com/kubewright/kubewright/pkg/internal/canary"
	"github.com/kubewright/kubewright/pkg/rest"
)

func TestSaysWhatToUseInstead(t *testing.T) {
	_, err := rest.GetAuthProvider("https://host", &api.AuthProviderConfig{Name: "gcp"}, nil)
	if err == nil || !strings.Contains(canary.Err(t, err).Error(), "has been removed: use the exec plugin gke-gcloud-auth-plugin") {
		t.Error(err)
	}
}
