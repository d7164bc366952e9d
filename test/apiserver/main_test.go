package apiserver

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"testing"
	"time"

	"go.uber.org/goleak"
)

// shared is a cluster with one server for the tests that leave it as it is.
var shared *Cluster

func TestMain(m *testing.M) {
	if os.Getenv(launcherEnv) != "" {
		os.Exit(runLauncher())
	}
	os.Exit(runTests(m))
}

func runTests(m *testing.M) int {
	var err error
	if shared, err = Start(context.Background(), Options{}); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	code := m.Run()
	if err := shared.Stop(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	if err := goleak.Find(); code == 0 && err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return code
}

// client returns a client of c for user whose connections end with the test.
func client(t *testing.T, c *Cluster, user User) *http.Client {
	t.Helper()
	hc, err := c.HTTPClient(user)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(hc.CloseIdleConnections)
	return hc
}

// call sends one request, with body as JSON unless it is nil, and returns the status
// code and the decoded answer.
func call(t *testing.T, hc *http.Client, method, url string, body any) (int, map[string]any) {
	t.Helper()
	code, data := callRaw(t, hc, method, url, body)
	answer := map[string]any{}
	if err := json.Unmarshal(data, &answer); err != nil {
		t.Fatalf("%s %s answers %d and no JSON object: %s", method, url, code, data)
	}
	return code, answer
}

func callRaw(t *testing.T, hc *http.Client, method, url string, body any) (int, []byte) {
	t.Helper()
	var content io.Reader
	if body != nil {
		data, err := json.Marshal(body)
		if err != nil {
			t.Fatal(err)
		}
		content = bytes.NewReader(data)
	}
	// A bound for a server that hangs; no test waits for it.
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, method, url, content)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	resp, err := hc.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	data, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, data
}

// field returns the value at a path of keys in a decoded JSON object.
func field[T any](t *testing.T, object map[string]any, path ...string) T {
	t.Helper()
	var value any = object
	for _, key := range path {
		m, _ := value.(map[string]any)
		value = m[key]
	}
	typed, ok := value.(T)
	if !ok {
		t.Fatalf("field %v is %v in %v", path, value, object)
	}
	return typed
}

// createConfigMap creates a ConfigMap in "default" and returns its resourceVersion.
func createConfigMap(t *testing.T, s *Server, name string) string {
	t.Helper()
	code, answer := call(t, client(t, s.cluster, s.cluster.Admin()), http.MethodPost,
		s.URL()+"/api/v1/namespaces/default/configmaps", map[string]any{
			"apiVersion": "v1", "kind": "ConfigMap", "metadata": map[string]any{"name": name},
		})
	if code != http.StatusCreated {
		t.Fatalf("create ConfigMap %s: %d %v", name, code, answer)
	}
	return field[string](t, answer, "metadata", "resourceVersion")
}

// hasConfigMap reports whether the server has a ConfigMap in "default".
func hasConfigMap(t *testing.T, s *Server, name string) bool {
	t.Helper()
	code, answer := call(t, client(t, s.cluster, s.cluster.Admin()), http.MethodGet,
		s.URL()+"/api/v1/namespaces/default/configmaps/"+name, nil)
	switch code {
	case http.StatusOK:
		return true
	case http.StatusNotFound:
		return false
	}
	t.Fatalf("get ConfigMap %s: %d %v", name, code, answer)
	return false
}
