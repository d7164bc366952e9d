package discovery

import (
	"encoding/json"
	"net/http"
	"slices"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// root answers /, which lists the paths that there are above those of resources.
func (h *handler) root(w http.ResponseWriter, _ *http.Request) {
	paths := []string{"/", "/api", "/apis", "/openapi/v2", "/openapi/v3", "/version"}
	set := h.documents.current()
	for gv := range set.resources {
		if gv.Group == "" {
			paths = append(paths, "/api/"+gv.Version)
		} else {
			paths = append(paths, "/apis/"+gv.Group, "/apis/"+gv.Group+"/"+gv.Version)
		}
	}
	for _, root := range []string{"healthz", "livez", "readyz"} {
		paths = append(paths, "/"+root)
		for _, check := range checksOf(root) {
			paths = append(paths, "/"+root+"/"+check)
		}
	}
	slices.Sort(paths)
	body, err := json.MarshalIndent(metav1.RootPaths{Paths: slices.Compact(paths)}, "", "  ")
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	_, _ = w.Write(body) // a client that has gone needs no answer
}
