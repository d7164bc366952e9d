package transport

import "net/http"

// NewUserAgentRoundTripper adds the User-Agent header to requests that have none.
func NewUserAgentRoundTripper(agent string, rt http.RoundTripper) http.RoundTripper {
	return newHeaderRoundTripper("User-Agent", agent, rt)
}
