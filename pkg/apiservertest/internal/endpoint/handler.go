package endpoint

import (
	"context"
	"io"
	"net/http"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/apimachinery/pkg/util/uuid"

	"github.com/kubewright/kubewright/pkg/apiservertest/internal/access"
	"github.com/kubewright/kubewright/pkg/apiservertest/internal/codec"
	"github.com/kubewright/kubewright/pkg/apiservertest/internal/kind"
	"github.com/kubewright/kubewright/pkg/apiservertest/internal/registry"
)

// Verbs are what the endpoint asks of the registry.
type Verbs interface {
	Get(context.Context, registry.Request, metav1.GetOptions) (kind.Object, error)
	List(context.Context, registry.Request, metav1.ListOptions) (*registry.List, error)
	Watch(context.Context, registry.Request, metav1.ListOptions) (*registry.Watch, error)
	Create(context.Context, registry.Request, kind.Object, metav1.CreateOptions) (registry.Result, error)
	Update(context.Context, registry.Request, kind.Object, metav1.UpdateOptions) (registry.Result, error)
	Patch(context.Context, registry.Request, types.PatchType, []byte, metav1.PatchOptions) (registry.Result, error)
	Delete(context.Context, registry.Request, metav1.DeleteOptions) (registry.Result, error)
	DeleteCollection(context.Context, registry.Request, metav1.DeleteOptions, metav1.ListOptions) (*registry.List, error)
	Log(context.Context, registry.Request, *corev1.PodLogOptions) (io.ReadCloser, error)
}

// Config is what a Handler stands on.
type Config struct {
	Verbs   Verbs
	Catalog registry.Catalog
	Codec   *codec.Codec
	// Warning returns what users of a version of a custom resource are told; nil, or nothing, is nothing.
	Warning func(*kind.Resource, *kind.Version) string
	// Stopping is done when the server closes: watches end.
	Stopping context.Context //nolint:containedctx // the life of the server, not of a request
}

// Handler serves the API. The sender of a request is in its context (access.UserOf).
type Handler struct {
	config Config
	fail   func(http.ResponseWriter, *http.Request, error)
}

// New returns a Handler.
func New(config Config) *Handler {
	return &Handler{config: config, fail: Fail(config.Codec)}
}

// Headers sets what every answer of the server has, also those of other handlers than this one.
func Headers(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		id := r.Header.Get("Audit-Id")
		if id == "" {
			id = string(uuid.NewUUID())
		}
		w.Header().Set("Audit-Id", id)
		w.Header().Set("Cache-Control", "no-cache, private")
		next.ServeHTTP(w, r)
	})
}

// ServeHTTP implements http.Handler.
func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	call, err := h.resolve(r)
	if err != nil {
		h.refuse(w, r, err)
		return
	}
	ctx, cancel, err := withTimeout(r, call.verb)
	if err != nil {
		h.fail(w, r, err)
		return
	}
	defer cancel()
	call.w, call.r = w, r.WithContext(ctx)
	if err := call.do(); err != nil {
		h.refuse(w, r, err)
	}
}

// call is one request on its way.
type call struct {
	*Handler
	w    http.ResponseWriter
	r    *http.Request
	verb string
	req  registry.Request
}

func (c *call) target() kind.Target { return c.req.Target }

// do carries out the verb. An error has not been answered yet.
func (c *call) do() error {
	if sub := c.target().Subresource; sub != nil {
		switch sub.Name {
		case "log":
			return c.log()
		case "attach", "exec", "portforward", "proxy":
			return c.connect()
		}
	}
	switch c.verb {
	case "watch":
		return c.watch()
	case "list":
		return c.list()
	case "get":
		return c.get()
	case "create":
		return c.create()
	case "update":
		return c.update()
	case "patch":
		return c.patch()
	case "delete":
		return c.delete()
	case "deletecollection":
		return c.deleteCollection()
	}
	return errMethodNotAllowed
}

// user is the sender as the registry knows it.
func user(ctx context.Context) registry.User { return registry.User(access.UserOf(ctx)) }
