package transport

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"k8s.io/klog/v2"

	"github.com/kubewright/kubewright/pkg/internal/redact"
)

// DebugLevel is something that a debugging round tripper logs. None of them logs a body, or the value of a header that is not
// known to be harmless.
type DebugLevel int

// What can be logged.
const (
	// DebugJustURL logs method and URL.
	DebugJustURL DebugLevel = iota
	// DebugURLTiming logs method, URL and status, and how long the answer took.
	DebugURLTiming
	// DebugCurlCommand logs a curl command that sends the same request, but for its body and secrets.
	DebugCurlCommand
	// DebugRequestHeaders logs the headers of the request.
	DebugRequestHeaders
	// DebugResponseStatus logs the status of the response.
	DebugResponseStatus
	// DebugResponseHeaders logs the headers of the response.
	DebugResponseHeaders
	// DebugDetailedTiming logs how long name resolution, connecting, the TLS handshake and the server took.
	DebugDetailedTiming
	// DebugByContext logs, beside the other levels, what the verbosity of the logger in the request's context asks for: at
	// 6 DebugURLTiming, at 7 DebugRequestHeaders and DebugResponseStatus too, at 8 DebugResponseHeaders too, at 9 and above
	// DebugCurlCommand and DebugDetailedTiming too.
	DebugByContext
)

// harmlessHeaders are those whose values are logged.
var harmlessHeaders = map[string]bool{
	"Accept": true, "Accept-Encoding": true, "Allow": true, "Audit-Id": true, "Cache-Control": true, "Connection": true,
	"Content-Encoding": true, "Content-Length": true, "Content-Type": true, "Date": true, "Deprecation": true, "Etag": true,
	"If-None-Match": true, "Kubernetes-Apf-Flowschema-Uid": true, "Kubernetes-Apf-Prioritylevel-Uid": true, "Last-Modified": true, "Retry-After": true,
	"Server": true, "Sunset": true, "Upgrade": true, "User-Agent": true, "Vary": true, "Via": true, "Warning": true,
	"X-Kubernetes-Pf-Flowschema-Uid": true, "X-Kubernetes-Pf-Prioritylevel-Uid": true, "X-Stream-Protocol-Version": true,
	ImpersonateUserHeader: true, ImpersonateUIDHeader: true, ImpersonateGroupHeader: true,
}

// harmlessParameters are the query parameters whose values are logged: those of the Kubernetes API. Others, of proxied
// requests for instance, may be tokens.
var harmlessParameters = map[string]bool{
	"allowWatchBookmarks": true, "continue": true, "dryRun": true, "fieldManager": true, "fieldSelector": true,
	"fieldValidation": true, "follow": true, "force": true, "gracePeriodSeconds": true, "labelSelector": true, "limit": true,
	"limitBytes": true, "orphanDependents": true, "pretty": true, "previous": true, "propagationPolicy": true,
	"resourceVersion": true, "resourceVersionMatch": true, "sendInitialEvents": true, "sinceSeconds": true, "sinceTime": true,
	"tailLines": true, "timeout": true, "timeoutSeconds": true, "timestamps": true, "watch": true, "container": true,
	"stdin": true, "stdout": true, "stderr": true, "tty": true, "ports": true,
}

// DebugWrappers returns rt with DebugByContext around it if the verbosity of klog is 6 or more now, else rt.
func DebugWrappers(rt http.RoundTripper) http.RoundTripper {
	if !klog.V(6).Enabled() {
		return rt
	}
	return NewDebuggingRoundTripper(rt, DebugByContext)
}

// NewDebuggingRoundTripper logs the requests that go through it, with the logger in the context of each.
func NewDebuggingRoundTripper(rt http.RoundTripper, levels ...DebugLevel) http.RoundTripper {
	return &debuggingRoundTripper{levels: slices.Clone(levels), wrapped: wrapped{rt}}
}

type debuggingRoundTripper struct {
	wrapped
	levels []DebugLevel
}

// levelSet is a bit for each DebugLevel.
type levelSet int

func (s levelSet) has(levels ...DebugLevel) bool {
	return slices.ContainsFunc(levels, func(l DebugLevel) bool { return s&(1<<l) != 0 })
}

func (d *debuggingRoundTripper) levelsFor(ctx context.Context) levelSet {
	var s levelSet
	add := func(levels ...DebugLevel) {
		for _, l := range levels {
			s |= 1 << l
		}
	}
	add(d.levels...)
	if s.has(DebugByContext) {
		logger := klog.FromContext(ctx)
		for verbosity, levels := range map[int][]DebugLevel{
			6: {DebugURLTiming},
			7: {DebugRequestHeaders, DebugResponseStatus},
			8: {DebugResponseHeaders},
			9: {DebugCurlCommand, DebugDetailedTiming},
		} {
			if logger.V(verbosity).Enabled() {
				add(levels...)
			}
		}
	}
	return s
}

func (d *debuggingRoundTripper) RoundTrip(req *http.Request) (*http.Response, error) {
	ctx := req.Context()
	levels := d.levelsFor(ctx)
	logger := klog.FromContext(ctx)
	target := harmlessURL(req.URL)
	if levels.has(DebugJustURL) {
		logger.Info("Request", "verb", req.Method, "url", target)
	}
	if levels.has(DebugCurlCommand) {
		logger.Info("Request as curl command", "command", curlCommand(req))
	}
	if levels.has(DebugRequestHeaders) {
		logger.Info("Request headers", "verb", req.Method, "url", target, "headers", harmlessValues(req.Header))
	}
	var timing *timing
	if levels.has(DebugDetailedTiming) {
		timing, req = traced(req)
	}
	begin := time.Now()
	resp, err := d.rt.RoundTrip(req)
	took := time.Since(begin)

	values := []any{"verb", req.Method, "url", target, "milliseconds", took.Milliseconds()}
	if err != nil {
		values = append(values, "error", fmt.Sprintf("%T", err)) // its text may quote the URL
	} else {
		values = append(values, "status", resp.Status)
	}
	if levels.has(DebugURLTiming, DebugResponseStatus) {
		logger.Info("Response", values...)
	}
	if timing != nil {
		logger.Info("Response timing", append(values, timing.values()...)...)
	}
	if levels.has(DebugResponseHeaders) && resp != nil {
		logger.Info("Response headers", "verb", req.Method, "url", target, "headers", harmlessValues(resp.Header))
	}
	return resp, err
}

// harmlessValues returns a copy of header with the values of all that may be secret redacted.
func harmlessValues(header http.Header) http.Header {
	clone := make(http.Header, len(header))
	for name, values := range header {
		if !harmlessHeaders[http.CanonicalHeaderKey(name)] {
			values = []string{redact.Marker}
		}
		clone[name] = values
	}
	return clone
}

// harmlessURL returns u without user and with the values of all query parameters that may be secret redacted.
func harmlessURL(u *url.URL) string {
	clone := *u
	clone.User = nil
	clone.Fragment, clone.RawFragment = "", ""
	query, err := url.ParseQuery(u.RawQuery)
	if err != nil {
		query = url.Values{"malformed": {redact.Marker}}
	}
	for name := range query {
		if !harmlessParameters[name] {
			query[name] = []string{redact.Marker}
		}
	}
	clone.RawQuery = query.Encode()
	return clone.String()
}

// curlCommand returns a command that a POSIX shell can run. A header or parameter that may be secret has a placeholder as
// value.
func curlCommand(req *http.Request) string {
	var b strings.Builder
	fmt.Fprintf(&b, "curl -v -X%s", shellQuote(req.Method))
	header := harmlessValues(req.Header)
	for _, name := range slices.Sorted(maps.Keys(header)) {
		for _, value := range header[name] {
			fmt.Fprintf(&b, " -H %s", shellQuote(name+": "+value))
		}
	}
	fmt.Fprintf(&b, " %s", shellQuote(harmlessURL(req.URL)))
	return b.String()
}

func shellQuote(s string) string { return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'" }
