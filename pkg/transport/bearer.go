package transport

import (
	"fmt"
	"net/http"
)

const authorizationHeader = "Authorization"

// NewBearerAuthRoundTripper adds the bearer token to requests that have no Authorization header, whatever host they are
// for; New sees to it that only Config.Origin gets the token.
func NewBearerAuthRoundTripper(bearer string, rt http.RoundTripper) http.RoundTripper {
	return newHeaderRoundTripper(authorizationHeader, "Bearer "+bearer, rt)
}

// NewBearerAuthWithRefreshRoundTripper is NewBearerAuthRoundTripper with a token that is read from tokenFile, if that is
// set: now, and again once it is a minute old or the server answered 401 to it, in which case the request is repeated as
// described at NewCredentialRoundTripper. bearer is for the time until the file can be read. A file that cannot be read
// later, or is empty, leaves the last good token in use and logs it.
func NewBearerAuthWithRefreshRoundTripper(bearer string, tokenFile string, rt http.RoundTripper) (http.RoundTripper, error) {
	if tokenFile == "" {
		if err := validHeaderValue(bearer); err != nil {
			return nil, fmt.Errorf("bearer token: %w", err)
		}
		return NewBearerAuthRoundTripper(bearer, rt), nil
	}
	file, err := newTokenFile(tokenFile, bearer)
	if err != nil {
		return nil, err
	}
	return NewCredentialRoundTripper(file, rt), nil
}
