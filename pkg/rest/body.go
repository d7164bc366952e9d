package rest

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"mime"
	"os"
	"reflect"

	"k8s.io/apimachinery/pkg/runtime"
)

// Body sets what is sent:
//
//   - a runtime.Object is encoded now, as the Content-Type that was set before or, if none was, as the client's; a nil
//     pointer is ignored;
//   - a []byte is sent as it is and must not be changed any more;
//   - an io.Reader is sent as it is, once, and closed if it can be: such a request is never retried;
//   - a string is the name of a file that is read now;
//   - nil is ignored; anything else is an error.
func (r *Request) Body(obj interface{}) *Request {
	switch body := obj.(type) {
	case nil:
		return r
	case string:
		content, err := os.ReadFile(body)
		if err != nil {
			return r.fail(fmt.Errorf("unable to read the request body: %w", err))
		}
		r.body, r.stream = content, nil
	case []byte:
		r.body, r.stream = body, nil
	case io.Reader:
		r.body, r.stream = nil, body
	case runtime.Object:
		if v := reflect.ValueOf(body); v.Kind() == reflect.Pointer && v.IsNil() {
			return r
		}
		content, err := r.encode(body)
		if err != nil {
			return r.fail(fmt.Errorf("unable to encode %T as the request body: %w", body, err))
		}
		r.body, r.stream = content, nil
	default:
		return r.failf("unable to use %T as the request body: want a runtime.Object, a []byte, an io.Reader or the name of a file", obj)
	}
	return r
}

// encode returns obj in the request's content type and sees to it that the header says so.
func (r *Request) encode(obj runtime.Object) ([]byte, error) {
	contentType := r.headers.Get(contentTypeHeader)
	if contentType == "" {
		contentType = r.content.contentType
		r.SetHeader(contentTypeHeader, contentType)
	}
	if r.content.negotiator == nil {
		return nil, errors.New("the client was made without a NegotiatedSerializer: pass bytes instead")
	}
	mediaType, params := contentType, map[string]string(nil)
	if mediaType != runtime.ContentTypeJSON && mediaType != runtime.ContentTypeProtobuf {
		var err error
		if mediaType, params, err = mime.ParseMediaType(contentType); err != nil {
			return nil, fmt.Errorf("content type %q: %w", contentType, err)
		}
	}
	encoder, err := r.content.negotiator.Encoder(mediaType, params)
	if err != nil {
		return nil, err
	}
	var buf bytes.Buffer
	if err := encoder.Encode(obj, &buf); err != nil {
		return nil, err
	}
	return buf.Bytes(), nil
}
