package fieldmanager

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kubewright/kubewright/pkg/apiservertest/internal/kind"
)

// The expectations are what kube-apiserver did with an apply request for all of an object at each endpoint.
func TestResetFields(t *testing.T) {
	for _, tt := range []struct {
		group, plural, subresource string
		custom                     bool
		want                       []string
	}{
		{"", "services", "", false, []string{"status"}},
		{"", "services", "status", false, []string{"spec"}},
		{"", "pods", "status", false, []string{"spec", "metadata.deletionTimestamp", "metadata.ownerReferences"}},
		{"", "pods", "ephemeralcontainers", false, nil},
		{"apps", "deployments", "status", false, []string{"spec", "metadata.labels"}},
		{"apps", "statefulsets", "status", false, []string{"spec"}},
		{"certificates.k8s.io", "certificatesigningrequests", "status", false, []string{"spec", "status.conditions"}},
		{"certificates.k8s.io", "certificatesigningrequests", "approval", false, []string{"spec", "status.certificate"}},
		{"flowcontrol.apiserver.k8s.io", "flowschemas", "status", false, []string{"spec", "metadata"}},
		{"networking.k8s.io", "ingresses", "status", false, []string{"spec"}},
		{"networking.k8s.io", "servicecidrs", "status", false, []string{"spec", "metadata"}},
		{"ex.io", "foos", "", true, []string{"status"}},
		{"ex.io", "foos", "status", true, []string{"spec", "metadata"}},
	} {
		endpoint := target(&kind.Resource{Group: tt.group, Plural: tt.plural, Custom: tt.custom, Versions: []kind.Version{
			{Name: "v1", Subresources: []kind.Subresource{{Name: "status"}, {Name: tt.subresource}}},
		}})
		if tt.subresource != "" {
			endpoint = subresource(endpoint, tt.subresource)
		}
		if diff := cmp.Diff(tt.want, ResetFields(endpoint)); diff != "" {
			t.Errorf("%s/%s (-want +got):\n%s", tt.plural, tt.subresource, diff)
		}
	}
	if got := ResetFields(configMaps()); got != nil {
		t.Errorf("config maps have no status, and %v", got)
	}
}
