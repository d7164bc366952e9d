package transport

import (
	"encoding/base64"
	"net/http"
)

// NewBasicAuthRoundTripper adds HTTP basic authentication (RFC 7617) to requests that have no Authorization header,
// whatever host they are for; New sees to it that only Config.Origin gets the password.
func NewBasicAuthRoundTripper(username, password string, rt http.RoundTripper) http.RoundTripper {
	credentials := base64.StdEncoding.EncodeToString([]byte(username + ":" + password))
	return &basicRoundTripper{header: "Basic " + credentials, wrapped: wrapped{rt}}
}

type basicRoundTripper struct {
	wrapped
	header string
}

func (b *basicRoundTripper) RoundTrip(req *http.Request) (*http.Response, error) {
	if req.Header.Get(authorizationHeader) != "" {
		return b.rt.RoundTrip(req)
	}
	return b.rt.RoundTrip(withHeader(req, authorizationHeader, b.header))
}
