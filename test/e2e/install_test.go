package e2e

import (
	"encoding/json"
	"fmt"
	"slices"
	"testing"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/types"

	"github.com/kubewright/kubewright/apis/install"
	"github.com/kubewright/kubewright/pkg/rest"
	"github.com/kubewright/kubewright/pkg/runtime"
	"github.com/kubewright/kubewright/test/apiserver"
)

func extensionsClient(t *testing.T, config *rest.Config) rest.Interface {
	t.Helper()
	client, err := runtime.NewAPI(schema.GroupVersion{Group: "apiextensions.k8s.io", Version: "v1"}, "/apis").RESTClientFor(config)
	if err != nil {
		t.Fatal(err)
	}
	return client
}

func TestInstallLeavesExistingDefinitionsAlone(t *testing.T) {
	t.Parallel()
	cluster := apiserver.StartForTest(t, apiserver.Options{})
	config := configFor(t, cluster.Server(0), cluster.Admin())
	crd := func(request *rest.Request) *rest.Request {
		return request.Resource("customresourcedefinitions").Name("prometheuses.monitoring.coreos.com")
	}
	client := extensionsClient(t, config)
	ctx := t.Context()

	created, err := install.CRDs(ctx, config)
	if err != nil {
		t.Fatal(err)
	}
	if len(created) != 4 {
		t.Errorf("created %v, want all four", created)
	}

	// Somebody has a definition of the same name that is not ours.
	patch := []byte(`{"spec":{"names":{"shortNames":["theirs"]}}}`)
	if err := crd(client.Patch(types.MergePatchType)).Body(patch).Do(ctx).Error(); err != nil {
		t.Fatal(err)
	}
	created, err = install.CRDs(ctx, config)
	if err != nil || len(created) > 0 {
		t.Errorf("second time: created %v, %v, want nothing", created, err)
	}
	names := shortNames(t, crd(client.Get()))
	if !slices.Equal(names, []string{"theirs"}) {
		t.Errorf("short names are %v now, want them left alone", names)
	}

	for range 2 { // what is not there is passed over
		if err := install.Remove(ctx, config, "prometheuses.monitoring.coreos.com"); err != nil {
			t.Fatal(err)
		}
		eventually(t, func() error {
			if err := crd(client.Get()).Do(ctx).Error(); !apierrors.IsNotFound(err) {
				return fmt.Errorf("got %w, want NotFound", err)
			}
			return nil
		})
	}
}

func shortNames(t *testing.T, get *rest.Request) []string {
	t.Helper()
	data, err := get.DoRaw(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var crd struct {
		Spec struct{ Names struct{ ShortNames []string } }
	}
	if err := json.Unmarshal(data, &crd); err != nil {
		t.Fatal(err)
	}
	return crd.Spec.Names.ShortNames
}
