package transport

import (
	"errors"
	"net/http"
	"slices"

	"golang.org/x/net/http/httpguts"
)

// header is a header that requests get which have none of its name. It is immutable.
type header struct {
	name   string   // in canonical form
	values []string // shared by all requests: nobody below may change them in place
}

// headerRoundTripper adds fixed headers. However many there are, the request is copied once.
type headerRoundTripper struct {
	wrapped
	headers []header
}

// newHeaderRoundTripper adds a header. Around another headerRoundTripper it becomes one with it.
func newHeaderRoundTripper(name, value string, rt http.RoundTripper) http.RoundTripper {
	headers := []header{{name, []string{value}}}
	if inner, ok := rt.(*headerRoundTripper); ok {
		rt, headers = inner.rt, slices.Concat(headers, inner.headers)
	}
	return &headerRoundTripper{wrapped: wrapped{rt}, headers: headers}
}

func (h *headerRoundTripper) RoundTrip(req *http.Request) (*http.Response, error) {
	var clone *http.Request
	for _, header := range h.headers {
		if req.Header.Get(header.name) != "" {
			continue
		}
		if clone == nil {
			clone = withRoomForHeaders(req, len(h.headers))
		}
		clone.Header[header.name] = header.values
	}
	if clone != nil {
		req = clone
	}
	return h.rt.RoundTrip(req)
}

// withHeader returns a copy of req with one more header. name is in canonical form.
func withHeader(req *http.Request, name, value string) *http.Request {
	clone := withRoomForHeaders(req, 1)
	clone.Header[name] = []string{value}
	return clone
}

// withRoomForHeaders returns a copy of req to which n headers can be added.
func withRoomForHeaders(req *http.Request, n int) *http.Request {
	clone := new(http.Request)
	*clone = *req
	clone.Header = make(http.Header, len(req.Header)+n)
	for k, v := range req.Header {
		clone.Header[k] = v // the values are shared: nobody below may change them in place
	}
	return clone
}

// validHeaderValue refuses what could end a header and begin another (CR, LF, NUL, other control characters). The error
// does not repeat the value: it may be a secret.
func validHeaderValue(v string) error {
	if !httpguts.ValidHeaderFieldValue(v) {
		return errors.New("the value has a line break or another control character, which an HTTP header must not have")
	}
	return nil
}
