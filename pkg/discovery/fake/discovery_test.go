package fake_test

import (
	"errors"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/version"

	"github.com/kubewright/kubewright/pkg/discovery"
	"github.com/kubewright/kubewright/pkg/discovery/fake"
	clienttesting "github.com/kubewright/kubewright/pkg/testing"
)

func newDiscovery(groupVersions ...string) *fake.FakeDiscovery {
	d := &fake.FakeDiscovery{Fake: &clienttesting.Fake{}}
	for _, gv := range groupVersions {
		d.Resources = append(d.Resources, &metav1.APIResourceList{GroupVersion: gv, APIResources: []metav1.APIResource{{Name: "things", Kind: gv}}})
	}
	return d
}

// questions are all that can be asked.
func questions(d *fake.FakeDiscovery) []error {
	_, groups := d.ServerGroups()
	_, resources := d.ServerResourcesForGroupVersion("v1")
	_, _, both := d.ServerGroupsAndResources()
	_, version := d.ServerVersion()
	return []error{groups, resources, both, version}
}

func TestGroupsAreThoseOfTheResources(t *testing.T) {
	groups, resources, err := newDiscovery("apps/v1", "v1", "apps/v1beta1", "v1").ServerGroupsAndResources()
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, group := range groups {
		got = append(got, fmt.Sprintf("%q %s", group.Name, group.PreferredVersion.GroupVersion))
		for _, version := range group.Versions {
			got = append(got, version.GroupVersion+" "+version.Version)
		}
	}
	for _, list := range resources {
		got = append(got, list.GroupVersion)
	}
	want := []string{`"apps" apps/v1`, "apps/v1 v1", "apps/v1beta1 v1beta1", `"" v1`, "v1 v1", "apps/v1", "v1", "apps/v1beta1", "v1"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("groups, versions and lists (-want +got):\n%s", diff)
	}
	if _, err := newDiscovery("a/b/c").ServerGroups(); err == nil {
		t.Error("a/b/c is a version of a group")
	}
}

func TestResourcesOfAVersion(t *testing.T) {
	d := newDiscovery("v1", "apps/v1")
	list, err := d.ServerResourcesForGroupVersion("apps/v1")
	if err != nil || list.APIResources[0].Kind != "apps/v1" {
		t.Fatalf("%v, error %v", list, err)
	}
	list.APIResources[0].Kind = "changed"
	if d.Resources[1].APIResources[0].Kind != "apps/v1" {
		t.Error("the answer is no copy")
	}
	if _, err := d.ServerResourcesForGroupVersion("apps/v2"); !apierrors.IsNotFound(err) {
		t.Errorf("error %v", err)
	}
}

func TestVersion(t *testing.T) {
	d := newDiscovery()
	if got, err := d.ServerVersion(); err != nil || got.GoVersion == "" {
		t.Errorf("%+v, error %v", got, err)
	}
	d.FakedServerVersion = &version.Info{Major: "1", Minor: "99"}
	if got, err := d.ServerVersion(); err != nil || *got != *d.FakedServerVersion {
		t.Errorf("%+v, error %v", got, err)
	}
	if client := d.RESTClient(); client != nil {
		t.Errorf("RESTClient %v", client)
	}
}

func TestQuestionsAreActionsThatReactorsCanFail(t *testing.T) {
	d := newDiscovery("v1")
	if err := errors.Join(questions(d)...); err != nil {
		t.Error(err)
	}
	var got []string
	for _, action := range d.Actions() {
		got = append(got, action.GetVerb()+" "+action.GetResource().Resource)
	}
	if diff := cmp.Diff([]string{"get group", "get resource", "get group", "get resource", "get version"}, got); diff != "" {
		t.Errorf("actions (-want +got):\n%s", diff)
	}
	failure := errors.New("failure")
	for _, resource := range []string{"group", "resource", "version"} {
		d := newDiscovery("v1")
		d.AddReactor("get", resource, func(clienttesting.Action) (bool, runtime.Object, error) { return true, nil, failure })
		failed := 0
		for _, err := range questions(d) {
			if err != nil && err != failure {
				t.Error(err)
			} else if err == failure {
				failed++
			}
		}
		if want := map[string]int{"group": 2, "resource": 2, "version": 1}[resource]; failed != want {
			t.Errorf("%d questions about %s fail, want %d", failed, resource, want)
		}
	}
}

func TestPreferredResources(t *testing.T) {
	d := newDiscovery("apps/v1", "v1", "apps/v1beta1")
	d.Resources[1].APIResources[0].Namespaced = true
	d.Resources[2].APIResources[0].Name = "old"
	for name, ask := range map[string]func() ([]*metav1.APIResourceList, error){"apps/v1 things, apps/v1beta1 old, v1 things, ": d.ServerPreferredResources, "v1 things, ": d.ServerPreferredNamespacedResources} {
		lists, err := ask()
		got := ""
		for _, list := range lists {
			got += list.GroupVersion + " " + list.APIResources[0].Name + ", "
		}
		if got != name || err != nil {
			t.Errorf("got %s, error %v, want %s", got, err, name)
		}
	}
}

func TestOpenAPIIsEmpty(t *testing.T) {
	d := newDiscovery("v1")
	if document, err := d.OpenAPISchema(); document == nil || err != nil {
		t.Errorf("%v, error %v", document, err)
	}
	if paths, err := d.OpenAPIV3().Paths(); len(paths) != 0 || err != nil {
		t.Errorf("%v, error %v", paths, err)
	}
	if paths, err := d.OpenAPIV3WithContext(t.Context()).PathsWithContext(t.Context()); len(paths) != 0 || err != nil {
		t.Errorf("%v, error %v", paths, err)
	}
	if d.WithLegacy() != discovery.DiscoveryInterface(d) || d.WithLegacyWithContext(t.Context()) != discovery.DiscoveryInterfaceWithContext(d) {
		t.Error("WithLegacy is another client")
	}
	if actions := d.Actions(); len(actions) != 0 {
		t.Errorf("actions %v", actions)
	}
}
