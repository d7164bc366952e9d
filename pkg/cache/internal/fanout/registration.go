package fanout

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	utilruntime "k8s.io/apimachinery/pkg/util/runtime"
	"k8s.io/klog/v2"

	"github.com/kubewright/kubewright/pkg/cache/internal/queue"
)

// Options configure a registration. The zero value is fine.
type Options struct {
	// Resync is how often the handler wants to be told of all objects again; zero is never.
	Resync time.Duration
	// Logger, if set, is used instead of the cache's own.
	Logger *klog.Logger
}

// Registration is one handler of a cache. Its methods may be called from any goroutine.
type Registration[T any] struct {
	handler Handler[T]
	options Options
	queue   *queue.Queue[Notification[T]]
	synced  chan struct{} // closed when the handler has seen the initial objects
	done    chan struct{} // closed when the handler will not be called again
	stopped atomic.Bool

	mu      sync.Mutex // guards the steps from made to started to ended
	started bool
	ended   bool

	resyncQueued atomic.Bool // the updates of a resync are not consumed yet

	nextResync time.Time // owned by the writer
}

// NewRegistration makes a registration for Fanout.Join.
func NewRegistration[T any](handler Handler[T], options Options) *Registration[T] {
	return &Registration[T]{
		handler: handler,
		options: options,
		queue:   queue.New[Notification[T]](),
		synced:  make(chan struct{}),
		done:    make(chan struct{}),
	}
}

// Stop ends the registration without waiting. No call of the handler begins after a Stop that the handler's goroutine
// could see; one that is running finishes. Stopping again has no effect.
func (r *Registration[T]) Stop() {
	r.stopped.Store(true)
	r.queue.Close()

	r.mu.Lock()
	defer r.mu.Unlock()
	if !r.started && !r.ended {
		r.ended = true
		close(r.done)
	}
}

// Done is closed when the registration was stopped and the handler will not be called again.
func (r *Registration[T]) Done() <-chan struct{} { return r.done }

// Synced is closed when the cache was filled and the handler has returned from its initial additions.
func (r *Registration[T]) Synced() <-chan struct{} { return r.synced }

// Backlog is the number of notifications that wait, not counting those that the handler's goroutine has taken.
func (r *Registration[T]) Backlog() int { return r.queue.Len() }

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
	defer close(r.done)
	var batch []Notification[T]
	for {
		<-r.queue.Ready() // Stop closes the queue, which also makes it ready
		batch, _ = r.queue.Take(batch)
		for i := range batch {
			if r.stopped.Load() {
				return
			}
			r.deliver(ctx, batch[i])
			batch[i] = Notification[T]{} // a long batch must not keep what was handled alive
		}
		if r.stopped.Load() {
			return
		}
	}
}

// deliver handles one notification. A panic of the handler is handled as everywhere in Kubernetes components: logged,
// and then the process crashes, unless utilruntime.ReallyCrash was set to false; then the notification counts as handled.
func (r *Registration[T]) deliver(ctx context.Context, n Notification[T]) {
	switch n.Kind {
	case synced:
		close(r.synced)
	case resynced:
		r.resyncQueued.Store(false)
	default:
		defer utilruntime.HandleCrashWithContext(ctx)
		r.handler(n)
	}
}
