package transport

import (
	"context"
	"errors"
	"net/http"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/oauth2"

	"github.com/kubewright/kubewright/pkg/internal/canary"
)

// issuer is a token source that numbers its tokens.
type issuer struct {
	calls    atomic.Int64
	lifetime time.Duration
	err      error
	hang     chan struct{} // if set, Token waits for it
}

func (i *issuer) Token() (*oauth2.Token, error) {
	n := i.calls.Add(1)
	if i.hang != nil {
		<-i.hang
	}
	if i.err != nil {
		return nil, i.err
	}
	return &oauth2.Token{AccessToken: canary.Secret + strings.Repeat("i", int(n)), Expiry: time.Now().Add(i.lifetime)}, nil
}

func expectToken(t *testing.T, ts oauth2.TokenSource, want string) {
	t.Helper()
	if token, err := ts.Token(); err != nil || token.AccessToken != want {
		t.Errorf("token %v, error %v, want %q", token, err, want)
	}
}

func TestCachedTokenSource(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		base := &issuer{lifetime: time.Hour}
		ts := NewCachedTokenSource(base)
		expectToken(t, ts, canary.Secret+"i")
		time.Sleep(time.Hour - tokenLeeway - 1)
		expectToken(t, ts, canary.Secret+"i")
		time.Sleep(time.Nanosecond)
		expectToken(t, ts, canary.Secret+"ii")

		base.err = errors.New("out of order")
		time.Sleep(time.Hour - tokenLeeway)
		expectToken(t, ts, canary.Secret+"ii") // as long as it is valid
		time.Sleep(tokenLeeway)
		if _, err := ts.Token(); !errors.Is(canary.Err(t, err), base.err) {
			t.Errorf("error %v", err)
		}
	})
}

func TestCachedTokenSourceReset(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ts := NewCachedTokenSource(&issuer{lifetime: time.Hour})
		expectToken(t, ts, canary.Secret+"i")
		ts.ResetTokenOlderThan(time.Now()) // not older
		expectToken(t, ts, canary.Secret+"i")
		time.Sleep(time.Nanosecond)
		ts.ResetTokenOlderThan(time.Now())
		expectToken(t, ts, canary.Secret+"ii")
	})
}

func TestCachedFileTokenSource(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		path := filepath.Join(t.TempDir(), "token")
		ts := NewCachedFileTokenSource(path)
		if _, err := ts.Token(); err == nil || !strings.Contains(canary.Err(t, err).Error(), path) {
			t.Errorf("error %v, want one that names the file", err)
		}
		writeFile(t, path, one+"\n")
		expectToken(t, ts, one)
		writeFile(t, path, two+"\n")
		expectToken(t, ts, one)
		time.Sleep(tokenFileAge)
		expectToken(t, ts, two)
		writeFile(t, path, "")
		time.Sleep(tokenFileAge)
		expectToken(t, ts, two)
		writeFile(t, path, three)
		ts.ResetTokenOlderThan(time.Now().Add(1))
		expectToken(t, ts, three)
	})
}

func TestTokenSource401OneRefreshHoweverManyRequestsFail(t *testing.T) {
	for name, wrap := range map[string]func(*issuer) func(http.RoundTripper) http.RoundTripper{
		"cached": func(base *issuer) func(http.RoundTripper) http.RoundTripper { return TokenSourceWrapTransport(base) },
		"foreign": func(base *issuer) func(http.RoundTripper) http.RoundTripper {
			return ResettableTokenSourceWrapTransport(&foreign{NewCachedTokenSource(base)})
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				base := &issuer{lifetime: time.Hour}
				server := newGate(canary.Secret + "i")
				rt := wrap(base)(server)
				if code, _ := exchange(t, rt, nil); code != 200 {
					t.Errorf("status %d", code)
				}
				time.Sleep(time.Minute)
				second := canary.Secret + "ii"
				server.want.Store(&second)
				var wg sync.WaitGroup
				for range 200 {
					wg.Go(func() {
						if code, body := exchange(t, rt, strings.NewReader("x")); code != 200 || body != "x" {
							t.Errorf("status %d, body %q", code, body)
						}
					})
				}
				wg.Wait()
				if n := base.calls.Load(); n != 2 {
					t.Errorf("%d tokens, want two", n)
				}
			})
		})
	}
}

// foreign hides what a source is.
type foreign struct{ ResettableTokenSource }

func TestTokenSourceThatHangsHonoursTheContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		base := &issuer{hang: make(chan struct{}), lifetime: time.Hour}
		for _, wrapper := range []func(http.RoundTripper) http.RoundTripper{
			TokenSourceWrapTransport(base), ResettableTokenSourceWrapTransport(&foreign{NewCachedTokenSource(base)}),
		} {
			ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
			begin := time.Now()
			_, err := wrapper(&recorder{}).RoundTrip(getRequest(t, "https://host").WithContext(ctx))
			if !errors.Is(canary.Err(t, err), context.DeadlineExceeded) || time.Since(begin) != time.Minute {
				t.Errorf("error %v after %v", err, time.Since(begin))
			}
			cancel()
		}
		close(base.hang)
	})
}

func TestContextCanceller(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	stopped := errors.New("stopped")
	rt := ContextCanceller(ctx, stopped)(&recorder{})
	send(t, rt, "https://host/", nil)
	cancel()
	body := &closeRecorder{Reader: strings.NewReader("x")}
	req := getRequest(t, "https://host/")
	req.Body = body
	if _, err := rt.RoundTrip(req); !errors.Is(canary.Err(t, err), stopped) || !body.closed {
		t.Errorf("error %v, body closed: %v", err, body.closed)
	}
}

func TestAuthProxyHeaders(t *testing.T) {
	r := &recorder{}
	rt := NewAuthProxyRoundTripper("u", "7", []string{"a", "b"}, map[string][]string{"example.com/x": {"1", "2"}}, r)
	send(t, rt, "https://host/", http.Header{
		"X-Remote-User": {"root"}, "x-remote-user": {"root"}, "X-Remote-Group": {"system:masters"}, "X-Remote-Extra-Y": {"z"}, "X-Other": {"kept"},
	})
	want := http.Header{"X-Remote-User": {"u"}, "X-Remote-Uid": {"7"}, "X-Remote-Group": {"a", "b"}, "X-Remote-Extra-Example.com%2fx": {"1", "2"}, "X-Other": {"kept"}}
	if d := cmp.Diff(want, r.header); d != "" {
		t.Errorf("headers (-want +got):\n%s", d)
	}
	for _, rt := range []http.RoundTripper{
		NewAuthProxyRoundTripper("u\r\nX-Remote-Group: system:masters", "", nil, nil, r),
		NewAuthProxyRoundTripper("u", "", nil, map[string][]string{"k": {"\n"}}, r),
	} {
		if _, err := rt.RoundTrip(getRequest(t, "https://host/")); err == nil || !strings.Contains(canary.Err(t, err).Error(), "control character") {
			t.Errorf("error %v", err)
		}
	}
}
