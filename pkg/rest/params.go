package rest

import (
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"

	"golang.org/x/net/http/httpguts"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
)

const contentTypeHeader = "Content-Type"

// Param adds a query parameter.
func (r *Request) Param(paramName, s string) *Request {
	if r.params == nil {
		r.params = url.Values{}
	}
	r.params.Add(paramName, s)
	return r
}

// VersionedParams adds what obj, such as a ListOptions, says as query parameters, in the client's version. Empty fields that
// may be left out are.
func (r *Request) VersionedParams(obj runtime.Object, codec runtime.ParameterCodec) *Request {
	return r.SpecificallyVersionedParams(obj, codec, r.c.version)
}

// SpecificallyVersionedParams is VersionedParams in the given version.
func (r *Request) SpecificallyVersionedParams(obj runtime.Object, codec runtime.ParameterCodec, version schema.GroupVersion) *Request {
	params, err := codec.EncodeParameters(obj, version)
	if err != nil {
		return r.fail(fmt.Errorf("unable to encode %T as query parameters of %s: %w", obj, version, err))
	}
	if len(r.params) == 0 {
		r.params = maps.Clone(params)
		return r
	}
	for name, values := range params {
		r.params[name] = append(r.params[name], values...)
	}
	return r
}

// SetHeader sets a header, in place of what it was.
func (r *Request) SetHeader(key string, values ...string) *Request {
	if !httpguts.ValidHeaderFieldName(key) {
		return r.failf("invalid header name %q", key)
	}
	for _, v := range values {
		if !httpguts.ValidHeaderFieldValue(v) {
			return r.failf("invalid value for header %q: it has a line break or another control character", key)
		}
	}
	if r.headers == nil {
		r.headers = http.Header{}
	}
	r.headers[http.CanonicalHeaderKey(key)] = slices.Clone(values)
	return r
}

// UseProtobufAsDefault makes the request prefer protobuf, with JSON as second choice, unless the client's Config names a
// content type. It is for types that have protobuf messages, and comes before Body.
func (r *Request) UseProtobufAsDefault() *Request {
	if r.content.unset {
		r.content.contentType = runtime.ContentTypeProtobuf
		r.content.accept = acceptProtobufThenJSON
	}
	return r
}

// UseProtobufAsDefaultIfPreferred is UseProtobufAsDefault if prefersProtobuf is set.
func (r *Request) UseProtobufAsDefaultIfPreferred(prefersProtobuf bool) *Request {
	if prefersProtobuf {
		return r.UseProtobufAsDefault()
	}
	return r
}
