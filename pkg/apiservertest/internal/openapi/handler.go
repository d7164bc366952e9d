package openapi

import (
	"bytes"
	"net/http"
	"strings"
	"time"

	"k8s.io/apimachinery/pkg/runtime"

	"github.com/kubewright/kubewright/pkg/apiservertest/internal/catalog"
	"github.com/kubewright/kubewright/pkg/apiservertest/internal/kind"
)

const (
	rootV2 = "/openapi/v2"
	rootV3 = "/openapi/v3"
)

// Options configures Handler.
type Options struct {
	// Scheme has the types of the resources that are not custom, and of their subresources.
	Scheme *runtime.Scheme
	// Custom returns the OpenAPI v3 schema of the objects of a custom resource, without
	// apiVersion, kind and metadata, as encoding/json would decode it. It is not changed. A nil
	// function, or nil, means that anything may be in them. It may be called concurrently.
	Custom func(*kind.Resource, *kind.Version) map[string]any
	// Version is that of the server, in the documents. The default is "1.36".
	Version string
	// Now is the time at which answers are told to expire a year later. Default time.Now.
	Now func() time.Time
}

// Owns reports whether requests to a path are for [Handler].
func Owns(path string) bool { return path == "/openapi" || strings.HasPrefix(path, "/openapi/") }

// Handler returns the handler of the paths that Owns names, for the resources that c has at
// the time of each request.
func Handler(c *catalog.Catalog, options Options) http.Handler {
	if options.Version == "" {
		options.Version = "1.36"
	}
	if options.Now == nil {
		options.Now = time.Now
	}
	return &handler{documents: newDocuments(c, options), now: options.Now}
}

type handler struct {
	documents *documents
	now       func() time.Time
}

func (h *handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	header := w.Header()
	header.Set("Cache-Control", "no-cache, private")
	set, err := h.documents.current()
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	path := strings.TrimSuffix(r.URL.Path, "/")
	name, isVersion := strings.CutPrefix(path, rootV3+"/")
	switch {
	case path == rootV3:
		header.Set("Content-Type", "text/plain; charset=utf-8") // as kube-apiserver has it, which guesses
		http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(set.index))
	case path == rootV2:
		doc, err := set.swagger()
		if err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		header.Add("Vary", "Accept-Encoding")
		h.write(w, r, doc)
	case !isVersion:
		http.NotFound(w, r)
	case set.versions[name] == nil:
		w.WriteHeader(http.StatusNotFound)
	default:
		h.version(w, r, set.versions[name])
	}
}

// version answers with the document of a group version. With the hash of the document in its
// URL, the answer may be kept; with the hash of another, the URL has moved.
func (h *handler) version(w http.ResponseWriter, r *http.Request, doc *versionDocument) {
	header := w.Header()
	switch hash := r.URL.Query().Get("hash"); {
	case hash == "" || doc.negotiate(r) == "":
	case hash == doc.hash:
		header.Set("Cache-Control", "public, immutable")
		header.Set("Expires", h.now().UTC().AddDate(1, 0, 0).Format(time.RFC1123))
	default:
		header.Set("Content-Type", doc.negotiate(r))
		header.Set("Etag", `"`+doc.hash+`"`)
		header.Set("Vary", "Accept")
		header.Set("Location", doc.url)
		w.WriteHeader(http.StatusMovedPermanently)
		return
	}
	h.write(w, r, doc.encoded)
}

// write answers with a document in the form that the client accepts.
func (h *handler) write(w http.ResponseWriter, r *http.Request, doc *encoded) {
	header := w.Header()
	header.Add("Vary", "Accept")
	media := doc.negotiate(r)
	if media == "" {
		w.WriteHeader(http.StatusNotAcceptable)
		return
	}
	data, err := doc.in(media)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	header.Set("Content-Type", media)
	header.Set("Etag", `"`+doc.hash+`"`)
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(data))
}
