package bench

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"mime"
	"net/http"
	"strconv"
	"strings"
	"sync"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/util/validation/field"
	"k8s.io/apimachinery/pkg/watch"
)

// A mode is the first element of a path of the object server: how its informers come by their objects, and what comes after.
const (
	inOnePiece = "list"   // a list, whatever limit is asked for, as from the watch cache of an API server; no streaming lists
	inPages    = "pages"  // a list in pages; no streaming lists
	streamed   = "stream" // a streaming list
	changing   = "events" // as inOnePiece; each watch is sent updates of all objects, updateRounds times, as fast as it reads
)

const updateRounds = 11

// objectServer is an API server of populations. Its paths begin with the mode, the population and the number of objects:
//
//	/stream/cluster/20000/api/v1/pods
type objectServer struct {
	mu          sync.Mutex // guards collections, and is held while one is made
	collections map[collectionKey]*servedCollection
}

type collectionKey struct {
	population string
	count      int
	mediaType  string
}

// servedCollection is objects in one encoding. It is never changed.
type servedCollection struct {
	objectWire
	items    [][]byte
	versions []int // where in an item its resource version is
}

func (s *objectServer) register(mux *http.ServeMux) {
	mux.HandleFunc("GET /{mode}/{population}/{count}/api/v1/{resource}", func(w http.ResponseWriter, r *http.Request) {
		if err := s.serve(w, r); err != nil && r.Context().Err() == nil { // a client that hangs up sees to itself
			http.Error(w, err.Error(), http.StatusBadRequest)
		}
	})
}

func (s *objectServer) serve(w http.ResponseWriter, r *http.Request) error {
	accepted, _, _ := strings.Cut(r.Header.Get("Accept"), ",")
	mediaType, _, err := mime.ParseMediaType(accepted)
	if err != nil {
		return fmt.Errorf("accept: %w", err)
	}
	count, err := strconv.Atoi(r.PathValue("count"))
	if err != nil {
		return err
	}
	c, err := s.collection(collectionKey{r.PathValue("population"), count, mediaType})
	if err != nil {
		return err
	}
	mode, query := r.PathValue("mode"), r.URL.Query()
	out := bufio.NewWriterSize(w, 1<<16)
	initial := query.Get("sendInitialEvents") == "true"
	switch {
	case query.Get("watch") == "" || query.Get("watch") == "false":
		w.Header().Set("Content-Type", mediaType)
		return c.list(out, mode, query.Get("limit"), query.Get("continue"))
	case initial && mode != streamed:
		w.Header().Set("Content-Type", mediaType)
		return refuseStreaming(w, mediaType)
	}
	w.Header().Set("Content-Type", c.watchType())
	w.WriteHeader(http.StatusOK)
	if err := c.watch(out, mode, initial); err != nil {
		return err
	}
	w.(http.Flusher).Flush()
	<-r.Context().Done()
	return nil
}

// collection returns objects, encoded when they are asked for first.
func (s *objectServer) collection(key collectionKey) (*servedCollection, error) {
	newWire, ok := objectWires[key.mediaType]
	if !ok {
		return nil, fmt.Errorf("no objects as %q", key.mediaType)
	}
	population, err := populationNamed(key.population)
	if err != nil {
		return nil, err
	}
	wire := newWire(population.kind)
	s.mu.Lock()
	defer s.mu.Unlock()
	if c, ok := s.collections[key]; ok {
		return c, nil
	}
	c := &servedCollection{objectWire: wire}
	for _, object := range population.make(key.count) {
		item, err := wire.item(object)
		if err != nil {
			return nil, err
		}
		c.items = append(c.items, item)
		c.versions = append(c.versions, bytes.Index(item, []byte(object.GetResourceVersion())))
	}
	if s.collections == nil {
		s.collections = map[collectionKey]*servedCollection{}
	}
	s.collections[key] = c
	return c, nil
}

// list writes all objects, or a page.
func (c *servedCollection) list(out *bufio.Writer, mode, limit, from string) error {
	meta, items := metav1.ListMeta{ResourceVersion: strconv.Itoa(listVersion)}, c.items
	if mode == inPages && limit != "" {
		size, err := strconv.Atoi(limit)
		if err != nil {
			return err
		}
		begin := 0
		if from != "" {
			if begin, err = strconv.Atoi(from); err != nil {
				return err
			}
		}
		end := min(begin+size, len(items))
		if rest := int64(len(items) - end); rest > 0 {
			meta.Continue, meta.RemainingItemCount = strconv.Itoa(end), &rest
		}
		items = items[begin:end]
	}
	if err := c.writeList(out, meta, items); err != nil {
		return err
	}
	return out.Flush()
}

// watch writes the events of a watch.
func (c *servedCollection) watch(out *bufio.Writer, mode string, initial bool) error {
	if initial {
		if err := c.initialEvents(out); err != nil {
			return err
		}
	}
	if mode == changing {
		if err := c.updates(out); err != nil {
			return err
		}
	}
	return out.Flush()
}

// initialEvents writes a streaming list.
func (c *servedCollection) initialEvents(out io.Writer) error {
	for _, item := range c.items {
		if err := c.writeEvent(out, watch.Added, item); err != nil {
			return err
		}
	}
	end, err := c.item(&corev1.Pod{ObjectMeta: metav1.ObjectMeta{
		ResourceVersion: strconv.Itoa(listVersion),
		Annotations:     map[string]string{metav1.InitialEventsAnnotationKey: "true"},
	}})
	if err != nil {
		return err
	}
	return c.writeEvent(out, watch.Bookmark, end)
}

// updates writes updates of all objects, each with a resource version of its own.
func (c *servedCollection) updates(out io.Writer) error {
	version := listVersion
	for range updateRounds {
		for i, item := range c.items {
			version++
			updated := bytes.Clone(item) // into which the version is written, over one of the same length
			strconv.AppendInt(updated[:c.versions[i]], int64(version), 10)
			if err := c.writeEvent(out, watch.Modified, updated); err != nil {
				return err
			}
		}
	}
	return nil
}

func (c *servedCollection) writeEvent(out io.Writer, eventType watch.EventType, item []byte) error {
	event, err := c.event(eventType, item)
	if err != nil {
		return err
	}
	_, err = out.Write(event)
	return err
}

// refuseStreaming answers as an API server that has streaming lists turned off.
func refuseStreaming(w http.ResponseWriter, mediaType string) error {
	refusal := apierrors.NewInvalid(metav1.SchemeGroupVersion.WithKind("ListOptions").GroupKind(), "", field.ErrorList{
		field.Forbidden(field.NewPath("sendInitialEvents"), "sendInitialEvents is forbidden for watch unless the WatchList feature gate is enabled"),
	})
	status := refusal.Status()
	body, err := runtime.Encode(encoderFor(mediaType), &status)
	if err != nil {
		return err
	}
	w.WriteHeader(http.StatusUnprocessableEntity)
	_, err = w.Write(body)
	return err
}
