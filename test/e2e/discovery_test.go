package e2e

import (
	"slices"
	"testing"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/kubewright/kubewright/pkg/discovery"
	"github.com/kubewright/kubewright/pkg/openapi"
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

func TestDiscoveryOneByOneFindsTheSame(t *testing.T) {
	t.Parallel()
	client := samplesClient(t, adminConfig(t)).Discovery()
	resources := func(d discovery.DiscoveryInterface) []string {
		_, lists, err := d.ServerGroupsAndResources()
		if err != nil && !discovery.IsGroupDiscoveryFailedError(err) { // custom resources of other tests come and go
			t.Fatal(err)
		}
		var names []string
		for _, list := range lists {
			for _, r := range list.APIResources {
				if r.Kind == "" || len(r.Verbs) == 0 {
					t.Errorf("%s %s is of kind %q with verbs %v", list.GroupVersion, r.Name, r.Kind, r.Verbs)
				}
				if gv := list.GroupVersion; gv == "v1" || gv == "apps/v1" || gv == "autoscaling/v2" {
					names = append(names, gv+" "+r.Name)
				}
			}
		}
		slices.Sort(names)
		return names
	}
	aggregated, legacy := resources(client), resources(client.WithLegacy())
	if !slices.Equal(aggregated, legacy) || len(aggregated) < 50 {
		t.Errorf("aggregated: %v\none by one: %v", aggregated, legacy)
	}
	preferred, err := client.ServerPreferredResources()
	if err != nil && !discovery.IsGroupDiscoveryFailedError(err) {
		t.Fatal(err)
	}
	for _, list := range preferred {
		if list.GroupVersion == "autoscaling/v1" && len(list.APIResources) > 0 {
			t.Errorf("%v is preferred in autoscaling/v1", list.APIResources)
		}
	}
}

func TestOpenAPI(t *testing.T) {
	t.Parallel()
	client := samplesClient(t, adminConfig(t)).Discovery()
	document, err := client.OpenAPISchema()
	if err != nil || document.GetSwagger() != "2.0" {
		t.Errorf("OpenAPI v2: swagger %s, error %v", document.GetSwagger(), err)
	}
	converter, err := openapi.NewTypeConverter(client.OpenAPIV3(), false)
	if err != nil {
		t.Fatal(err)
	}
	typed, err := converter.ObjectToTyped(&metav1.PartialObjectMetadata{
		TypeMeta:   metav1.TypeMeta{APIVersion: "apps/v1", Kind: "Deployment"},
		ObjectMeta: metav1.ObjectMeta{Name: "d", Finalizers: []string{"a/b"}},
	})
	if err != nil {
		t.Fatal(err)
	}
	if fields, err := typed.ToFieldSet(); err != nil || fields.Empty() {
		t.Errorf("fields %v, error %v", fields, err)
	}
}
