package fanout

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"k8s.io/klog/v2"
)

// Options configure a registration. The zero value is fine.
type Options struct {
	// Resync is how often the handler wants to be told of all objects again; zero is never.
	Resync time.Duration
	// Logger, if set, is used instead of the cache's own.
	Logger *klog.Logger
	// Queue says how notifications wait for the handler. The zero value is Unbounded.
	Queue Queue
	// OnPanic says what becomes of the handler if it panics. The zero value is Crash.
	OnPanic PanicPolicy
}

// Registration is one handler of a cache. Its methods may be called from any goroutine.
type Registration[T any] struct {
	handler Handler[T]
	options Options
	hooks   Hooks[T]
	mailbox mailbox[T]
	ready   chan struct{} // capacity one: holds a token when there is something to do
	synced  chan struct{} // closed when the handler has seen the initial objects
	done    chan struct{} // closed when the handler will not be called again
	stopped atomic.Bool

	mu      sync.Mutex // guards the steps from made to started to ended
	started bool
	ended   bool
	err     error

	resyncQueued atomic.Bool // the updates of a resync are not consumed yet

	nextResync time.Time // owned by the writer
}

// NewRegistration makes a registration for Fanout.Join.
func NewRegistration[T any](handler Handler[T], options Options, hooks Hooks[T]) *Registration[T] {
	return &Registration[T]{
		handler: handler,
		options: options,
		hooks:   hooks,
		mailbox: newMailbox(options.Queue, hooks.SameIncarnation),
		ready:   make(chan struct{}, 1),
		synced:  make(chan struct{}),
		done:    make(chan struct{}),
	}
}

// Stop ends the registration without waiting. No call of the handler begins after a Stop that the handler's goroutine
// could see; one that is running finishes. Stopping again has no effect.
func (r *Registration[T]) Stop() {
	r.stopped.Store(true)
	r.mailbox.close()
	r.signal()

	r.mu.Lock()
	defer r.mu.Unlock()
	if !r.started && !r.ended {
		r.ended = true
		close(r.done)
	}
}

// Done is closed when the registration has ended and the handler will not be called again.
func (r *Registration[T]) Done() <-chan struct{} { return r.done }

func (r *Registration[T]) isDone() bool {
	select {
	case <-r.done:
		return true
	default:
		return false
	}
}

// Err tells why the registration has ended by itself: a *PanicError or ErrGoexit. It is nil before, and after a Stop.
func (r *Registration[T]) Err() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.err
}

// Synced is closed when the cache was filled and the handler has returned from its initial additions.
func (r *Registration[T]) Synced() <-chan struct{} { return r.synced }

// Backlog is how many notifications there are from which the handler has not returned, including the one it is in, and
// for how long the oldest of them is there. Both are zero when the registration has ended.
func (r *Registration[T]) Backlog() (count int, waited time.Duration) {
	count, oldest := r.mailbox.backlog()
	if count == 0 {
		return 0, 0
	}
	return count, time.Since(oldest)
}

// push gives a batch to the handler. It is for the writer only.
func (r *Registration[T]) push(b batch[T]) {
	r.mailbox.push(b)
	r.signal()
}

// signal wakes the registration's goroutine. One token is enough, whatever it is that there is to do.
func (r *Registration[T]) signal() {
	select {
	case r.ready <- struct{}{}:
	default:
	}
}

// start begins the calls of the handler. It reports false if the registration was stopped before.
func (r *Registration[T]) start(ctx context.Context) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.ended || r.started {
		return false
	}
	r.started = true
	if r.options.Logger != nil {
		ctx = klog.NewContext(ctx, *r.options.Logger)
	}
	go r.run(ctx)
	return true
}

// run calls the handler until the registration is stopped.
func (r *Registration[T]) run(ctx context.Context) {
	defer close(r.done) // also if the handler ends the goroutine
	for !r.stopped.Load() {
		n, ok := r.mailbox.next()
		switch {
		case !ok:
			<-r.ready
		case n.Kind == synced:
			close(r.synced)
		case n.Kind == resynced:
			r.resyncQueued.Store(false)
		default:
			r.call(ctx, n)
		}
	}
}

// fail ends the registration by itself, loudly.
func (r *Registration[T]) fail(ctx context.Context, err error) {
	r.mu.Lock()
	r.err = err
	r.mu.Unlock()
	r.Stop()
	r.hooks.report(ctx, err)
}
