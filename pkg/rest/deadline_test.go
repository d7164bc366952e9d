package rest

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/kubewright/kubewright/pkg/internal/canary"
	"github.com/kubewright/kubewright/pkg/internal/watchcause"
)

// silent is a server that never answers.
func silent(req *http.Request) (*http.Response, error) {
	<-req.Context().Done()
	return nil, context.Cause(req.Context())
}

// dripping is a server that answers at once and never ends its body.
func dripping(req *http.Request) (*http.Response, error) {
	resp := respond(200, "application/json", nil)
	resp.ContentLength = -1
	resp.Body = io.NopCloser(readerFunc(func(p []byte) (int, error) {
		if err := sleep(req.Context(), time.Second); err != nil {
			return 0, context.Cause(req.Context())
		}
		return copy(p, " "), nil
	}))
	return resp, nil
}

func TestDeadlines(t *testing.T) {
	for _, test := range []struct {
		name   string
		change func(*Config)
		req    func(*Request) *Request
		bound  time.Duration // of the context; 0: none
		want   time.Duration
		cause  string
	}{
		{"of nobody", nil, nil, 0, defaultTimeout, "no answer within 10m0s"},
		{"of the context, which may be long", nil, nil, time.Hour, time.Hour, ""},
		{"of the request", nil, func(r *Request) *Request { return r.Timeout(time.Minute) }, 0, time.Minute, ""},
		{"of the list", nil, func(r *Request) *Request { return r.Param("timeoutSeconds", "60") }, 0, time.Minute + timeoutSlack, ""},
		{"of the list, nonsense", nil, func(r *Request) *Request { return r.Param("timeoutSeconds", "-1") }, 0, defaultTimeout, ""},
		{"of the list, too large", nil, func(r *Request) *Request { return r.Param("timeoutSeconds", "9223372036854775807") }, 0, defaultTimeout, ""},
		{"of the client", func(c *Config) { c.Timeout = 2 * time.Minute }, nil, 0, 2 * time.Minute, ""},
		{"none, and the context is cancelled", func(c *Config) { c.Timeout = -1 }, nil, -1, 24 * time.Hour, ""},
	} {
		for how, server := range map[string]roundTripper{"silent": silent, "dripping": dripping} {
			t.Run(test.name+"/"+how, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					ctx, cancel := context.WithCancel(t.Context())
					defer cancel()
					if test.bound > 0 {
						ctx, cancel = context.WithTimeout(ctx, test.bound)
						defer cancel()
					} else if test.bound < 0 {
						time.AfterFunc(test.want, cancel)
					}
					r := newTestClient(t, server, test.change).Get().Resource("pods")
					if test.req != nil {
						r = test.req(r)
					}
					begin := time.Now()
					err := r.Do(ctx).Error()
					if d := time.Since(begin); d != test.want {
						t.Errorf("it took %v, want %v", d, test.want)
					}
					if !errors.Is(canary.Err(t, err), context.DeadlineExceeded) && !errors.Is(canary.Err(t, err), context.Canceled) || !strings.Contains(canary.Err(t, err).Error(), test.cause) {
						t.Errorf("error %v, want the deadline and %q", err, test.cause)
					}
				})
			})
		}
	}
}

func TestStreamsAreNotBoundedByDefault(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, err := newTestClient(t, dripping, nil).Get().Stream(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close()
		if _, err := io.CopyN(io.Discard, s, 2*int64(defaultTimeout/time.Second)); err != nil {
			t.Errorf("the stream ended: %v", err)
		}
	})
}

func TestWatchIsBoundedByWhatItsOptionsSay(t *testing.T) {
	for params, want := range map[string]time.Duration{"timeoutSeconds=60": time.Minute, "timeoutSeconds=60&timeout=9s": time.Minute, "timeoutSeconds=600": 5 * time.Minute} {
		synctest.Test(t, func(t *testing.T) {
			c := newTestClient(t, func(req *http.Request) (*http.Response, error) {
				resp := respond(200, jsonStream, nil)
				resp.Body = io.NopCloser(readerFunc(func([]byte) (int, error) {
					<-req.Context().Done()
					return 0, req.Context().Err()
				}))
				return resp, nil
			}, nil)
			begin := time.Now()
			w, err := c.Get().RequestURI("/api/v1/pods?" + params).Timeout(5 * time.Minute).Watch(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			if events := collect(w); len(events) != 1 || lastCause(status(t, events[0])) != watchcause.Broken {
				t.Errorf("events %v, want one about a broken stream", events)
			}
			if d := time.Since(begin); d != want+timeoutSlack {
				t.Errorf("%s: the watch took %v, want %v", params, d, want+timeoutSlack)
			}
		})
	}
}

func TestRetriesTellTheServerWhatIsLeft(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var queries []string
		c := newTestClient(t, func(req *http.Request) (*http.Response, error) {
			queries = append(queries, req.URL.RawQuery)
			return answer(503, "Retry-After", "4")()
		}, nil)
		_ = c.Get().Timeout(10*time.Second).Param("timeoutSeconds", "7").Param("a", "b").MaxRetries(3).Do(t.Context())
		want := "a=b&timeout=10s&timeoutSeconds=7 a=b&timeout=6s&timeoutSeconds=3 a=b&timeout=2s&timeoutSeconds=1"
		if got := strings.Join(queries, " "); got != want {
			t.Errorf("queries\n%s, want\n%s", got, want)
		}
		queries = nil
		r := c.Get().Param("a", "b").MaxRetries(1)
		_ = r.Do(t.Context())
		if got := strings.Join(queries, " "); got != "a=b a=b" {
			t.Errorf("queries %s of a request without timeout", got)
		}
	})
}
