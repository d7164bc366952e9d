package differential

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"sigs.k8s.io/yaml"
)

// defaultsDir has files of minimal objects, and what the real server makes of them when they are created. The test of the package there compares with the
// same files.
const defaultsDir = "../../pkg/apiservertest/internal/defaulting/testdata"

// TestDefaultsOfRealServer creates the objects on a kube-apiserver, which answers what the golden files have, or they become that with -update.
func TestDefaultsOfRealServer(t *testing.T) {
	server := startReal(t)
	for file, golden := range defaultsFiles(t) {
		answers := createAll(t, server, file)
		if !*update {
			if compareDefaults(t, golden, answers) > 0 {
				t.Error("the real server has fields that it had not: remove them from the table")
			}
			continue
		}
		var b bytes.Buffer
		fmt.Fprintf(&b, "# What kube-apiserver makes of the objects in %s. Written by test/differential: go test -run TestDefaultsOfRealServer -update .\n", filepath.Base(file))
		for _, answer := range answers {
			data, err := yaml.Marshal(answer.Body)
			if err != nil {
				t.Fatal(err)
			}
			b.WriteString("---\n")
			b.Write(data)
		}
		if err := os.WriteFile(golden, b.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// TestDefaults compares what our server makes of the objects.
func TestDefaults(t *testing.T) {
	server := startOurs(t)
	newer := 0
	for file, golden := range defaultsFiles(t) {
		newer += compareDefaults(t, golden, createAll(t, server, file))
	}
	if newer != len(newerFields) {
		t.Errorf("%d fields are newer than the real server, and the table has %d", newer, len(newerFields))
	}
}

// defaultsFiles returns the files of objects with those of the answers.
func defaultsFiles(t *testing.T) map[string]string {
	t.Helper()
	paths, err := filepath.Glob(defaultsDir + "/*.yaml")
	if err != nil || len(paths) == 0 {
		t.Fatal("no files in ", defaultsDir, err)
	}
	files := map[string]string{}
	for _, path := range paths {
		files[path] = strings.TrimSuffix(path, ".yaml") + ".golden"
	}
	return files
}

// createAll creates the objects of a file, all as dry runs, each as if it were alone.
func createAll(t *testing.T, on *server, file string) []exchange {
	t.Helper()
	area := strings.TrimSuffix(filepath.Base(file), ".yaml")
	r := &run{t: t, server: on, scenario: scenario{area: "defaults", name: area, namespace: "defaults-" + area}}
	r.makeNamespace(t.Context())
	resources := map[string]map[string]string{}
	var answers []exchange
	for _, document := range documents(t, file) {
		var object struct {
			APIVersion string `json:"apiVersion"`
			Kind       string `json:"kind"`
		}
		if err := yaml.Unmarshal(document, &object); err != nil {
			t.Fatal(err)
		}
		if resources[object.APIVersion] == nil {
			resources[object.APIVersion] = collections(t, r, object.APIVersion)
		}
		body := strings.ReplaceAll(string(document), "{ns}", r.scenario.namespace)
		e, err := r.send(t.Context(), step{method: "POST", path: resources[object.APIVersion][object.Kind] + "?dryRun=All", body: body})
		if err != nil {
			t.Fatal(err)
		}
		if e.Status != http.StatusCreated {
			t.Errorf("%s: %s: %d %v", file, body, e.Status, e.Body)
		}
		answers = append(answers, normalise([]exchange{e})[0])
	}
	return answers
}

// collections are the paths of the collections of a group version, by kind.
func collections(t *testing.T, r *run, apiVersion string) map[string]string {
	t.Helper()
	root := "/apis/" + apiVersion
	if !strings.Contains(apiVersion, "/") {
		root = "/api/" + apiVersion
	}
	e, err := r.send(t.Context(), step{method: "GET", path: root})
	if err != nil {
		t.Fatal(err)
	}
	data, err := json.Marshal(e.Body)
	if err != nil {
		t.Fatal(err)
	}
	var list struct {
		Resources []struct {
			Name       string `json:"name"`
			Kind       string `json:"kind"`
			Namespaced bool   `json:"namespaced"`
		} `json:"resources"`
	}
	if err := json.Unmarshal(data, &list); err != nil {
		t.Fatal(err)
	}
	paths := map[string]string{}
	for _, resource := range list.Resources {
		switch {
		case strings.Contains(resource.Name, "/"):
		case resource.Namespaced:
			paths[resource.Kind] = root + "/namespaces/" + r.scenario.namespace + "/" + resource.Name
		default:
			paths[resource.Kind] = root + "/" + resource.Name
		}
	}
	return paths
}

// newerFields are those that the types of k8s.io/api have and the real server, which is older, has not: they are there in all answers of ours.
var newerFields = map[string]string{
	"CSINode": "body.status", // of k8s.io/api v0.37
}

// compareDefaults returns how many fields the golden file cannot have.
func compareDefaults(t *testing.T, golden string, answers []exchange) (newer int) {
	t.Helper()
	want := documents(t, golden)
	if len(want) != len(answers) {
		t.Fatalf("%s has %d objects, for %d: run go test -run TestDefaultsOfRealServer -update", golden, len(want), len(answers))
	}
	for i, answer := range answers {
		asJSON, err := yaml.YAMLToJSON(want[i])
		if err != nil {
			t.Fatal(err)
		}
		body, err := unmarshalJSON(asJSON)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range compare([]exchange{{Body: body}}, []exchange{{Body: answer.Body}}) {
			kind, _ := lookup(answer.Body, "kind")
			if f.want == absent && newerFields[fmt.Sprint(kind)] == f.path {
				newer++
				continue
			}
			t.Errorf("%s, %s\n\t%s\n\t\twant %s\n\t\tgot  %s", filepath.Base(golden), answer.Sent, f.path, f.want, f.got)
		}
	}
	return newer
}

// documents returns those of a YAML file.
func documents(t *testing.T, file string) [][]byte {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatalf("%v: run go test -run TestDefaultsOfRealServer -update", err)
	}
	if _, rest, ok := bytes.Cut(data, []byte("\n---\n")); ok && bytes.HasPrefix(data, []byte("#")) {
		data = rest
	}
	return bytes.Split(data, []byte("\n---\n"))
}
