package transport

import (
	"crypto/tls"
	"net/http"
	"net/http/httptrace"
	"sync"
	"time"
)

// timing measures the events of a request.
type timing struct {
	mu     sync.Mutex // guards the fields below; dials that lost a race report late
	began  map[string]time.Time
	took   map[string]time.Duration
	reused bool
}

// traced returns req with a context that reports to the returned timing.
func traced(req *http.Request) (*timing, *http.Request) {
	t := &timing{began: map[string]time.Time{}, took: map[string]time.Duration{}}
	trace := &httptrace.ClientTrace{
		DNSStart:          func(httptrace.DNSStartInfo) { t.begin("dnsLookup") },
		DNSDone:           func(httptrace.DNSDoneInfo) { t.end("dnsLookup") },
		ConnectStart:      func(string, string) { t.begin("dial") },
		ConnectDone:       func(string, string, error) { t.end("dial") },
		TLSHandshakeStart: func() { t.begin("tlsHandshake") },
		TLSHandshakeDone:  func(tls.ConnectionState, error) { t.end("tlsHandshake") },
		GetConn:           func(string) { t.begin("getConnection") },
		GotConn: func(info httptrace.GotConnInfo) {
			t.end("getConnection")
			t.mu.Lock()
			defer t.mu.Unlock()
			t.reused = info.Reused
		},
		WroteRequest:         func(httptrace.WroteRequestInfo) { t.begin("serverProcessing") },
		GotFirstResponseByte: func() { t.end("serverProcessing") },
	}
	return t, req.WithContext(httptrace.WithClientTrace(req.Context(), trace))
}

func (t *timing) begin(event string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.began[event] = time.Now()
}

func (t *timing) end(event string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if began, ok := t.began[event]; ok {
		t.took[event] = time.Since(began)
	}
}

// values returns what was measured as keys and values for a log.
func (t *timing) values() []any {
	t.mu.Lock()
	defer t.mu.Unlock()
	values := []any{"connectionReused", t.reused}
	for _, event := range []string{"getConnection", "dnsLookup", "dial", "tlsHandshake", "serverProcessing"} {
		if took, ok := t.took[event]; ok {
			values = append(values, event+"Milliseconds", took.Milliseconds())
		}
	}
	return values
}
