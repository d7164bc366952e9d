package apiservertest_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"mime"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/runtime/serializer/cbor/direct"
	"sigs.k8s.io/yaml"

	"github.com/kubewright/kubewright/pkg/apiservertest"
	"github.com/kubewright/kubewright/pkg/apiservertest/internal/catalog"
	"github.com/kubewright/kubewright/pkg/apiservertest/internal/frame"
	"github.com/kubewright/kubewright/pkg/apiservertest/internal/kind"
	"github.com/kubewright/kubewright/pkg/internal/storage"
)

// probe is a server without a client library in front of it, and what every answer of it has to be.
type probe struct {
	*apiservertest.Server
	token string
}

// inBubble runs a test with a server of its own, whose time is fake: what would hang is a deadlock there, and fails.
func inBubble(t *testing.T, run func(*testing.T, *probe)) {
	synctest.Test(t, func(t *testing.T) {
		server, err := apiservertest.NewServer(apiservertest.WithInMemoryNetwork())
		if err != nil {
			t.Fatal(err)
		}
		defer server.Close()
		run(t, &probe{server, server.Config().BearerToken})
		synctest.Wait() // until the housekeeper has done what follows
		checkStorage(t, server)
	})
}

// patience is how long a client waits for the end of a watch.
const patience = 2 * time.Hour

// send sends a request, and returns nil if HTTP has no such request. Headers are "Name: value". The answer is checked.
func (p *probe) send(t *testing.T, method, target string, body []byte, headers ...string) *httptest.ResponseRecorder {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, method, target, bytes.NewReader(body))
	if err != nil || !strings.HasPrefix(target, "/") {
		return nil
	}
	r.Header.Set("Authorization", "Bearer "+p.token)
	for _, header := range headers {
		name, value, _ := strings.Cut(header, ":")
		r.Header.Set(strings.TrimSpace(name), strings.TrimSpace(value))
	}
	w := httptest.NewRecorder()
	p.Handler().ServeHTTP(w, r)
	if err := checkAnswer(r, w); err != nil {
		t.Errorf("%s %s %q\n%s\n-> %d %v\n%.1000s\n%v", method, target, headers, body, w.Code, w.Header(), w.Body, err)
	}
	return w
}

// checkAnswer returns what is wrong with an answer, whatever was asked.
func checkAnswer(r *http.Request, w *httptest.ResponseRecorder) error {
	if w.Code < 200 || w.Code > 599 {
		return fmt.Errorf("code %d", w.Code)
	}
	body, err := plain(w)
	if err != nil {
		return err
	}
	path := r.URL.Path
	if path != "/api" && path != "/apis" && !strings.HasPrefix(path, "/api/") && !strings.HasPrefix(path, "/apis/") {
		return nil
	}
	if w.Code >= 400 {
		return checkStatus(w.Code, w.Header().Get("Content-Type"), body)
	}
	isWatch := strings.HasPrefix(path, "/api/v1/watch/") || strings.Contains(r.URL.RawQuery, "watch")
	return checkBody(w.Header().Get("Content-Type"), body, isWatch)
}

func plain(w *httptest.ResponseRecorder) ([]byte, error) {
	if w.Header().Get("Content-Encoding") != "gzip" {
		return w.Body.Bytes(), nil
	}
	zip, err := gzip.NewReader(bytes.NewReader(w.Body.Bytes()))
	if err != nil {
		return nil, err
	}
	return io.ReadAll(zip)
}

// checkStatus wants a Status with the code of the answer, or the page of a group that does not exist.
func checkStatus(code int, contentType string, body []byte) error {
	if code == http.StatusNotFound && string(body) == "404 page not found\n" {
		return nil
	}
	if code == http.StatusGatewayTimeout && bytes.Contains(body, []byte("within the allotted timeout")) {
		return nil // kube-apiserver has a text there
	}
	content, err := decode(contentType, body)
	if err != nil {
		return err
	}
	var status metav1.Status
	if err := runtime.DefaultUnstructuredConverter.FromUnstructured(content, &status); err != nil {
		return err
	}
	if status.Kind != "Status" || status.Status != metav1.StatusFailure || int(status.Code) != code || status.Message == "" {
		return fmt.Errorf("not a Status with this code: %+v", status)
	}
	return nil
}

// checkBody wants that a body is what its Content-Type says: an object or, if it may be a watch's, a stream of events.
func checkBody(contentType string, body []byte, isWatch bool) error {
	_, err := decode(contentType, body)
	if err == nil || !isWatch {
		return err
	}
	stream, ok := frame.MediaOf(contentType)
	if !ok {
		return fmt.Errorf("no stream has Content-Type %q", contentType)
	}
	splitter := frame.NewSplitter(stream)
	err = splitter.Write(body, func(bytes []byte) error {
		_, err := frame.Decode(stream, bytes)
		return err
	})
	if rest := splitter.Rest(); err == nil && len(rest) > 0 {
		return fmt.Errorf("the last frame is not complete: %q", rest)
	}
	return err
}

// decode returns what is in a body as plain values; of protobuf only a Status is, the others are merely decoded.
func decode(contentType string, body []byte) (map[string]any, error) {
	media, _, err := mime.ParseMediaType(contentType)
	if err != nil {
		return nil, fmt.Errorf("Content-Type %q: %w", contentType, err)
	}
	content := map[string]any{}
	switch media {
	case "application/json":
		return content, json.Unmarshal(body, &content)
	case "application/yaml":
		return content, yaml.Unmarshal(body, &content)
	case "application/cbor":
		return content, direct.Unmarshal(body, &content)
	case "application/vnd.kubernetes.protobuf":
		return decodeProtobuf(body)
	case "text/plain": // a log
		return content, nil
	}
	return nil, fmt.Errorf("unknown Content-Type %q", contentType)
}

func decodeProtobuf(body []byte) (map[string]any, error) {
	rest, ok := bytes.CutPrefix(body, []byte("k8s\x00"))
	if !ok {
		return nil, fmt.Errorf("protobuf without its prefix: %q", body)
	}
	var unknown runtime.Unknown
	if err := unknown.Unmarshal(rest); err != nil {
		return nil, err
	}
	gvk := schema.FromAPIVersionAndKind(unknown.APIVersion, unknown.Kind)
	var obj runtime.Object = &metav1.Status{}
	if gvk.Kind != "Status" {
		var err error
		if obj, err = catalog.Scheme().New(gvk); err != nil {
			return map[string]any{}, nil //nolint:nilerr // a Table, say, which no scheme has
		}
	}
	message, ok := obj.(interface{ Unmarshal([]byte) error })
	if !ok {
		return nil, fmt.Errorf("%s has no protobuf", gvk)
	}
	if err := message.Unmarshal(unknown.Raw); err != nil {
		return nil, err
	}
	content, err := runtime.DefaultUnstructuredConverter.ToUnstructured(obj)
	if err == nil {
		content["apiVersion"], content["kind"] = unknown.APIVersion, unknown.Kind
	}
	return content, err
}

// checkStorage fails the test if what is stored cannot be: objects without identity, outside of namespaces, or otherwise than history says.
func checkStorage(t *testing.T, server *apiservertest.Server) {
	t.Helper()
	checkStorageSince(t, server, 1)
}

// checkStorageSince is checkStorage for a server whose history begins with a revision.
func checkStorageSince(t *testing.T, server *apiservertest.Server, first int64) {
	t.Helper()
	store := server.Storage()
	revision := store.Revision()
	namespaces := map[string]bool{"": true}
	for _, namespace := range all(t, store, schema.GroupResource{Resource: "namespaces"}, 0) {
		namespaces[namespace.GetName()] = true
	}
	seen := map[string]string{} // by uid
	for _, resource := range server.Collections() {
		objects := all(t, store, resource, 0)
		for path, obj := range objects {
			at, err := strconv.ParseInt(obj.GetResourceVersion(), 10, 64)
			switch {
			case err != nil || at < 2 || at > revision:
				t.Errorf("%s %s has resourceVersion %q, the newest is %d", resource, path, obj.GetResourceVersion(), revision)
			case obj.GetUID() == "" || seen[string(obj.GetUID())] != "":
				t.Errorf("%s %s has uid %q, which %q has, too", resource, path, obj.GetUID(), seen[string(obj.GetUID())])
			case obj.GetCreationTimestamp().Time.IsZero():
				t.Errorf("%s %s has no creationTimestamp", resource, path)
			case !namespaces[obj.GetNamespace()]:
				t.Errorf("%s %s is in a namespace that does not exist", resource, path)
			case obj.GetName() == "":
				t.Errorf("%s %s has no name", resource, path)
			}
			seen[string(obj.GetUID())] = resource.String() + " " + path
		}
		if got := replay(t, store, resource, first); !maps.Equal(got, objects) {
			t.Errorf("the history of %s leads to %v, and there is %v", resource, slices.Sorted(maps.Keys(got)), slices.Sorted(maps.Keys(objects)))
		}
	}
}

func all(t *testing.T, store *storage.Store, resource schema.GroupResource, at int64) map[string]kind.Object {
	t.Helper()
	list, err := store.List(resource, "", at)
	if err != nil {
		t.Fatal(err)
	}
	objects := map[string]kind.Object{}
	for _, obj := range list.Objects {
		objects[obj.GetNamespace()+"/"+obj.GetName()] = obj
	}
	return objects
}

// replay returns the objects that the events of a resource lead to.
func replay(t *testing.T, store *storage.Store, resource schema.GroupResource, first int64) map[string]kind.Object {
	t.Helper()
	watch, err := store.Watch(resource, "", first)
	if err != nil {
		t.Fatal(err)
	}
	defer watch.Stop()
	objects, last := all(t, store, resource, first), first
	for {
		event, wait, err := watch.TryNext()
		if err != nil {
			t.Fatal(err)
		}
		if wait != nil {
			return objects
		}
		path := event.Key.Namespace + "/" + event.Key.Name
		if event.Revision <= last || objects[path] != event.Old {
			t.Errorf("%s: event %d after %d, from an object that was not there", path, event.Revision, last)
		}
		last = event.Revision
		if event.New == nil {
			delete(objects, path)
		} else {
			objects[path] = event.New
		}
	}
}
