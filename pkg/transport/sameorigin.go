package transport

import (
	"net/http"
	"net/url"
	"strings"
)

// sameOriginRoundTripper sends requests for one origin through trusted, which adds credentials, and all others through
// other, which does not.
type sameOriginRoundTripper struct {
	wrapped            // trusted
	other              http.RoundTripper
	scheme, host, port string
}

func newSameOriginRoundTripper(origin *url.URL, trusted, other http.RoundTripper) *sameOriginRoundTripper {
	s := &sameOriginRoundTripper{wrapped: wrapped{trusted}, other: other}
	s.scheme, s.host, s.port = originOf(origin)
	return s
}

func (s *sameOriginRoundTripper) RoundTrip(req *http.Request) (*http.Response, error) {
	scheme, host, port := originOf(req.URL)
	if scheme == s.scheme && port == s.port && strings.EqualFold(host, s.host) {
		return s.rt.RoundTrip(req)
	}
	return s.other.RoundTrip(req)
}

// originOf returns the scheme, host and port of u (RFC 6454), the port never empty if the scheme has a default one.
func originOf(u *url.URL) (scheme, host, port string) {
	scheme, host, port = u.Scheme, u.Hostname(), u.Port()
	switch scheme {
	case "wss":
		scheme = "https"
	case "ws":
		scheme = "http"
	}
	if port == "" {
		switch scheme {
		case "https":
			port = "443"
		case "http":
			port = "80"
		}
	}
	return scheme, host, port
}
