package wire

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/types"
	theirrest "k8s.io/client-go/rest"
)

// builderCase is a request.
type builderCase struct {
	name    string
	options options
	steps   steps
}

var builderCases = []builderCase{
	// Verbs.
	{"get", options{}, pods("Get")},
	{"post", options{}, pods("Post")},
	{"put", options{}, pods("Put")},
	{"delete", options{}, pods("Delete")},
	{"head", options{}, chain(call("Verb", "HEAD"), call("Resource", "pods"))},
	{"options", options{}, chain(call("Verb", "OPTIONS"), call("Resource", "pods"))},
	{"verb in lower case", options{}, chain(call("Verb", "get"), call("Resource", "pods"))},
	{"verb with a space", options{}, chain(call("Verb", "GET it"), call("Resource", "pods"))},
	{"verb changed", options{}, chain(call("Get"), call("Verb", "DELETE"), call("Resource", "pods"))},
	{"json patch", options{}, chain(call("Patch", types.JSONPatchType), call("Resource", "pods"), call("Name", "a"), call("Body", []byte(`[]`)))},
	{"merge patch", options{}, chain(call("Patch", types.MergePatchType), call("Resource", "pods"), call("Name", "a"), call("Body", []byte(`{}`)))},
	{"strategic patch", options{}, chain(call("Patch", types.StrategicMergePatchType), call("Resource", "pods"), call("Name", "a"), call("Body", []byte(`{}`)))},
	{"merge patch of an object", options{}, chain(call("Patch", types.MergePatchType), call("Resource", "pods"), call("Name", "a"), call("Body", newPod()))},
	{"apply patch", options{}, chain(call("Patch", types.ApplyPatchType), call("Resource", "pods"), call("Name", "a"), call("Body", []byte("a: 1\n")))},
	{"apply patch in CBOR", options{}, chain(call("Patch", types.ApplyCBORPatchType), call("Resource", "pods"), call("Name", "a"), call("Body", []byte{0xa0}))},
	{"patch without a type", options{}, chain(call("Patch", types.PatchType("")), call("Resource", "pods"), call("Name", "a"), call("Body", []byte(`{}`)))},

	// Paths.
	{"nothing", options{}, chain(call("Get"))},
	{"namespace only", options{}, chain(call("Get"), call("Namespace", "ns"))},
	{"name without resource", options{}, chain(call("Get"), call("Name", "a"))},
	{"all parts", options{}, chain(call("Get"), call("Prefix", "p", "q"), call("Namespace", "ns"), call("Resource", "pods"), call("Name", "a"),
		call("SubResource", "proxy", "x"), call("Suffix", "s", "t"))},
	{"order of calls", options{}, chain(call("Get"), call("Suffix", "s"), call("SubResource", "status"), call("Name", "a"), call("Resource", "pods"),
		call("Namespace", "ns"), call("Prefix", "p"))},
	{"namespace if scoped", options{}, chain(call("Get"), call("NamespaceIfScoped", "ns", true), call("Resource", "pods"))},
	{"namespace if not scoped", options{}, chain(call("Get"), call("NamespaceIfScoped", "ns", false), call("Resource", "pods"))},
	{"resource in upper case", options{}, chain(call("Get"), call("Resource", "Pods"))},
	{"subresource", options{}, chain(call("Put"), call("Namespace", "ns"), call("Resource", "pods"), call("Name", "a"), call("SubResource", "status"))},
	{"subresource empty", options{}, pods("Put", call("Name", "a"), call("SubResource", ""))},
	{"subresource none", options{}, pods("Put", call("Name", "a"), call("SubResource"))},
	{"subresource without name", options{}, pods("Get", call("SubResource", "status"))},
	{"prefix with slashes", options{}, chain(call("Get"), call("Prefix", "/p/q/"), call("Resource", "pods"))},
	{"prefix twice", options{}, chain(call("Get"), call("Prefix", "p"), call("Prefix", "q"), call("Resource", "pods"))},
	{"suffix with slashes", options{}, pods("Get", call("Suffix", "/s/t/"))},
	{"suffix twice", options{}, pods("Get", call("Suffix", "s"), call("Suffix", "t"))},
	{"suffix with two slashes", options{}, pods("Get", call("Suffix", "s//t"))},
	{"suffix up", options{}, pods("Get", call("Suffix", "..", "secrets"))},
	{"prefix up", options{}, chain(call("Get"), call("Prefix", ".."), call("Resource", "pods"))},
	{"absolute path", options{}, chain(call("Get"), call("AbsPath", "/version"))},
	{"absolute path without slash", options{}, chain(call("Get"), call("AbsPath", "version"))},
	{"absolute path of segments", options{}, chain(call("Get"), call("AbsPath", "/apis", "apps", "v1"))},
	{"absolute path of segments with a slash at the end", options{}, chain(call("Get"), call("AbsPath", "/apis", "apps/"))},
	{"absolute path with a slash at the end", options{}, chain(call("Get"), call("AbsPath", "/healthz/"))},
	{"absolute path with two slashes", options{}, chain(call("Get"), call("AbsPath", "/a//b"))},
	{"absolute path root", options{}, chain(call("Get"), call("AbsPath", "/"))},
	{"absolute path empty", options{}, chain(call("Get"), call("AbsPath", ""))},
	{"absolute path none", options{}, chain(call("Get"), call("AbsPath"))},
	{"absolute path up", options{}, chain(call("Get"), call("AbsPath", "/a/../b"))},
	{"absolute path with a space", options{}, chain(call("Get"), call("AbsPath", "/a b/c"))},
	{"absolute path with an escape", options{}, chain(call("Get"), call("AbsPath", "/a%2Fb"))},
	{"absolute path with a question mark", options{}, chain(call("Get"), call("AbsPath", "/a?b=c"))},
	{"absolute path and the rest", options{}, chain(call("Get"), call("AbsPath", "/x"), call("Namespace", "ns"), call("Resource", "pods"), call("Name", "a"), call("Suffix", "s"))},
	{"absolute path with a slash at the end and the rest", options{}, chain(call("Get"), call("AbsPath", "/x/"), call("Resource", "pods"))},
	{"absolute path after prefix", options{}, chain(call("Get"), call("Prefix", "p"), call("AbsPath", "/x"))},
	{"absolute path before prefix", options{}, chain(call("Get"), call("AbsPath", "/x"), call("Prefix", "p"))},
	{"request URI", options{}, chain(call("Get"), call("RequestURI", "/apis/apps/v1?limit=3&labelSelector=a%3Db&limit=4"))},
	{"request URI after params", options{}, chain(call("Get"), call("Param", "a", "1"), call("RequestURI", "/x?b=2"))},
	{"request URI before params", options{}, chain(call("Get"), call("RequestURI", "/x?b=2"), call("Param", "a", "1"))},
	{"request URI with a slash at the end", options{}, chain(call("Get"), call("RequestURI", "/x/"))},
	{"request URI with an escaped space", options{}, chain(call("Get"), call("RequestURI", "/a%20b"))},
	{"request URI with an escaped slash", options{}, chain(call("Get"), call("RequestURI", "/a%2Fb"))},
	{"request URI with a server", options{}, chain(call("Get"), call("RequestURI", "https://other.example/x"))},
	{"request URI relative", options{}, chain(call("Get"), call("RequestURI", "x"))},
	{"request URI empty", options{}, chain(call("Get"), call("RequestURI", ""))},
	{"request URI with a malformed query", options{}, chain(call("Get"), call("RequestURI", "/x?a=%zz"))},

	// What is set twice, or must not be empty.
	{"namespace twice", options{}, chain(call("Get"), call("Namespace", "a"), call("Namespace", "b"), call("Resource", "pods"))},
	{"resource twice", options{}, pods("Get", call("Resource", "nodes"))},
	{"resource empty", options{}, chain(call("Get"), call("Resource", ""))},
	{"resource with a slash", options{}, chain(call("Get"), call("Resource", "pods/a"))},
	{"name twice", options{}, pods("Get", call("Name", "a"), call("Name", "b"))},
	{"name empty", options{}, pods("Get", call("Name", ""))},
	{"subresource twice", options{}, pods("Get", call("Name", "a"), call("SubResource", "x"), call("SubResource", "y"))},
	{"subresource with a slash", options{}, pods("Get", call("Name", "a"), call("SubResource", "x/y"))},
	{"namespace empty", options{}, chain(call("Get"), call("Namespace", ""), call("Resource", "pods"))},
	{"namespace empty with name", options{}, chain(call("Get"), call("Namespace", ""), call("Resource", "pods"), call("Name", "a"))},
	{"namespace empty in creation", options{}, chain(call("Post"), call("Namespace", ""), call("Resource", "pods"))},
	{"namespace empty in update", options{}, chain(call("Put"), call("Namespace", ""), call("Resource", "pods"), call("Name", "a"))},
	{"namespace with a slash", options{}, chain(call("Get"), call("Namespace", "a/b"), call("Resource", "pods"))},
	{"namespace up", options{}, chain(call("Get"), call("Namespace", ".."), call("Resource", "pods"))},

	// Parameters.
	{"param", options{}, pods("Get", call("Param", "a", "1"))},
	{"param empty", options{}, pods("Get", call("Param", "a", ""))},
	{"param twice", options{}, pods("Get", call("Param", "a", "1"), call("Param", "a", "2"))},
	{"param with odd characters", options{}, pods("Get", call("Param", "a b&=", "c d&=+%/?#ä;"))},
	{"params added to a param", options{}, pods("Get", call("Param", "limit", "1"),
		call("VersionedParams", &metav1.ListOptions{Limit: 2}, parameters))},
	{"params twice", options{}, pods("Get", call("VersionedParams", &metav1.ListOptions{Limit: 2}, parameters),
		call("VersionedParams", &metav1.ListOptions{Limit: 3, Continue: "c"}, parameters))},
	{"params in another version", options{}, pods("Get", call("SpecificallyVersionedParams", &metav1.ListOptions{Limit: 2}, parameters, metav1.SchemeGroupVersion))},
	{"params of a type that has none", options{}, pods("Get", call("VersionedParams", &runtime.Unknown{}, parameters))},
	{"timeout", options{}, pods("Get", call("Timeout", 90*time.Second))},
	{"timeout of less than a second", options{}, pods("Get", call("Timeout", 1500*time.Millisecond))},
	{"timeout zero", options{}, pods("Get", call("Timeout", time.Duration(0)))},
	{"timeout negative", options{}, pods("Get", call("Timeout", -time.Second))},
	{"timeout and its param", options{}, pods("Get", call("Param", "timeout", "1s"), call("Timeout", 2*time.Second))},
	{"timeout of the client", options{timeout: 7 * time.Second}, pods("Get")},
	{"timeout of request and client", options{timeout: 7 * time.Second}, pods("Get", call("Timeout", 2*time.Second))},

	// Headers.
	{"header", options{}, pods("Get", call("SetHeader", "X-A", "1"))},
	{"header in lower case", options{}, pods("Get", call("SetHeader", "x-a", "1"))},
	{"header with values", options{}, pods("Get", call("SetHeader", "X-A", "1", "2"))},
	{"header without values", options{}, pods("Get", call("SetHeader", "X-A"))},
	{"header twice", options{}, pods("Get", call("SetHeader", "X-A", "1"), call("SetHeader", "X-A", "2"))},
	{"header Accept", options{}, pods("Get", call("SetHeader", "Accept", "application/json;as=Table;v=v1;g=meta.k8s.io"))},
	{"header User-Agent", options{}, pods("Get", call("SetHeader", "User-Agent", "mine"))},
	{"header Authorization", options{token: "t"}, pods("Get", call("SetHeader", "Authorization", "Bearer mine"))},
	{"header Content-Type after the body", options{}, pods("Post", call("Body", &corev1.Pod{}), call("SetHeader", "Content-Type", "application/x"))},
	{"header with a line break in its name", options{}, pods("Get", call("SetHeader", "X-A\r\nX-B", "1"))},
	{"header with a line break in its value", options{}, pods("Get", call("SetHeader", "X-A", "1\r\nX-B: 2"))},

	// Bodies.
	{"body object", options{}, chain(call("Post"), call("Namespace", "ns"), call("Resource", "pods"), call("Body", newPod()))},
	{"body object in protobuf", options{contentType: runtime.ContentTypeProtobuf}, chain(call("Post"), call("Namespace", "ns"), call("Resource", "pods"), call("Body", newPod()))},
	{"body object in YAML", options{contentType: runtime.ContentTypeYAML}, chain(call("Post"), call("Namespace", "ns"), call("Resource", "pods"), call("Body", newPod()))},
	{"body object by header in YAML", options{}, pods("Post", call("SetHeader", "Content-Type", runtime.ContentTypeYAML), call("Body", newPod()))},
	{"body object in an unknown type", options{contentType: "application/x"}, pods("Post", call("Body", newPod()))},
	{"body object in a malformed type", options{}, pods("Post", call("SetHeader", "Content-Type", ";"), call("Body", newPod()))},
	{"body object nil", options{}, pods("Post", call("Body", (*corev1.Pod)(nil)))},
	{"body object unknown to the scheme", options{}, pods("Post", call("Body", &metav1.PartialObjectMetadataList{}))},
	{"body delete options", options{}, pods("Delete", call("Name", "a"), call("Body", newDeleteOptions()))},
	{"body delete options in protobuf", options{contentType: runtime.ContentTypeProtobuf}, pods("Delete", call("Name", "a"), call("Body", newDeleteOptions()))},
	{"body bytes", options{}, pods("Post", call("Body", []byte("bytes")))},
	{"body bytes empty", options{}, pods("Post", call("Body", []byte{}))},
	{"body reader", options{}, pods("Post", call("Body", fresh(func() any { return strings.NewReader("read") })))},
	{"body file", options{}, pods("Post", call("Body", bodyFile))},
	{"body file missing", options{}, pods("Post", call("Body", "/nonexistent/file"))},
	{"body nil", options{}, pods("Post", call("Body", nil))},
	{"body of another type", options{}, pods("Post", call("Body", 7))},
	{"body twice", options{}, pods("Post", call("Body", []byte("one")), call("Body", newPod()))},

	// Content types.
	{"protobuf as default", options{}, chain(call("Post"), call("UseProtobufAsDefault"), call("Resource", "pods"), call("Body", newPod()))},
	{"protobuf if preferred", options{}, chain(call("Post"), call("UseProtobufAsDefaultIfPreferred", true), call("Resource", "pods"), call("Body", newPod()))},
	{"protobuf if not preferred", options{}, chain(call("Post"), call("UseProtobufAsDefaultIfPreferred", false), call("Resource", "pods"), call("Body", newPod()))},
	{"protobuf as default after the body", options{}, pods("Post", call("Body", newPod()), call("UseProtobufAsDefault"))},
	{"protobuf as default with a content type", options{contentType: runtime.ContentTypeJSON}, chain(call("Post"), call("UseProtobufAsDefault"), call("Resource", "pods"), call("Body", newPod()))},
	{"protobuf as default with accepted types", options{accept: runtime.ContentTypeJSON}, chain(call("Post"), call("UseProtobufAsDefault"), call("Resource", "pods"), call("Body", newPod()))},
	{"content type", options{contentType: runtime.ContentTypeProtobuf}, pods("Get")},
	{"content type with parameters", options{contentType: "application/json; charset=utf-8"}, pods("Post", call("Body", newPod()))},
	{"content type CBOR", options{contentType: runtime.ContentTypeCBOR}, pods("Post", call("Body", newPod()))},
	{"accepted types", options{accept: "application/vnd.kubernetes.protobuf,application/json"}, pods("Get")},
	{"content and accepted types", options{contentType: runtime.ContentTypeProtobuf, accept: runtime.ContentTypeJSON}, pods("Post", call("Body", newPod()))},

	// What changes how it is sent, but not what.
	{"retries", options{}, chain(call("Get"), call("MaxRetries", 3), call("Resource", "pods"))},
	{"retries negative", options{}, chain(call("Get"), call("MaxRetries", -3), call("Resource", "pods"))},
	{"limiter", options{}, pods("Get", call("Throttle", limiter{wait: 3 * time.Second}))},
	{"limiter that refuses", options{}, pods("Get", call("Throttle", limiter{err: errors.New("refused")}))},
	{"limiter nil", options{}, pods("Get", call("Throttle", nil))},
	{"backoff", options{}, pods("Get", call("BackOff", backoff(3*time.Second)))},
	{"backoff nil", options{}, pods("Get", call("BackOff", nil))},
	{"backoff with context", options{}, pods("Get", call("BackOffWithContext", backoff(3*time.Second)))},
	{"backoff with context nil", options{}, pods("Get", call("BackOffWithContext", nil))},
	{"warning handler", options{}, chain(call("Get"), call("WarningHandler", nil), call("Resource", "pods"))},
	{"warning handler with context", options{}, chain(call("Get"), call("WarningHandlerWithContext", nil), call("Resource", "pods"))},

	// Clients.
	{"host with a path", options{host: "https://proxy.example/clusters/a/"}, pods("Get")},
	{"host with a path and an absolute path", options{host: "https://proxy.example/clusters/a"}, chain(call("Get"), call("AbsPath", "/version"))},
	{"host with a path and a request URI", options{host: "https://proxy.example/clusters/a"}, chain(call("Get"), call("RequestURI", "/version?a=b"))},
	{"host with an escaped path", options{host: "https://proxy.example/a%2Fb"}, pods("Get")},
	{"host without scheme", options{host: "server.example:8080"}, pods("Get")},
	{"host IPv6", options{host: "https://[::1]:6443"}, pods("Get")},
	{"host with a password", options{host: "https://u:p@server.example"}, pods("Get")},
	{"host with a query", options{host: "https://server.example?a=b"}, pods("Get")},
	{"host with a fragment", options{host: "https://server.example#a"}, pods("Get")},
	{"host of another scheme", options{host: "ftp://server.example"}, pods("Get")},
	{"group", options{apiPath: "/apis", groupVersion: group("apps", "v1")}, chain(call("Get"), call("Resource", "deployments"))},
	{"API path without slash", options{apiPath: "apis", groupVersion: group("apps", "v1")}, chain(call("Get"), call("Resource", "deployments"))},
	{"no user agent", options{noUserAgent: true}, pods("Get")},
	{"user agent", options{userAgent: "mine/v1 (linux)"}, pods("Get")},
	{"bearer token", options{token: "t"}, pods("Get")},
	{"basic authentication", options{username: "u", password: "p:äö"}, pods("Get")},
	{"impersonation", options{impersonate: impersonation{user: "u"}}, pods("Get")},
	{"impersonation of groups and extra", options{token: "t", impersonate: impersonation{user: "u", uid: "1", groups: []string{"g", "h"},
		extra: map[string][]string{"scopes": {"a", "b"}, "example.com/Odd key%": {"c"}}}}, pods("Get")},
	{"impersonation without a user", options{impersonate: impersonation{groups: []string{"g"}}}, pods("Get")},
}

// pods begins a request for pods.
func pods(verb string, more ...step) steps {
	return append(chain(call(verb), call("Resource", "pods")), more...)
}

// oddNames are names that may be taken for something else on their way.
var oddNames = []struct{ title, name string }{
	{"dot", "."}, {"two dots", ".."}, {"three dots", "..."}, {"dots within", "a..b"}, {"slash", "a/b"}, {"percent", "a%b"}, {"escape", "a%2Fb"},
	{"space", "a b"}, {"plus", "a+b"}, {"hash", "a#b"}, {"question mark", "a?b"}, {"ampersand", "a&b"}, {"equals", "a=b"}, {"semicolon", "a;b"},
	{"comma", "a,b"}, {"colon", "a:b"}, {"colon first", ":a"}, {"at", "a@b"}, {"exclamation mark", "a!b"}, {"dollar", "a$b"}, {"star", "*"},
	{"tilde", "~a"}, {"quote", `a"b`}, {"apostrophe", "a'b"}, {"backslash", `a\b`}, {"brackets", "a[b](c){d}"}, {"angle brackets", "<a>"},
	{"pipe", "a|b"}, {"caret", "a^b"}, {"umlaut", "ä"}, {"emoji", "🙂"}, {"upper case", "ABC"}, {"newline", "a\nb"}, {"NUL", "a\x00b"}, {"DEL", "a\x7fb"},
	{"not UTF-8", "a\xffb"}, {"RBAC", "system:controller:job-controller"}, {"only a space", " "}, {"long", strings.Repeat("x", 300)},
}

func newPod() *corev1.Pod {
	return &corev1.Pod{
		ObjectMeta: metav1.ObjectMeta{Namespace: "ns", Name: "a", Labels: map[string]string{"k": "v", "html": "<&>"}},
		Spec:       corev1.PodSpec{Containers: []corev1.Container{{Name: "c", Image: "image:1"}}},
	}
}

// bodyFile is the name of a file with a body.
var bodyFile = filepath.Join("testdata", "body.json")

// limiter is a rate limiter of both stacks that makes each request wait, or refuses it.
type limiter struct {
	wait time.Duration
	err  error
}

func (l limiter) TryAccept() bool { return true }
func (l limiter) Accept()         { time.Sleep(l.wait) }
func (l limiter) Stop()           {}
func (l limiter) QPS() float32    { return 1 }
func (l limiter) Wait(context.Context) error {
	time.Sleep(l.wait)
	return l.err
}

// backoff is a backoff manager of both stacks that makes each request wait.
type backoff time.Duration

func (b backoff) UpdateBackoff(*url.URL, error, int)                             {}
func (b backoff) CalculateBackoff(*url.URL) time.Duration                        { return time.Duration(b) }
func (b backoff) Sleep(d time.Duration)                                          { time.Sleep(d) }
func (b backoff) SleepWithContext(_ context.Context, d time.Duration)            { time.Sleep(d) }
func (b backoff) UpdateBackoffWithContext(context.Context, *url.URL, error, int) {}
func (b backoff) CalculateBackoffWithContext(context.Context, *url.URL) time.Duration {
	return time.Duration(b)
}

// returns is the answer to requests whose answer does not matter.
var returns = []answer{reply(http.StatusOK, runtime.ContentTypeJSON, `{"kind":"Status","apiVersion":"v1","metadata":{},"status":"Success"}`)}

// noteRequest runs steps that build a request, notes what it says of itself, and sends it.
func noteRequest(ctx context.Context, s stack, c builderCase, rt http.RoundTripper, o *outcome) error {
	var client any
	if client, o.refused = s.rest(c.options, rt); o.refused != nil {
		return nil //nolint:nilerr // that it is refused is the outcome
	}
	built, err := c.steps.on(client)
	if err != nil {
		return err
	}
	wrong, err := call("Error").on(built[0])
	if err != nil {
		return err
	}
	if wrong[0] != nil {
		o.refused = wrong[0].(error)
	}
	returned, err := call("Do", ctx).on(built[0])
	if err != nil {
		return err
	}
	o.note("failed", returned[0].(result).Error() != nil)
	return nil
}

func testBuilder(t *testing.T, c builderCase) {
	t.Run(c.name, func(t *testing.T) {
		run := func(s stack) outcome {
			return observe(t, returns, func(ctx context.Context, rt http.RoundTripper, o *outcome) error {
				return noteRequest(ctx, s, c, rt, o)
			})
		}
		same(t, run(ours), run(theirs))
	})
}

func TestBuilder(t *testing.T) {
	for _, c := range builderCases {
		testBuilder(t, c)
	}
}

func TestOddNames(t *testing.T) {
	for _, part := range []struct {
		name  string
		steps func(name string) steps
	}{
		{"namespace", func(n string) steps { return chain(call("Get"), call("Namespace", n), call("Resource", "pods")) }},
		{"name", func(n string) steps { return pods("Get", call("Name", n)) }},
		{"subresource", func(n string) steps {
			return pods("Get", call("Name", "a"), call("SubResource", n))
		}},
		{"suffix", func(n string) steps { return pods("Get", call("Suffix", n)) }},
		{"prefix", func(n string) steps { return chain(call("Get"), call("Prefix", n), call("Resource", "pods")) }},
		{"absolute path", func(n string) steps { return chain(call("Get"), call("AbsPath", "x", n)) }},
	} {
		t.Run(part.name, func(t *testing.T) {
			for _, odd := range oddNames {
				testBuilder(t, builderCase{name: odd.title, steps: part.steps(odd.name)})
			}
		})
	}
}

// TestBuilderTableIsComplete fails if client-go's builder has a method that no case of the table uses.
func TestBuilderTableIsComplete(t *testing.T) {
	used := map[string]bool{"Error": true, "URL": true, "Do": true, "DoRaw": true, "Stream": true, "Watch": true} // in all cases, or TestAnswers
	for _, c := range builderCases {
		for _, s := range c.steps {
			used[s.method] = true
		}
	}
	for _, typ := range []reflect.Type{reflect.TypeFor[*theirrest.Request](), reflect.TypeFor[theirrest.Interface]()} {
		for i := range typ.NumMethod() {
			name := typ.Method(i).Name
			if !used[name] && name != "GetRateLimiter" && name != "APIVersion" {
				t.Errorf("no case uses %s.%s", typ, name)
			}
		}
	}
}
