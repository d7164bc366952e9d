package crd

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/yaml"

	"github.com/kubewright/kubewright/apis"
	"github.com/kubewright/kubewright/pkg/apiservertest"
)

const definitionsPath = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions"

// client asks a server, without a network.
type client struct {
	t      testing.TB
	server *apiservertest.Server
}

// withServer runs a test in a bubble, with a server that has the definitions.
func withServer(t *testing.T, definitions [][]byte, test func(t *testing.T, c *client)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		server, err := apiservertest.NewServer(WithSchemas(), apiservertest.WithInMemoryNetwork())
		if err != nil {
			t.Fatal(err)
		}
		defer server.Close()
		c := &client{t, server}
		for _, definition := range definitions {
			if code, answer, _ := c.do(http.MethodPost, definitionsPath, string(definition)); code != http.StatusCreated {
				t.Fatalf("a definition is refused: %d %v", code, answer["message"])
			}
		}
		synctest.Wait() // until the resources are served
		test(t, c)
	})
}

// do sends a request with a body of YAML, or a patch, and returns the code, the object and the warnings of the answer.
func (c *client) do(method, path, body string, header ...string) (int, map[string]any, []string) {
	c.t.Helper()
	r := httptest.NewRequestWithContext(c.t.Context(), method, "https://"+strings.TrimPrefix(c.server.URL(), "https://")+path, strings.NewReader(body))
	r.Header.Set("Authorization", "Bearer "+c.server.Config().BearerToken)
	r.Header.Set("Content-Type", "application/yaml")
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	c.server.Handler().ServeHTTP(w, r)
	data, err := io.ReadAll(w.Result().Body)
	if err != nil {
		c.t.Fatal(err)
	}
	var answer map[string]any
	if err := json.Unmarshal(data, &answer); err != nil {
		c.t.Fatalf("%s %s: %d %s: %v", method, path, w.Code, data, err)
	}
	return w.Code, answer, w.Header().Values("Warning")
}

func fixture(t testing.TB, name string) []byte {
	t.Helper()
	data, err := os.ReadFile("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func TestDefinitionsOfTheWorldAreEstablished(t *testing.T) {
	definitions := [][]byte{fixture(t, "alertmanagers.yaml"), fixture(t, "certificates.yaml")}
	ours, err := apis.CRDs()
	if err != nil {
		t.Fatal(err)
	}
	for _, crd := range ours {
		definitions = append(definitions, crd.JSON)
	}
	withServer(t, definitions, func(t *testing.T, c *client) {
		_, list, _ := c.do(http.MethodGet, definitionsPath, "")
		items, _ := list["items"].([]any)
		if len(items) != len(definitions) {
			t.Fatalf("there are %d definitions, want %d", len(items), len(definitions))
		}
		for _, item := range items {
			definition := unstructured.Unstructured{Object: item.(map[string]any)}
			conditions, _, _ := unstructured.NestedSlice(definition.Object, "status", "conditions")
			for _, condition := range conditions {
				if c := condition.(map[string]any); c["status"] != "True" {
					t.Errorf("%s: %v", definition.GetName(), c)
				}
			}
			if len(conditions) < 2 {
				t.Errorf("%s has conditions %v", definition.GetName(), conditions)
			}
		}
	})
}

const certificates = "/apis/certs.example.com/v1/namespaces/default/certificates"

const certificate = `{apiVersion: certs.example.com/v1, kind: Certificate, metadata: {name: a}, spec: {secretName: s, issuerRef: {name: i}, dnsNames: [x], duration: 2h, renewBefore: 1h}}`

func TestADefaultedObjectComesBack(t *testing.T) {
	withServer(t, [][]byte{fixture(t, "certificates.yaml")}, func(t *testing.T, c *client) {
		code, created, warnings := c.do(http.MethodPost, certificates, strings.Replace(certificate, "secretName", "colour: blue, secretName", 1))
		if code != http.StatusCreated {
			t.Fatalf("%d %v", code, created["message"])
		}
		if diff := cmp.Diff([]string{`299 - "unknown field \"spec.colour\""`}, warnings); diff != "" {
			t.Errorf("warnings (-want +got):\n%s", diff)
		}
		want := map[string]any{
			"secretName": "s", "issuerRef": map[string]any{"name": "i", "kind": "Issuer"}, "dnsNames": []any{"x"}, "duration": "2h", "renewBefore": "1h",
			"privateKey": map[string]any{"algorithm": "RSA", "size": 2048.0},
		}
		if diff := cmp.Diff(want, created["spec"]); diff != "" {
			t.Errorf("spec (-want +got):\n%s", diff)
		}
	})
}

func TestUnknownFieldsAreAnErrorIfTheyShallBe(t *testing.T) {
	withServer(t, [][]byte{fixture(t, "certificates.yaml")}, func(t *testing.T, c *client) {
		code, answer, _ := c.do(http.MethodPost, certificates+"?fieldValidation=Strict", strings.Replace(certificate, "secretName", "colour: blue, secretName", 1))
		const want = `Certificate in version "v1" cannot be handled as a Certificate: strict decoding error: unknown field "spec.colour"`
		if code != http.StatusBadRequest || answer["message"] != want {
			t.Errorf("answer = %d %v, want 400 %s", code, answer["message"], want)
		}
	})
}

func TestWrongObjectsAreRefused(t *testing.T) {
	withServer(t, [][]byte{fixture(t, "certificates.yaml"), fixture(t, "alertmanagers.yaml")}, func(t *testing.T, c *client) {
		alertmanagers := "/apis/monitoring.example.com/v1/namespaces/default/alertmanagers"
		alertmanager := func(spec string) string {
			return `{apiVersion: monitoring.example.com/v1, kind: Alertmanager, metadata: {name: a}, spec: ` + spec + `}`
		}
		for name, test := range map[string]struct{ path, object, want string }{
			"rule": {certificates, strings.Replace(certificate, "renewBefore: 1h", "renewBefore: 3h", 1), `Certificate.certs.example.com "a" is invalid: spec.renewBefore: Invalid value: renewBefore must be less than duration`},
			"oneOf": {certificates, strings.Replace(certificate, "dnsNames: [x]", "dnsNames: [x], commonName: y", 1),
				`Certificate.certs.example.com "a" is invalid: [<nil>: Invalid value: "": "spec" must validate one and only one schema (oneOf). Found 2 valid alternatives`},
			"set":      {certificates, strings.Replace(certificate, "[x]", "[x, x]", 1), `Certificate.certs.example.com "a" is invalid: spec.dnsNames[1]: Duplicate value: "x"`},
			"pattern":  {alertmanagers, alertmanager(`{retention: 5d}`), `Alertmanager.monitoring.example.com "a" is invalid: spec.retention: Invalid value: "5d": spec.retention in body should match`},
			"quantity": {alertmanagers, alertmanager(`{resources: {limits: {cpu: 1x}}}`), `Alertmanager.monitoring.example.com "a" is invalid: spec.resources.limits.cpu: Invalid value: "1x": spec.resources.limits.cpu in body should match`},
			"map":      {alertmanagers, alertmanager(`{hostAliases: [{ip: 1.1.1.1}, {ip: 1.1.1.1}]}`), `Alertmanager.monitoring.example.com "a" is invalid: spec.hostAliases[1]: Duplicate value: {"ip":"1.1.1.1"}`},
			"embedded": {alertmanagers, alertmanager(`{storage: {volumeClaimTemplate: {spec: {}}}}`), `Alertmanager.monitoring.example.com "a" is invalid: [spec.storage.volumeClaimTemplate.apiVersion: Required value, spec.storage.volumeClaimTemplate.kind: Required value]`},
		} {
			code, answer, _ := c.do(http.MethodPost, test.path, test.object)
			message, _ := answer["message"].(string)
			if code != http.StatusUnprocessableEntity || !strings.HasPrefix(message, test.want) {
				t.Errorf("%s: answer = %d %v\nwant 422 %s", name, code, message, test.want)
			}
		}
	})
}

func TestTransitionsAreChecked(t *testing.T) {
	withServer(t, [][]byte{fixture(t, "certificates.yaml")}, func(t *testing.T, c *client) {
		if code, answer, _ := c.do(http.MethodPost, certificates, certificate); code != http.StatusCreated {
			t.Fatalf("%d %v", code, answer["message"])
		}
		code, answer, _ := c.do(http.MethodPatch, certificates+"/a", `{"spec": {"secretName": "other"}}`, "Content-Type", "application/merge-patch+json")
		const want = `Certificate.certs.example.com "a" is invalid: spec: Forbidden: secretName is immutable, was s`
		if code != http.StatusUnprocessableEntity || answer["message"] != want {
			t.Errorf("answer = %d %v, want 422 %s", code, answer["message"], want)
		}
	})
}

func TestApplyMergesListsByTheirKeys(t *testing.T) {
	withServer(t, [][]byte{fixture(t, "alertmanagers.yaml")}, func(t *testing.T, c *client) {
		path := "/apis/monitoring.example.com/v1/namespaces/default/alertmanagers/a?fieldManager="
		for manager, ip := range map[string]string{"one": "1.1.1.1", "two": "2.2.2.2"} {
			code, answer, _ := c.do(http.MethodPatch, path+manager,
				`{apiVersion: monitoring.example.com/v1, kind: Alertmanager, metadata: {name: a}, spec: {hostAliases: [{ip: `+ip+`, hostnames: [h]}]}}`, "Content-Type", "application/apply-patch+yaml")
			if code >= 300 {
				t.Fatalf("%d %v", code, answer["message"])
			}
		}
		_, applied, _ := c.do(http.MethodGet, strings.TrimSuffix(path, "?fieldManager="), "")
		aliases, _, _ := unstructured.NestedSlice(applied, "spec", "hostAliases")
		if len(aliases) != 2 {
			t.Errorf("host aliases = %v, want those of both managers", aliases)
		}
	})
}

func TestColumnsOfATable(t *testing.T) {
	withServer(t, [][]byte{fixture(t, "alertmanagers.yaml")}, func(t *testing.T, c *client) {
		path := "/apis/monitoring.example.com/v1/namespaces/default/alertmanagers"
		object := `{apiVersion: monitoring.example.com/v1, kind: Alertmanager, metadata: {name: a}, spec: {version: v1, replicas: 3}}`
		if code, answer, _ := c.do(http.MethodPost, path, object); code != http.StatusCreated {
			t.Fatalf("%d %v", code, answer["message"])
		}
		status, err := yaml.YAMLToJSON([]byte(`{status: {paused: false, replicas: 3, availableReplicas: 2, conditions: [{type: Reconciled, status: "True", lastTransitionTime: "2020-01-01T00:00:00Z"}]}}`))
		if err != nil {
			t.Fatal(err)
		}
		if code, answer, _ := c.do(http.MethodPatch, path+"/a/status", string(status), "Content-Type", "application/merge-patch+json"); code != http.StatusOK {
			t.Fatalf("%d %v", code, answer["message"])
		}
		_, table, _ := c.do(http.MethodGet, path, "", "Accept", "application/json;as=Table;v=v1;g=meta.k8s.io")
		rows, _, _ := unstructured.NestedSlice(table, "rows")
		if len(rows) != 1 {
			t.Fatalf("table = %v, want one row", table)
		}
		if diff := cmp.Diff([]any{"a", "v1", 3.0, 2.0, "True", "0s", false}, rows[0].(map[string]any)["cells"]); diff != "" {
			t.Errorf("cells (-want +got):\n%s", diff)
		}
	})
}
