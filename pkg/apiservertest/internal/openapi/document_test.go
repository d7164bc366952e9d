package openapi

import (
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
)

type typedDocument struct {
	Paths      map[string]pathItem
	Components struct{ Schemas map[string]*schema }
}

func documentOf(t *testing.T, name string) typedDocument {
	t.Helper()
	var doc typedDocument
	get(t, builtin(), "/openapi/v3/"+name, &doc)
	return doc
}

func names(parameters []parameter) string {
	var all []string
	for _, p := range parameters {
		all = append(all, p.Name)
	}
	return strings.Join(all, " ")
}

func TestFieldsOfAPod(t *testing.T) {
	schemas := documentOf(t, "api/v1").Components.Schemas
	spec := schemas["io.k8s.api.core.v1.PodSpec"]
	if !slices.Equal(spec.Required, []string{"containers"}) {
		t.Errorf("required: %v", spec.Required)
	}
	container := []*schema{{Ref: "#/components/schemas/io.k8s.api.core.v1.Container"}}
	for field, want := range map[string]*schema{
		"containers": {
			Type: "array", Items: &schema{Default: map[string]any{}, AllOf: container},
			ListType: "map", ListMapKeys: []string{"name"}, PatchStrategy: "merge", PatchMergeKey: "name",
		},
		"activeDeadlineSeconds": {Type: "integer", Format: "int64"},
		"priority":              {Type: "integer", Format: "int32"},
		"hostIPC":               {Type: "boolean"},
		"nodeSelector":          {Type: "object", AdditionalProperties: &schema{Type: "string", Default: ""}, MapType: "atomic"},
		"affinity":              {AllOf: []*schema{{Ref: "#/components/schemas/io.k8s.api.core.v1.Affinity"}}},
		"volumes": {
			Type: "array", Items: &schema{Default: map[string]any{}, AllOf: []*schema{{Ref: "#/components/schemas/io.k8s.api.core.v1.Volume"}}},
			ListType: "map", ListMapKeys: []string{"name"}, PatchStrategy: "merge,retainKeys", PatchMergeKey: "name",
		},
	} {
		got := *spec.Properties[field]
		if got.Description == "" {
			t.Errorf("%s has no description", field)
		}
		got.Description = ""
		if diff := cmp.Diff(want, &got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", field, diff)
		}
	}
	pod := schemas["io.k8s.api.core.v1.Pod"]
	if !slices.Equal(pod.Kinds, []groupVersionKind{{Version: "v1", Kind: "Pod"}}) || pod.Properties["apiVersion"] == nil || pod.Properties["TypeMeta"] != nil {
		t.Errorf("got %+v", pod)
	}
	if s := schemas["io.k8s.api.core.v1.Secret"].Properties["data"].AdditionalProperties; s.Type != "string" || s.Format != "byte" {
		t.Errorf("the data of a Secret: %+v", s)
	}
	if s := schemas["io.k8s.apimachinery.pkg.apis.meta.v1.LabelSelector"]; s.MapType != "atomic" {
		t.Errorf("a LabelSelector: %+v", s)
	}
	if s := schemas["io.k8s.api.core.v1.Binding"]; !slices.Equal(s.Required, []string{"target"}) {
		t.Errorf("required of a Binding: %v", s.Required)
	}
}

func TestTypesWithJSONOfTheirOwn(t *testing.T) {
	schemas := documentOf(t, "api/v1").Components.Schemas
	for name, want := range map[string]*schema{
		"io.k8s.apimachinery.pkg.apis.meta.v1.Time":       {Type: "string", Format: "date-time"},
		"io.k8s.apimachinery.pkg.apis.meta.v1.MicroTime":  {Type: "string", Format: "date-time"},
		"io.k8s.apimachinery.pkg.apis.meta.v1.FieldsV1":   {Type: "object"},
		"io.k8s.apimachinery.pkg.apis.meta.v1.Patch":      {Type: "object"},
		"io.k8s.apimachinery.pkg.util.intstr.IntOrString": {Format: "int-or-string", OneOf: []*schema{{Type: "integer"}, {Type: "string"}}},
		"io.k8s.apimachinery.pkg.api.resource.Quantity":   {OneOf: []*schema{{Type: "string"}, {Type: "number"}}},
	} {
		got := *schemas[name]
		got.Description = ""
		if diff := cmp.Diff(want, &got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
	if got := schemas["io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta"].Properties["creationTimestamp"]; got.Default != nil {
		t.Errorf("a time has the default %v", got.Default)
	}
}

func TestEveryReferenceIsDefined(t *testing.T) {
	for name := range index(t, builtin()) {
		doc := documentOf(t, name)
		var walk func(s *schema)
		walk = func(s *schema) {
			if s == nil {
				return
			}
			if to := strings.TrimPrefix(s.Ref, "#/components/schemas/"); s.Ref != "" && doc.Components.Schemas[to] == nil {
				t.Errorf("%s: %s is not defined", name, to)
			}
			for _, sub := range slices.Concat(s.AllOf, slices.Collect(maps.Values(s.Properties)), []*schema{s.Items, s.AdditionalProperties}) {
				walk(sub)
			}
		}
		for _, s := range doc.Components.Schemas {
			walk(s)
		}
		for _, item := range doc.Paths {
			for _, op := range []*operation{item.Get, item.Post, item.Put, item.Patch, item.Delete} {
				if op == nil {
					continue
				}
				for _, response := range op.Responses {
					for _, media := range response.Content {
						walk(media.Schema)
					}
				}
			}
		}
	}
}

// TestPatchTellsWhatItCan has what kubectl looks for before it sends a dry run, a field
// validation or a strategic merge patch.
func TestPatchTellsWhatItCan(t *testing.T) {
	item := documentOf(t, "apis/apps/v1").Paths["/apis/apps/v1/namespaces/{namespace}/deployments/{name}"]
	if got := names(item.Patch.Parameters); got != "dryRun fieldManager fieldValidation force" {
		t.Errorf("parameters %s", got)
	}
	if got := names(item.Parameters); got != "name namespace pretty" {
		t.Errorf("parameters of the path %s", got)
	}
	if *item.Patch.Kind != (groupVersionKind{Group: "apps", Version: "v1", Kind: "Deployment"}) || item.Patch.Action != "patch" {
		t.Errorf("got %+v", item.Patch)
	}
	if _, ok := item.Patch.RequestBody.Content["application/strategic-merge-patch+json"]; !ok {
		t.Errorf("patches: %v", item.Patch.RequestBody.Content)
	}
}

func TestIdentifiersAndDescriptions(t *testing.T) {
	core, rbac := documentOf(t, "api/v1"), documentOf(t, "apis/rbac.authorization.k8s.io/v1")
	for _, test := range []struct {
		op              *operation
		id, description string
	}{
		{core.Paths["/api/v1/pods"].Get, "listCoreV1PodForAllNamespaces", "list or watch objects of kind Pod"},
		{core.Paths["/api/v1/componentstatuses"].Get, "listCoreV1ComponentStatus", "list objects of kind ComponentStatus"},
		{core.Paths["/api/v1/namespaces/{namespace}/events"].Post, "createCoreV1NamespacedEvent", "create an Event"},
		{core.Paths["/api/v1/namespaces/{namespace}/endpoints"].Post, "createCoreV1NamespacedEndpoints", "create Endpoints"},
		{core.Paths["/api/v1/namespaces/{namespace}/pods/{name}/binding"].Post, "createCoreV1NamespacedPodBinding", "create binding of a Pod"},
		{core.Paths["/api/v1/namespaces/{namespace}/pods/{name}/exec"].Get, "connectCoreV1GetNamespacedPodExec", "connect GET requests to exec of Pod"},
		{core.Paths["/api/v1/namespaces/{namespace}/pods/{name}/log"].Get, "readCoreV1NamespacedPodLog", "read log of the specified Pod"},
		{core.Paths["/api/v1/nodes/{name}/status"].Put, "replaceCoreV1NodeStatus", "replace status of the specified Node"},
		{core.Paths["/api/v1/nodes"].Delete, "deleteCoreV1CollectionNode", "delete collection of Node"},
		{rbac.Paths["/apis/rbac.authorization.k8s.io/v1/clusterroles/{name}"].Patch, "patchRbacAuthorizationV1ClusterRole", "partially update the specified ClusterRole"},
	} {
		if test.op == nil {
			t.Errorf("%s is not there", test.id)
		} else if test.op.OperationID != test.id || test.op.Description != test.description {
			t.Errorf("got %s, %q, want %s, %q", test.op.OperationID, test.op.Description, test.id, test.description)
		}
	}
	if got := rbac.Paths["/apis/rbac.authorization.k8s.io/v1/clusterroles"].Get.Tags; !slices.Equal(got, []string{"rbacAuthorization_v1"}) {
		t.Errorf("tags %v", got)
	}
	if op := core.Paths["/api/v1/namespaces/{namespace}/pods/{name}/exec"].Post; names(op.Parameters) != "command container stderr stdin stdout tty" || op.Action != "connect" {
		t.Errorf("exec: %+v", op)
	}
	if item := core.Paths["/api/v1/namespaces"]; item.Delete != nil {
		t.Error("namespaces can be deleted as a collection")
	}
}

// Undocumented has the documentation of a type in it, but none of its own.
type Undocumented struct {
	metav1.TypeMeta `json:",inline"`
	Name            string `json:"name"`
	Unseen          string `json:"-"`
}

func TestDocumentationIsATypesOwn(t *testing.T) {
	if docs := docsOf(reflect.TypeFor[Undocumented]()); docs != nil {
		t.Errorf("got %v", docs)
	}
	d := newDefinitions(runtime.NewScheme())
	def := d.of(reflect.TypeFor[Undocumented]()).schema
	if got := slices.Sorted(maps.Keys(def.Properties)); !slices.Equal(got, []string{"apiVersion", "kind", "name"}) {
		t.Errorf("fields %v", got)
	}
	if def.Description != "" || def.Properties["kind"].Description == "" || !slices.Equal(def.Required, []string{"name"}) {
		t.Errorf("got %+v", def)
	}
}
