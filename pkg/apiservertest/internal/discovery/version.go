package discovery

import (
	"encoding/json"
	"net/http"
	"runtime"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/version"
)

// defaultVersion is the version of the server that this one behaves like. Whose it is, the
// build metadata says, which does not count when versions are compared.
func defaultVersion() version.Info {
	return version.Info{
		Major: "1", Minor: "36",
		EmulationMajor: "1", EmulationMinor: "36",
		MinCompatibilityMajor: "1", MinCompatibilityMinor: "35",
		GitVersion: "v1.36.3+kubewright", GitTreeState: "clean", BuildDate: "1970-01-01T00:00:00Z",
		GoVersion: runtime.Version(), Compiler: runtime.Compiler, Platform: runtime.GOOS + "/" + runtime.GOARCH,
	}
}

// version answers /version, which is JSON, for human eyes always.
func (h *handler) version(w http.ResponseWriter, r *http.Request) {
	if !h.onlyGet(w, r) {
		return
	}
	if !routable(r, "application/json") {
		h.writeError(w, r, failure(http.StatusNotAcceptable, metav1.StatusReasonNotAcceptable,
			"406: Not Acceptable\n\nAvailable representations: application/json"))
		return
	}
	data, err := json.MarshalIndent(h.Version, "", "  ")
	if err != nil {
		h.writeError(w, r, err)
		return
	}
	send(w, http.StatusOK, "application/json", data)
}
