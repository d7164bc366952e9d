package rest

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/kubewright/kubewright/pkg/flowcontrol"
)

// Request says what is to be sent. Its methods change and return it, so that calls can be chained; errors are kept until it
// is sent, all of them. A Request is not safe for concurrent use while it is being built. It can be sent more than once,
// unless its body is an io.Reader.
//
// The path of a request is
//
//	<root>/[<prefix>/][namespaces/<namespace>/][<resource>/[<name>/[<subresource>/]]][<suffix>]
//
// where the root is the client's API path, or an AbsPath below the server's base URL.
type Request struct {
	c       *RESTClient
	verb    string
	content content

	root          root
	prefix        []string
	trailingSlash bool // after an AbsPath with nothing behind it
	namespace     string
	namespaceSet  bool
	resource      string
	name          string
	subresource   []string
	suffix        []string
	params        url.Values
	headers       http.Header

	body      []byte    // what is sent, unless stream is set; never changed
	encodedAs string    // the media type of the object in body; empty if the caller passed bytes
	stream    io.Reader // what is sent once

	timeout    time.Duration // 0 means none of the request's own
	unbounded  bool          // without timeout, there is no default either
	maxRetries int
	maxBody    int64                   // how many bytes of a successful response are read
	limiter    flowcontrol.RateLimiter // nil means no limit
	backoff    BackoffManagerWithContext
	warnings   WarningHandlerWithContext // nil means the default handler

	errs []error
}

// NewRequest begins a request of c. It has no verb yet, and the timeout of c.Client.
func NewRequest(c *RESTClient) *Request {
	r := &Request{
		c:          c,
		content:    c.content,
		root:       c.apiRoot,
		maxRetries: defaultMaxRetries,
		maxBody:    maxBodyBytes,
		limiter:    c.limiter,
		warnings:   c.warnings,
	}
	if c.Client != nil {
		r.timeout = max(c.Client.Timeout, 0) // so that the server knows of it too
		r.unbounded = c.Client.Timeout < 0
	}
	return r
}

// NewRequestWithClient begins a request of a client that is made from the arguments, for tests.
func NewRequestWithClient(base *url.URL, versionedAPIPath string, content ClientContentConfig, client *http.Client) *Request {
	c, err := NewRESTClient(base, versionedAPIPath, content, nil, client)
	if err != nil {
		c = &RESTClient{base: &url.URL{}, content: newContent(content), Client: client}
		return NewRequest(c).fail(err)
	}
	return NewRequest(c)
}

// fail notes an error of the request.
func (r *Request) fail(err error) *Request {
	r.errs = append(r.errs, err)
	return r
}

// failf notes an error of the request.
func (r *Request) failf(format string, args ...any) *Request {
	return r.fail(fmt.Errorf(format, args...))
}

// Error returns what is wrong with the request so far; nil if nothing is.
func (r *Request) Error() error {
	if len(r.errs) == 1 {
		return r.errs[0]
	}
	return errors.Join(r.errs...)
}

// Verb sets the HTTP method.
func (r *Request) Verb(verb string) *Request {
	r.verb = verb
	return r
}

// Prefix adds segments to the path, before namespace and resource. A segment may have slashes.
func (r *Request) Prefix(segments ...string) *Request {
	s, err := splitPath("path prefix", segments)
	if err != nil {
		return r.fail(err)
	}
	r.prefix = append(r.prefix, s...)
	return r
}

// AbsPath replaces the API path and what Prefix added by segments below the server's base URL. A segment may have slashes;
// one at the end of a single segment is kept.
func (r *Request) AbsPath(segments ...string) *Request {
	s, err := splitPath("absolute path", segments)
	if err != nil {
		return r.fail(err)
	}
	r.root = r.c.baseRoot
	r.prefix = s
	r.trailingSlash = len(segments) == 1 && strings.HasSuffix(segments[0], "/")
	return r
}

// Suffix adds segments to the end of the path. A segment may have slashes.
func (r *Request) Suffix(segments ...string) *Request {
	s, err := splitPath("path suffix", segments)
	if err != nil {
		return r.fail(err)
	}
	r.suffix = append(r.suffix, s...)
	return r
}

// Namespace sets the namespace, once. An empty one means all namespaces, which makes sense for some requests only.
func (r *Request) Namespace(namespace string) *Request {
	if r.namespaceSet {
		return r.failf("namespace already set to %q, cannot change to %q", r.namespace, namespace)
	}
	if err := checkName("namespace", namespace); err != nil {
		return r.fail(err)
	}
	r.namespace, r.namespaceSet = namespace, true
	return r
}

// NamespaceIfScoped is Namespace if scoped is set.
func (r *Request) NamespaceIfScoped(namespace string, scoped bool) *Request {
	if scoped {
		return r.Namespace(namespace)
	}
	return r
}

// Resource sets the resource, such as "pods", once.
func (r *Request) Resource(resource string) *Request {
	if r.resource != "" {
		return r.failf("resource already set to %q, cannot change to %q", r.resource, resource)
	}
	if err := checkName("resource", resource); err != nil {
		return r.fail(err)
	}
	r.resource = resource
	return r
}

// Name sets the name of an object, once. It must not be empty: that would be a request for all objects.
func (r *Request) Name(resourceName string) *Request {
	switch {
	case resourceName == "":
		return r.failf("resource name may not be empty")
	case r.name != "":
		return r.failf("resource name already set to %q, cannot change to %q", r.name, resourceName)
	}
	if err := checkName("resource name", resourceName); err != nil {
		return r.fail(err)
	}
	r.name = resourceName
	return r
}

// SubResource sets the subresource, such as "status", once. Each argument is one segment.
func (r *Request) SubResource(subresources ...string) *Request {
	if len(r.subresource) > 0 {
		return r.failf("subresource already set to %q, cannot change to %q", strings.Join(r.subresource, "/"), strings.Join(subresources, "/"))
	}
	for _, s := range subresources {
		if err := checkName("subresource", s); err != nil {
			return r.fail(err)
		}
		if s != "" {
			r.subresource = append(r.subresource, s)
		}
	}
	return r
}

// RequestURI replaces path and parameters by those of uri, which is relative to the server's base URL.
func (r *Request) RequestURI(uri string) *Request {
	shown, _, _ := strings.Cut(redactURL(uri), "?") // a query may have a token in it
	u, err := url.ParseRequestURI(uri)
	if err != nil {
		return r.failf("invalid request URI %q: want a path that begins with a slash, and optionally a query", shown)
	}
	if u.Scheme != "" || u.Host != "" || u.User != nil {
		return r.failf("invalid request URI %q: it must not name a server", shown)
	}
	for segment := range strings.SplitSeq(u.EscapedPath(), "/") {
		if decoded, err := url.PathUnescape(segment); err != nil || strings.Contains(decoded, "/") {
			return r.failf("invalid request URI %q: a segment may not contain an escaped slash", shown)
		}
	}
	query, err := url.ParseQuery(u.RawQuery)
	if err != nil {
		return r.failf("invalid request URI %q: its query cannot be parsed", shown)
	}
	r.params = query
	return r.AbsPath(u.Path)
}

// Timeout bounds each sending of the request, retries and the reading of the body included, and tells the server so with
// the parameter "timeout"; a retry tells it what is left. The server ends a watch by itself; the client gives it half a
// minute more.
//
// Zero means no bound of the request's own. Then a ListOptions.TimeoutSeconds plus half a minute bounds a list or watch;
// else a request whose context has no deadline is given up after ten minutes, unless it is a watch or stream or
// Config.Timeout is negative.
func (r *Request) Timeout(d time.Duration) *Request {
	if d < 0 {
		return r.failf("invalid timeout %v: it may not be negative", d)
	}
	r.timeout = d
	return r
}

// MaxRetries sets how often the request is repeated at most after an answer with Retry-After or a lost connection. The
// default is 10; 0 means never.
func (r *Request) MaxRetries(maxRetries int) *Request {
	r.maxRetries = max(maxRetries, 0)
	return r
}

// MaxBodyBytes makes Do, DoRaw and EachItem fail if the body of the response is larger than n. The default is 1 GiB, also if n
// is not positive. Where documents are small, a smaller number bounds what a server can make the client hold.
func (r *Request) MaxBodyBytes(n int64) *Request {
	if n > 0 {
		r.maxBody = n
	}
	return r
}

// Throttle replaces the client's rate limiter for this request; nil means no limit.
func (r *Request) Throttle(limiter flowcontrol.RateLimiter) *Request {
	r.limiter = limiter
	return r
}

// BackOffWithContext sets the manager that is asked how long to wait before each attempt and told how it went. nil means
// none.
func (r *Request) BackOffWithContext(manager BackoffManagerWithContext) *Request {
	r.backoff = manager
	return r
}

// WarningHandlerWithContext sets the handler of warnings in the response. nil means the default handler.
func (r *Request) WarningHandlerWithContext(handler WarningHandlerWithContext) *Request {
	r.warnings = handler
	return r
}
