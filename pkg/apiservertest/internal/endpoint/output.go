package endpoint

import (
	"context"
	"errors"
	"net/http"
	"strconv"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	utilnet "k8s.io/apimachinery/pkg/util/net"

	"github.com/kubewright/kubewright/pkg/apiservertest/internal/codec"
	"github.com/kubewright/kubewright/pkg/apiservertest/internal/kind"
	"github.com/kubewright/kubewright/pkg/apiservertest/internal/registry"
)

// include is the parameter of that name, of Tables.
func (c *call) include() metav1.IncludeObjectPolicy {
	return metav1.IncludeObjectPolicy(c.r.URL.Query().Get("includeObject"))
}

// writeResult answers a write.
func (c *call) writeResult(rep codec.Representation, result registry.Result, warnings []string, err error) error {
	warnings = append(warnings, result.Warnings...)
	if err != nil {
		warn(c.w, warnings)
		return err
	}
	return c.write(rep, result.Code, result.Object, warnings)
}

// write answers with an object.
func (c *call) write(rep codec.Representation, code int, obj runtime.Object, warnings []string) error {
	data, err := c.config.Codec.Object(rep, c.target(), obj, c.include())
	if err != nil {
		return err
	}
	warn(c.w, append(c.deprecated(c.target()), warnings...))
	c.w.Header().Set("Content-Type", rep.ContentType())
	out := compressing(c.w, c.r, code)
	if _, err := out.Write(data); err != nil {
		return c.cut(err)
	}
	return c.cut(out.Close())
}

func (c *call) writeList(rep codec.Representation, list *registry.List) error {
	warn(c.w, c.deprecated(c.target()))
	c.w.Header().Set("Content-Type", rep.ContentType())
	out := compressing(c.w, c.r, http.StatusOK)
	if err := c.config.Codec.List(out, rep, c.target(), list.Meta, list.Objects, c.include()); err != nil {
		if out.begun() {
			return c.cut(err)
		}
		return err
	}
	return c.cut(out.Close())
}

// warn sends warnings (RFC 7234, section 5.5).
func warn(w http.ResponseWriter, warnings []string) {
	for _, text := range warnings {
		if header, err := utilnet.NewWarningHeader(299, "-", text); err == nil {
			w.Header().Add("Warning", header)
		}
	}
}

// deprecated returns the warning that a version of a resource comes with, if it is to go.
func (h *Handler) deprecated(t kind.Target) []string {
	if t.Resource.Custom {
		if h.config.Warning == nil {
			return nil
		}
		if text := h.config.Warning(t.Resource, t.Version); text != "" {
			return []string{text}
		}
		return nil
	}
	return lifecycle(t.Version.New(), t.Resource.GroupVersionKind(t.Version))
}

// refuse answers an error that is no Status, too.
func (h *Handler) refuse(w http.ResponseWriter, r *http.Request, err error) {
	if errors.Is(err, errNoPage) {
		http.Error(w, errNoPage.Error(), http.StatusNotFound)
		return
	}
	h.fail(w, r, err)
}

// Fail returns a function that answers a request with an error, as a Status in a representation that the client accepts.
func Fail(c *codec.Codec) func(http.ResponseWriter, *http.Request, error) {
	return func(w http.ResponseWriter, r *http.Request, err error) {
		if errors.Is(err, context.DeadlineExceeded) {
			failLate(w)
			return
		}
		status := statusOf(err)
		rep := codec.NegotiateStatus(r)
		data, err := c.Object(rep, kind.Target{}, &status, "")
		if err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError) // cannot be: a Status has every representation
			return
		}
		w.Header().Set("Content-Type", rep.ContentType())
		if status.Code == http.StatusForbidden {
			w.Header().Set("X-Content-Type-Options", "nosniff")
		}
		if d := status.Details; d != nil && d.RetryAfterSeconds > 0 {
			w.Header().Set("Retry-After", strconv.Itoa(int(d.RetryAfterSeconds)))
		}
		code := int(status.Code)
		if code < 100 {
			code = http.StatusInternalServerError
		}
		w.WriteHeader(code)
		_, _ = w.Write(data) //nolint:gosec // no page (see gzip.go); and if the client is gone there is nobody to tell
	}
}

// failLate is what kube-apiserver sends when a request took longer than it was allowed: a Status that does not say that it is one.
func failLate(w http.ResponseWriter) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.WriteHeader(http.StatusGatewayTimeout)
	_, _ = w.Write([]byte(`{"metadata":{},"status":"Failure","message":"Timeout: request did not complete within the allotted timeout","reason":"Timeout","details":{},"code":504}` + "\n"))
}

// statusOf returns what a client is told of an error.
func statusOf(err error) metav1.Status {
	var known apierrors.APIStatus
	if errors.As(err, &known) {
		return known.Status()
	}
	return metav1.Status{Status: metav1.StatusFailure, Code: http.StatusInternalServerError, Message: err.Error()}
}
