package transport

import (
	"fmt"
	"net/http"
	"strings"
)

// The headers by which an authenticating proxy tells the API server who the user is; see "Authenticating proxy" in the
// Kubernetes documentation of authentication.
const (
	remoteUserHeader        = "X-Remote-User"
	remoteUIDHeader         = "X-Remote-Uid"
	remoteGroupHeader       = "X-Remote-Group"
	remoteExtraHeaderPrefix = "X-Remote-Extra-"
)

// NewAuthProxyRoundTripper says in the headers of each request who the user is, in place of what the request says. It is for
// proxies that authenticate users; the API server believes it of them alone. The keys of extra have to be in lower case. A
// value that cannot be in a header fails the request.
func NewAuthProxyRoundTripper(username, uid string, groups []string, extra map[string][]string, rt http.RoundTripper) http.RoundTripper {
	return &authProxyRoundTripper{username: username, uid: uid, groups: groups, extra: extra, wrapped: wrapped{rt}}
}

type authProxyRoundTripper struct {
	wrapped
	username, uid string
	groups        []string
	extra         map[string][]string
}

func (a *authProxyRoundTripper) RoundTrip(req *http.Request) (*http.Response, error) {
	clone := req.Clone(req.Context())
	SetAuthProxyHeaders(clone, a.username, a.uid, a.groups, a.extra)
	for name, values := range clone.Header {
		if !isAuthProxyHeader(name) {
			continue
		}
		for _, value := range values {
			if err := validHeaderValue(value); err != nil {
				closeBody(req)
				return nil, fmt.Errorf("%s: %w", name, err)
			}
		}
	}
	return a.rt.RoundTrip(clone)
}

// SetAuthProxyHeaders says in the headers of req who the user is, and removes all that they said of that before. It changes
// req.
func SetAuthProxyHeaders(req *http.Request, username, uid string, groups []string, extra map[string][]string) {
	for name := range req.Header {
		if isAuthProxyHeader(name) {
			delete(req.Header, name)
		}
	}
	req.Header.Set(remoteUserHeader, username)
	if uid != "" {
		req.Header.Set(remoteUIDHeader, uid)
	}
	for _, group := range groups {
		req.Header.Add(remoteGroupHeader, group)
	}
	for key, values := range extra {
		for _, value := range values {
			req.Header.Add(remoteExtraHeaderPrefix+escapeExtraKey(key), value)
		}
	}
}

// isAuthProxyHeader reports whether a header is one of those, in whatever case it was written.
func isAuthProxyHeader(name string) bool {
	switch name = http.CanonicalHeaderKey(name); name {
	case remoteUserHeader, remoteUIDHeader, remoteGroupHeader:
		return true
	}
	return len(name) >= len(remoteExtraHeaderPrefix) && strings.EqualFold(name[:len(remoteExtraHeaderPrefix)], remoteExtraHeaderPrefix)
}
