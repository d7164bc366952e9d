package transport

import (
	"context"
	"fmt"
	"net/http"
	"sync"
	"time"

	"golang.org/x/oauth2"
	"k8s.io/klog/v2"
)

// tokenLeeway is how long before its expiry a token is replaced, so that it does not expire on its way.
const tokenLeeway = 10 * time.Second

// ResettableTokenSource is a TokenSource that can be told that a token is no good.
type ResettableTokenSource interface {
	oauth2.TokenSource
	// ResetTokenOlderThan makes Token get another one if the present one was obtained before t.
	ResetTokenOlderThan(t time.Time)
}

// NewCachedFileTokenSource returns a source for the bearer token in the file at path. The file is read when a token is
// first asked for, again once that is a minute old, and after a reset. What cannot be read then leaves the last good token in
// use, and is logged.
func NewCachedFileTokenSource(path string) *cachingTokenSource {
	return NewCachedTokenSource(&fileTokenSource{path: path})
}

// NewCachedTokenSource returns a source that asks ts for a token only if the last one expires within ten seconds or was
// reset. If ts fails, a token that has not expired and was not reset stays in use. However many ask, ts is asked once at a
// time.
func NewCachedTokenSource(ts oauth2.TokenSource) *cachingTokenSource {
	return &cachingTokenSource{base: ts}
}

// TokenSourceWrapTransport returns a wrapper that adds the bearer token of ts, which it caches, to requests that have no
// Authorization header. A token that the server answers 401 to is replaced as described at NewCredentialRoundTripper. The
// wrapper knows nothing of Config.Origin.
func TokenSourceWrapTransport(ts oauth2.TokenSource) func(http.RoundTripper) http.RoundTripper {
	return ResettableTokenSourceWrapTransport(NewCachedTokenSource(ts))
}

// ResettableTokenSourceWrapTransport is TokenSourceWrapTransport for a source with a cache of its own.
func ResettableTokenSourceWrapTransport(ts ResettableTokenSource) func(http.RoundTripper) http.RoundTripper {
	source := &tokenSourceCredentials{source: ts}
	return func(rt http.RoundTripper) http.RoundTripper { return NewCredentialRoundTripper(source, rt) }
}

// cachingTokenSource implements ResettableTokenSource.
type cachingTokenSource struct {
	base  oauth2.TokenSource
	calls sharedCalls // of refresh

	mu       sync.Mutex    // guards the fields below, and is not held while base is asked
	token    *oauth2.Token // nil for none
	obtained time.Time     // when base was asked for token
}

// Token implements oauth2.TokenSource.
func (c *cachingTokenSource) Token() (*oauth2.Token, error) { return c.get(context.Background()) }

// ResetTokenOlderThan implements ResettableTokenSource.
func (c *cachingTokenSource) ResetTokenOlderThan(t time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.obtained.Before(t) {
		c.token = nil
	}
}

// get is Token, but waits no longer than ctx lets it.
func (c *cachingTokenSource) get(ctx context.Context) (*oauth2.Token, error) {
	if token, fresh := c.cached(); fresh {
		return token, nil
	}
	return c.calls.do(ctx, c.refresh)
}

// cached returns the token, if any, and whether it need not be replaced yet.
func (c *cachingTokenSource) cached() (token *oauth2.Token, fresh bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.token, c.token != nil && (c.token.Expiry.IsZero() || time.Until(c.token.Expiry) > tokenLeeway)
}

func (c *cachingTokenSource) refresh() (*oauth2.Token, error) {
	old, fresh := c.cached()
	if fresh { // another call has just ended
		return old, nil
	}
	began := time.Now()
	token, err := c.base.Token()
	if err != nil {
		if old != nil && time.Now().Before(old.Expiry) {
			klog.Background().Error(err, "Unable to get a new token, using the last one until it expires")
			return old, nil
		}
		return nil, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.token, c.obtained = token, began
	return token, nil
}

// fileTokenSource reads a token from a file. It is used by one goroutine at a time.
type fileTokenSource struct {
	path string
	last string // the last good token
}

// Token implements oauth2.TokenSource.
func (f *fileTokenSource) Token() (*oauth2.Token, error) {
	switch token, err := readToken(f.path); {
	case err == nil:
		f.last = token
	case f.last == "":
		return nil, err
	default:
		klog.Background().Error(err, "Using the last good bearer token")
	}
	return &oauth2.Token{AccessToken: f.last, Expiry: time.Now().Add(tokenFileAge + tokenLeeway)}, nil
}

// tokenSourceCredentials makes a CredentialSource of a ResettableTokenSource.
type tokenSourceCredentials struct {
	source ResettableTokenSource
	calls  sharedCalls // of source.Token

	mu   sync.Mutex // guards last
	last string     // the token that source gave last; empty after it was rejected
}

// Credential implements CredentialSource.
func (s *tokenSourceCredentials) Credential(ctx context.Context) (Credential, error) {
	var token *oauth2.Token
	var err error
	if caching, ok := s.source.(*cachingTokenSource); ok {
		token, err = caching.get(ctx)
	} else {
		token, err = s.calls.do(ctx, s.source.Token)
	}
	if err != nil {
		return Credential{}, fmt.Errorf("unable to get a bearer token: %w", err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.last = token.AccessToken
	return Credential{Token: token.AccessToken}, nil
}

// Expire implements CredentialSource.
func (s *tokenSourceCredentials) Expire(rejected Credential) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.last != "" && s.last == rejected.Token {
		s.last = ""
		s.source.ResetTokenOlderThan(time.Now())
	}
}

// sharedCalls lets all who want the same at the same time wait for one call.
type sharedCalls struct {
	mu      sync.Mutex // guards running
	running *sharedCall
}

type sharedCall struct {
	done  chan struct{} // closed when the fields below are set
	token *oauth2.Token
	err   error
}

// do returns what fn does, or an error when ctx is done. fn goes on then, for the others who wait.
func (s *sharedCalls) do(ctx context.Context, fn func() (*oauth2.Token, error)) (*oauth2.Token, error) {
	s.mu.Lock()
	call := s.running
	if call == nil {
		call = &sharedCall{done: make(chan struct{})}
		s.running = call
		go func() {
			call.token, call.err = fn()
			s.mu.Lock()
			s.running = nil
			s.mu.Unlock()
			close(call.done)
		}()
	}
	s.mu.Unlock()
	select {
	case <-call.done:
		return call.token, call.err
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
}
