package rest

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/kubewright/kubewright/pkg/internal/canary"
	"github.com/kubewright/kubewright/pkg/metrics"
)

// observations records what clients observe. It stands for all the metrics that this package feeds.
type observations struct {
	mu   sync.Mutex // guards seen
	seen []string
}

func (o *observations) add(format string, args ...any) {
	o.mu.Lock()
	defer o.mu.Unlock()
	line := fmt.Sprintf(format, args...)
	o.seen = append(o.seen, line)
	fmt.Fprintln(canary.Seen, line)
}

type (
	observedLatency struct {
		*observations
		name string
	}
	observedSize struct {
		*observations
		name string
	}
	observedCall struct{ *observations }
)

func (l observedLatency) Observe(_ context.Context, verb string, u url.URL, d time.Duration) {
	l.add("%s %s %s %v", l.name, verb, u.String(), d)
}

func (s observedSize) Observe(_ context.Context, verb, host string, size float64) {
	s.add("%s %s %s %v", s.name, verb, host, size)
}

func (c observedCall) Increment(_ context.Context, code, method, host string) {
	c.add("result %s %s %s", code, method, host)
}

func (c observedCall) IncrementRetry(_ context.Context, code, method, host string) {
	c.add("retry %s %s %s", code, method, host)
}

func (o *observations) all() []string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return slices.Clone(o.seen)
}

// allObserved has what all tests of this package observe.
var allObserved = &observations{}

// observe returns what is observed from now on.
func observe(t *testing.T) func() []string {
	t.Helper()
	begin := len(allObserved.all())
	return func() []string { return allObserved.all()[begin:] }
}

// ensured counts the calls of RegisterFn.
var ensured atomic.Int32

func registerMetrics() {
	canary.Register(func(m *metrics.RegisterOpts) {
		m.RegisterFn = func() { ensured.Add(1) }
		m.RequestLatency = observedLatency{allObserved, "latency"}
		m.RateLimiterLatency = observedLatency{allObserved, "limiter"}
		m.RequestSize = observedSize{allObserved, "sent"}
		m.ResponseSize = observedSize{allObserved, "received"}
		m.RequestResult = observedCall{allObserved}
		m.RequestRetry = observedCall{allObserved}
	})
}

func TestRequestsAreObserved(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &script{answers: []func() (*http.Response, error){
			answer(503, "Retry-After", "1"),
			lost(syscall.ECONNREFUSED),
		}}
		c := newTestClient(t, s.RoundTrip, func(c *Config) {
			c.Host = "https://" + secret + ":" + secret + "@server.example/base"
			c.RateLimiter = &slowLimiter{}
		})
		observed := observe(t)
		_ = c.Put().Namespace("prod").Resource("secrets").Name("db").Param("token", secret).Body([]byte("12345")).Do(t.Context())
		const at = " PUT https://server.example/base/api/v1/namespaces/%7Bnamespace%7D/secrets/%7Bname%7D "
		want := []string{
			"limiter" + at + "1m0s",
			"latency" + at + "0s",
			"result 503 PUT server.example",
			"sent PUT server.example 5",
			"limiter" + at + "1m0s",
			"latency" + at + "0s",
			"result <error> PUT server.example",
			"retry 503 PUT server.example",
			"sent PUT server.example 5",
		}
		if got := observed(); !slices.Equal(got, want) {
			t.Errorf("observed\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
		}

		observed = observe(t)
		c = newTestClient(t, (&script{answers: []func() (*http.Response, error){answer(200)}}).RoundTrip, nil)
		_ = c.Verb("BREW").AbsPath("/healthz/etcd").Do(t.Context())
		want = []string{
			"latency other https://server.example/healthz/%7Bpath%7D 0s",
			"result 200 other server.example",
			"received other server.example 54",
		}
		if got := observed(); !slices.Equal(got, want) {
			t.Errorf("observed\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
		}
	})
}

func TestMetricsAreRegisteredWithTheFirstClient(t *testing.T) {
	newTestClient(t, lostRoundTrip(syscall.ECONNREFUSED), nil)
	if n := ensured.Load(); n != 1 {
		t.Errorf("RegisterFn was called %d times, want once", n)
	}
}

func TestPathLabelHasNoNames(t *testing.T) {
	for path, want := range map[string]string{
		"/":                                    "/",
		"/version":                             "/version",
		"/openapi/v3/apis/x":                   "/openapi/{path}",
		"/api":                                 "/api",
		"/api/v1":                              "/api/v1",
		"/api/v1/nodes":                        "/api/v1/nodes",
		"/api/v1/nodes/n1":                     "/api/v1/nodes/{name}",
		"/api/v1/nodes/n1/proxy/metrics/a":     "/api/v1/nodes/{name}/proxy/{path}",
		"/api/v1/namespaces":                   "/api/v1/namespaces",
		"/api/v1/namespaces/prod":              "/api/v1/namespaces/{name}",
		"/api/v1/namespaces/prod/pods":         "/api/v1/namespaces/{namespace}/pods",
		"/api/v1/namespaces/prod/pods/p/log":   "/api/v1/namespaces/{namespace}/pods/{name}/log",
		"/apis/apps/v1/deployments":            "/apis/apps/v1/deployments",
		"/apis/apps/v1/namespaces/a/scales/b/": "/apis/apps/v1/namespaces/{namespace}/scales/{name}",
	} {
		if got := pathLabel(path); got != want {
			t.Errorf("pathLabel(%q) = %q, want %q", path, got, want)
		}
	}
}
