package e2e

import (
	"slices"
	"testing"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

func TestDiscovery(t *testing.T) {
	t.Parallel()
	client := samplesClient(t, adminConfig(t)).Discovery()
	version, err := client.ServerVersion()
	if err != nil {
		t.Fatal(err)
	}
	if want := "v1.36.3"; version.GitVersion != want {
		t.Errorf("got version %s, want %s", version.GitVersion, want)
	}
	_, lists, err := client.ServerGroupsAndResources()
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []struct{ groupVersion, resource string }{
		{"v1", "configmaps"},
		{"apps/v1", "deployments/scale"},
		{"stable.example.com/v1", "crontabs/status"},
		{"stable.example.com/v1", "crontabclasses"},
	} {
		if !slices.ContainsFunc(lists, func(list *metav1.APIResourceList) bool {
			return list.GroupVersion == want.groupVersion && slices.ContainsFunc(list.APIResources, func(r metav1.APIResource) bool { return r.Name == want.resource })
		}) {
			t.Errorf("%s %s is not among the resources", want.groupVersion, want.resource)
		}
	}
}
