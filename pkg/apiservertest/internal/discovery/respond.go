package discovery

import (
	"bytes"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"

	"github.com/kubewright/kubewright/pkg/apiservertest/internal/codec"
	"github.com/kubewright/kubewright/pkg/apiservertest/internal/kind"
)

// write answers with an object. routed says that kube-apiserver routes the path by media
// type before it negotiates: then it knows no partial wildcards, and has another error text.
func (h *handler) write(w http.ResponseWriter, r *http.Request, routed bool, obj runtime.Object) {
	negotiated := r
	if accept := r.Header.Get("Accept"); !routed && accept != "" {
		negotiated = r.Clone(r.Context())
		negotiated.Header.Set("Accept", accept+", */*;q=0") // passes any router, and is never chosen
	}
	rep, err := codec.Negotiate(negotiated, codec.Offer{})
	if err != nil {
		h.writeError(w, r, err)
		return
	}
	data, err := h.encode(rep, obj)
	if err != nil {
		h.writeError(w, r, err)
		return
	}
	send(w, http.StatusOK, rep.ContentType(), data)
}

// writeError answers with a Status. Errors that are none are internal ones.
func (h *handler) writeError(w http.ResponseWriter, r *http.Request, err error) {
	var known apierrors.APIStatus
	if !errors.As(err, &known) {
		known = apierrors.NewInternalError(err)
	}
	status := known.Status()
	status.TypeMeta = metav1.TypeMeta{APIVersion: "v1", Kind: "Status"}
	rep := codec.NegotiateStatus(r)
	data, err := h.encode(rep, &status)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	send(w, int(status.Code), rep.ContentType(), data)
}

// routable reports whether a client accepts one of the media types that kube-apiserver
// routes to, whatever parameters it adds.
func routable(r *http.Request, types ...string) bool {
	accept := r.Header.Get("Accept")
	if accept == "" {
		return true
	}
	for clause := range strings.SplitSeq(accept, ",") {
		media, _, _ := strings.Cut(clause, ";")
		if media = strings.TrimSpace(media); media == "*/*" || slices.Contains(types, media) {
			return true
		}
	}
	return false
}

func (h *handler) encode(rep codec.Representation, obj runtime.Object) ([]byte, error) {
	return h.Codec.Object(rep, kind.Target{}, obj, metav1.IncludeNone)
}

func send(w http.ResponseWriter, code int, contentType string, data []byte) {
	w.Header().Set("Content-Type", contentType)
	w.Header().Set("Content-Length", strconv.Itoa(len(data)))
	w.WriteHeader(code)
	_, _ = bytes.NewReader(data).WriteTo(w) // fails when the client has gone
}

func notFound() error {
	return failure(http.StatusNotFound, metav1.StatusReasonNotFound, "the server could not find the requested resource")
}

func methodNotAllowed() error {
	return failure(http.StatusMethodNotAllowed, metav1.StatusReasonMethodNotAllowed, "the server does not allow this method on the requested resource")
}

func failure(code int32, reason metav1.StatusReason, message string) error {
	return &apierrors.StatusError{ErrStatus: metav1.Status{
		Status: metav1.StatusFailure, Code: code, Reason: reason, Message: message, Details: &metav1.StatusDetails{},
	}}
}
