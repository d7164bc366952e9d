package apiservertest

import (
	"net"
	"net/http"
	"sync"
	"time"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
)

// requests are those that are being answered, and the connections that bring them. Over HTTP/2 a request may begin, and go on, after its
// connection is closed.
type requests struct {
	mu     sync.Mutex // guards closed, and that running only grows before
	closed bool

	running     sync.WaitGroup
	connections sync.WaitGroup
}

func (r *requests) begin() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.closed {
		return false
	}
	r.running.Add(1)
	return true
}

// connection is for http.Server.ConnState.
func (r *requests) connection(_ net.Conn, state http.ConnState) {
	switch state {
	case http.StateNew:
		r.connections.Add(1)
	case http.StateClosed, http.StateHijacked:
		r.connections.Done()
	}
}

// drain refuses new ones, and waits for those that run, but not for longer than d.
func (r *requests) drain(d time.Duration) {
	r.mu.Lock()
	r.closed = true
	r.mu.Unlock()
	done := make(chan struct{})
	go func() {
		defer close(done)
		r.running.Wait()
	}()
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-done:
	case <-timer.C:
	}
}

// close refuses new ones, and waits for those that run. Nobody may listen any more, and all connections have to be closed.
func (r *requests) close() {
	r.mu.Lock()
	r.closed = true
	r.mu.Unlock()
	r.running.Wait()
	r.connections.Wait()
}

// count lets next answer requests until close, after which fail does.
func (r *requests) count(next http.Handler, fail func(http.ResponseWriter, *http.Request, error)) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		if !r.begin() {
			fail(w, req, apierrors.NewServiceUnavailable("the server is closed"))
			return
		}
		defer r.running.Done()
		next.ServeHTTP(w, req)
	})
}
