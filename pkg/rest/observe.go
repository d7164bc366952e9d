package rest

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/kubewright/kubewright/pkg/metrics"
)

// What is observed has bounded labels: of hosts and verbs there are few, and URLs stand for all that differ only in names.

// noAnswer is the code of attempts that ended without an answer.
const noAnswer = "<error>"

// observe reports an attempt that began at the given time and ended with an answer of the given status code, or 0.
func (x *exchange) observe(ctx context.Context, code int, begin time.Time) {
	verb, host := verbLabel(x.wire.method), x.wire.url.Host
	if !metrics.Discards(metrics.RequestLatency) {
		metrics.RequestLatency.Observe(ctx, verb, x.urlLabel(), time.Since(begin))
	}
	if !metrics.Discards(metrics.RequestResult) {
		metrics.RequestResult.Increment(ctx, codeLabel(code), verb, host)
	}
	if x.policy.attempts > 1 && !metrics.Discards(metrics.RequestRetry) {
		metrics.RequestRetry.IncrementRetry(ctx, codeLabel(x.before), verb, host)
	}
	if x.wire.body != nil {
		metrics.RequestSize.Observe(ctx, verb, host, float64(len(x.wire.body)))
	}
	x.before = code
}

// observeLimiter reports a wait for the rate limiter.
func (x *exchange) observeLimiter(ctx context.Context, waited time.Duration) {
	if !metrics.Discards(metrics.RateLimiterLatency) {
		metrics.RateLimiterLatency.Observe(ctx, verbLabel(x.wire.method), x.urlLabel(), waited)
	}
}

// observeBody reports the size of a body that was read.
func (r *Request) observeBody(ctx context.Context, size int) {
	metrics.ResponseSize.Observe(ctx, verbLabel(r.verb), r.c.base.Host, float64(size))
}

func codeLabel(code int) string {
	if code == 0 {
		return noAnswer
	}
	return strconv.Itoa(code)
}

var knownVerbs = []string{http.MethodGet, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete, http.MethodHead, http.MethodOptions}

func verbLabel(verb string) string {
	if slices.Contains(knownVerbs, verb) {
		return verb
	}
	return "other"
}

// urlLabel returns the request's URL without user information and query, and with what names an object replaced.
func (x *exchange) urlLabel() url.URL {
	root := x.r.c.baseRoot.path
	path := strings.TrimPrefix(x.wire.url.Path, root)
	return url.URL{Scheme: x.wire.url.Scheme, Host: x.wire.url.Host, Path: root + pathLabel(path)}
}

// pathLabel replaces what differs from request to request in a path: names by {namespace} and {name} in paths that follow
// the API conventions, and all but the first segment by {path} in others.
//
//	/api/v1/namespaces/prod/pods/web-0/log  ->  /api/v1/namespaces/{namespace}/pods/{name}/log
//	/healthz/etcd                           ->  /healthz/{path}
func pathLabel(path string) string {
	segments := strings.Split(strings.Trim(path, "/"), "/")
	var n int // how many segments name the API
	switch segments[0] {
	case "api":
		n = 2
	case "apis":
		n = 3
	default:
		if len(segments) > 1 {
			segments = append(segments[:1], "{path}")
		}
		return "/" + strings.Join(segments, "/")
	}
	if len(segments) > n+2 && segments[n] == "namespaces" {
		segments[n+1] = "{namespace}"
		n += 2
	}
	if len(segments) > n+1 {
		segments[n+1] = "{name}"
	}
	if len(segments) > n+3 { // what follows a subresource is up to it: the path of a proxied request, for one
		segments = append(segments[:n+3], "{path}")
	}
	return "/" + strings.Join(segments, "/")
}
