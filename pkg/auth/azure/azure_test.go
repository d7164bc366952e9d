package azure

import (
	"strings"
	"testing"

	"github.com/kubewright/kubewright/pkg/clientcmd/api"
	"github.com/kubewright/kubewright/pkg/internal/canary"
	"github.com/kubewright/kubewright/pkg/rest"
)

func TestSaysWhatToUseInstead(t *testing.T) {
	_, err := rest.GetAuthProvider("https://host", &api.AuthProviderConfig{Name: "azure"}, nil)
	if err == nil || !strings.Contains(canary.Err(t, err).Error(), "has been removed: use the exec plugin kubelogin") {
		t.Error(err)
	}
}
