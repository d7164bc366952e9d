package discovery

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/kubewright/kubewright/pkg/apiservertest/internal/catalog"
)

func TestRootListsPaths(t *testing.T) {
	if !Owns("/") || Owns("/nowhere") {
		t.Error("whose path is the root?")
	}
	w := httptest.NewRecorder()
	Handler(catalog.New(catalog.Builtin()...), Options{}).ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/", http.NoBody))
	var paths metav1.RootPaths
	if err := json.Unmarshal(w.Body.Bytes(), &paths); err != nil || w.Code != http.StatusOK {
		t.Fatalf("%d, %v: %s", w.Code, err, w.Body)
	}
	for _, want := range []string{"/api/v1", "/apis/apps", "/apis/apps/v1", "/readyz/ping", "/version"} {
		if !slices.Contains(paths.Paths, want) {
			t.Errorf("no %s among %v", want, paths.Paths)
		}
	}
}
