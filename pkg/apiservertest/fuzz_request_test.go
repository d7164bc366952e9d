package apiservertest_test

import (
	"context"
	"net/http"
	"strings"
	"testing"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/serializer/cbor/direct"
)

// furniture is what the objects of fuzz targets are: of some kinds, with and without finalizers, and of a custom resource.
const furniture = `
{apiVersion: v1, kind: ConfigMap, metadata: {name: a, labels: {app: x}}, data: {k: v}}
---
{apiVersion: v1, kind: ConfigMap, metadata: {name: b, finalizers: [example.com/held]}}
---
{apiVersion: v1, kind: Pod, metadata: {name: p, labels: {app: x}}, spec: {nodeName: node, containers: [{name: c, image: i}]}, status: {phase: Running}}
---
{apiVersion: apps/v1, kind: Deployment, metadata: {name: d}, spec: {replicas: 1, selector: {matchLabels: {app: x}}, template: {metadata: {labels: {app: x}}, spec: {containers: [{name: c, image: i}]}}}}
---
{apiVersion: v1, kind: Service, metadata: {name: s}, spec: {ports: [{port: 80}]}}
---
{apiVersion: v1, kind: Namespace, metadata: {name: other}}
---
{apiVersion: apiextensions.k8s.io/v1, kind: CustomResourceDefinition, metadata: {name: widgets.example.com}, spec: {group: example.com, scope: Namespaced, names: {plural: widgets, singular: widget, kind: Widget},
  versions: [{name: v1, served: true, storage: true, subresources: {status: {}, scale: {specReplicasPath: .spec.replicas, statusReplicasPath: .status.replicas}}, selectableFields: [{jsonPath: .spec.color}],
    additionalPrinterColumns: [{name: color, type: string, jsonPath: .spec.color}],
    schema: {openAPIV3Schema: {type: object, properties: {spec: {type: object, x-kubernetes-preserve-unknown-fields: true, properties: {color: {type: string}, replicas: {type: integer}}}, status: {type: object, properties: {replicas: {type: integer}}}}}}}]}}
---
{apiVersion: example.com/v1, kind: Widget, metadata: {name: w}, spec: {color: red, replicas: 2}}
`

// furnished is inBubble with objects.
func furnished(t *testing.T, run func(*testing.T, *probe)) {
	inBubble(t, func(t *testing.T, p *probe) {
		if err := p.SeedYAML(context.Background(), []byte(furniture)); err != nil {
			t.Fatal(err)
		}
		run(t, p)
	})
}

// FuzzRequest sends one request of whatever method, path, headers and body to a server with some objects.
func FuzzRequest(f *testing.F) {
	const home = "/api/v1/namespaces/default/"
	media := []string{
		"application/json", "application/yaml", "application/cbor", "application/vnd.kubernetes.protobuf", "application/json;stream=watch", "*/*",
		"application/json;as=Table;g=meta.k8s.io;v=v1", "application/yaml;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1", "application/vnd.kubernetes.protobuf;as=PartialObjectMetadata;g=meta.k8s.io;v=v1",
		"application/cbor;as=Table;v=v1;g=meta.k8s.io", "application/cbor-seq", "text/html", "application/json;q=0,application/yaml;q=0.5",
	}
	for n, m := range media {
		for i, target := range []string{
			home + "configmaps", home + "pods/p", home + "configmaps?watch=1&timeoutSeconds=1", "/apis/apps/v1/deployments?limit=1", "/apis/example.com/v1/widgets", "/apis/example.com/v1/namespaces/default/widgets/w/scale",
			"/apis", "/api/v1", "/version", "/openapi/v2", "/openapi/v3", "/healthz?verbose", home + "pods/p/log?tailLines=1", home + "none", "/apis/none/v1/none",
			"/api/v1/watch/namespaces/default/configmaps/a?timeoutSeconds=1", home + "events?fieldSelector=involvedObject.name%3Da", home + "configmaps/a?resourceVersion=x",
		} {
			if (i+n)%4 == 0 { // the fuzzer finds the others
				f.Add("GET", target, m, "", []byte(nil))
			}
		}
		for target, body := range bodies(f, m) {
			f.Add("POST", home+target+"?fieldValidation=Strict", m, m, body)
			f.Add("PUT", home+target+"/a?dryRun=All&fieldManager=x", m, m, body)
			f.Add("DELETE", home+target+"/a?gracePeriodSeconds=1&propagationPolicy=Foreground", m, m, []byte(nil))
		}
	}
	for _, r := range [][4]string{
		{"POST", home + "pods/p/eviction", "application/json", `{"metadata":{"name":"p"},"deleteOptions":{"preconditions":{"uid":"x"}}}`},
		{"POST", home + "pods/p/binding", "application/json", `{"target":{"kind":"Node","name":"n"}}`},
		{"POST", home + "bindings", "application/json", `{"metadata":{"name":"p"},"target":{"name":"n"}}`},
		{"POST", home + "serviceaccounts/default/token", "application/json", `{"spec":{"audiences":["x"],"expirationSeconds":-1}}`},
		{"PUT", "/api/v1/namespaces/other/finalize", "application/json", `{"metadata":{"name":"other"},"spec":{"finalizers":[]}}`},
		{"PUT", "/apis/apps/v1/namespaces/default/deployments/d/scale", "application/json", `{"metadata":{"name":"d"},"spec":{"replicas":-5}}`},
		{"DELETE", home + "configmaps?labelSelector=app&limit=1", "application/json", `{"kind":"DeleteOptions","apiVersion":"v1","orphanDependents":true,"propagationPolicy":"Orphan"}`},
		{"POST", "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews", "application/yaml", `{spec: {resourceAttributes: {verb: get}}}`},
		{"POST", "/apis/apiextensions.k8s.io/v1/customresourcedefinitions", "application/yaml", `{metadata: {name: a.b.c}, spec: {group: b.c, scope: Cluster, names: {plural: a, kind: A}, versions: [{name: v1, served: true, storage: true, schema: {openAPIV3Schema: {type: object}}}]}}`},
		{"DELETE", "/apis/apiextensions.k8s.io/v1/customresourcedefinitions/widgets.example.com", "", ""},
		{"DELETE", "/api/v1/namespaces/default", "", ""},
		{"PATCH", home + "configmaps/a", "application/merge-patch+json", `{"metadata":{"ownerReferences":[{}],"managedFields":[{}]}}`},
		{"CONNECT", "//host", "", ""}, // has no path
	} {
		f.Add(r[0], r[1], "application/json", r[2], []byte(r[3]))
	}
	f.Fuzz(func(t *testing.T, method, target, accept, contentType string, body []byte) {
		if strings.ContainsAny(accept+contentType, "\r\n") || len(body) > 1<<20 {
			return // no header has line breaks
		}
		furnished(t, func(t *testing.T, p *probe) {
			p.send(t, method, target, body, "Accept:"+accept, "Content-Type:"+contentType, "Accept-Encoding:gzip")
		})
	})
}

// TestRequestWithoutPathIsAnswered: that of CONNECT has none, nor has a URL that is only a host. FuzzRequest has found that it was a panic.
func TestRequestWithoutPathIsAnswered(t *testing.T) {
	inBubble(t, func(t *testing.T, p *probe) {
		for _, method := range []string{http.MethodConnect, http.MethodGet} {
			if w := p.send(t, method, "//host", nil); w.Code != http.StatusOK && w.Code != http.StatusNotFound {
				t.Errorf("%s: %d %s", method, w.Code, w.Body)
			}
		}
	})
}

// bodies returns objects in a media type, by their resource.
func bodies(tb testing.TB, media string) map[string][]byte {
	tb.Helper()
	switch media {
	case "application/cbor":
		data, err := direct.Marshal(map[string]any{"metadata": map[string]any{"name": "a"}, "data": map[string]any{"k": "v"}})
		if err != nil {
			tb.Fatal(err)
		}
		return map[string][]byte{"configmaps": data}
	case "application/vnd.kubernetes.protobuf":
		raw, err := (&corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{Name: "a"}, Data: map[string]string{"k": "v"}}).Marshal()
		if err != nil {
			tb.Fatal(err)
		}
		data, err := (&runtime.Unknown{TypeMeta: runtime.TypeMeta{APIVersion: "v1", Kind: "ConfigMap"}, Raw: raw}).Marshal()
		if err != nil {
			tb.Fatal(err)
		}
		return map[string][]byte{"configmaps": append([]byte("k8s\x00"), data...)}
	}
	return map[string][]byte{
		"configmaps": []byte(`{"metadata":{"name":"a","generateName":"x","uid":"u","resourceVersion":"7","finalizers":["x"]},"data":{"k":"v"},"none":1}`),
		"pods":       []byte(`{"apiVersion":"v1","kind":"Pod","metadata":{"name":"a"},"spec":{"containers":[{"name":"c","image":"i","ports":[{"containerPort":80}]}],"volumes":[{"name":"v","emptyDir":{}}]}}`),
		"services":   []byte(`{"metadata":{"name":"a"},"spec":{"type":"NodePort","clusterIP":"None","ports":[{"port":80,"nodePort":30000,"targetPort":"x"}]}}`),
		"nodes":      []byte(`{"metadata":{"name":"a"}}`),
	}
}

// FuzzPatch sends a patch to an object, in one of the languages.
func FuzzPatch(f *testing.F) {
	for target := range patchTargets {
		for language, body := range []string{
			`[{"op":"test","path":"/metadata/name","value":"a"},{"op":"add","path":"/metadata/labels","value":{"x":"y"}},{"op":"remove","path":"/spec/replicas"},{"op":"copy","from":"/metadata","path":"/spec/-"},{"op":"move","from":"/a~1b","path":""}]`,
			`{"metadata":{"labels":{"x":"y"},"annotations":null,"finalizers":["a.b/c"],"deletionTimestamp":"2000-01-01T00:00:00Z"},"spec":{"replicas":3},"data":null}`,
			`{"metadata":{"$patch":"replace","finalizers":["x.y/z"],"$deleteFromPrimitiveList/finalizers":["example.com/held"]},"spec":{"template":{"spec":{"containers":[{"name":"c","$patch":"delete"},{"name":"d","image":"j"}],"$setElementOrder/containers":[{"name":"d"}],"$retainKeys":["containers"]}}}}`,
			`{apiVersion: v1, kind: ConfigMap, metadata: {name: a, labels: {z: z}}, data: {k: w}}`,
			`{apiVersion: apps/v1, kind: Deployment, metadata: {name: d}, spec: {template: {spec: {containers: [{name: c, ports: [{containerPort: 80}, {containerPort: 80}]}]}}}}`,
			`{apiVersion: example.com/v9, kind: Widget, metadata: {name: w}, spec: {color: blue}}`,
			`{apiVersion: autoscaling/v1, kind: Scale, metadata: {name: d}, spec: {replicas: 9}}`,
		} {
			f.Add(uint8(target), uint8(min(language, 3)), "?fieldManager=m&force="+[]string{"false", "true"}[language%2], []byte(body))
		}
	}
	f.Add(uint8(0), uint8(1), "?dryRun=All&fieldValidation=Warn&fieldManager=%00", []byte(`{"x":1}`))
	languages := []string{patches["JSONPATCH"], patches["MERGE"], patches["STRATEGIC"], patches["APPLY"], "application/apply-patch+cbor", "application/json"}
	f.Fuzz(func(t *testing.T, target, language uint8, query string, body []byte) {
		path := patchTargets[int(target)%len(patchTargets)]
		furnished(t, func(t *testing.T, p *probe) {
			p.send(t, http.MethodPatch, path+query, body, "Content-Type:"+languages[int(language)%len(languages)])
		})
	})
}

var patchTargets = []string{
	"/api/v1/namespaces/default/configmaps/a", "/api/v1/namespaces/default/configmaps/b", "/api/v1/namespaces/default/configmaps/new", "/api/v1/namespaces/default/pods/p", "/api/v1/namespaces/default/pods/p/status",
	"/api/v1/namespaces/default/pods/p/ephemeralcontainers", "/api/v1/namespaces/default/pods/p/resize", "/apis/apps/v1/namespaces/default/deployments/d", "/apis/apps/v1/namespaces/default/deployments/d/scale",
	"/api/v1/namespaces/default/services/s", "/api/v1/namespaces/other", "/apis/example.com/v1/namespaces/default/widgets/w", "/apis/example.com/v1/namespaces/default/widgets/w/scale",
	"/apis/example.com/v1/namespaces/default/widgets/w/status", "/apis/apiextensions.k8s.io/v1/customresourcedefinitions/widgets.example.com",
}
