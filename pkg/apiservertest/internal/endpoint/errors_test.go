package endpoint

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/kubewright/kubewright/pkg/apiservertest/internal/catalog"
	"github.com/kubewright/kubewright/pkg/apiservertest/internal/codec"
	"github.com/kubewright/kubewright/pkg/apiservertest/internal/registry"
)

const (
	configMaps = "/api/v1/namespaces/default/configmaps"
	notFound   = `{"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure","message":"the server could not find the requested resource","reason":"NotFound","details":{},"code":404}` + "\n"
	notAllowed = `{"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure","message":"the server does not allow this method on the requested resource","reason":"MethodNotAllowed","details":{},"code":405}` + "\n"
)

// The answers are those of kube-apiserver v1.36.3.
func TestErrors(t *testing.T) {
	h := newRig(t)
	h.create(t, "a")
	for _, tc := range []struct {
		request string
		more    []string
		code    int
		want    string // the body, or a part of it
	}{
		{"GET /foo", nil, 404, "404 page not found\n"},
		{"GET /api/v1/foo", nil, 404, notFound},
		{"GET /api/v2/foo", nil, 404, notFound},
		{"GET /apis/foo/v1/bar", nil, 404, "404 page not found\n"},
		{"GET /apis/apps/v9/deployments", nil, 404, notFound},
		{"GET /apis/apps/v1/foos", nil, 404, notFound},
		{"GET /apis/apps/v1/namespaces/default/foos/x", nil, 404, notFound},
		{"GET /apis/apps/v1/namespaces/default/deployments/x/foo", nil, 404, notFound},
		{"GET /apis/apps/v1/namespaces/default/deployments/x/scale/y", nil, 404, notFound},
		{"GET /apis/apps/v1/deployments/x", nil, 404, notFound},
		{"GET /api/v1/namespaces/default/nodes", nil, 404, notFound},
		{"GET /api/v1/namespaces/default/namespaces", nil, 404, notFound},
		{"GET /api/v1/namespaces/default/namespaces/default", nil, 404, notFound},
		{"GET /api/v1//namespaces/default/configmaps/a", nil, 404, notFound},
		{"GET /api/v1/namespaces/default/../default/configmaps/a", nil, 404, notFound},
		{"GET " + configMaps + "/%2e%2e", nil, 400, `"message":"Name parameter invalid: \"..\": may not be '..'","reason":"BadRequest","code":400}`},
		{"GET " + configMaps + "/a%2fb", nil, 404, notFound},
		{"GET " + configMaps + "/x", nil, 404, `"message":"configmaps \"x\" not found","reason":"NotFound","details":{"name":"x","kind":"configmaps"},"code":404}`},
		{"POST /apis/apps/v1/deployments", []string{"{}"}, 405, notAllowed},
		{"POST /apis/apps/v1/namespaces/default/deployments/x", []string{"{}"}, 405, notAllowed},
		{"PUT /apis/apps/v1/namespaces/default/deployments", []string{"{}"}, 405, notAllowed},
		{"PATCH /apis/apps/v1/namespaces/default/deployments", []string{"{}"}, 405, notAllowed},
		{"OPTIONS /apis/apps/v1/namespaces/default/deployments", nil, 405, notAllowed},
		{"FOO /apis/apps/v1/namespaces/default/deployments", nil, 405, notAllowed},
		{"HEAD " + configMaps + "/a", nil, 405, notAllowed},
		{"POST /api/v1/watch/configmaps", nil, 405, notAllowed},
		{"GET /apis/authentication.k8s.io/v1/tokenreviews", nil, 405, notAllowed},
		{"GET " + configMaps + "?limit=x", nil, 400, `"message":"strconv.ParseInt: parsing \"x\": invalid syntax","reason":"BadRequest","code":400}`},
		{"GET " + configMaps + "?timeout=x", nil, 400, `"message":"invalid timeout specified in the request URL - time: invalid duration \"x\"","reason":"BadRequest","code":400}`},
		{"GET " + configMaps + "?labelSelector=a%3D%3D%3Db", nil, 400, `"message":"unable to parse requirement: found '=', expected: identifier","reason":"BadRequest","code":400}`},
		{"GET " + configMaps + "?resourceVersion=999999", nil, 504, `"message":"Timeout: Too large resource version: 999999, current: `},
		{"GET " + configMaps + "?watch=1&resourceVersionMatch=NotOlderThan", nil, 422, `"message":"ListOptions.meta.k8s.io \"\" is invalid: resourceVersionMatch: Forbidden: resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided"`},
		{"GET " + configMaps + "?watch=1", []string{"Accept: application/yaml"}, 406, "message: 'only the following media types are accepted: application/json;stream=watch,\n  application/vnd.kubernetes.protobuf;stream=watch'"},
		{"GET " + configMaps, []string{"Accept: text/html"}, 406, `"message": "406: Not Acceptable\n\nAvailable representations: application/json, application/yaml, application/vnd.kubernetes.protobuf, application/json;stream=watch, application/vnd.kubernetes.protobuf;stream=watch"`},
		{"GET " + configMaps + "/a?includeObject=Bar", []string{"Accept: application/json;as=Table;g=meta.k8s.io;v=v1"}, 400, `"message": "Unable to convert to Table as requested: includeObject: Invalid value: \"Bar\": must be 'Metadata', 'Object', 'None', or empty"`},
		{"POST " + configMaps, []string{"Content-Type: text/plain", "x"}, 415, `"message":"the body of the request was in an unknown format - accepted media types include: application/json, application/yaml, application/vnd.kubernetes.protobuf","reason":"UnsupportedMediaType","code":415}`},
		{"POST " + configMaps, []string{"{"}, 400, `"message":"the object provided is unrecognized (must be of type ConfigMap): couldn't get version/kind; json parse error: unexpected end of JSON input ({)","reason":"BadRequest","code":400}`},
		{"POST " + configMaps, []string{strings.Repeat("a", 3<<20+1)}, 413, `"message":"Request entity too large: limit is 3145728","reason":"RequestEntityTooLarge","code":413}`},
		{"POST " + configMaps + "?dryRun=foo", []string{`{"metadata":{"name":"h"}}`}, 422, `"message":"CreateOptions.meta.k8s.io \"\" is invalid: dryRun: Unsupported value: [\"foo\"]: supported values: \"All\""`},
		{"PATCH " + configMaps + "/a", []string{"Content-Type: application/json", "{}"}, 415, `"message":"415: Unsupported Media Type","reason":"UnsupportedMediaType","details":{},"code":415}`},
		{"PATCH " + configMaps + "/a", []string{"Content-Type: application/merge-patch+json", "{"}, 400, `"message":"error decoding patch: unexpected end of JSON input","reason":"BadRequest","code":400}`},
		{"DELETE " + configMaps + "/a", []string{`{"kind":"Pod","apiVersion":"v1"}`}, 400, `"message":"no kind \"Pod\" is registered for version \"v1\" in scheme \"pkg/runtime/scheme.go:111\"","reason":"BadRequest","code":400}`},
		{"DELETE " + configMaps + "/a?gracePeriodSeconds=x", nil, 400, `"message":"strconv.ParseInt: parsing \"x\": invalid syntax","reason":"BadRequest","code":400}`},
		{"DELETE " + configMaps + "/a?propagationPolicy=Foo", nil, 422, `"message":"DeleteOptions.meta.k8s.io \"\" is invalid: propagationPolicy: Unsupported value: \"Foo\": supported values: \"Foreground\", \"Background\", \"Orphan\", \"nil\""`},
		{"GET /api/v1/namespaces/default/pods/x/exec", nil, 404, `"message":"pods \"x\" not found"`},
		{"GET /api/v1/namespaces/default/pods/a/log?tailLines=-1&limitBytes=0", nil, 422, `"message":"PodLogOptions \"a\" is invalid: [tailLines: Invalid value: -1: must be greater than or equal to 0, limitBytes: Invalid value: 0: must be greater than 0]"`},
		{"GET /api/v1/namespaces/default/pods/a/log?sinceSeconds=0", nil, 422, `sinceSeconds: Invalid value: 0: must be greater than 0`},
		{"GET /api/v1/namespaces/default/pods/a/log?sinceSeconds=1&sinceTime=2001-01-01T00:00:00Z", nil, 422, "Forbidden: at most one of `sinceTime` or `sinceSeconds` may be specified"},
		{"POST /api/v1/namespaces/kube-system/proxy", []string{""}, 404, notFound},
		{"PUT " + configMaps + "/a", []string{`{"metadata":{"name":"zz"}}`}, 400, `"message":"the name of the object (zz) does not match the name on the URL (a)","reason":"BadRequest","code":400}`},
	} {
		t.Run(tc.request, func(t *testing.T) {
			w := h.do(t, tc.request, tc.more...)
			if w.Code != tc.code || !strings.Contains(w.Body.String(), tc.want) {
				t.Errorf("got %d %s\nwant %d %s", w.Code, w.Body, tc.code, tc.want)
			}
			if got := w.Header().Get("Cache-Control"); got != "no-cache, private" {
				t.Errorf("Cache-Control: %s", got)
			}
		})
	}
}

func TestErrorsSayWhenToRetry(t *testing.T) {
	if got := newRig(t).do(t, "GET "+configMaps+"?resourceVersion=999999").Header().Get("Retry-After"); got != "1" {
		t.Errorf("Retry-After: %q", got)
	}
}

func FuzzRequest(f *testing.F) {
	for _, seed := range []string{
		"GET /api/v1/namespaces/default/pods?watch=1&timeoutSeconds=1", "GET /api/v1/watch", "POST /api/v1/namespaces", "PATCH /apis/apps/v1/namespaces/a/deployments/b/scale",
		"DELETE /api/v1/namespaces/a/pods?propagationPolicy=x", "PUT /api/v1/nodes/a/status", "GET /apis/apps", "GET /api/v1/namespaces/namespaces/namespaces/namespaces",
		"GET /api//v1/pods", "GET /apis/a/b/watch/c/d/e/f/g", "GET /api/v1/namespaces/x/pods/y/log?tailLines=z",
	} {
		method, target, _ := strings.Cut(seed, " ")
		f.Add(method, target, "application/json", `{"metadata":{"name":"a"}}`)
	}
	f.Fuzz(func(t *testing.T, method, target, media, body string) {
		if !validRequest(method, target) {
			return // cannot be sent
		}
		h := newRig(t)
		h.stop() // watches end at once
		w := h.do(t, method+" "+target, "Content-Type: "+media, "Accept: "+media, body)
		if w.Code < 200 || w.Code > 599 {
			t.Errorf("%s %s: %d", method, target, w.Code)
		}
		if w.Code >= 400 && !strings.Contains(w.Body.String(), "Status") && !strings.HasPrefix(w.Body.String(), "404 page not found") {
			t.Errorf("%s %s: %d without a Status: %s", method, target, w.Code, w.Body)
		}
	})
}

// late is a registry that takes too long.
type late struct{ Verbs }

func (late) List(ctx context.Context, _ registry.Request, _ metav1.ListOptions) (*registry.List, error) {
	<-ctx.Done()
	return nil, ctx.Err()
}

func TestRequestsTimeOut(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		handler := New(Config{Verbs: late{}, Catalog: catalog.New(catalog.Builtin()...), Codec: codec.New(codec.Config{Scheme: catalog.Scheme()}), Stopping: t.Context()})
		for query, want := range map[string]time.Duration{"": time.Minute, "?timeout=5s": 5 * time.Second, "?timeout=1000h": time.Minute, "?timeout=-1s": time.Minute} {
			begin, w := time.Now(), httptest.NewRecorder()
			handler.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, configMaps+query, nil))
			body := `{"metadata":{},"status":"Failure","message":"Timeout: request did not complete within the allotted timeout","reason":"Timeout","details":{},"code":504}` + "\n"
			if w.Code != http.StatusGatewayTimeout || w.Body.String() != body || time.Since(begin) != want {
				t.Errorf("%s: %d %s after %v", query, w.Code, w.Body, time.Since(begin))
			}
		}
	})
}
