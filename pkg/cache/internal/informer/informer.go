package informer

import (
	"context"
	"errors"
	"sync"
	"time"

	utilruntime "k8s.io/apimachinery/pkg/util/runtime"

	"github.com/kubewright/kubewright/pkg/cache/internal/fanout"
	"github.com/kubewright/kubewright/pkg/cache/internal/queue"
	"github.com/kubewright/kubewright/pkg/cache/internal/reflector"
	"github.com/kubewright/kubewright/pkg/cache/internal/store"
)

var (
	// ErrStopped says that an informer has run to its end, so that nothing can be added to it any more.
	ErrStopped = errors.New("the informer has stopped")
	// ErrStarted says that an informer was run before. An informer runs once.
	ErrStarted = errors.New("the informer was started before; make a new one instead")
)

// Informer is a store that follows a collection, and tells handlers of each change. Its methods may be called from any
// goroutine.
type Informer[T any] struct {
	options Options[T]
	hooks   fanout.Hooks[T]
	store   *store.Store[T]
	inbox   *queue.Queue[entry[T]]
	synced  chan struct{} // closed when the first list was applied and distributed

	// The writer changes these, but for the panics; each says what others may ask.
	handlers   fanout.Fanout[T]
	quarantine quarantine
	counters   counters
	waits      waits

	mu            sync.Mutex // guards the fields below
	started       bool
	fastestResync time.Duration // the shortest period asked for before Run
}

// New makes an informer.
func New[T any](options Options[T]) *Informer[T] {
	if options.OnError == nil {
		options.OnError = func(ctx context.Context, err error) {
			utilruntime.HandleErrorWithContext(ctx, err, "Informer has a problem")
		}
	}
	i := &Informer[T]{
		options: options,
		store:   store.New(options.Store),
		inbox:   queue.New[entry[T]](),
		synced:  make(chan struct{}),
	}
	i.hooks = fanout.Hooks[T]{SameIncarnation: i.same, OnError: i.onHandlerError}
	return i
}

// onHandlerError counts panics, and passes on what went wrong with a handler.
func (i *Informer[T]) onHandlerError(ctx context.Context, err error) {
	if _, ok := errors.AsType[*fanout.PanicError](err); ok {
		i.counters.panics.Add(1)
	}
	i.options.OnError(ctx, err)
}

// Store is the informer's store. Who writes to it besides the informer has to know why.
func (i *Informer[T]) Store() *store.Store[T] { return i.store }

// Synced is closed when the store has taken the first complete list.
func (i *Informer[T]) Synced() <-chan struct{} { return i.synced }

// Join adds a handler, before, while or after the store is filled; see fanout.Registration for what it is told.
// Join does not wait for the writer. It returns ErrStopped when the informer has stopped.
func (i *Informer[T]) Join(handler fanout.Handler[T], options fanout.Options) (*fanout.Registration[T], error) {
	r := fanout.NewRegistration(handler, options, i.hooks)
	if !i.inbox.Push(entry[T]{join: r}) {
		return nil, ErrStopped
	}
	i.mu.Lock()
	defer i.mu.Unlock()
	if options.Resync > 0 && (i.fastestResync == 0 || options.Resync < i.fastestResync) {
		i.fastestResync = options.Resync
	}
	return r, nil
}

// Leave removes a handler without waiting: a call that is running goes on, what is queued is dropped.
// The registration's Done tells when the handler will not be called again. Leaving again has no effect.
func (i *Informer[T]) Leave(r *fanout.Registration[T]) {
	r.Stop()
	i.inbox.Push(entry[T]{}) // if the informer has stopped there is nothing to leave
}

// Stopped reports whether Run has come to its end, or is about to: nothing can be added any more.
func (i *Informer[T]) Stopped() bool { return i.inbox.Closed() }

// Run feeds the store until ctx is done. produce is called in a goroutine of its own with the sink for what it finds;
// it must return soon when ctx is done. Run returns when all of its goroutines have ended, also those that call
// handlers. It returns ErrStarted, and does nothing, if it was called before.
func (i *Informer[T]) Run(ctx context.Context, produce func(context.Context, reflector.Sink[T])) error {
	i.mu.Lock()
	again := i.started
	i.started = true
	check := i.resyncCheck()
	i.mu.Unlock()
	if again {
		return ErrStarted
	}

	var wg sync.WaitGroup
	wg.Go(func() { produce(ctx, &sink[T]{key: i.options.Key, inbox: i.inbox}) })
	w := writer[T]{Informer: i}
	w.run(ctx, check)
	wg.Wait()
	return nil
}

// resyncCheck is how often to look which handlers are due. The caller holds mu.
func (i *Informer[T]) resyncCheck() time.Duration {
	check := i.options.Resync
	if check <= 0 {
		return 0
	}
	if i.fastestResync > 0 {
		check = min(check, i.fastestResync)
	}
	return max(check, MinResyncCheck)
}

// identity is what is known of an object besides its key.
func (i *Informer[T]) identity(object T) Identity {
	if i.options.Identity == nil {
		return Identity{}
	}
	return i.options.Identity(object)
}

// same reports whether two objects with the same key are states of one object, as far as anybody knows.
func (i *Informer[T]) same(a, b T) bool {
	if i.options.Identity == nil {
		return true
	}
	uidA, uidB := i.options.Identity(a).UID, i.options.Identity(b).UID
	return uidA == uidB || uidA == "" || uidB == ""
}
