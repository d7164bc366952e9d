package rest

import (
	"errors"
	"fmt"
	"net/http"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/util/net"

	"github.com/kubewright/kubewright/pkg/internal/redact"
)

// Result is a response that was read to its end, or the error why there is none. It is decoded when it is asked for.
type Result struct {
	body        []byte
	contentType string
	statusCode  int
	warnings    []net.WarningHeader
	content     *content
	err         error
	broken      bool // err is about a body that could not be read to its end
}

// Error returns why the request did not succeed; nil if it did.
func (r Result) Error() error { return r.err }

// Raw returns the body as it came. With an error it may be the body of that.
func (r Result) Raw() ([]byte, error) { return r.body, r.err }

// StatusCode stores the HTTP status code. It is 0 if there was no response.
func (r Result) StatusCode(statusCode *int) Result {
	*statusCode = r.statusCode
	return r
}

// ContentType stores the Content-Type header.
func (r Result) ContentType(contentType *string) Result {
	*contentType = r.contentType
	return r
}

// WasCreated stores whether the server answered with 201 Created.
func (r Result) WasCreated(wasCreated *bool) Result {
	*wasCreated = r.statusCode == http.StatusCreated
	return r
}

// Warnings returns the warnings of the response.
func (r Result) Warnings() []net.WarningHeader { return r.warnings }

// Get decodes the body. A Status that tells of a failure is an error.
func (r Result) Get() (runtime.Object, error) {
	obj, err := r.decode(nil)
	if err != nil {
		return nil, err
	}
	if status := failure(obj); status != nil {
		return nil, apierrors.FromObject(status)
	}
	return obj, nil
}

// Into decodes the body into obj; nil is ignored. A body of another type is an error: of apimachinery's api/errors if it is
// a Status that tells of a failure. A Status of success leaves obj as it is, unless that is a list: nothing but a list is one,
// nor is one an object that tells neither its kind nor items.
func (r Result) Into(obj runtime.Object) error {
	if r.err != nil {
		return r.err
	}
	if obj == nil {
		return nil
	}
	if meta.IsListType(obj) {
		if err := r.intoList(obj); err != nil {
			return err
		}
		return r.checkEmpty(obj)
	}
	out, err := r.decode(obj)
	if err != nil || out == obj {
		return err
	}
	if status, ok := out.(*metav1.Status); ok {
		if failure(status) == nil {
			return nil
		}
		return apierrors.FromObject(status)
	}
	return fmt.Errorf("the server answered with %T where %T was expected", out, obj)
}

// decode decodes the body, if possible into the given object.
func (r Result) decode(into runtime.Object) (runtime.Object, error) {
	if r.err != nil {
		return nil, r.err
	}
	if r.content == nil {
		return nil, errors.New("this Result is of no request")
	}
	if len(r.body) == 0 {
		return nil, fmt.Errorf("0-length response with status code: %d and content type: %s", r.statusCode, r.contentType)
	}
	decoder, err := r.content.decoder(r.contentType)
	if err != nil {
		return nil, err
	}
	out, _, err := decoder.Decode(r.body, nil, into)
	if err != nil {
		return nil, fmt.Errorf("unable to decode the response: %w", redact.DecodeError(err))
	}
	return out, nil
}
