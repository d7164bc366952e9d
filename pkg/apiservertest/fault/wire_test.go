package fault

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// hangUp closes all connections, and waits until the client, in the same bubble, knows.
func (r *rig) hangUp() {
	for _, c := range r.Conns() {
		c.Close()
	}
	synctest.Wait()
}

// TestCutWireAtEveryByte leaves the client, be the connection cut within TLS, HTTP or the body, with an error or with
// all of the answer.
func TestCutWireAtEveryByte(t *testing.T) {
	everywhere(t, func(t *testing.T, r *rig) {
		for _, end := range []End{Close, Reset} {
			complete := 0
			for n := int64(0); complete < 3; n += 3 {
				f := r.Add(Rule{Times: 1, Effect: CutWire(n, end)})
				a := r.get("/version")
				switch {
				case a.err != nil && (a.body == "" || strings.HasPrefix(version, a.body)):
				case a.err == nil && a.body == version:
					complete++
				default:
					t.Fatalf("%s after %d bytes: %+v", end, n, a)
				}
				if n > 2000 {
					t.Fatalf("%s: no answer is complete", end)
				}
				f.Remove()
				for _, c := range r.Conns() { // each cut has a connection of its own
					c.Close()
				}
			}
			if f := r.Add(Rule{Effect: (*Exchange).Serve}); f.Hits() != 0 {
				t.Fatal("a new rule has hits")
			}
		}
	})
}

func TestBlackholeSwallowsTheAnswer(t *testing.T) {
	for _, direction := range []Direction{ToClient, Both} {
		for _, http2 := range []bool{false, true} {
			bubble(t, http2, func(t *testing.T, r *rig) {
				r.Add(Rule{Times: 1, Effect: Blackhole(direction)})
				ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
				defer cancel()
				start := time.Now()
				if a := r.request(ctx, "GET", "/version", nil); !errors.Is(a.err, context.DeadlineExceeded) || time.Since(start) != time.Hour {
					t.Errorf("%+v after %s", a, time.Since(start))
				}
				if r.seen.Load() != 1 {
					t.Error("the server has not got the request")
				}
				r.hangUp()
				r.again()
			})
		}
	}
}

func TestBlackholeSwallowsTheNextRequest(t *testing.T) {
	for _, http2 := range []bool{false, true} {
		bubble(t, http2, func(t *testing.T, r *rig) {
			r.Add(Rule{Times: 1, Effect: Blackhole(ToServer)})
			if a := r.get("/version"); a.err != nil || a.body != version {
				t.Errorf("%+v", a)
			}
			ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
			defer cancel()
			if a := r.request(ctx, "GET", "/version", nil); !errors.Is(a.err, context.DeadlineExceeded) || r.seen.Load() != 1 {
				t.Errorf("%+v, the server has %d requests", a, r.seen.Load())
			}
			r.hangUp()
			r.again()
		})
	}
}

// TestHTTP2ClientsFindABlackholeByPings is what half-open connections are for.
func TestHTTP2ClientsFindABlackholeByPings(t *testing.T) {
	for _, direction := range []Direction{ToClient, ToServer, Both} {
		bubble(t, true, func(t *testing.T, r *rig) {
			transport := r.client.Transport.(*http.Transport)
			transport.HTTP2 = &http.HTTP2Config{SendPingTimeout: 30 * time.Second, PingTimeout: 15 * time.Second}
			r.Add(Rule{Times: 1, Effect: Then(Delay(time.Second), Blackhole(direction))})
			start := time.Now()
			a := r.get(pods + "?watch=1&stay=1")
			if took := time.Since(start); a.err == nil || took < 45*time.Second || took > 50*time.Second {
				t.Errorf("%+v after %s", a.err, took)
			}
			r.again()
		})
	}
}

func TestCutWireIntoSilence(t *testing.T) {
	for _, http2 := range []bool{false, true} {
		bubble(t, http2, func(t *testing.T, r *rig) {
			r.Add(Rule{Times: 1, Effect: CutWire(400, Silence)})
			ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
			defer cancel()
			a := r.request(ctx, "GET", pods+"?watch=1&stay=1", nil)
			if !errors.Is(a.err, context.DeadlineExceeded) || a.code != 200 || len(events("JSON", a.body)) > 3 {
				t.Errorf("%+v", a)
			}
			r.hangUp()
			r.again()
		})
	}
}

func TestThrottle(t *testing.T) {
	for _, http2 := range []bool{false, true} {
		bubble(t, http2, func(t *testing.T, r *rig) {
			r.Add(Rule{Times: 1, Effect: Throttle(10, time.Second)})
			start := time.Now()
			a := r.get("/version")
			if took := time.Since(start); a.body != version || took < 5*time.Second || took > 100*time.Second {
				t.Errorf("%+v after %s", a, took)
			}
			r.again()
		})
	}
}

func TestOnAcceptMeetsConnectionsBeforeTLS(t *testing.T) {
	everywhere(t, func(t *testing.T, r *rig) {
		accepted := 0
		r.OnAccept(func(c *Conn) {
			switch accepted++; accepted {
			case 1:
				c.Reset()
			case 2:
				c.CutAfter(100, Close) // within the handshake
			}
		})
		if a := r.get("/version"); a.err == nil {
			t.Errorf("%+v", a)
		}
		if a := r.get("/version"); a.err == nil {
			t.Errorf("%+v", a)
		}
		if a := r.get("/version"); a.err != nil || a.body != version {
			t.Errorf("%+v", a)
		}
		r.OnAccept(nil)
		if conns := r.Conns(); len(conns) != 1 || conns[0].ID != 3 || conns[0].Sent() == 0 {
			t.Errorf("%d connections", len(conns))
		}
	})
}

// TestWithoutAConnection is about calls of the handler.
func TestWithoutAConnection(t *testing.T) {
	call := func(effect Effect, target string) (body string, aborted bool) {
		r := &rig{t: t, Injector: New(Options{})}
		r.Add(Rule{Effect: effect})
		w := httptest.NewRecorder()
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		req := httptest.NewRequest(http.MethodGet, target, nil).WithContext(ctx)
		defer func() {
			if p := recover(); p == http.ErrAbortHandler {
				body, aborted = w.Body.String(), true
			} else if p != nil {
				panic(p)
			}
		}()
		context.AfterFunc(req.Context(), r.Close)
		if target == "/version" {
			r.Wrap(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) { r.api(w, req); cancel() })).ServeHTTP(w, req)
		} else {
			r.Wrap(http.HandlerFunc(r.api)).ServeHTTP(w, req)
		}
		return w.Body.String(), false
	}
	for name, c := range map[string]struct {
		effect  Effect
		body    string
		aborted bool
	}{
		"Goaway":              {Goaway(), version, false},
		"Reset":               {Break(Reset), "", true},
		"Close":               {Break(Close), "", true},
		"Cut":                 {Cut(5, Reset), version[:5], true},
		"Cut clean":           {Cut(5, Clean), version[:5], false},
		"CutWire":             {CutWire(5, Close), version[:5], true},
		"Cut into silence":    {Cut(5, Silence), version[:5], true},
		"Throttle":            {Throttle(5, 0), version, false},
		"Blackhole to server": {Blackhole(ToServer), version, false},
		"BreakAfter silence":  {BreakAfter(Silence), "", true},
	} {
		if body, aborted := call(c.effect, "/version"); body != c.body || aborted != c.aborted {
			t.Errorf("%s: %q, aborted %v", name, body, aborted)
		}
	}
	if body, _ := call(StopAfter(Events{Name: "b"}, Abort), pods+"?watch=1&stay=1"); len(events("JSON", body)) != 2 {
		t.Errorf("%q", body)
	}
}

func TestEndsHaveNames(t *testing.T) {
	if Clean.String() != "Clean" || Silence.String() != "Silence" || End(9).String() != "End(9)" {
		t.Error(Clean, Silence, End(9))
	}
}
