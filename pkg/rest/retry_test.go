package rest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"golang.org/x/net/http2"
	apierrors "k8s.io/apimachinery/pkg/api/errors"

	"github.com/kubewright/kubewright/pkg/internal/canary"
)

// script answers the n-th attempt with its n-th entry, and further ones with the last.
type script struct {
	answers []func() (*http.Response, error)
	bodies  []string // what came with each attempt
}

func (s *script) RoundTrip(req *http.Request) (*http.Response, error) {
	body := ""
	if req.Body != nil {
		b, err := io.ReadAll(req.Body)
		if err != nil {
			return nil, err
		}
		body = string(b)
	}
	s.bodies = append(s.bodies, body)
	return s.answers[min(len(s.bodies), len(s.answers))-1]()
}

func answer(code int, header ...string) func() (*http.Response, error) {
	return func() (*http.Response, error) {
		return respond(code, "application/json", []byte(`{"kind":"Status","apiVersion":"v1","status":"Success"}`), header...), nil
	}
}

func lost(err error) func() (*http.Response, error) {
	return func() (*http.Response, error) { return nil, err }
}

func TestRetry(t *testing.T) {
	ok := answer(200)
	reset := lost(fmt.Errorf("read: %w", syscall.ECONNRESET))
	for _, test := range []struct {
		name     string
		verb     string
		body     any
		answers  []func() (*http.Response, error)
		attempts int
		waited   time.Duration // -1: some backoff
		ok       bool
	}{
		{"429 with seconds", "GET", nil, []func() (*http.Response, error){answer(429, "Retry-After", "3"), ok}, 2, 3 * time.Second, true},
		{"429 of a write", "POST", []byte("x"), []func() (*http.Response, error){answer(429, "Retry-After", "1"), ok}, 2, time.Second, true},
		{"503 of a write", "PUT", []byte("x"), []func() (*http.Response, error){answer(503, "Retry-After", "1"), answer(503, "Retry-After", "2"), ok}, 3, 3 * time.Second, true},
		{"429 without Retry-After", "GET", nil, []func() (*http.Response, error){answer(429), ok}, 1, 0, false},
		{"Retry-After that is garbage", "GET", nil, []func() (*http.Response, error){answer(429, "Retry-After", "soon"), ok}, 1, 0, false},
		{"Retry-After that is negative", "GET", nil, []func() (*http.Response, error){answer(429, "Retry-After", "-1"), ok}, 1, 0, false},
		{"Retry-After that is too long", "GET", nil, []func() (*http.Response, error){answer(429, "Retry-After", "86400"), ok}, 2, maxRetryAfter, true},
		{"Retry-After of no time", "GET", nil, []func() (*http.Response, error){answer(429, "Retry-After", "0"), ok}, 2, -1, true},
		{"500 with Retry-After of a read", "GET", nil, []func() (*http.Response, error){answer(500, "Retry-After", "1"), ok}, 2, time.Second, true},
		{"500 with Retry-After of a write", "POST", []byte("x"), []func() (*http.Response, error){answer(500, "Retry-After", "1"), ok}, 1, 0, false},
		{"404 with Retry-After", "GET", nil, []func() (*http.Response, error){answer(404, "Retry-After", "1"), ok}, 1, 0, false},
		{"lost connection of a read", "GET", nil, []func() (*http.Response, error){reset, reset, ok}, 3, -1, true},
		{"lost connection of a write", "POST", []byte("x"), []func() (*http.Response, error){reset, ok}, 1, 0, false},
		{"refused stream of a write", "POST", []byte("x"), []func() (*http.Response, error){lost(http2.StreamError{Code: http2.ErrCodeRefusedStream}), ok}, 2, -1, true},
		{"stream of a write that ended with another code", "POST", []byte("x"), []func() (*http.Response, error){lost(http2.StreamError{Code: http2.ErrCodeInternal}), ok}, 1, 0, false},
		{"connection that is not used any more", "GET", nil, []func() (*http.Response, error){lost(errors.New("http2: client connection force closed via ClientConn.Close")), lost(errors.New("http: server closed idle connection")), ok}, 3, -1, true},
		{"end of the connection", "GET", nil, []func() (*http.Response, error){lost(fmt.Errorf("read: %w", io.EOF)), lost(syscall.EPIPE), ok}, 3, -1, true},
		{"refused connection", "GET", nil, []func() (*http.Response, error){lost(syscall.ECONNREFUSED), ok}, 1, 0, false},
		{"body that cannot be sent again", "PUT", strings.NewReader("x"), []func() (*http.Response, error){answer(429, "Retry-After", "1"), ok}, 1, 0, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := &script{answers: test.answers}
				c := newTestClient(t, s.RoundTrip, nil)
				begin := time.Now()
				err := c.Verb(test.verb).Body(test.body).Do(t.Context()).Error()
				waited := time.Since(begin)
				if (err == nil) != test.ok {
					t.Errorf("error %v, want success: %v", err, test.ok)
				}
				if len(s.bodies) != test.attempts {
					t.Errorf("%d attempts, want %d", len(s.bodies), test.attempts)
				}
				if waited != test.waited && (test.waited != -1 || waited <= 0 || waited > time.Second) {
					t.Errorf("waited %v, want %v", waited, test.waited)
				}
				for i, body := range s.bodies {
					if want := s.bodies[0]; body != want {
						t.Errorf("attempt %d sent %q, want %q", i+1, body, want)
					}
				}
			})
		})
	}
}

func TestRetryEndsAtMaxRetries(t *testing.T) {
	for _, test := range []struct{ max, attempts int }{{-1, defaultMaxRetries + 1}, {3, 4}, {0, 1}} {
		synctest.Test(t, func(t *testing.T) {
			s := &script{answers: []func() (*http.Response, error){lost(syscall.ECONNRESET)}}
			r := newTestClient(t, s.RoundTrip, nil).Get()
			if test.max >= 0 {
				r.MaxRetries(test.max)
			}
			err := r.Do(t.Context()).Error()
			if !errors.Is(canary.Err(t, err), syscall.ECONNRESET) || len(s.bodies) != test.attempts {
				t.Errorf("%d attempts, error %v, want %d", len(s.bodies), err, test.attempts)
			}
		})
	}
}

func TestCancelledRetryEndsAtOnceAndNamesFirstAndLastCause(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &script{answers: []func() (*http.Response, error){lost(syscall.ECONNRESET), answer(429, "Retry-After", "30")}}
		c := newTestClient(t, s.RoundTrip, nil)
		ctx, cancel := context.WithCancel(t.Context())
		begin := time.Now()
		time.AfterFunc(time.Second, cancel)
		err := c.Get().Do(ctx).Error()
		if !errors.Is(canary.Err(t, err), context.Canceled) {
			t.Errorf("error %v, want that the context was cancelled", err)
		}
		for _, want := range []string{"after attempt 2", "connection reset by peer", "the server answered with Too Many Requests"} {
			if !strings.Contains(canary.Err(t, err).Error(), want) {
				t.Errorf("error %q, want one with %q", err, want)
			}
		}
		if d := time.Since(begin); d != time.Second {
			t.Errorf("it took %v, want 1s", d)
		}
	})
}

func TestNoWaitBeginsThatWouldEndAfterTheDeadline(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &script{answers: []func() (*http.Response, error){answer(429, "Retry-After", "30")}}
		c := newTestClient(t, s.RoundTrip, nil)
		ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
		defer cancel()
		begin := time.Now()
		if err := c.Get().Do(ctx).Error(); !apierrors.IsTooManyRequests(err) {
			t.Errorf("error %v, want the server's answer", err)
		}
		if d := time.Since(begin); d != 0 || len(s.bodies) != 1 {
			t.Errorf("it took %v and %d attempts, want none and 1", d, len(s.bodies))
		}
	})
}

// A cause that says something else than that the context ended does not hide that.
func TestCancelledRequestKeepsTheCauseOfItsContext(t *testing.T) {
	cause := errors.New("lost the lease")
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(cause)
	s := &script{answers: []func() (*http.Response, error){answer(200)}}
	err := newTestClient(t, s.RoundTrip, nil).Get().Do(ctx).Error()
	if !errors.Is(canary.Err(t, err), context.Canceled) || !errors.Is(canary.Err(t, err), cause) || len(s.bodies) != 0 {
		t.Errorf("error %v after %d attempts", err, len(s.bodies))
	}
}

func TestBodyThatBreaksOffIsReadAgainFromTheStart(t *testing.T) {
	broken := func() (*http.Response, error) {
		resp := respond(200, "application/json", nil)
		resp.Body = stream([]byte(`{"kind":`), io.ErrUnexpectedEOF)
		return resp, nil
	}
	for _, test := range []struct {
		verb     string
		attempts int
	}{{"GET", 3}, {"POST", 1}} {
		synctest.Test(t, func(t *testing.T) {
			s := &script{answers: []func() (*http.Response, error){broken, broken, answer(200)}}
			body, err := newTestClient(t, s.RoundTrip, nil).Verb(test.verb).DoRaw(t.Context())
			if len(s.bodies) != test.attempts {
				t.Errorf("%s: %d attempts, want %d", test.verb, len(s.bodies), test.attempts)
			}
			if test.attempts > 1 && (err != nil || !strings.Contains(string(body), "Success")) {
				t.Errorf("%s: body %q, error %v", test.verb, body, err)
			}
			if test.attempts == 1 && !errors.Is(canary.Err(t, err), io.ErrUnexpectedEOF) {
				t.Errorf("%s: error %v", test.verb, err)
			}
		})
	}
}

func TestErrorsShowNoQueryAndNoUser(t *testing.T) {
	c := newTestClient(t, lostRoundTrip(syscall.ECONNREFUSED), func(c *Config) { c.Host = "https://" + secret + ":" + secret + "@server.example" })
	err := c.Get().AbsPath("/x").Param("token", secret).Do(t.Context()).Error()
	if err == nil || strings.Contains(canary.Err(t, err).Error(), secret) || !strings.Contains(canary.Err(t, err).Error(), "https://server.example/x") || !errors.Is(canary.Err(t, err), syscall.ECONNREFUSED) {
		t.Errorf("error %v", err)
	}
}

func lostRoundTrip(err error) roundTripper {
	return func(*http.Request) (*http.Response, error) { return nil, err }
}

func TestRetryAfterHeader(t *testing.T) {
	now := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	for value, want := range map[string]time.Duration{
		"":                           -1,
		"0":                          0,
		"7":                          7 * time.Second,
		" 7 ":                        7 * time.Second,
		"-7":                         -1,
		"7.5":                        -1,
		"soon":                       -1,
		"61":                         maxRetryAfter,
		"99999999999999999999999999": maxRetryAfter,
		now.Add(9 * time.Second).Format(http.TimeFormat): 9 * time.Second,
		now.Add(-time.Hour).Format(http.TimeFormat):      0,
		now.Add(time.Hour).Format(http.TimeFormat):       maxRetryAfter,
	} {
		got, ok := retryAfter(http.Header{"Retry-After": {value}}, now)
		if !ok {
			got = -1
		}
		if got != want {
			t.Errorf("Retry-After %q: %v, want %v", value, got, want)
		}
	}
}

func FuzzRetryAfter(f *testing.F) {
	for _, s := range []string{"1", "-1", "1e9", "Fri, 02 Jan 2026 03:04:05 GMT", "999999999999999999999", "\x00", "0x10"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, value string) {
		wait, ok := retryAfter(http.Header{"Retry-After": {value}}, time.Now())
		if wait < 0 || wait > maxRetryAfter || !ok && wait != 0 {
			t.Errorf("%q: %v, %v", value, wait, ok)
		}
	})
}

func TestRateLimit(t *testing.T) {
	for _, test := range []struct {
		name   string
		change func(*Config)
		count  int
		want   time.Duration
	}{
		{"default burst", func(c *Config) { c.QPS = 0 }, 10, 0},
		{"default rate", func(c *Config) { c.QPS = 0 }, 15, time.Second},
		{"own values", func(c *Config) { c.QPS, c.Burst = 2, 1 }, 5, 2 * time.Second},
		{"off", func(c *Config) { c.QPS = -1 }, 1000, 0},
		{"own limiter", func(c *Config) { c.QPS, c.RateLimiter = -1, &slowLimiter{} }, 3, 3 * time.Minute},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				c := newTestClient(t, (&script{answers: []func() (*http.Response, error){answer(200)}}).RoundTrip, test.change)
				begin := time.Now()
				for range test.count {
					if err := c.Get().Do(t.Context()).Error(); err != nil {
						t.Fatal(err)
					}
				}
				if d := time.Since(begin); d != test.want {
					t.Errorf("%d requests took %v, want %v", test.count, d, test.want)
				}
			})
		})
	}
}

// slowLimiter gives a token a minute.
type slowLimiter struct{}

func (*slowLimiter) TryAccept() bool                { return false }
func (*slowLimiter) Stop()                          {}
func (*slowLimiter) QPS() float32                   { return 1. / 60 }
func (*slowLimiter) Accept()                        {}
func (*slowLimiter) Wait(ctx context.Context) error { return sleep(ctx, time.Minute) }

func TestRateLimitedRequestIsCancelled(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newTestClient(t, (&script{answers: []func() (*http.Response, error){answer(200)}}).RoundTrip, func(c *Config) { c.RateLimiter = &slowLimiter{} })
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		err := c.Get().Do(ctx).Error()
		if !errors.Is(canary.Err(t, err), context.DeadlineExceeded) || !strings.Contains(canary.Err(t, err).Error(), "client-side rate limiter") {
			t.Errorf("error %v", err)
		}
	})
}

func TestThrottleReplacesTheLimiter(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newTestClient(t, (&script{answers: []func() (*http.Response, error){answer(200)}}).RoundTrip, nil)
		begin := time.Now()
		if err := c.Get().Throttle(&slowLimiter{}).Do(t.Context()).Error(); err != nil {
			t.Fatal(err)
		}
		if d := time.Since(begin); d != time.Minute {
			t.Errorf("it took %v, want 1m", d)
		}
	})
}

func TestTimeoutEndsARequest(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newTestClient(t, func(req *http.Request) (*http.Response, error) {
			<-req.Context().Done()
			return nil, req.Context().Err()
		}, nil)
		begin := time.Now()
		if err := c.Get().Timeout(3 * time.Second).Do(t.Context()).Error(); !errors.Is(canary.Err(t, err), context.DeadlineExceeded) {
			t.Errorf("error %v", err)
		}
		if d := time.Since(begin); d != 3*time.Second {
			t.Errorf("it took %v, want 3s", d)
		}
	})
}

type recordedBackoff struct{ calls []string }

func (b *recordedBackoff) UpdateBackoff(u *url.URL, err error, code int) {
	b.calls = append(b.calls, fmt.Sprintf("update %s %v %d", u.Path, err, code))
}

func (b *recordedBackoff) CalculateBackoff(u *url.URL) time.Duration {
	b.calls = append(b.calls, "calculate")
	return time.Second
}

func (b *recordedBackoff) Sleep(d time.Duration) {
	b.calls = append(b.calls, "sleep "+d.String())
	time.Sleep(d)
}

func TestBackOffManagerIsAskedAndTold(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newTestClient(t, (&script{answers: []func() (*http.Response, error){answer(200)}}).RoundTrip, nil)
		b := &recordedBackoff{}
		if err := c.Get().BackOff(b).Do(t.Context()).Error(); err != nil {
			t.Fatal(err)
		}
		if got, want := strings.Join(b.calls, "; "), "calculate; sleep 1s; update /api/v1 <nil> 200"; got != want {
			t.Errorf("calls %q, want %q", got, want)
		}
		if err := c.Get().BackOff(nil).BackOffWithContext(&NoBackoff{}).Do(t.Context()).Error(); err != nil {
			t.Error(err)
		}
	})
}
