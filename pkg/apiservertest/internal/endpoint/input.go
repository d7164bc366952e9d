package endpoint

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"time"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/conversion"
	"k8s.io/apimachinery/pkg/types"

	"github.com/kubewright/kubewright/pkg/internal/patch"
)

// maxBody is how large the body of a request may be.
const maxBody = 3 << 20

// body reads the body of a request.
func body(r *http.Request) ([]byte, error) {
	data, err := io.ReadAll(http.MaxBytesReader(nil, r.Body, maxBody))
	var large *http.MaxBytesError
	switch {
	case errors.As(err, &large):
		return nil, apierrors.NewRequestEntityTooLargeError(fmt.Sprintf("limit is %d", maxBody))
	case err != nil:
		return nil, apierrors.NewBadRequest(err.Error())
	}
	return data, nil
}

// maxTimeout is how long requests that are no watch may take, and take if they do not say less.
const maxTimeout = time.Minute

// withTimeout bounds a request that is neither a watch nor a log.
func withTimeout(r *http.Request, verb string) (context.Context, context.CancelFunc, error) {
	timeout := maxTimeout
	if text := r.URL.Query().Get("timeout"); text != "" {
		asked, err := time.ParseDuration(text)
		if err != nil {
			return nil, nil, apierrors.NewBadRequest("invalid timeout specified in the request URL - " + err.Error())
		}
		if asked > 0 {
			timeout = min(timeout, asked)
		}
	}
	if verb == "watch" {
		return r.Context(), func() {}, nil
	}
	ctx, cancel := context.WithTimeout(r.Context(), timeout)
	return ctx, cancel, nil
}

// query fills options from the parameters of a request.
func query[O any](r *http.Request, convert func(*url.Values, *O, conversion.Scope) error) (O, error) {
	var options O
	values := r.URL.Query()
	if err := convert(&values, &options, nil); err != nil {
		return options, apierrors.NewBadRequest(err.Error())
	}
	return options, nil
}

// deleteOptions are in the body or, if there is none, in the query.
func (c *call) deleteOptions() (metav1.DeleteOptions, error) {
	data, err := body(c.r)
	if err != nil {
		return metav1.DeleteOptions{}, err
	}
	if len(data) == 0 {
		return query(c.r, metav1.Convert_url_Values_To_v1_DeleteOptions)
	}
	var options metav1.DeleteOptions
	return options, c.config.Codec.DeleteOptions(c.r.Header.Get("Content-Type"), data, &options)
}

// patchType is what the Content-Type says a patch is. For built-in resources the router of kube-apiserver says no already.
func (c *call) patchType() (types.PatchType, error) {
	custom := c.target().Resource.Custom
	typ, err := patch.TypeOf(c.r.Header.Get("Content-Type"), custom)
	if err != nil && !custom {
		err = &apierrors.StatusError{ErrStatus: metav1.Status{
			Status: metav1.StatusFailure, Code: http.StatusUnsupportedMediaType, Reason: metav1.StatusReasonUnsupportedMediaType, Details: &metav1.StatusDetails{},
			Message: "415: Unsupported Media Type",
		}}
	}
	return typ, err
}
