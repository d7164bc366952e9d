package apis_test

import (
	"encoding/json"
	"slices"
	"testing"

	"k8s.io/apimachinery/pkg/runtime"

	"github.com/kubewright/kubewright/apis"
	monitoringv1 "github.com/kubewright/kubewright/apis/monitoring/v1"
	stablev1 "github.com/kubewright/kubewright/apis/stable/v1"
)

func TestCRDsNameTheRegisteredKinds(t *testing.T) {
	scheme := runtime.NewScheme()
	for _, add := range []func(*runtime.Scheme) error{stablev1.AddToScheme, monitoringv1.AddToScheme} {
		if err := add(scheme); err != nil {
			t.Fatal(err)
		}
	}
	crds, err := apis.CRDs()
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, crd := range crds {
		names = append(names, crd.Name)
		var manifest struct {
			Spec struct {
				Group string
				Names struct{ Plural, Kind, ListKind string }
				// The other fields are checked by the API server in test/e2e.
				Versions []struct{ Name string }
			}
		}
		if err := json.Unmarshal(crd.JSON, &manifest); err != nil {
			t.Fatal(err)
		}
		spec := manifest.Spec
		if want := spec.Names.Plural + "." + spec.Group; crd.Name != want {
			t.Errorf("CRD %s must be named %s", crd.Name, want)
		}
		for _, kind := range []string{spec.Names.Kind, spec.Names.ListKind} {
			gvk := stablev1.SchemeGroupVersion.WithKind(kind)
			gvk.Group, gvk.Version = spec.Group, spec.Versions[0].Name
			if !scheme.Recognizes(gvk) {
				t.Errorf("CRD %s defines %v, for which there is no Go type", crd.Name, gvk)
			}
		}
	}
	want := []string{
		"prometheuses.monitoring.coreos.com",
		"servicemonitors.monitoring.coreos.com",
		"crontabclasses.stable.example.com",
		"crontabs.stable.example.com",
	}
	if !slices.Equal(names, want) {
		t.Errorf("got %v, want %v", names, want)
	}
}
