package discovery

import (
	"net/http"
	"path"
	"strings"

	"k8s.io/apimachinery/pkg/version"

	"github.com/kubewright/kubewright/pkg/apiservertest/internal/catalog"
	"github.com/kubewright/kubewright/pkg/apiservertest/internal/codec"
)

// Options configures Handler.
type Options struct {
	// Codec writes the answers.
	Codec *codec.Codec
	// Version is what /version says. The zero value stands for that of the release whose
	// behaviour the server has.
	Version version.Info
	// Health returns what ails the part of the server that a health check is named for, or
	// nil. It may be called concurrently. A nil function means that all is well.
	Health func(check string) error
}

// Owns reports whether requests to a path are for [Handler].
func Owns(path string) bool {
	root, rest, _ := strings.Cut(strings.TrimPrefix(path, "/"), "/")
	depth := len(segments(rest))
	switch root {
	case "api":
		return depth <= 1
	case "apis":
		return depth <= 2
	case "", "version":
		return depth == 0
	}
	return isHealth(root)
}

// Handler returns the handler of the paths that Owns names, for the resources that c has at
// the time of each request.
func Handler(c *catalog.Catalog, options Options) http.Handler {
	if options.Version == (version.Info{}) {
		options.Version = defaultVersion()
	}
	return &handler{Options: options, documents: documents{catalog: c}}
}

type handler struct {
	Options
	documents documents
}

func (h *handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Cache-Control", "no-cache, private")
	root, rest, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
	parts := segments(rest)
	switch {
	case root == "" && len(parts) == 0:
		h.root(w, r)
	case isHealth(root):
		h.health(w, r, root, rest)
	case strings.HasPrefix(rest, "/") && len(parts) > 0: // a group without a name
		http.NotFound(w, r)
	case root == "version" && len(parts) == 0:
		h.version(w, r)
	case root == "api" && len(parts) == 0:
		h.legacyGroup(w, r)
	case root == "api" && len(parts) == 1:
		h.resources(w, r, "", parts[0])
	case root == "apis" && len(parts) == 0:
		h.groups(w, r)
	case root == "apis" && len(parts) == 1:
		h.group(w, r, parts[0])
	case root == "apis" && len(parts) == 2:
		h.resources(w, r, parts[0], parts[1])
	default:
		http.NotFound(w, r)
	}
}

// segments returns the parts of a path; slashes at its end make none.
func segments(rest string) []string {
	if rest = strings.Trim(path.Clean("/"+rest), "/"); rest == "" {
		return nil
	}
	return strings.Split(rest, "/")
}

// legacyGroup answers /api, whose document says where the server is: as the client knows it.
func (h *handler) legacyGroup(w http.ResponseWriter, r *http.Request) {
	if !h.onlyGet(w, r) {
		return
	}
	if rep, ok := aggregated(r); ok && routable(r, "application/json", "application/yaml", "application/vnd.kubernetes.protobuf") {
		h.writeAggregated(w, r, rep, h.documents.current().legacyAggregated)
		return
	}
	h.write(w, r, true, h.documents.current().legacy(r.Host))
}

func (h *handler) groups(w http.ResponseWriter, r *http.Request) {
	if rep, ok := aggregated(r); ok {
		h.writeAggregated(w, r, rep, h.documents.current().aggregated)
		return
	}
	h.write(w, r, false, &h.documents.current().groups)
}

func (h *handler) group(w http.ResponseWriter, r *http.Request, name string) {
	group := h.documents.current().group(name)
	if group == nil {
		http.NotFound(w, r)
		return
	}
	h.write(w, r, false, group)
}

func (h *handler) resources(w http.ResponseWriter, r *http.Request, group, version string) {
	set := h.documents.current()
	list, ok := set.resources[schemaVersion(group, version)]
	switch {
	case ok:
		if h.onlyGet(w, r) {
			h.write(w, r, true, list)
		}
	case group == "" || set.compiledIn[group]:
		h.writeError(w, r, notFound())
	default:
		http.NotFound(w, r)
	}
}

// onlyGet refuses methods other than GET, HEAD too.
func (h *handler) onlyGet(w http.ResponseWriter, r *http.Request) bool {
	if r.Method == http.MethodGet {
		return true
	}
	h.writeError(w, r, methodNotAllowed())
	return false
}
