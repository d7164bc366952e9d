package rest

import (
	"fmt"
	"io"
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
		r.body, r.stream, r.encodedAs = content, nil, ""
	case []byte:
		r.body, r.stream, r.encodedAs = body, nil, ""
	case io.Reader:
		r.body, r.stream, r.encodedAs = nil, body, ""
	case runtime.Object:
		if v := reflect.ValueOf(body); v.Kind() == reflect.Pointer && v.IsNil() {
			return r
		}
		contentType := r.headers.Get(contentTypeHeader)
		if contentType == "" {
			contentType = r.content.contentType
			if r.c.jsonOnly.Load() {
				contentType = runtime.ContentTypeJSON
			}
			r.SetHeader(contentTypeHeader, contentType)
			r.encodedAs = contentType
		}
		content, err := r.content.encode(body, contentType)
		if err != nil {
			return r.fail(fmt.Errorf("unable to encode %T as the request body: %w", body, err))
		}
		r.body, r.stream = content, nil
	default:
		return r.failf("unable to use %T as the request body: want a runtime.Object, a []byte, an io.Reader or the name of a file", obj)
	}
	return r
}
