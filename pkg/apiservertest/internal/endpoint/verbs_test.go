package endpoint

import (
	"compress/gzip"
	"encoding/binary"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/kubewright/kubewright/pkg/apiservertest/internal/catalog"
	"github.com/kubewright/kubewright/pkg/apiservertest/internal/kind"
)

func validRequest(method, target string) bool {
	if method == "" || strings.ContainsFunc(method, func(c rune) bool { return c <= ' ' || c > '~' || strings.ContainsRune("()<>@,;:\\\"/[]?={}", c) }) {
		return false
	}
	u, err := url.ParseRequestURI(target)
	return err == nil && strings.HasPrefix(target, "/") && u.Host == "" && !strings.ContainsFunc(target, func(c rune) bool { return c <= ' ' || c > '~' })
}

func TestCreateWarnsOfUnknownFields(t *testing.T) {
	w := newRig(t).do(t, "POST "+configMaps, `{"metadata":{"name":"f","foo":1},"data":{"a":"1","a":"2"},"bar":{}}`)
	want := []string{`299 - "unknown field \"metadata.foo\""`, `299 - "duplicate field \"data.a\""`, `299 - "unknown field \"bar\""`}
	if diff := cmp.Diff(want, w.Header().Values("Warning")); diff != "" || w.Code != 201 {
		t.Errorf("%d: %s", w.Code, diff)
	}
}

func TestDeprecatedKindsWarn(t *testing.T) {
	w := newRig(t).do(t, "GET /api/v1/namespaces/default/endpoints")
	if got, want := w.Header().Get("Warning"), `299 - "v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice"`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if got := newRig(t).do(t, "GET "+configMaps).Header().Get("Warning"); got != "" {
		t.Error(got)
	}
}

func TestVerbs(t *testing.T) {
	h := newRig(t)
	for _, step := range []struct {
		request string
		more    []string
		code    int
		want    string
	}{
		{"POST " + configMaps, []string{`{"metadata":{"name":"a"},"data":{"x":"1"}}`}, 201, `{"kind":"ConfigMap","apiVersion":"v1","metadata":{"name":"a","namespace":"default","uid":"`},
		{"GET " + configMaps + "/a", nil, 200, `"data":{"x":"1"}}`},
		{"GET " + configMaps + "/a/", nil, 200, `"data":{"x":"1"}}`},
		{"GET " + configMaps + "/a?watch=1", nil, 200, `"data":{"x":"1"}}`},
		{"PUT " + configMaps + "/a", []string{`{"metadata":{"name":"a"},"data":{"x":"2"}}`}, 200, `"data":{"x":"2"}}`},
		{"PATCH " + configMaps + "/a", []string{"Content-Type: application/merge-patch+json", `{"data":{"y":"3"}}`}, 200, `"data":{"x":"2","y":"3"}}`},
		{"GET " + configMaps, nil, 200, `{"kind":"ConfigMapList","apiVersion":"v1","metadata":{"resourceVersion":"`},
		{"GET /api/v1/namespaces//configmaps", nil, 200, `"items":[{"metadata":{"name":"a",`},
		{"GET /api/v1/configmaps?fieldSelector=metadata.name%3Da", nil, 200, `"items":[{"metadata":{"name":"a",`},
		{"GET " + configMaps + "?labelSelector=a%3Db", nil, 200, `"items":[]}`},
		{"GET " + configMaps, []string{"Accept: application/json;as=Table;v=v1;g=meta.k8s.io"}, 200, `"rows":[{"cells":["a",2,"`},
		{"GET " + configMaps + "/a?pretty=1", nil, 200, "{\n  \"kind\": \"ConfigMap\",\n"},
		{"GET " + configMaps + "/a", []string{"Accept: application/yaml"}, 200, "data:\n  x: \"2\"\n"},
		{"GET " + configMaps + "/a", []string{"Accept: application/vnd.kubernetes.protobuf"}, 200, "k8s\x00"},
		{"GET /api/v1/namespaces/default", nil, 200, `{"kind":"Namespace","apiVersion":"v1","metadata":{"name":"default",`},
		{"GET /api/v1/namespaces/default/status", nil, 200, `{"kind":"Namespace","apiVersion":"v1","metadata":{"name":"default",`},
		{"DELETE " + configMaps + "/a", []string{`{"kind":"DeleteOptions","apiVersion":"v1","dryRun":["All"]}`}, 200, `"status":"Success","details":{"name":"a","kind":"configmaps","uid":"`},
		{"DELETE " + configMaps, nil, 200, `{"kind":"ConfigMapList","apiVersion":"v1","metadata":{"resourceVersion":"`},
		{"GET " + configMaps + "/a", nil, 404, "not found"},
	} {
		w := h.do(t, step.request, step.more...)
		if w.Code != step.code || !strings.Contains(w.Body.String(), step.want) {
			t.Errorf("%s: got %d %s\nwant %d %s", step.request, w.Code, w.Body, step.code, step.want)
		}
	}
}

func TestWhatNeedsAKubeletIsRefused(t *testing.T) {
	h := newRig(t)
	if w := h.do(t, "POST /api/v1/namespaces/default/pods", `{"metadata":{"name":"p"},"spec":{"containers":[{"name":"c","image":"i"}]}}`); w.Code != 201 {
		t.Fatal(w.Body)
	}
	w := h.do(t, "POST /api/v1/namespaces/default/pods/p/exec?command=ls", "")
	if want := "pods/exec is not served by this test server: nothing runs behind its objects"; w.Code != http.StatusNotImplemented || !strings.Contains(w.Body.String(), want) {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	w = h.do(t, "GET /api/v1/namespaces/default/pods/p/log")
	if w.Code != http.StatusOK || w.Header().Get("Content-Type") != "text/plain" || w.Body.Len() == 0 {
		t.Errorf("%d %s %s", w.Code, w.Header(), w.Body)
	}
	if w := h.do(t, "GET /api/v1/namespaces/default/pods/p/log?tailLines=x"); w.Code != http.StatusBadRequest {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}

func TestManagerIsTheUserAgent(t *testing.T) {
	r := httptest.NewRequest(http.MethodGet, configMaps, nil)
	r.Header.Set("User-Agent", "kubectl/v1 (x)")
	call, err := New(Config{Catalog: catalog.New(catalog.Builtin()...)}).resolve(r)
	if err != nil || call.req.Manager != "kubectl" {
		t.Errorf("%+v, %v", call, err)
	}
}

func TestLargeAnswersAreCompressed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newRig(t)
		for _, name := range []string{"a", "b", "c"} {
			if w := h.do(t, "POST "+configMaps, `{"metadata":{"name":"`+name+`"},"data":{"a":"`+strings.Repeat("a", 60_000)+`"}}`); w.Code != 201 {
				t.Fatal(w.Body)
			}
		}
		plain := h.do(t, "GET "+configMaps)
		if plain.Header().Get("Content-Encoding") != "" {
			t.Error("compressed for a client that does not ask for it")
		}
		w := h.do(t, "GET "+configMaps, "Accept-Encoding: deflate, gzip")
		if w.Header().Get("Content-Encoding") != "gzip" || w.Header().Get("Vary") != "Accept-Encoding" {
			t.Fatal(w.Header())
		}
		zip, err := gzip.NewReader(w.Body)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := io.ReadAll(zip); err != nil || string(got) != plain.Body.String() {
			t.Errorf("%v, %d bytes of %d", err, len(got), plain.Body.Len())
		}
		for _, request := range []string{"GET " + configMaps + "/a", "GET " + configMaps + "?watch=1&timeoutSeconds=1"} {
			if w := h.do(t, request, "Accept-Encoding: gzip"); w.Header().Get("Content-Encoding") != "" {
				t.Errorf("%s: compressed", request)
			}
		}
		if w := h.do(t, "GET "+configMaps, "Accept-Encoding: gzip;q=0"); w.Header().Get("Content-Encoding") != "" {
			t.Error("compressed for a client that refuses it")
		}
	})
}

func TestWatchSendsEventsAndEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newRig(t)
		h.create(t, "a")
		go func() {
			time.Sleep(time.Second)
			h.create(t, "b")
		}()
		begin := time.Now()
		w := h.do(t, "GET "+configMaps+"?watch=1&timeoutSeconds=5")
		if took := time.Since(begin); took != 5*time.Second {
			t.Errorf("ended after %v", took)
		}
		lines := strings.Split(strings.TrimSpace(w.Body.String()), "\n")
		if len(lines) != 2 || !strings.HasPrefix(lines[0], `{"type":"ADDED","object":{"kind":"ConfigMap","apiVersion":"v1","metadata":{"name":"a",`) || !strings.Contains(lines[1], `"name":"b"`) {
			t.Errorf("got %q", lines)
		}
		if got := w.Header().Get("Content-Type"); got != "application/json" {
			t.Error(got)
		}
		h.stop()
	})
}

func TestWatchEndsWithTheServer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newRig(t)
		time.AfterFunc(time.Second, h.stop)
		begin := time.Now()
		w := h.do(t, "GET "+configMaps+"?watch=1")
		if w.Code != 200 || time.Since(begin) != time.Second {
			t.Errorf("%d after %v", w.Code, time.Since(begin))
		}
	})
}

func TestWatchOfThePastIsAnEvent(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newRig(t)
		h.create(t, "a")
		h.create(t, "b")
		h.store.Compact(h.store.Revision())
		w := h.do(t, "GET "+configMaps+"?watch=1&resourceVersion=1&timeoutSeconds=1")
		want := `{"type":"ERROR","object":{"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure","message":"too old resource version: 1 (`
		if w.Code != 200 || !strings.HasPrefix(w.Body.String(), want) {
			t.Errorf("%d %s", w.Code, w.Body)
		}
	})
}

func TestWatchInProtobuf(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newRig(t)
		h.create(t, "a")
		w := h.do(t, "GET "+configMaps+"?watch=1&timeoutSeconds=1", "Accept: application/vnd.kubernetes.protobuf")
		if got := w.Header().Get("Content-Type"); got != "application/vnd.kubernetes.protobuf;stream=watch" {
			t.Error(got)
		}
		frame := w.Body.Bytes()
		var event metav1.WatchEvent
		if err := event.Unmarshal(frame[4 : 4+binary.BigEndian.Uint32(frame)]); err != nil || event.Type != "ADDED" {
			t.Errorf("%+v, %v", event, err)
		}
	})
}

func TestOldWatchPaths(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newRig(t)
		h.create(t, "a")
		h.create(t, "b")
		for target, want := range map[string][]string{
			"/api/v1/watch/configmaps":                                 {"a", "b"},
			"/api/v1/watch/namespaces/default/configmaps":              {"a", "b"},
			"/api/v1/watch/namespaces/default/configmaps/b":            {"b"},
			"/api/v1/watch/namespaces/kube-system":                     {"kube-system"},
			configMaps + "?watch=true&fieldSelector=metadata.name%3Da": {"a"},
		} {
			separator := "?"
			if strings.Contains(target, "?") {
				separator = "&"
			}
			w := h.do(t, "GET "+target+separator+"timeoutSeconds=1")
			var got []string
			for line := range strings.Lines(w.Body.String()) {
				_, rest, _ := strings.Cut(line, `"metadata":{"name":"`)
				name, _, _ := strings.Cut(rest, `"`)
				got = append(got, name)
			}
			slices.Sort(got)
			if diff := cmp.Diff(want, got); diff != "" || w.Code != 200 {
				t.Errorf("%s: %d %s", target, w.Code, diff)
			}
		}
	})
}

func TestAuditID(t *testing.T) {
	h := newRig(t)
	if got := h.do(t, "GET "+configMaps, "Audit-ID: hello").Header().Get("Audit-Id"); got != "hello" {
		t.Error(got)
	}
	if got := h.do(t, "GET "+configMaps).Header().Get("Audit-Id"); len(got) != 36 {
		t.Error(got)
	}
}

func TestVersionsOfCustomResourcesWarn(t *testing.T) {
	target := kind.Target{Resource: &kind.Resource{Custom: true}, Version: &kind.Version{}}
	for warning, want := range map[string][]string{"": nil, "v1beta1 is old": {"v1beta1 is old"}} {
		h := New(Config{Warning: func(*kind.Resource, *kind.Version) string { return warning }})
		if diff := cmp.Diff(want, h.deprecated(target)); diff != "" {
			t.Error(diff)
		}
	}
	if got := New(Config{}).deprecated(target); got != nil {
		t.Error(got)
	}
}
