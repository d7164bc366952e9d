package transport

import "net/http"

// NewUserAgentRoundTripper adds the User-Agent header to requests that have none.
func NewUserAgentRoundTripper(agent string, rt http.RoundTripper) http.RoundTripper {
	return &userAgentRoundTripper{agent: agent, wrapped: wrapped{rt}}
}

type userAgentRoundTripper struct {
	wrapped
	agent string
}

func (u *userAgentRoundTripper) RoundTrip(req *http.Request) (*http.Response, error) {
	if req.Header.Get("User-Agent") != "" {
		return u.rt.RoundTrip(req)
	}
	return u.rt.RoundTrip(withHeader(req, "User-Agent", u.agent))
}
