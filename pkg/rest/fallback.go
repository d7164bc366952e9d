package rest

import (
	"context"
	"net/http"
	"strings"

	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/klog/v2"
)

// fallBack changes the request to JSON if resp says that the server does not speak what was tried, and reports whether that
// is worth another attempt: servers of custom resources know no protobuf, older servers no CBOR.
//
//   - After 415, an object that was sent as something else is sent as JSON, now and in all later requests of the client.
//   - After 406, JSON is asked for, in this request: another resource of the same client may have what was asked for.
//
// What a caller has set by SetHeader, or passed as bytes, is not changed.
func (x *exchange) fallBack(ctx context.Context, resp *http.Response) bool {
	r := x.r
	switch resp.StatusCode {
	case http.StatusUnsupportedMediaType:
		if r.encodedAs == "" || r.encodedAs == runtime.ContentTypeJSON {
			return false
		}
		body, err := r.transcode(r.encodedAs, runtime.ContentTypeJSON)
		if err != nil {
			klog.FromContext(ctx).V(4).Info("Unable to send the body of a request as JSON instead", "verb", x.wire.method, "path", x.wire.url.Path, "err", err)
			return false
		}
		klog.FromContext(ctx).V(2).Info("The server does not take the client's content type, using JSON from now on", "contentType", r.encodedAs, "path", x.wire.url.Path)
		r.c.jsonOnly.Store(true)
		r.body, r.encodedAs = body, runtime.ContentTypeJSON
		r.SetHeader(contentTypeHeader, runtime.ContentTypeJSON)
		x.wire.body = body
		x.wire.setHeader(contentTypeHeader, justJSON)
		return true
	case http.StatusNotAcceptable:
		if x.wire.acceptOwn || !x.policy.replayable || strings.Contains(x.wire.header.Get(acceptHeader), runtime.ContentTypeJSON) {
			return false
		}
		x.wire.setHeader(acceptHeader, justJSON)
		return true
	}
	return false
}

// transcode returns the body, which is an object of media type from, as media type to.
func (r *Request) transcode(from, to string) ([]byte, error) {
	decoder, err := r.content.decoder(from)
	if err != nil {
		return nil, err
	}
	obj, _, err := decoder.Decode(r.body, nil, nil)
	if err != nil {
		return nil, err
	}
	return r.content.encode(obj, to)
}
