package fault

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

func TestAsOfAsksForThePast(t *testing.T) {
	i := New(Options{})
	i.Add(Rule{Effect: AsOf("7")})
	h := i.Wrap(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, r.URL.RawQuery) }))
	for target, want := range map[string]string{
		pods: "resourceVersion=7&resourceVersionMatch=Exact",
		pods + "?resourceVersion=9&resourceVersionMatch=NotOlderThan": "resourceVersion=7&resourceVersionMatch=Exact",
		pods + "?continue=x":                     "continue=x",
		pods + "?resourceVersion=9&watch=1":      "resourceVersion=7&watch=1",
		pods + "?sendInitialEvents=true&watch=1": "sendInitialEvents=true&watch=1",
		pods + "/a?resourceVersion=0":            "resourceVersion=0",
	} {
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequest(http.MethodGet, target, nil))
		if got := w.Body.String(); got != want {
			t.Errorf("%s: %s, want %s", target, got, want)
		}
	}
}

func TestEditRequestLeavesTheRequestOfOthersAlone(t *testing.T) {
	i := New(Options{})
	i.Add(Rule{Effect: EditRequest(func(r *http.Request) { r.Header.Set("X", "y"); r.URL.Path = "/" })})
	r := httptest.NewRequest(http.MethodGet, pods, nil)
	i.Wrap(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		if r.Header.Get("X") != "y" || r.URL.Path != "/" {
			t.Errorf("%+v", r)
		}
	})).ServeHTTP(httptest.NewRecorder(), r)
	if r.Header.Get("X") != "" || r.URL.Path != pods {
		t.Errorf("%+v", r)
	}
}

func TestEditRefusesWatches(t *testing.T) {
	i := New(Options{})
	i.Add(Rule{Name: "x", Effect: RepeatContinue("a")})
	w := httptest.NewRecorder()
	i.Wrap(ok).ServeHTTP(w, httptest.NewRequest(http.MethodGet, pods+"?watch=1", nil))
	if w.Code != 500 || !strings.Contains(w.Body.String(), `fault \"x\" is not for watches`) {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}
