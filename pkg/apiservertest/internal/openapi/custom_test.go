package openapi

import (
	"net/http"
	"slices"
	"sync"
	"testing"

	gvkschema "k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/kubewright/kubewright/pkg/apiservertest/internal/catalog"
	"github.com/kubewright/kubewright/pkg/apiservertest/internal/kind"
)

func cronTab() *kind.Resource {
	return &kind.Resource{
		Group: "stable.example.com", Plural: "crontabs", Singular: "crontab", Kind: "CronTab", ListKind: "CronTabList",
		Namespaced: true, Storage: "v1", Custom: true,
		Versions: []kind.Version{{Name: "v1", Verbs: []string{"get", "list", "create", "update", "patch", "delete", "deletecollection", "watch"},
			Subresources: []kind.Subresource{
				{Name: "status", Verbs: []string{"get", "patch", "update"}, Kind: gvkschema.GroupVersionKind{Group: "stable.example.com", Version: "v1", Kind: "CronTab"}},
				{Name: "scale", Verbs: []string{"get", "patch", "update"}, Kind: gvkschema.GroupVersionKind{Group: "autoscaling", Version: "v1", Kind: "Scale"}},
			},
		}},
	}
}

type customDocument struct {
	Paths      map[string]pathItem
	Components struct{ Schemas map[string]map[string]any }
}

func TestCustomResourcesHaveTheirSchema(t *testing.T) {
	given := map[string]any{
		"type": "object", "description": "A table of jobs.",
		"properties": map[string]any{"spec": map[string]any{"type": "object", "properties": map[string]any{
			"cron": map[string]any{"type": "string", "default": "* * * * *", "nullable": true},
		}}},
	}
	h := Handler(catalog.New(cronTab()), Options{Scheme: catalog.Scheme(), Custom: func(r *kind.Resource, v *kind.Version) map[string]any {
		if r.Kind != "CronTab" || v.Name != "v1" {
			t.Errorf("asked for %s %s", r.Kind, v.Name)
		}
		return given
	}})
	var doc customDocument
	get(t, h, "/openapi/v3/apis/stable.example.com/v1", &doc)
	def := doc.Components.Schemas["com.example.stable.v1.CronTab"]
	properties := def["properties"].(map[string]any)
	if def["description"] != "A table of jobs." || properties["spec"] == nil || properties["kind"] == nil || properties["apiVersion"] == nil {
		t.Errorf("got %v", def)
	}
	metadata := properties["metadata"].(map[string]any)["allOf"].([]any)[0].(map[string]any)
	if metadata["$ref"] != "#/components/schemas/io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta" ||
		doc.Components.Schemas["io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta"] == nil {
		t.Errorf("metadata %v", metadata)
	}
	list := doc.Components.Schemas["com.example.stable.v1.CronTabList"]
	items := list["properties"].(map[string]any)["items"].(map[string]any)["items"].(map[string]any)
	if items["$ref"] != "#/components/schemas/com.example.stable.v1.CronTab" {
		t.Errorf("the list is %v", list)
	}
	if len(given["properties"].(map[string]any)) != 1 {
		t.Error("the schema that was given is changed")
	}

	item := doc.Paths["/apis/stable.example.com/v1/namespaces/{namespace}/crontabs/{name}"]
	if _, ok := item.Patch.RequestBody.Content["application/strategic-merge-patch+json"]; ok || len(item.Patch.RequestBody.Content) != 3 {
		t.Errorf("patches: %v", item.Patch.RequestBody.Content)
	}
	scale := doc.Paths["/apis/stable.example.com/v1/namespaces/{namespace}/crontabs/{name}/scale"]
	if scale.Get.OperationID != "readStableExampleComV1NamespacedCronTabScale" || *scale.Get.Kind != (groupVersionKind{Group: "autoscaling", Version: "v1", Kind: "Scale"}) {
		t.Errorf("scale: %+v", scale.Get)
	}

	var v2 struct{ Definitions map[string]map[string]any }
	get(t, h, "/openapi/v2", &v2)
	spec := v2.Definitions["com.example.stable.v1.CronTab"]["properties"].(map[string]any)["spec"].(map[string]any)
	cron := spec["properties"].(map[string]any)["cron"].(map[string]any)
	if len(cron) != 1 || cron["type"] != "string" {
		t.Errorf("OpenAPI 2.0 has %v", cron)
	}
}

func TestCustomResourcesWithoutASchemaHaveAnything(t *testing.T) {
	h := Handler(catalog.New(cronTab()), Options{Scheme: catalog.Scheme()})
	var doc customDocument
	get(t, h, "/openapi/v3/apis/stable.example.com/v1", &doc)
	if def := doc.Components.Schemas["com.example.stable.v1.CronTab"]; def["x-kubernetes-preserve-unknown-fields"] != true || def["type"] != "object" {
		t.Errorf("got %v", def)
	}
}

func TestChangesMakeOnlyTheirDocumentAnew(t *testing.T) {
	c := catalog.New(catalog.Builtin()...)
	asked := 0
	h := Handler(c, Options{Scheme: catalog.Scheme(), Custom: func(*kind.Resource, *kind.Version) map[string]any {
		asked++
		return nil
	}})
	before := index(t, h)
	c.Add(cronTab())
	added := index(t, h)
	if added["apis/stable.example.com/v1"] == "" || added["apis/apps/v1"] != before["apis/apps/v1"] {
		t.Errorf("after an addition: %v", added)
	}
	other := cronTab()
	other.Group = "other.example.com"
	c.Add(other)
	if index(t, h); asked != 2 {
		t.Errorf("the schemas of 2 resources were asked for %d times", asked)
	}
	c.Remove(cronTab().GroupResource())
	if after := index(t, h); after["apis/stable.example.com/v1"] != "" {
		t.Error("the removed resource has a document")
	}
}

func TestReadersAndChangesAtOnce(t *testing.T) {
	c := catalog.New(only("apps")...)
	h := Handler(c, Options{Scheme: catalog.Scheme()})
	var wg sync.WaitGroup
	for _, path := range slices.Repeat([]string{"/openapi/v3", "/openapi/v2", "/openapi/v3/apis/stable.example.com/v1"}, 3) {
		wg.Go(func() {
			c.Add(cronTab())
			if resp := serve(h, http.MethodGet, path, nil); resp.StatusCode != http.StatusOK {
				t.Errorf("%s: status %d", path, resp.StatusCode)
			}
		})
	}
	wg.Wait()
}
