package endpoint

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/kubewright/kubewright/pkg/apiservertest/internal/access"
	"github.com/kubewright/kubewright/pkg/apiservertest/internal/catalog"
	"github.com/kubewright/kubewright/pkg/apiservertest/internal/codec"
	"github.com/kubewright/kubewright/pkg/apiservertest/internal/registry"
	"github.com/kubewright/kubewright/pkg/internal/storage"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// rig is an API without network and without access control.
type rig struct {
	http.Handler
	store *storage.Store
	stop  context.CancelFunc
}

func newRig(t *testing.T) *rig {
	t.Helper()
	store := storage.New(storage.Options{})
	resources := catalog.New(catalog.Builtin()...)
	verbs, err := registry.New(registry.Config{Store: store, Catalog: resources, Convert: codec.Convert})
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	handler := New(Config{Verbs: verbs, Catalog: resources, Stopping: ctx, Codec: codec.New(codec.Config{Scheme: catalog.Scheme()})})
	t.Cleanup(func() {
		stop()
		verbs.Close()
		store.Close()
	})
	authenticated := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		handler.ServeHTTP(w, r.WithContext(access.WithUser(r.Context(), access.User{Name: "admin"})))
	})
	return &rig{Headers(authenticated), store, stop}
}

// do sends a request: "POST /path", headers as "Name: value", and a body at the end.
func (h *rig) do(t *testing.T, request string, more ...string) *httptest.ResponseRecorder {
	t.Helper()
	method, target, _ := strings.Cut(request, " ")
	var body string
	if method != http.MethodGet && len(more) > 0 {
		body, more = more[len(more)-1], more[:len(more)-1]
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	r := httptest.NewRequestWithContext(ctx, method, target, strings.NewReader(body))
	r.Header.Set("User-Agent", "test/1")
	for _, header := range more {
		name, value, _ := strings.Cut(header, ": ")
		r.Header.Set(name, value)
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

func (h *rig) create(t *testing.T, name string) {
	t.Helper()
	if w := h.do(t, "POST /api/v1/namespaces/default/configmaps", `{"metadata":{"name":"`+name+`"}}`); w.Code != http.StatusCreated {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
}
