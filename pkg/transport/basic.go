package transport

import (
	"encoding/base64"
	"net/http"
)

// NewBasicAuthRoundTripper adds HTTP basic authentication (RFC 7617) to requests that have no Authorization header,
// whatever host they are for; New sees to it that only Config.Origin gets the password.
func NewBasicAuthRoundTripper(username, password string, rt http.RoundTripper) http.RoundTripper {
	credentials := base64.StdEncoding.EncodeToString([]byte(username + ":" + password))
	return newHeaderRoundTripper(authorizationHeader, "Basic "+credentials, rt)
}
