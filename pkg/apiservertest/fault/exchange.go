package fault

import (
	"context"
	"errors"
	"io"
	"math/rand/v2"
	"net/http"
	"time"

	"github.com/kubewright/kubewright/pkg/apiservertest/request"
)

// Effect is what happens to a request that a rule hits. It runs in the goroutine of the request, which is over when it
// returns. Effects of one's own may do anything between: change the server's content, then Serve, for instance. One that
// does not call Serve answers itself.
type Effect func(*Exchange)

// Exchange is a request under an effect.
type Exchange struct {
	Writer  http.ResponseWriter
	Request *http.Request
	Info    request.Info
	// Fault is the rule that hit the request, and Hit says for the how-manieth time, from 1.
	Fault *Fault
	Hit   int
	// Rand depends on the seed, the rule and Hit alone.
	Rand *rand.Rand

	injector *Injector
	next     func(http.ResponseWriter, *http.Request)
}

// Serve lets the rules behind this one, and then the server, answer.
func (x *Exchange) Serve() { x.next(x.Writer, x.Request) }

// Conn is the connection of the request; nil if the handler was called without one, see ConnContext.
func (x *Exchange) Conn() *Conn { return ConnOf(x.Request.Context()) }

// Sleep returns after a time, or sooner, then with false: when the client is gone or the server is closed.
func (x *Exchange) Sleep(d time.Duration) bool {
	if d <= 0 {
		return x.Request.Context().Err() == nil
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-x.Request.Context().Done():
	case <-x.injector.closed:
	}
	return false
}

// Wait returns when the client is gone or the server is closed. Over HTTP/1.1 the server sees that a client is gone only
// behind the body of its request, which is therefore read, and lost.
func (x *Exchange) Wait() {
	if x.Request.Body != nil {
		_, _ = io.Copy(io.Discard, x.Request.Body)
	}
	select {
	case <-x.Request.Context().Done():
	case <-x.injector.closed:
	}
}

// Then does effects one inside the other: the first comes first, and what it serves is under the second.
func Then(effects ...Effect) Effect {
	return func(x *Exchange) {
		if len(effects) == 0 {
			x.Serve()
			return
		}
		inner := *x
		inner.next = func(w http.ResponseWriter, r *http.Request) {
			rest := *x
			rest.Writer, rest.Request = w, r
			Then(effects[1:]...)(&rest)
		}
		effects[0](&inner)
	}
}

// Delay lets time pass before the server gets the request, and so before the first byte of its answer.
func Delay(d time.Duration) Effect {
	return func(x *Exchange) {
		if x.Sleep(d) {
			x.Serve()
		} else {
			x.End(Abort)
		}
	}
}

// Jitter is Delay by a random time up to a limit.
func Jitter(limit time.Duration) Effect {
	return func(x *Exchange) { Delay(time.Duration(x.Rand.Int64N(int64(max(1, limit)))))(x) }
}

// errBroken is what the server gets that writes to an answer that an effect has broken off.
var errBroken = errors.New("a fault has broken the answer off")

// breaker serves a request whose answer may be broken off while the server writes it.
type breaker struct {
	*Exchange
	stop   context.CancelFunc
	broken bool
	end    End
}

// breakable runs serve, with a request that breaker.off cancels, and ends the answer as it says then.
func (x *Exchange) breakable(serve func(b *breaker, r *http.Request)) {
	ctx, stop := context.WithCancel(x.Request.Context())
	defer stop()
	b := &breaker{Exchange: x, stop: stop}
	b.run(func() { serve(b, x.Request.WithContext(ctx)) })
	if b.broken {
		x.End(b.end)
	}
}

// run runs serve. A server that aborts since it cannot write any more does what the effect wants.
func (b *breaker) run(serve func()) {
	defer func() {
		if !b.broken {
			return
		}
		if v := recover(); v != nil && v != any(http.ErrAbortHandler) { // as net/http compares
			panic(v)
		}
	}()
	serve()
}

// off breaks the answer off behind what was written. What must be seen at once happens at once, and the rest when the
// server has returned. The error is for the server.
func (b *breaker) off(end End) error {
	if b.broken {
		return errBroken
	}
	_ = http.NewResponseController(b.Writer).Flush() // a client that is gone misses nothing
	b.broken, b.end = true, end
	if c := b.Conn(); c != nil && (end == Close || end == Reset) {
		if b.Request.ProtoMajor >= 2 {
			c.settle()
		}
		c.end(end)
	}
	b.stop()
	return errBroken
}
