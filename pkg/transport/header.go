package transport

import (
	"errors"
	"net/http"

	"golang.org/x/net/http/httpguts"
)

// withHeader returns a copy of req with one more header. name is in canonical form.
func withHeader(req *http.Request, name, value string) *http.Request {
	clone := new(http.Request)
	*clone = *req
	clone.Header = make(http.Header, len(req.Header)+1)
	for k, v := range req.Header {
		clone.Header[k] = v // the values are shared: nobody below may change them in place
	}
	clone.Header[name] = []string{value}
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
