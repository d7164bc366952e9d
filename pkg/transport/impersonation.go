package transport

import (
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
)

// The headers of impersonation; see "User impersonation" in the Kubernetes documentation of authentication.
const (
	ImpersonateUserHeader  = "Impersonate-User"
	ImpersonateUIDHeader   = "Impersonate-Uid"
	ImpersonateGroupHeader = "Impersonate-Group" // once per group
	// ImpersonateUserExtraHeaderPrefix is followed by the key, percent-encoded; once per value.
	ImpersonateUserExtraHeaderPrefix = "Impersonate-Extra-"
)

// NewImpersonatingRoundTripper adds the impersonation headers to requests that have no Impersonate-User header.
func NewImpersonatingRoundTripper(impersonate ImpersonationConfig, delegate http.RoundTripper) http.RoundTripper {
	headers := http.Header{}
	headers.Set(ImpersonateUserHeader, impersonate.UserName)
	if impersonate.UID != "" {
		headers.Set(ImpersonateUIDHeader, impersonate.UID)
	}
	for _, group := range impersonate.Groups {
		headers.Add(ImpersonateGroupHeader, group)
	}
	for key, values := range impersonate.Extra {
		for _, value := range values {
			headers.Add(ImpersonateUserExtraHeaderPrefix+escapeExtraKey(key), value)
		}
	}
	return &impersonatingRoundTripper{headers: headers, wrapped: wrapped{delegate}}
}

type impersonatingRoundTripper struct {
	wrapped
	headers http.Header // not changed after construction
}

func (i *impersonatingRoundTripper) RoundTrip(req *http.Request) (*http.Response, error) {
	if req.Header.Get(ImpersonateUserHeader) != "" {
		return i.rt.RoundTrip(req)
	}
	clone := req.Clone(req.Context())
	for name, values := range i.headers {
		clone.Header[name] = slices.Clone(values)
	}
	return i.rt.RoundTrip(clone)
}

func (i *ImpersonationConfig) empty() bool {
	return i.UserName == "" && i.UID == "" && len(i.Groups) == 0 && len(i.Extra) == 0
}

// validate refuses what the server would refuse or, worse, what would become another header.
func (i *ImpersonationConfig) validate() error {
	if i.UserName == "" && !i.empty() {
		return errors.New("impersonation of a UID, group or extra needs a user name too: set Impersonate.UserName")
	}
	values := append([]string{i.UserName, i.UID}, i.Groups...)
	for _, key := range slices.Sorted(maps.Keys(i.Extra)) {
		values = append(values, i.Extra[key]...)
	}
	for _, v := range values {
		if err := validHeaderValue(v); err != nil {
			return fmt.Errorf("impersonation: %w", err)
		}
	}
	return nil
}

// escapeExtraKey percent-encodes the bytes of key that a header name cannot have (RFC 9110, token), and the percent sign.
func escapeExtraKey(key string) string {
	const punctuation = "!#$&'*+-.^_`|~"
	var b strings.Builder
	for i := range len(key) {
		c := key[i]
		switch {
		case '0' <= c && c <= '9', 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', strings.IndexByte(punctuation, c) >= 0:
			b.WriteByte(c)
		default:
			fmt.Fprintf(&b, "%%%02X", c)
		}
	}
	return b.String()
}
