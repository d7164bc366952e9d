package rest

import (
	"bufio"
	"bytes"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
)

// hostile are strings that mean something in a URL or in a request as HTTP/1.1 writes it.
var hostile = []string{
	"", "a", "..", ".", "../../nodes/x", "a%2fb", "%2e%2e", "a/b", "a?b", "a#b", "//evil.example", "a;b,c", "\x00", "a b", "é", "\xff", "@", ":80", "%", "a\r\nX: y", "\\..\\", "a&b=c", "+",
}

// FuzzURL: whatever the strings are, the request is refused, or a server reads the segments as they are, below the base URL.
func FuzzURL(f *testing.F) {
	for _, s := range hostile {
		f.Add("https://host:6443/base", "apps", "v1", "", "ns", "pods", s, "log", "x/y")
		f.Add("host", "", "v1", "", s, "pods", "name", s, s)
		f.Add("host", s, "v1", "", "ns", s, "name", "", "")
		f.Add("host/"+s, "apps", s, "", "ns", "pods", "name", "", "")
		f.Add("http://[::1]:80/a%2fb/", "", "", s, "", "", "", "", s)
		f.Add("https://u:p@host/a;b%3b/%2f/"+s, "", "v1", "/logs/", "", "", "", "", "")
	}
	f.Fuzz(func(t *testing.T, host, group, version, absPath, namespace, resource, name, subresource, suffix string) {
		base, path, err := DefaultServerURL(host, "/apis", schema.GroupVersion{Group: group, Version: version}, true)
		if err != nil {
			return
		}
		c, err := NewRESTClient(base, path, ClientContentConfig{
			Negotiator: runtime.NewClientNegotiator(testConfig("").NegotiatedSerializer, corev1.SchemeGroupVersion),
		}, nil, nil)
		if err != nil {
			return
		}
		want := segments(t, strings.TrimRight(base.EscapedPath(), "/"))
		below := len(want)
		add := func(s ...string) {
			want = append(want, slices.DeleteFunc(s, func(s string) bool { return s == "" })...)
		}
		r := c.Get()
		if absPath == "" {
			add("apis", group, version)
		} else {
			r = r.AbsPath(absPath)
			add(strings.Split(absPath, "/")...)
		}
		if namespace != "" {
			r = r.Namespace(namespace)
			add("namespaces", namespace)
		}
		if resource != "" {
			r = r.Resource(resource)
			add(strings.ToLower(resource))
		}
		if name != "" {
			r = r.Name(name)
			add(name)
		}
		r = r.SubResource(subresource).Suffix(suffix)
		add(subresource)
		add(strings.Split(suffix, "/")...)
		w, err := r.build()
		if err != nil {
			return
		}
		if w.url.Scheme != base.Scheme || w.url.Host != base.Host || w.url.RawQuery != "" || w.url.Fragment != "" {
			t.Fatalf("URL %q leads to somewhere else than %q", w.url, base)
		}
		got := received(t, &w)
		if got == nil {
			return
		}
		if got.URL.RawQuery != "" || got.Method != http.MethodGet {
			t.Errorf("the server reads %s %q", got.Method, got.RequestURI)
		}
		if absPath != "" && len(want) == below+len(strings.FieldsFunc(absPath, isSlash)) && strings.HasSuffix(absPath, "/") || len(want) == 1 {
			want = append(want, "") // a slash at the end
		}
		if d := cmp.Diff(want, segments(t, got.URL.EscapedPath())); d != "" {
			t.Errorf("request URI %q, segments (-want +got):\n%s", got.RequestURI, d)
		}
		for _, s := range want[below:] {
			if s == "." || s == ".." {
				t.Errorf("request URI %q leads to somewhere else when it is cleaned", got.RequestURI)
			}
		}
	})
}

// FuzzRequestURI: whatever the string is, it is refused, or a server reads the path and query that it means.
func FuzzRequestURI(f *testing.F) {
	for _, s := range hostile {
		for _, uri := range []string{s, "/" + s, "/apis/" + s + "/things?watch=" + s, "https://evil.example/" + s, "/a/" + s + "/"} {
			f.Add(uri)
		}
	}
	c := builderClient(f, "https://host:6443/base", "/api")
	f.Fuzz(func(t *testing.T, uri string) {
		w, err := c.Get().RequestURI(uri).build()
		if err != nil {
			return
		}
		got := received(t, &w)
		if w.url.Scheme != "https" || got == nil || got.Host != "host:6443" {
			t.Fatalf("URL %q leads to somewhere else", w.url)
		}
		meant, err := url.ParseRequestURI(uri)
		if err != nil {
			t.Fatalf("taken, but no request URI: %v", err)
		}
		want := []string{"", "base"}
		for _, s := range segments(t, meant.EscapedPath()) {
			if s != "" {
				want = append(want, s)
			}
		}
		if strings.HasSuffix(meant.Path, "/") {
			want = append(want, "")
		}
		if d := cmp.Diff(want, segments(t, got.URL.EscapedPath())); d != "" {
			t.Errorf("request URI %q for %q, segments (-want +got):\n%s", got.RequestURI, uri, d)
		}
		if slices.Contains(want, "..") || slices.Contains(want, ".") {
			t.Errorf("request URI %q leads to somewhere else when it is cleaned", got.RequestURI)
		}
		if d := cmp.Diff(meant.Query(), got.URL.Query()); d != "" {
			t.Errorf("query (-want +got):\n%s", d)
		}
	})
}

// FuzzRequestHead: whatever the strings are, the request is refused, or a server reads this method, these parameters, this
// header and no other.
func FuzzRequestHead(f *testing.F) {
	for _, s := range hostile {
		f.Add("GET", "watch", s, "X-Own", "v")
		f.Add("PATCH", s, "1", "X-Own", s)
		f.Add(s, "a", "b", s, "v")
	}
	for _, header := range []string{"Host", "Content-Length", "Transfer-Encoding", "Accept", "accept", "User-Agent"} {
		f.Add("GET", "a", "b", header, "chunked")
	}
	c := builderClient(f, "https://host:6443", "/api")
	f.Fuzz(func(t *testing.T, method, param, paramValue, header, headerValue string) {
		w, err := c.Verb(method).Resource("pods").Param("first", "1").Param(param, paramValue).SetHeader(header, headerValue).build()
		if err != nil {
			return
		}
		got := received(t, &w)
		if got == nil {
			return
		}
		wantMethod := method
		if method == "" {
			wantMethod = http.MethodGet // the default of net/http
		}
		if got.Method != wantMethod || got.Host != "host:6443" || got.URL.Path != "/api/v1/pods" {
			t.Errorf("the server reads %s %s of %s", got.Method, got.URL, got.Host)
		}
		params := url.Values{"first": {"1"}}
		params.Add(param, paramValue)
		if d := cmp.Diff(params, got.URL.Query()); d != "" {
			t.Errorf("query (-want +got):\n%s", d)
		}
		for key, values := range got.Header {
			switch {
			case key == http.CanonicalHeaderKey(header):
				if d := cmp.Diff([]string{strings.Trim(headerValue, " \t")}, values); d != "" {
					t.Errorf("header %s (-want +got):\n%s", key, d)
				}
			case !slices.Contains([]string{"Accept", "User-Agent", "Content-Length"}, key): // net/http adds the latter two
				t.Errorf("header %s: %q is not from the caller", key, values)
			}
		}
	})
}

// received returns w as a server reads it from the wire; nil if net/http refuses to send it.
func received(t *testing.T, w *wireRequest) *http.Request {
	t.Helper()
	req, err := w.http(t.Context())
	if err != nil {
		return nil
	}
	var wire bytes.Buffer
	if err := req.Write(&wire); err != nil {
		return nil
	}
	text := wire.String()
	reader := bufio.NewReader(&wire)
	got, err := http.ReadRequest(reader)
	if err != nil {
		t.Fatalf("a server cannot read %q: %v", text, err)
	}
	if got.ContentLength != 0 || reader.Buffered() > 0 {
		t.Errorf("more than one request without a body: %q", text)
	}
	return got
}

// segments returns the segments of an escaped path, decoded one by one, as a server does that keeps escaped slashes.
func segments(t *testing.T, escaped string) []string {
	t.Helper()
	var decoded []string
	for s := range strings.SplitSeq(escaped, "/") {
		segment, err := url.PathUnescape(s)
		if err != nil {
			t.Fatalf("path %q: %v", escaped, err)
		}
		decoded = append(decoded, segment)
	}
	return decoded
}

func isSlash(r rune) bool { return r == '/' }
