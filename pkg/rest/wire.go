package rest

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"strings"
	"time"

	"golang.org/x/net/http/httpguts"
)

// wireRequest is a request as plain values: all that goes over the wire but what the transport adds.
type wireRequest struct {
	method string
	url    *url.URL
	header http.Header
	body   []byte    // replayable
	stream io.Reader // if set, it is the body, and can be sent once

	acceptOwn bool // the caller has set the Accept header
}

const acceptHeader = "Accept"

// RequestConstructionError says that a request could not be built, so that nothing was sent.
type RequestConstructionError struct {
	Err error
}

// Error implements error.
func (r *RequestConstructionError) Error() string {
	return "request construction error: " + r.Err.Error()
}

// Unwrap returns the cause.
func (r *RequestConstructionError) Unwrap() error { return r.Err }

// build returns what is to be sent, or what is wrong with the request.
func (r *Request) build() (wireRequest, error) {
	if err := r.Error(); err != nil {
		return wireRequest{}, err
	}
	if err := r.checkScope(); err != nil {
		return wireRequest{}, err
	}
	w := wireRequest{method: cmp.Or(r.verb, http.MethodGet), url: r.URL(), header: r.headers, body: r.body, stream: r.stream}
	// The header is w's own, whoever may still read that of an earlier sending.
	if accept := r.headers.Values(acceptHeader); len(accept) > 0 {
		w.acceptOwn = true
		w.setHeader(acceptHeader, accept)
	} else {
		w.setHeader(acceptHeader, r.content.accept)
	}
	return w, nil
}

// setHeader sets a header of w and leaves the request's alone.
func (w *wireRequest) setHeader(key string, values []string) {
	header := make(http.Header, len(w.header)+1)
	maps.Copy(header, w.header)
	header[key] = values
	w.header = header
}

// checkScope refuses requests that an empty namespace would send somewhere else than meant.
func (r *Request) checkScope() error {
	switch {
	case !r.namespaceSet || r.namespace != "":
		return nil
	case r.name != "":
		return fmt.Errorf("an empty namespace may not be set when a resource name is provided (%s %q)", r.resource, r.name)
	case r.verb == http.MethodPost:
		return fmt.Errorf("an empty namespace may not be set during creation (%s)", r.resource)
	}
	return nil
}

// URL returns the URL as it is so far. It is of use only if Error returns nil.
func (r *Request) URL() *url.URL {
	// Most paths fit in here, so that putting one together allocates nothing but the result.
	segments := make([]string, 0, 8)
	segments = append(segments, r.prefix...)
	if r.namespace != "" {
		segments = append(segments, "namespaces", r.namespace)
	}
	if r.resource != "" {
		segments = append(segments, strings.ToLower(r.resource))
	}
	if r.name != "" {
		segments = append(segments, r.name)
	}
	segments = append(segments, r.subresource...)
	segments = append(segments, r.suffix...)
	trailingSlash := r.trailingSlash && len(segments) == len(r.prefix)

	u := *r.c.base
	r.root.setPath(&u, segments, trailingSlash)
	u.RawQuery = encodeQuery(r.params, r.timeout)
	return &u
}

// encodeQuery returns the query of a request that the server shall work on for the given time; 0 means that it is not told.
func encodeQuery(params url.Values, timeout time.Duration) string {
	if timeout == 0 {
		return params.Encode()
	}
	params = maps.Clone(params)
	if params == nil {
		params = url.Values{}
	}
	params.Set(timeoutParam, timeout.String())
	return params.Encode()
}

// http returns w for net/http. GetBody is set for all bodies that can be sent again, so that the transport can replay them
// on a new connection when an old one turns out to be closed.
func (w *wireRequest) http(ctx context.Context) (*http.Request, error) {
	var req *http.Request
	if body := w.reader(); body != nil {
		var err error
		if req, err = http.NewRequestWithContext(ctx, w.method, "", body); err != nil {
			return nil, &RequestConstructionError{Err: err}
		}
	} else {
		if !httpguts.ValidHeaderFieldName(w.method) { // which is a token, too
			return nil, &RequestConstructionError{Err: fmt.Errorf("invalid method %q", w.method)}
		}
		req = (&http.Request{Method: w.method, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1}).WithContext(ctx)
	}
	req.URL = w.url
	req.Host = w.url.Host
	req.Header = w.header
	return req, nil
}

// reader returns what is read for the body; nil if there is none.
func (w *wireRequest) reader() io.Reader {
	switch {
	case w.stream != nil:
		return w.stream
	case w.body != nil:
		return bytes.NewReader(w.body)
	}
	return nil
}

// replayable reports whether w can be sent more than once.
func (w *wireRequest) replayable() bool { return w.stream == nil }

// safe reports whether sending w twice does no more than sending it once (RFC 9110 section 9.2.1).
func (w *wireRequest) safe() bool {
	switch w.method {
	case http.MethodGet, http.MethodHead, http.MethodOptions:
		return true
	}
	return false
}
