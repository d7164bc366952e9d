package transport

import (
	"fmt"
	"net/http"

	"k8s.io/klog/v2"
)

const authorizationHeader = "Authorization"

// NewBearerAuthRoundTripper adds the bearer token to requests that have no Authorization header, whatever host they are
// for; New sees to it that only Config.Origin gets the token.
func NewBearerAuthRoundTripper(bearer string, rt http.RoundTripper) http.RoundTripper {
	return &bearerRoundTripper{header: "Bearer " + bearer, wrapped: wrapped{rt}}
}

// NewBearerAuthWithRefreshRoundTripper is NewBearerAuthRoundTripper with a token that is read from tokenFile, if that is
// set: now, unless bearer is given for the beginning, and again once it is a minute old. A file that cannot be
// read later, or is empty, leaves the last good token in use and logs it.
func NewBearerAuthWithRefreshRoundTripper(bearer string, tokenFile string, rt http.RoundTripper) (http.RoundTripper, error) {
	if tokenFile == "" {
		if err := validHeaderValue(bearer); err != nil {
			return nil, fmt.Errorf("bearer token: %w", err)
		}
		return NewBearerAuthRoundTripper(bearer, rt), nil
	}
	file := &tokenFileSource{path: tokenFile}
	if err := file.start(bearer); err != nil {
		return nil, err
	}
	return &bearerRoundTripper{file: file, wrapped: wrapped{rt}}, nil
}

// bearerRoundTripper is immutable but for what file does in it.
type bearerRoundTripper struct {
	wrapped
	header string           // used if file is nil
	file   *tokenFileSource // nil for a fixed token
}

func (b *bearerRoundTripper) RoundTrip(req *http.Request) (*http.Response, error) {
	if req.Header.Get(authorizationHeader) != "" {
		return b.rt.RoundTrip(req)
	}
	header := b.header
	if b.file != nil {
		var err error
		if header, err = b.file.header(); err != nil {
			klog.FromContext(req.Context()).Error(err, "Using the last good bearer token")
		}
	}
	return b.rt.RoundTrip(withHeader(req, authorizationHeader, header))
}
