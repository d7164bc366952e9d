package openapi

import (
	"bytes"
	"encoding/json"
	"maps"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// exchange is a request and kube-apiserver's answer; test/apiserver/cmd/record-answers
// writes them.
type exchange struct {
	Method string            `json:"method"`
	Path   string            `json:"path"`
	Header map[string]string `json:"header"`
	Status int               `json:"status"`
	Answer map[string]string `json:"answer"`
	Body   string            `json:"body"`
}

func recorded(t *testing.T) []exchange {
	t.Helper()
	text, err := os.ReadFile("testdata/answers.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	var all []exchange
	for line := range bytes.Lines(text) {
		var e exchange
		if err := json.Unmarshal(line, &e); err != nil {
			t.Fatal(err)
		}
		all = append(all, e)
	}
	return all
}

func TestHeadersAreThoseOfKubeAPIServer(t *testing.T) {
	h := builtin()
	for _, want := range recorded(t) {
		resp := serve(h, want.Method, want.Path, want.Header)
		if resp.StatusCode != want.Status {
			t.Errorf("%s %v: status %d, want %d", want.Path, want.Header, resp.StatusCode, want.Status)
		}
		for _, name := range []string{"Cache-Control", "Content-Type", "Vary"} {
			if got := strings.Join(resp.Header.Values(name), ", "); got != want.Answer[name] {
				t.Errorf("%s %v: %s is %q, want %q", want.Path, want.Header, name, got, want.Answer[name])
			}
		}
		if (resp.Header.Get("Etag") == "") != (want.Answer["Etag"] == "") {
			t.Errorf("%s %v: Etag is %q, want %q", want.Path, want.Header, resp.Header.Get("Etag"), want.Answer["Etag"])
		}
	}
}

// TestDocumentIsThatOfKubeAPIServer compares a whole document, but for the differences that
// the package comment names.
func TestDocumentIsThatOfKubeAPIServer(t *testing.T) {
	theirs := recorded(t)[0]
	ours := serve(builtin(), http.MethodGet, theirs.Path, nil)
	var want, got map[string]any
	if err := json.Unmarshal([]byte(theirs.Body), &want); err != nil {
		t.Fatal(err)
	}
	if err := json.NewDecoder(ours.Body).Decode(&got); err != nil {
		t.Fatal(err)
	}
	normalizePaths(want["paths"].(map[string]any))
	normalizePaths(got["paths"].(map[string]any))
	schemas := want["components"].(map[string]any)["schemas"].(map[string]any)
	for _, name := range []string{"meta.v1.APIResource", "meta.v1.APIResourceList", "meta.v1.WatchEvent"} {
		delete(schemas, "io.k8s.apimachinery.pkg.apis."+name) // of paths that we do not have
	}
	delete(schemas, "io.k8s.apimachinery.pkg.runtime.RawExtension")
	if diff := cmp.Diff(normalizeSchemas(want), normalizeSchemas(got)); diff != "" {
		t.Errorf("(-kube-apiserver +ours):\n%s", diff)
	}
}

// normalizePaths removes the paths that we do not have, and puts the parameters of a path
// where those of its operations are: kube-apiserver moves those up that all share.
func normalizePaths(paths map[string]any) {
	for path, value := range paths {
		if strings.Contains(path, "/watch/") || strings.HasSuffix(path, "/") {
			delete(paths, path)
			continue
		}
		item := value.(map[string]any)
		shared, _ := item["parameters"].([]any)
		delete(item, "parameters")
		for _, value := range item {
			op := value.(map[string]any)
			own, _ := op["parameters"].([]any)
			byName := make(map[string]any)
			for _, p := range slices.Concat(shared, own) {
				byName[p.(map[string]any)["name"].(string)] = p
			}
			op["parameters"] = byName
		}
	}
}

// normalizeSchemas removes what the Go types of another release say otherwise (descriptions)
// and what they do not say (enumerations, the type of a list that has none).
func normalizeSchemas(value any) any {
	switch value := value.(type) {
	case map[string]any:
		value = maps.Clone(value)
		if _, ok := value["description"].(string); ok {
			delete(value, "description")
		}
		if _, ok := value["enum"].([]any); ok {
			delete(value, "enum")
		}
		if value["x-kubernetes-list-type"] == "atomic" {
			delete(value, "x-kubernetes-list-type")
		}
		for name := range value {
			value[name] = normalizeSchemas(value[name])
		}
		return value
	case []any:
		for i := range value {
			value[i] = normalizeSchemas(value[i])
		}
	}
	return value
}
