package catalog

import (
	"fmt"
	"os/exec"
	"slices"
	"strings"
	"testing"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/kubewright/kubewright/pkg/apiservertest/internal/kind"
)

func builtin(t *testing.T, group, version, resource string) (*kind.Resource, *kind.Version) {
	t.Helper()
	r, v, ok := New(Builtin()...).Lookup(group, version, resource)
	if !ok {
		t.Fatalf("%s/%s %s is not served", group, version, resource)
	}
	return r, v
}

func TestDeployments(t *testing.T) {
	r, v := builtin(t, "apps", "v1", "deployments")
	if r.Singular != "deployment" || r.Kind != "Deployment" || r.ListKind != "DeploymentList" || !r.Namespaced || r.Custom {
		t.Errorf("got %+v", r)
	}
	if !slices.Equal(r.ShortNames, []string{"deploy"}) || !slices.Equal(r.Categories, []string{"all"}) || r.Storage != "v1" {
		t.Errorf("got %+v", r)
	}
	if want := []string{"create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"}; !slices.Equal(v.Verbs, want) {
		t.Errorf("verbs %v", v.Verbs)
	}
	scale, status := v.Subresource("scale"), v.Subresource("status")
	if scale == nil || scale.Kind != (schema.GroupVersionKind{Group: "autoscaling", Version: "v1", Kind: "Scale"}) {
		t.Errorf("scale: %+v", scale)
	}
	if status == nil || status.Kind != r.GroupVersionKind(v) || !slices.Equal(status.Verbs, []string{"get", "patch", "update"}) {
		t.Errorf("status: %+v", status)
	}
	if _, ok := v.New().(*appsv1.Deployment); !ok {
		t.Errorf("New returns %T", v.New())
	}
	if _, ok := v.NewList().(*appsv1.DeploymentList); !ok {
		t.Errorf("NewList returns %T", v.NewList())
	}
	if v.New() == v.New() {
		t.Error("New returns one object twice")
	}
}

func TestVerbsAreThoseOfTheRealServer(t *testing.T) {
	if _, v := builtin(t, "", "v1", "namespaces"); slices.Contains(v.Verbs, "deletecollection") {
		t.Error("namespaces have deletecollection")
	}
	if r, v := builtin(t, "authorization.k8s.io", "v1", "selfsubjectaccessreviews"); !slices.Equal(v.Verbs, []string{"create"}) ||
		r.Namespaced || r.Storage != "" || r.ListKind != "" || v.NewList != nil {
		t.Errorf("selfsubjectaccessreviews: %+v", r)
	}
}

func TestStorageIsAServedVersion(t *testing.T) {
	for _, serve := range []Serve{Default, Everything} {
		for _, r := range Select(Scheme(), serve) {
			if r.Storage != "" && r.Version(r.Storage) == nil {
				t.Errorf("%v is stored in %s, which is not served", r.GroupResource(), r.Storage)
			}
		}
	}
}

func TestStoragePrefersTheVersionOfKubeAPIServer(t *testing.T) {
	for name, test := range map[string]struct {
		group, version, resource string
		storage                  string
		kind                     schema.GroupVersionKind
	}{
		"the newer version":         {"autoscaling", "v1", "horizontalpodautoscalers", "v2", schema.GroupVersionKind{Group: "autoscaling", Version: "v2", Kind: "HorizontalPodAutoscaler"}},
		"a version that is not on":  {"admissionregistration.k8s.io", "v1", "mutatingadmissionpolicies", "v1", schema.GroupVersionKind{Group: "admissionregistration.k8s.io", Version: "v1beta1", Kind: "MutatingAdmissionPolicy"}},
		"another group":             {"events.k8s.io", "v1", "events", "v1", schema.GroupVersionKind{Version: "v1", Kind: "Event"}},
		"what is not stored at all": {"", "v1", "bindings", "", schema.GroupVersionKind{}},
	} {
		r, _ := builtin(t, test.group, test.version, test.resource)
		if got := StorageKind(r); r.Storage != test.storage || got != test.kind {
			t.Errorf("%s: stored in %q, by kube-apiserver as %v", name, r.Storage, got)
		}
	}
}

func TestEventsOfBothGroupsAreOneCollection(t *testing.T) {
	old, _ := builtin(t, "", "v1", "events")
	events, _ := builtin(t, "events.k8s.io", "v1", "events")
	if want := (schema.GroupResource{Resource: "events"}); StorageKey(old) != want || StorageKey(events) != want {
		t.Errorf("stored in %v and %v", StorageKey(old), StorageKey(events))
	}
	for _, r := range Select(Scheme(), Everything) {
		if r.Plural != "events" && StorageKey(r) != r.GroupResource() {
			t.Errorf("%v is stored in %v", r.GroupResource(), StorageKey(r))
		}
	}
}

func TestCustomResourcesAreStoredAsTheySay(t *testing.T) {
	r := &kind.Resource{Group: "events.k8s.io", Plural: "events", Kind: "Event", Storage: "v2", Custom: true}
	if StorageKey(r) != r.GroupResource() || StorageKind(r) != (schema.GroupVersionKind{Group: "events.k8s.io", Version: "v2", Kind: "Event"}) {
		t.Errorf("stored in %v as %v", StorageKey(r), StorageKind(r))
	}
}

func TestSelectServesWhatIsAskedFor(t *testing.T) {
	beta := New(Select(Scheme(), func(r schema.GroupVersionResource, byDefault bool) bool {
		return byDefault || r.Version == "v1beta1"
	})...)
	if _, _, ok := beta.Lookup("resource.k8s.io", "v1beta1", "resourceclaims"); !ok {
		t.Error("a version that was asked for is not served")
	}
	if _, _, ok := beta.Lookup("resource.k8s.io", "v1beta2", "resourceclaims"); ok {
		t.Error("a version is served that is off by default and was not asked for")
	}
	r, _, ok := beta.Lookup("resource.k8s.io", "v1", "resourceclaims")
	if !ok || r.Versions[0].Name != "v1" {
		t.Errorf("versions %+v", r)
	}
	if _, _, ok := New(Builtin()...).Lookup("resource.k8s.io", "v1beta1", "resourceclaims"); ok {
		t.Error("a beta version is served by default")
	}
}

func TestFromSchemeHasOnlyWhatTheSchemeHas(t *testing.T) {
	scheme := runtime.NewScheme()
	if err := appsv1.AddToScheme(scheme); err != nil {
		t.Fatal(err)
	}
	c := New(FromScheme(scheme)...)
	if got, want := names(c), "controllerrevisions.apps daemonsets.apps deployments.apps replicasets.apps statefulsets.apps"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestTypeWithoutMetadataIsRefused(t *testing.T) {
	scheme := runtime.NewScheme()
	scheme.AddKnownTypeWithName(schema.GroupVersionKind{Version: "v1", Kind: "Pod"}, &corev1.PodProxyOptions{})
	defer func() {
		if got := fmt.Sprint(recover()); !strings.Contains(got, "PodProxyOptions, which has no metadata") {
			t.Errorf("panic: %v", got)
		}
	}()
	FromScheme(scheme)
}

// TestRowsWithoutAType lists what the table's server has and k8s.io/api has not.
func TestRowsWithoutAType(t *testing.T) {
	reasons := map[string]string{
		"apiregistration.k8s.io/v1 apiservices":             "its type is in k8s.io/kube-aggregator",
		"apiextensions.k8s.io/v1 customresourcedefinitions": "its type is in k8s.io/apiextensions-apiserver",
		"scheduling.k8s.io/v1alpha2 podgroups":              "k8s.io/api v0.37 has v1alpha3 in place of v1alpha2",
		"scheduling.k8s.io/v1alpha2 workloads":              "k8s.io/api v0.37 has v1alpha3 in place of v1alpha2",
	}
	types := Scheme().AllKnownTypes()
	for _, row := range table() {
		for _, v := range row.Versions {
			name := row.Group + "/" + v.Name + " " + row.Resource
			_, known := reasons[name]
			if has := types[row.groupVersionKind(v.Name)] != nil; has == known {
				t.Errorf("%s: has a type: %v, is in the list of this test: %v", name, has, known)
			}
			delete(reasons, name)
		}
	}
	for name := range reasons {
		t.Errorf("%s is not in the table", name)
	}
}

// TestTypesWithoutARow lists the objects of the scheme's group versions that the table's
// server has not.
func TestTypesWithoutARow(t *testing.T) {
	reasons := make(map[string]string)
	for why, kinds := range map[string][]string{
		"no longer served": {
			"admissionregistration.k8s.io/v1alpha1, Kind=ValidatingAdmissionPolicy",
			"admissionregistration.k8s.io/v1alpha1, Kind=ValidatingAdmissionPolicyBinding",
			"admissionregistration.k8s.io/v1beta1, Kind=MutatingWebhookConfiguration",
			"admissionregistration.k8s.io/v1beta1, Kind=ValidatingAdmissionPolicy",
			"admissionregistration.k8s.io/v1beta1, Kind=ValidatingAdmissionPolicyBinding",
			"admissionregistration.k8s.io/v1beta1, Kind=ValidatingWebhookConfiguration",
			"certificates.k8s.io/v1beta1, Kind=CertificateSigningRequest",
			"coordination.k8s.io/v1beta1, Kind=Lease",
			"networking.k8s.io/v1beta1, Kind=Ingress",
			"networking.k8s.io/v1beta1, Kind=IngressClass",
			"storage.k8s.io/v1beta1, Kind=CSIDriver",
			"storage.k8s.io/v1beta1, Kind=CSINode",
			"storage.k8s.io/v1beta1, Kind=CSIStorageCapacity",
			"storage.k8s.io/v1beta1, Kind=StorageClass",
			"storage.k8s.io/v1beta1, Kind=VolumeAttachment",
		},
		"newer than the table's server": {
			"certificates.k8s.io/v1, Kind=ClusterTrustBundle",
			"certificates.k8s.io/v1, Kind=PodCertificateRequest",
			"resource.k8s.io/v1, Kind=DeviceTaintRule",
		},
	} {
		for _, kind := range kinds {
			reasons[kind] = why
		}
	}
	types := Scheme().AllKnownTypes()
	rows := make(map[schema.GroupVersionKind]bool)
	for _, row := range table() {
		for _, v := range row.Versions {
			rows[row.groupVersionKind(v.Name)] = true
		}
	}
	for gvk, typ := range types {
		if !isObject(typ) || types[gvk.GroupVersion().WithKind(gvk.Kind+"List")] == nil || rows[gvk] {
			continue
		}
		if _, known := reasons[gvk.String()]; !known {
			t.Errorf("%v has no row and is not in the list of this test", gvk)
		}
		delete(reasons, gvk.String())
	}
	for name := range reasons {
		t.Errorf("%s has a row, or is no type", name)
	}
}

// TestPackagesLeftOut lists the packages of k8s.io/api that the scheme leaves out.
func TestPackagesLeftOut(t *testing.T) {
	reasons := map[string]string{}
	for why, packages := range map[string][]string{
		"no resources: webhooks and other clients are sent these": {"admission/v1", "admission/v1beta1", "imagepolicy/v1alpha1"},
		"answers of discovery": {"apidiscovery/v2", "apidiscovery/v2beta1"},
		"no longer served": {
			"apps/v1beta1", "apps/v1beta2", "authentication/v1beta1", "authentication/v1alpha1", "authorization/v1beta1", "batch/v1beta1",
			"discovery/v1beta1", "events/v1beta1", "extensions/v1beta1", "flowcontrol/v1beta1", "flowcontrol/v1beta2", "flowcontrol/v1beta3",
			"node/v1alpha1", "node/v1beta1", "policy/v1beta1", "rbac/v1alpha1", "rbac/v1beta1", "scheduling/v1beta1", "storage/v1alpha1",
		},
		"newer than the table's server": {"lifecycle/v1alpha1", "scheduling/v1alpha3", "storagemigration/v1"},
		"no types":                      {"k8s.io/api"},
	} {
		for _, name := range packages {
			reasons[name] = why
		}
	}
	used := make(map[string]bool)
	for _, typ := range Scheme().AllKnownTypes() {
		if name, ok := strings.CutPrefix(typ.PkgPath(), "k8s.io/api/"); ok {
			used[name] = true
		}
	}
	out, err := exec.Command("go", "list", "k8s.io/api/...").Output()
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(out)) {
		name := strings.TrimPrefix(strings.TrimSpace(line), "k8s.io/api/")
		if _, known := reasons[name]; known == used[name] {
			t.Errorf("%s: is in the scheme: %v, is in the list of this test: %v", name, used[name], known)
		}
		delete(reasons, name)
	}
	for name := range reasons {
		t.Errorf("%s is no package of k8s.io/api", name)
	}
}

func TestTableIsWellFormed(t *testing.T) {
	seen := make(map[schema.GroupResource]bool)
	last := ""
	groups := make(map[string]bool)
	for _, row := range table() {
		name := schema.GroupResource{Group: row.Group, Resource: row.Resource}
		if seen[name] {
			t.Errorf("%v is there twice", name)
		}
		seen[name] = true
		if row.Group != last && groups[row.Group] {
			t.Errorf("the resources of %s are not together", row.Group)
		}
		last, groups[row.Group] = row.Group, true
		if row.Kind == "" || row.Singular == "" || len(row.Versions) == 0 {
			t.Errorf("%v: %+v", name, row)
		}
		for _, v := range row.Versions {
			for _, s := range v.Subresources {
				if kind := row.kindOf(v.Name, s); kind.Version == "" || kind.Kind == "" || strings.Contains(kind.Kind, "/") {
					t.Errorf("%v/%s: kind %q", name, s.Name, s.Kind)
				}
			}
		}
	}
}

func TestBrokenTableIsRefused(t *testing.T) {
	for want, text := range map[string]string{
		"resource 2: ":             `{"group":"a"}` + "\n{",
		`unknown field "plural"`:   `{"plural":"a"}`,
		"resource 1: json: cannot": `{"versions":"v1"}`,
	} {
		if _, err := parseTable([]byte(text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", text, err, want)
		}
	}
}

func BenchmarkBuiltin(b *testing.B) {
	for b.Loop() {
		if len(Builtin()) == 0 {
			b.Fatal("no resources")
		}
	}
}
