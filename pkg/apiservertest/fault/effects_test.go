package fault

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/kubewright/kubewright/pkg/apiservertest/request"
)

func TestStatus(t *testing.T) {
	everywhere(t, func(t *testing.T, r *rig) {
		for _, after := range []string{"", "0", "-1", "86400", "Fri, 31 Dec 1999 23:59:59 GMT", "soon"} {
			f := r.Add(Rule{Effect: Status(http.StatusTooManyRequests, after)})
			a := r.get(pods)
			var status metav1.Status
			if err := json.Unmarshal([]byte(a.body), &status); err != nil || status.Kind != "Status" || status.Reason != metav1.StatusReasonTooManyRequests || status.Code != 429 {
				t.Errorf("%q is no Status: %v", a.body, err)
			}
			if a.code != 429 || a.header.Get("Retry-After") != after || a.header.Get("Content-Type") != "application/json" {
				t.Errorf("%+v", a)
			}
			f.Remove()
		}
		if r.seen.Load() != 0 {
			t.Error("the server was asked")
		}
		r.again()
	})
}

func TestFailSendsTheErrorItIsGiven(t *testing.T) {
	i := New(Options{})
	i.Add(Rule{Effect: Fail(apierrors.NewResourceExpired("no"), "3")})
	w := httptest.NewRecorder()
	i.Wrap(ok).ServeHTTP(w, httptest.NewRequest(http.MethodGet, pods, nil))
	var status metav1.Status
	if err := json.Unmarshal(w.Body.Bytes(), &status); err != nil || w.Code != 410 || status.Message != "no" || w.Header().Get("Retry-After") != "3" {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}

func TestHTML(t *testing.T) {
	everywhere(t, func(t *testing.T, r *rig) {
		r.Add(Rule{Effect: HTML(502)})
		if a := r.get(pods); a.code != 502 || !strings.HasPrefix(a.header.Get("Content-Type"), "text/html") || !strings.Contains(a.body, "<title>Bad Gateway") {
			t.Errorf("%+v", a)
		}
		r.again()
	})
}

func TestGarbageIsTheSameForTheSameHit(t *testing.T) {
	answer := func(hit int) []byte {
		i := New(Options{Seed: 5})
		i.Add(Rule{Effect: Garbage(100, "")})
		var w *httptest.ResponseRecorder
		for range hit {
			w = httptest.NewRecorder()
			req := httptest.NewRequest(http.MethodGet, pods, nil)
			req.Header.Set("Accept", "application/json")
			i.Wrap(ok).ServeHTTP(w, req)
		}
		if w.Body.Len() != 100 || w.Header().Get("Content-Type") != "application/json" {
			t.Errorf("%d bytes of %s", w.Body.Len(), w.Header().Get("Content-Type"))
		}
		return w.Body.Bytes()
	}
	if !bytes.Equal(answer(1), answer(1)) || bytes.Equal(answer(1), answer(2)) {
		t.Error("hits do not decide")
	}
}

func TestRespondBreaksThePromiseOfALength(t *testing.T) {
	everywhere(t, func(t *testing.T, r *rig) {
		r.Add(Rule{Effect: Respond(Answer{Header: http.Header{"content-length": {"1073741824"}}, Body: []byte("{")})})
		if a := r.get(pods); a.code != 200 || a.body != "{" || a.err == nil {
			t.Errorf("%+v", a)
		}
		r.again()
	})
}

func TestHeaderChangesOnlyTheHeader(t *testing.T) {
	everywhere(t, func(t *testing.T, r *rig) {
		r.Add(Rule{Effect: Header(func(code int, h http.Header) { h.Set("Content-Type", fmt.Sprint("x/", code)) })})
		if a := r.get("/version"); a.header.Get("Content-Type") != "x/200" || a.body != version || a.err != nil {
			t.Errorf("%+v", a)
		}
		r.again()
	})
}

func TestGzipBomb(t *testing.T) {
	everywhere(t, func(t *testing.T, r *rig) {
		r.Add(Rule{Effect: GzipBomb(1 << 20)})
		if a := r.get(pods); len(a.body) != 1<<20 || a.err != nil || strings.TrimSpace(a.body) != "" {
			t.Errorf("%d bytes, %v", len(a.body), a.err)
		}
		r.again()
	})
}

func TestBreakEndsBeforeTheFirstByte(t *testing.T) {
	everywhere(t, func(t *testing.T, r *rig) {
		for _, end := range []End{Abort, Close, Reset} {
			f := r.Add(Rule{Effect: Break(end)})
			// A client that writes when the reset comes may lose its reason: Linux tells it once, to a read or a write.
			// Over HTTP/2 clients write at any time.
			if a := r.get(pods); a.err == nil || end == Reset && r.proto() == "HTTP/1.1" && !isReset(a.err) {
				t.Errorf("%s: %+v: %v", end, a, a.err)
			}
			if a := r.request(t.Context(), http.MethodPost, pods, nil); a.err == nil {
				t.Errorf("%s: %+v", end, a)
			}
			f.Remove()
		}
		r.Add(Rule{Effect: Break(Clean)})
		if a := r.get(pods); a.code != 200 || a.body != "" || a.err != nil {
			t.Errorf("%s: %+v", Clean, a)
		}
		if r.seen.Load() != 0 {
			t.Error("the server was asked")
		}
		r.again()
	})
}

func TestSilenceLastsUntilTheClientGivesUp(t *testing.T) {
	everywhere(t, func(t *testing.T, r *rig) {
		f := r.Add(Rule{Effect: Break(Silence)})
		ctx, cancel := context.WithCancel(t.Context())
		go func() {
			f.Wait(t.Context(), 1)
			cancel()
		}()
		if a := r.request(ctx, http.MethodPost, pods, nil); !errors.Is(a.err, context.Canceled) {
			t.Errorf("%+v", a)
		}
		r.again()
	})
}

func TestCloseOfTheInjectorEndsSilence(t *testing.T) {
	everywhere(t, func(t *testing.T, r *rig) {
		f := r.Add(Rule{Effect: Break(Silence)})
		go func() {
			f.Wait(t.Context(), 1)
			r.Close()
			r.Close() // twice is as once
		}()
		if a := r.get(pods); a.err == nil {
			t.Errorf("%+v", a)
		}
	})
}

func TestBreakAfterLosesTheAnswerOfWhatWasDone(t *testing.T) {
	everywhere(t, func(t *testing.T, r *rig) {
		r.Add(Rule{Times: 1, Effect: BreakAfter(Abort)})
		if a := r.request(t.Context(), http.MethodPost, pods, nil); a.err == nil || r.posts.Load() != 1 {
			t.Errorf("%+v after %d posts", a, r.posts.Load())
		}
		r.again()
	})
}

func TestCutAtEveryByte(t *testing.T) {
	everywhere(t, func(t *testing.T, r *rig) {
		for n := range len(version) + 1 {
			for _, end := range []End{Clean, Abort, Close, Reset} {
				f := r.Add(Rule{Effect: Cut(int64(n), end)})
				a := r.get("/version")
				switch {
				case end == Reset: // bytes that were not read yet are lost
					if a.err == nil && a.body != version || !strings.HasPrefix(version[:n], a.body) {
						t.Fatalf("%s after %d bytes: %+v", end, n, a)
					}
				case a.code != 200 || a.body != version[:n]:
					t.Fatalf("%s after %d bytes: %+v", end, n, a)
				case n == len(version) && end != Clean: // all that was announced, and then a failure that may be too late
				case (a.err == nil) != (end == Clean):
					t.Fatalf("%s after %d bytes: %+v", end, n, a)
				}
				f.Remove()
			}
		}
		r.again()
	})
}

func TestCutBehindTheEndDoesNothing(t *testing.T) {
	everywhere(t, func(t *testing.T, r *rig) {
		r.Add(Rule{Effect: Cut(int64(len(version))+1, Reset)})
		if a := r.get("/version"); a.body != version || a.err != nil {
			t.Errorf("%+v", a)
		}
		r.again()
	})
}

func TestCutStopsAWatchThatStays(t *testing.T) {
	everywhere(t, func(t *testing.T, r *rig) {
		for _, n := range []int64{0, 1, 200} {
			f := r.Add(Rule{Effect: Cut(n, Clean)})
			if a := r.get(pods + "?watch=1&stay=1"); int64(len(a.body)) != n || a.err != nil {
				t.Errorf("%d bytes of %d, %v", len(a.body), n, a.err)
			}
			f.Remove()
		}
		r.again()
	})
}

func TestEndOfAStreamLeavesTheConnection(t *testing.T) {
	bubble(t, true, func(t *testing.T, r *rig) {
		r.Add(Rule{Times: 1, Effect: Cut(3, Abort)})
		r.get("/version")
		r.get("/version")
		r.Add(Rule{Times: 1, Effect: Cut(3, Close)})
		if conns := r.Conns(); len(conns) != 1 || conns[0].ID != 1 {
			t.Errorf("%d connections", len(conns))
		}
		r.get("/version")
		r.get("/version")
		if conns := r.Conns(); len(conns) != 1 || conns[0].ID != 2 {
			t.Errorf("%d connections", len(conns))
		}
	})
}

func TestGoawayMovesTheClientToAnotherConnection(t *testing.T) {
	everywhere(t, func(t *testing.T, r *rig) {
		var used []uint64
		note := r.Add(Rule{Effect: func(x *Exchange) { used = append(used, x.Conn().ID); x.Serve() }})
		get := func() {
			if a := r.get("/version"); a.body != version || a.err != nil {
				t.Errorf("%+v", a)
			}
		}
		get()
		r.Add(Rule{Times: 1, Effect: Goaway()})
		get()
		// The frame may come after the answer, and net/http may dial more often than it needs to.
		for len(used) < 100 && used[len(used)-1] == 1 {
			time.Sleep(10 * time.Millisecond)
			get()
		}
		note.Remove()
		if used[1] != 1 || used[len(used)-1] == 1 {
			t.Errorf("connections %v", used)
		}
		r.again()
	})
}

func TestDelay(t *testing.T) {
	for _, http2 := range []bool{false, true} {
		bubble(t, http2, func(t *testing.T, r *rig) {
			r.Add(Rule{Times: 1, Effect: Delay(30 * time.Second)})
			start := time.Now()
			if a := r.get("/version"); a.body != version || time.Since(start) != 30*time.Second {
				t.Errorf("%+v after %s", a, time.Since(start))
			}
			r.Add(Rule{Times: 1, Effect: Delay(time.Hour)})
			ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
			defer cancel()
			start = time.Now()
			if a := r.request(ctx, "GET", "/version", nil); !errors.Is(a.err, context.DeadlineExceeded) || time.Since(start) != time.Minute {
				t.Errorf("%+v after %s", a, time.Since(start))
			}
			r.again()
		})
	}
}

func TestJitterIsBelowItsLimit(t *testing.T) {
	bubble(t, true, func(t *testing.T, r *rig) {
		r.Add(Rule{Effect: Jitter(time.Second)})
		waits := map[time.Duration]bool{}
		for range 10 {
			start := time.Now()
			r.get("/version")
			if waits[time.Since(start)] = true; time.Since(start) >= time.Second {
				t.Errorf("%s", time.Since(start))
			}
		}
		if len(waits) < 5 {
			t.Errorf("%v", waits)
		}
	})
}

func TestTrickle(t *testing.T) {
	for _, http2 := range []bool{false, true} {
		bubble(t, http2, func(t *testing.T, r *rig) {
			r.Add(Rule{Effect: Trickle(1, time.Second)})
			start := time.Now()
			if a := r.get("/version"); a.body != version || time.Since(start) != time.Duration(len(version))*time.Second {
				t.Errorf("%+v after %s", a, time.Since(start))
			}
			r.again()
		})
	}
}

func TestLists(t *testing.T) {
	everywhere(t, func(t *testing.T, r *rig) {
		list := func(token string) corev1.PodList {
			a := r.request(t.Context(), "GET", pods+"?limit=5&continue="+token, http.Header{"Accept": {"application/vnd.kubernetes.protobuf"}})
			var l corev1.PodList
			if err := json.Unmarshal([]byte(a.body), &l); err != nil || a.err != nil {
				t.Fatalf("%+v: %v", a, err)
			}
			if len(l.Items) != 5 || l.Items[0].Generation != 1<<62+1 {
				t.Errorf("%d items: %+v", len(l.Items), l)
			}
			return l
		}
		f := r.Add(Rule{Effect: RepeatContinue("again")})
		if a, b := list("").Continue, list("again").Continue; a != "again" || b != "again" {
			t.Errorf("tokens %q, %q", a, b)
		}
		f.Remove()
		r.Add(Rule{Effect: EndlessPages()})
		if a, b := list("").Continue, list("endless-7").Continue; a != "endless-1" || b != "endless-8" {
			t.Errorf("tokens %q, %q", a, b)
		}
		if a := r.get("/version"); a.body != version {
			t.Errorf("%+v", a)
		}
		r.again()
	})
}

func TestPoisonItem(t *testing.T) {
	for poison, want := range map[Poison]string{
		Undecodable: `{"apiVersion":"v1","kind":"Pod","metadata":{"labels":"poison","name":"b","namespace":"shop","resourceVersion":"2","uid":"u"}}`,
		Null:        `null`,
		WrongKind:   `{"apiVersion":"poison.example.com/v1","kind":"Poison","metadata":{"generation":4611686018427387905,"name":"b","namespace":"shop","resourceVersion":"2","uid":"u"}}`,
		NoMetadata:  `{"apiVersion":"v1","kind":"Pod"}`,
	} {
		r := &rig{t: t, Injector: New(Options{})}
		r.Add(Rule{Effect: PoisonItem(1, poison)})
		w := httptest.NewRecorder()
		r.Wrap(http.HandlerFunc(r.api)).ServeHTTP(w, httptest.NewRequest(http.MethodGet, pods, nil))
		var list struct{ Items []json.RawMessage }
		if err := json.Unmarshal(w.Body.Bytes(), &list); err != nil || len(list.Items) != 5 {
			t.Fatalf("%s: %v", w.Body, err)
		}
		if got := string(list.Items[1]); got != want {
			t.Errorf("%s:\n%s, want\n%s", poison, got, want)
		}
	}
}

func TestEndlessList(t *testing.T) {
	for _, http2 := range []bool{false, true} {
		bubble(t, http2, func(t *testing.T, r *rig) {
			r.Add(Rule{Match: request.Match{Verbs: []string{"list"}}, Effect: EndlessList(time.Second)})
			ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
			defer cancel()
			a := r.request(ctx, "GET", pods, nil)
			if !errors.Is(a.err, context.DeadlineExceeded) || a.code != 200 {
				t.Errorf("%v", a.err)
			}
			if got := names(strings.TrimSuffix(a.body, ",") + "]}"); len(got) < 3000 {
				t.Errorf("%d items: %.200s", len(got), a.body)
			}
			r.again()
		})
	}
}
