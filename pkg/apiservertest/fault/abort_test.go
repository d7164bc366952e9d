package fault

import (
	"io"
	"net/http"
	"net/http/httptest"
	"testing"
)

// TestAServerThatAbortsLeavesTheEndToTheEffect: a handler that cannot write any more panics with http.ErrAbortHandler, as handlers
// may; the answer ends as the effect says all the same. A panic of another kind goes on.
func TestAServerThatAbortsLeavesTheEndToTheEffect(t *testing.T) {
	for _, value := range []any{http.ErrAbortHandler, "a mistake"} {
		injector := New(Options{Kind: nil})
		injector.Add(Rule{Effect: StopBefore(Events{}, Clean)})
		handler := injector.Wrap(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			if _, err := io.WriteString(w, `{"type":"ADDED","object":{"metadata":{"name":"a"}}}`); err != nil {
				panic(value)
			}
			t.Error("the server was not told that the answer is broken off")
		}))
		var got any
		w := httptest.NewRecorder()
		func() {
			defer func() { got = recover() }()
			handler.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/api/v1/pods?watch=1", http.NoBody))
		}()
		if want := map[bool]any{true: nil, false: value}[value == http.ErrAbortHandler]; got != want {
			t.Errorf("a server that panics with %v: got %v, want %v", value, got, want)
		}
		if w.Body.Len() > 0 {
			t.Errorf("the client got %s", w.Body)
		}
		injector.Close()
	}
}
